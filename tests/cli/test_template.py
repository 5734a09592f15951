"""The terminal makes the workbooks that departments fill in."""

import openpyxl
import pytest

pytestmark = pytest.mark.slow


def test_a_template_is_made_and_never_over_one_that_exists(guanxi, tmp_path):
    path = tmp_path / "customers.xlsx"
    words = ("template", "customer", "--language", "zh", str(path), "--field", "name", "--field", "mobile")
    done = guanxi(*words)
    assert done.returncode == 0, done.stderr
    assert "customers.xlsx made" in done.stdout.replace("\n", "")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["客户名称 *", "手机号码"]
    again = guanxi(*words)
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_an_object_nobody_knows_is_told_with_those_there_are(guanxi, tmp_path):
    done = guanxi("template", "planet", str(tmp_path / "a.xlsx"))
    assert done.returncode == 2
    assert "planet" in done.stderr
    assert "customer" in done.stderr
