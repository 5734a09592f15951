"""A plan says everything that is wrong with it at once, and comes back the same from its data."""

from pathlib import Path

import pytest

from guanxi.integration.plans import plan_from, plan_to_data, read_plan
from guanxi.kernel.errors import Invalid, Refused, UnknownName

TWO = """
name = "两个部门"
pilot_share = 0.2
[[source]]
name = "ledger"
kind = "delimited"
label = { en = "Ledger", zh = "台账" }
trust = 60
path = "files/ledger.csv"
[source.mapping."ledger"]
"备注" = ""
"公司" = "customer.name"
[[source]]
name = "old"
kind = "database"
url = "sqlite:///old.sqlite"
tables = ["account"]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder / "plan.toml"


def test_paths_start_from_the_folder_of_the_plan(tmp_path):
    plan = read_plan(written(tmp_path, TWO))
    assert plan.source("ledger").options["path"] == str(tmp_path / "files/ledger.csv")
    assert plan.source("old").options["url"] == f"sqlite:///{tmp_path / 'old.sqlite'}"


def test_a_plan_comes_back_the_same_from_its_data_in_any_folder(tmp_path):
    plan = read_plan(written(tmp_path, TWO))
    assert plan_from(plan_to_data(plan), folder=Path("/")) == plan


def test_what_is_not_said_has_its_usual_value(tmp_path):
    plan = read_plan(written(tmp_path, TWO))
    assert plan.trust == {"ledger": 60, "old": 50}
    assert (plan.pilot_share, plan.batch_rows, plan.stop_after) == (0.2, 10_000, ())


def test_every_problem_is_told_at_once(tmp_path):
    wrong = """
    speed = 9
    [[source]]
    name = "a"
    kind = "telepathy"
    trust = 101
    [[source]]
    name = "a"
    kind = "delimited"
    """
    with pytest.raises(Invalid) as told:
        read_plan(written(tmp_path, wrong))
    said = str(told.value)
    for part in ("speed", "telepathy", "0 to 100", "two sources have this name", "path"):
        assert part in said


def test_a_file_that_is_no_plan_is_refused_with_its_name(tmp_path):
    with pytest.raises(Refused, match=r"plan\.toml is not TOML"):
        read_plan(written(tmp_path, "name = "))
    with pytest.raises(Refused, match=r"nowhere\.toml cannot be read"):
        read_plan(tmp_path / "nowhere.toml")
    with pytest.raises(Invalid, match="at least one"):
        read_plan(written(tmp_path, 'name = "empty"'))


def test_an_unknown_source_is_told_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownName, match="known: ledger, old"):
        read_plan(written(tmp_path, TWO)).source("new")


def test_a_password_written_out_and_a_name_that_leads_elsewhere_are_refused(tmp_path):
    wrong = TWO.replace("sqlite:///old.sqlite", "postgresql://li:S3cret@host/crm").replace(
        '"ledger"', '"../ledger"'
    )
    with pytest.raises(Invalid) as told:
        read_plan(written(tmp_path, wrong))
    assert "${NAME}" in str(told.value)
    assert "used for its folder" in str(told.value)
    assert "S3cret" not in str(told.value)
