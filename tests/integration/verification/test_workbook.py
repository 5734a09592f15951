"""The file departments read: whole, in both languages, and without anything that runs."""

import json
import zipfile
from datetime import UTC, datetime

import openpyxl
import polars as pl
import pytest

from guanxi.integration.verification import (
    DefectCount,
    Loaded,
    RawTable,
    ReferenceCheck,
    SampleCell,
    SignOff,
    SourceCounts,
    StoredRecord,
    TableRead,
    VerificationReport,
    verify,
    write_workbook,
)
from guanxi.packs.loading import load_shipped

CUSTOMER = {each.name: each for each in load_shipped()}["customer"]
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "https://example.com",
    "{=1}",
    " =1",
    "\x00=1",
    "𠮷" * 40_000,
    "equal",
)


def report(**parts):
    cells = tuple(
        SampleCell(
            source="crm",
            table=text[:20],
            row=number,
            object="customer",
            record=7,
            field="name",
            said=text,
            stored=text,
            verdict="differs",
            shows=text,
        )
        for number, text in enumerate(HOSTILE)
    )
    given = {
        "counts": (SourceCounts(source="=crm", table="客户", seen=5, new=4),),
        "sample": cells,
        "references": (
            ReferenceCheck(
                object="order",
                field="customer",
                target="customer",
                records=5,
                linked=4,
                missing=1,
                to_deleted=0,
            ),
        ),
        "defects": (DefectCount(kind="width", found=2, corrected=2, marked=0, set_aside=0),),
        "sign_offs": (SignOff(department="销售部", person="张三", verdict="accepted", comment="=x"),),
        **parts,
    }
    return VerificationReport(
        run="=run", at="2026-01-01T00:00:00+00:00", seed=7, sampled_rows=3, sample_of=60, **given
    )


@pytest.mark.parametrize(("language", "first"), [("zh", "总览"), ("en", "Overview")])
def test_the_workbook_opens_and_holds_no_live_formula_or_link(tmp_path, language, first):
    path = tmp_path / "verification.xlsx"
    write_workbook(report(), path, language=language)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == first
    assert len(book.sheetnames) == 7
    for sheet in book:
        for line in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in line)
    with zipfile.ZipFile(path) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "sheet" in name)
    texts = {cell.value for line in book.worksheets[3].iter_rows() for cell in line}
    assert {"=1+1", "@SUM(A1)", "equal"} <= texts
    dangerous = next(cell for line in book.worksheets[3].iter_rows() for cell in line if cell.value == "=1+1")
    assert dangerous.quotePrefix


def test_the_overview_lists_everything_that_does_not_hold(tmp_path):
    path = tmp_path / "verification.xlsx"
    write_workbook(report(), path, language="zh", translate=lambda message: f"译：{message}")
    overview = openpyxl.load_workbook(path)["总览"]
    lines = [line[1].value for line in overview.iter_rows() if line[1].value]
    assert "未通过" in lines
    assert any(str(each).startswith("译：=crm/客户: rows read: 5, accounted for: 4") for each in lines)
    assert sum(str(each).startswith("译：") for each in lines) == len(report().errors)


def test_a_report_in_which_everything_holds_says_so(tmp_path):
    whole = SourceCounts(source="crm", table="客户", seen=5, new=4, refused=1)
    good = report(counts=(whole,), sample=(), references=())
    assert good.passed
    assert good.accuracy is None
    path = tmp_path / "verification.xlsx"
    write_workbook(good, path)
    assert "全部通过" in [line[1].value for line in openpyxl.load_workbook(path)["总览"].iter_rows()]


def test_the_report_is_plain_json():
    data = json.loads(json.dumps(report().to_data()))
    assert data["accuracy"] == 0
    assert len(data["errors"]) == len(report().errors)
    assert data["counts"][0]["seen"] == 5


def test_a_whole_run_is_verified_in_one_call(tmp_path):
    frame = pl.DataFrame({"_row": [2, 3, 4], "名称": ["甲公司", "乙公司", "丙公司"]})
    raw = RawTable(source="crm", table="t", frame=frame, columns={"name": ["名称"]}, standards={})
    place = {"source": ["crm"] * 3, "table": ["t"] * 3, "row": [2, 3, 4]}
    loaded = Loaded(
        object_type=CUSTOMER,
        read=[TableRead(source="crm", table="t", seen=4, blank=1, quarantined=0)],
        raw=[raw],
        standardised=pl.DataFrame({**place, "name": frame["名称"]}),
        fates=pl.DataFrame({**place, "fate": ["new", "new", "refused"], "record": [1, 2, None]}),
        changes=pl.DataFrame({"reason": ["width"], "verdict": ["changed"]}),
        stored=pl.DataFrame({"name": ["甲公司", "乙公司"]}),
    )
    stored = {
        1: StoredRecord(values={"name": "甲公司"}, origin={}),
        2: StoredRecord(values={"name": "乙"}, origin={}),
    }
    found = verify(
        "first run",
        loaded,
        fetch=lambda ids: {each: stored[each] for each in ids},
        references=(),
        sign_offs=(),
        share=0.05,
        seed=3,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert found.counts[0].adds_up
    assert (found.sampled_rows, found.sample_of, found.accuracy) == (2, 2, 0.5)
    assert [str(each) for each in found.errors] == [
        "crm/t row 3, name: the source says 乙公司, record 2 holds 乙"
    ]
