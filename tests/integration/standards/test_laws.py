"""The laws that every data standard keeps."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integration.standards import REASONS, STANDARDS, Standard
from guanxi.integration.standards.base import Judged
from guanxi.integration.standards.tidying import tidied
from guanxi.kernel.errors import UnknownName

pytestmark = pytest.mark.slow

CASES = Path(__file__).parent / "cases"
_ESCAPED = re.compile(r"\\(?:[tn](?=[ab])|u[0-9a-f]{4})")
VERDICTS = {"empty", "kept", "changed", "suspect", "rejected"}
EVERY = pytest.mark.parametrize("name", list(STANDARDS))


def cases(name: str) -> list[dict[str, str]]:
    """Read the table of one standard; invisible signs are written there as \\t, \\n and \\u200b."""
    head, *lines = (CASES / f"{name}.tsv").read_text("utf-8").rstrip("\n").split("\n")
    names = head.split("\t")
    found = []
    for line in lines:
        parts = line.split("\t")
        row = dict(zip(names, parts + [""] * (len(names) - len(parts)), strict=True))
        found.append({**row, "raw": _ESCAPED.sub(lambda sign: json.loads(f'"{sign[0]}"'), row["raw"])})
    return found


def texts(name: str) -> st.SearchStrategy[str]:
    """Arbitrary text, the raw texts of the table, and these with signs put in, taken out or doubled."""
    known = st.sampled_from([row["raw"] for row in cases(name)])
    signs = st.sampled_from([*" -./,()（），0159Aa元年月号省市区县万@+%", "\u200b", "１", "\t", ""])
    pieces = st.tuples(known, st.integers(0, 30), signs, st.integers(0, 2)).map(
        lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + parts[3] :]
    )
    return st.one_of(known, pieces, st.text(max_size=25))


def columns(cells: st.SearchStrategy) -> st.SearchStrategy[list]:
    """Few long columns rather than many short ones: a standard takes as long over one value as over a hundred."""
    return st.lists(cells, min_size=25, max_size=50)


def judged(standard: Standard, raw: list[str | None]) -> pl.DataFrame:
    return standard.apply(pl.Series(raw, dtype=pl.String))


@EVERY
def test_the_table_holds_at_least_forty_cases_and_all_come_out_as_written(name):
    rows = cases(name)
    result = judged(STANDARDS[name], [row["raw"] for row in rows])
    written = STANDARDS[name].written(result["value"]).fill_null("")
    found = [
        {
            "raw": row["raw"],
            "verdict": verdict,
            "value": value if verdict not in ("rejected", "empty") else "",
            "reason": reason or "",
            "note": note or "",
        }
        for row, verdict, value, reason, note in zip(
            rows, result["verdict"], written, result["reason"], result["note"], strict=True
        )
    ]
    assert len(rows) >= 40
    assert found == rows


@EVERY
@settings(max_examples=12)
@given(data=st.data())
def test_standardising_twice_changes_nothing(name, data):
    standard = STANDARDS[name]
    first = judged(standard, data.draw(columns(texts(name))))
    valued = first.filter(pl.col("verdict").is_in(["kept", "changed", "suspect"]))
    again = standard.apply(standard.written(valued["value"]))
    assert again["value"].to_list() == valued["value"].to_list()
    assert set(again["verdict"]) <= {"kept", "suspect"}


@EVERY
@settings(max_examples=12)
@given(data=st.data())
def test_every_row_has_a_verdict_and_nothing_vanishes(name, data):
    standard = STANDARDS[name]
    raw = data.draw(columns(st.one_of(st.none(), texts(name))))
    result = judged(standard, raw)
    assert result.height == len(raw)
    assert result.columns == ["value", "verdict", "reason", "note"]
    assert result.schema["value"] == standard.value_type
    for text, row in zip(raw, result.iter_rows(named=True), strict=True):
        assert row["verdict"] in VERDICTS
        assert (row["reason"] is None) == (row["verdict"] in ("empty", "kept"))
        assert row["reason"] is None or row["reason"] in REASONS
        if text is not None and any(sign.isalnum() for sign in text):
            assert row["verdict"] != "empty"
        if row["verdict"] in ("empty", "rejected"):
            assert row["value"] is None
        else:
            assert row["value"] is not None


@EVERY
@settings(max_examples=30)
@given(data=st.data())
def test_a_value_is_judged_alike_alone_and_in_a_column(name, data):
    standard = STANDARDS[name]
    raw = data.draw(st.lists(texts(name), min_size=2, max_size=6))
    alone = [judged(standard, [text]).row(0) for text in raw]
    assert judged(standard, raw).rows() == alone


@EVERY
@settings(max_examples=12)
@given(data=st.data())
def test_what_is_in_standard_form_without_a_look_is_kept_after_one(name, data):
    standard = STANDARDS[name]
    raw = pl.Series(data.draw(columns(texts(name))), dtype=pl.String)
    told = pl.DataFrame({"raw": raw}).filter(standard.in_standard(pl.col("raw")))["raw"]
    words = told.filter(standard.apply(told)["verdict"] == "kept")
    looked_at = standard.judge(pl.DataFrame({"raw": words, "text": tidied(words)}))
    assert looked_at["value"].to_list() == words.to_list()
    assert set(looked_at["verdict"]) <= {"kept"}


@EVERY
def test_a_text_that_is_repeated_is_judged_as_if_it_stood_there_once(name):
    raw = [row["raw"] for row in cases(name)] + [None]
    once = judged(STANDARDS[name], raw)
    assert judged(STANDARDS[name], raw * 7).equals(pl.concat([once] * 7))


@EVERY
def test_an_empty_column_gives_an_empty_frame_of_the_same_shape(name):
    assert judged(STANDARDS[name], []).schema == judged(STANDARDS[name], [None, "1"]).schema


@EVERY
def test_every_reason_in_the_table_has_a_sentence(name):
    rows = cases(name)
    found = judged(STANDARDS[name], [row["raw"] for row in rows]).iter_rows(named=True)
    for row, one in zip(rows, found, strict=True):
        said = STANDARDS[name].explain(Judged(**one))
        assert (said is None) == (row["reason"] == "")
        assert "{" not in str(said or "")


def test_an_unknown_standard_names_the_known_ones():
    with pytest.raises(UnknownName, match="mobile"):
        STANDARDS["mobil"]
