"""Addresses: 省-市-区-详细, four parts; nothing of the text is lost, the last part holds what is left."""

from functools import cache
from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, decide, suspect
from guanxi.integration.standards.chains import read_chain
from guanxi.integration.standards.tables import built
from guanxi.kernel.text import say

PARTS = ("province", "city", "district", "detail")
_WRITTEN = r"^([^-]*)-([^-]*)-([^-]*)-(.*)$"
_SEARCHED = 24  # characters in which a division may hide behind other words


class Address(Standard):
    """A struct of province, city, district (full names or null) and detail.

    Names that the text leaves out are filled in where the others leave no choice (余杭区 lies in 杭州市).
    Former districts that were merged keep the name that was written; the note names what lies there now.
    """

    name = "address"
    value_type = pl.Struct(dict.fromkeys(PARTS, pl.String()))
    reasons: ClassVar[Reasons] = {
        "address_unknown": say("no province, city or district was recognised; the text is kept whole"),
        "address_several": say("several cities have a district of this name; which one is meant is not said"),
        "address_former": say("this district was merged or renamed; its area is {note} today"),
        "address_two_places": say(
            "the text names two places; the last one was taken, the first is kept in the detail"
        ),
        "address_completed": say(
            "province, city or district written out in full; what was left out was filled in"
        ),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        rows = pl.concat([rows, _located(rows["text"])], how="horizontal")
        parts = pl.struct(pl.when(pl.col(part) != "").then(part).alias(part) for part in PARTS)
        return decide(
            rows,
            parts,
            suspect("address_several", pl.col("level") == "shared"),
            suspect("address_former", pl.col("level") == "former", pl.col("present")),
            suspect("address_two_places", pl.col("two_places")),
            suspect("address_unknown", pl.col("level").is_null()),
            same=_join(pl.col(part) for part in PARTS) == pl.col("raw"),
            otherwise="address_completed",
        )

    def written(self, values: pl.Series) -> pl.Series:
        """Return 省-市-区-详细, an unknown part empty: 浙江省-杭州市--文一西路969号."""
        return values.struct.unnest().select(text=_join(pl.col(part) for part in PARTS))["text"]


def _join(parts: object) -> pl.Expr:
    return pl.concat_str([part.fill_null("") for part in parts], separator="-")  # type: ignore[attr-defined]


@cache
def _divisions() -> pl.DataFrame:
    return built("divisions").select("code", "level", "province", "city", "district", "present")


@cache
def _written_codes() -> pl.DataFrame:
    """Return the three names joined as `Address.written` joins them, with the code they stand for."""
    names = _join(pl.col(part) for part in PARTS[:3])
    return pl.concat(
        [_divisions().select("code", names=names), pl.DataFrame({"code": [""], "names": ["--"]})]
    )


def _located(text: pl.Series) -> pl.DataFrame:
    """Return level, province, city, district, present, detail and two_places of each text."""
    groups = text.str.extract_groups(_WRITTEN).struct.unnest()
    names = groups.select(names=pl.concat_str(["1", "2", "3"], separator="-"), given="4")
    names = names.join(_written_codes(), on="names", how="left", maintain_order="left")
    loose = names["code"].is_null()
    read = _read(text.filter(loose)).with_columns(at=loose.arg_true().cast(pl.UInt32))
    given = names.with_row_index("at").filter(~loose).select("at", "code", detail="given", two_places=False)
    both = pl.concat([read.select(given.columns), given]).sort("at")
    return both.join(_divisions(), on="code", how="left", maintain_order="left").drop("at", "code")


def _read(text: pl.Series) -> pl.DataFrame:
    """Read free text: from its front; from a province named later; else from a name somewhere inside."""
    front = read_chain(text).with_columns(text=text)
    rows = front.select("code", "text", detail="rest", two_places=False).with_row_index("at")
    rows = _overlay(rows, _from_later_province(rows))
    city = _from_inside(rows)
    rows = _overlay(rows, city)
    return _overlay(rows, _from_inside(city)).sort("at")


def _overlay(rows: pl.DataFrame, better: pl.DataFrame) -> pl.DataFrame:
    if better.is_empty():
        return rows
    return pl.concat([rows.join(better, on="at", how="anti"), better.select(rows.columns)])


@cache
def _province_names() -> str:
    names = _divisions()["province"].drop_nulls().unique().sort().to_list()
    return "|".join(names)


def _from_later_province(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows where a province named later in the text leads at least to a city."""
    rows = rows.filter(pl.col("text").str.slice(2).str.contains(_province_names()))
    split = (
        rows["text"].str.extract_groups(rf"^(.*[^中国])(?:中国)?((?:{_province_names()}).*)$").struct.unnest()
    )
    late = (
        split.select(before="1", later="2")
        .with_columns(at=rows["at"], first=rows["code"])
        .filter(pl.col("later").is_not_null())
    )
    if late.is_empty():
        return rows.clear()
    again = pl.concat([late, read_chain(late["later"])], how="horizontal")
    again = again.filter(
        (_depth("code") >= 4) & (_depth("code") >= _depth("first")) | (pl.col("first") == "")
    )
    same = _leads_to("first", "code")
    return again.filter(pl.col("code") != "").select(
        "at",
        "code",
        text=pl.lit(""),
        detail=pl.when(same)
        .then("rest")
        .otherwise((pl.col("before") + " " + pl.col("rest")).str.strip_chars()),
        two_places=(pl.col("first") != "") & ~same,
    )


def _depth(column: str) -> pl.Expr:
    """Return 0, 2, 4 or 6: how many digits of the division's code are known (former districts count as 6)."""
    return pl.col(column).str.len_chars().clip(upper_bound=6)


def _leads_to(above: str, below: str) -> pl.Expr:
    """Tell whether the division of one column contains that of the other."""
    return pl.col(below).str.starts_with(pl.col(above)) & (pl.col(above) != "")


@cache
def _names_inside() -> tuple[list[str], pl.DataFrame]:
    """Return the full names worth searching for, and to which code each leads from each context."""
    moves = built("moves").filter(
        pl.col("sure")
        & pl.col("name").str.contains(r"(?:市|区|县|旗|自治州)$")
        & (pl.col("name").str.len_chars() >= 3)
    )
    moves = moves.filter(~pl.col("target").str.contains("~") & (pl.col("context") != pl.col("target")))
    names = moves["name"].unique().sort().to_list()
    return names, moves.select("context", "target", found="name")


def _from_inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows without a district in front for which a full name further on says it."""
    names, moves = _names_inside()
    todo = rows.filter(
        (_depth("code") <= 4) & pl.col("detail").str.head(_SEARCHED).str.contains("[市区县旗州]")
    )
    found = todo.select(
        "at",
        "detail",
        "text",
        "two_places",
        context="code",
        found=pl.col("detail").str.head(_SEARCHED).str.extract_many(names, leftmost=True),
    )
    return (
        found.explode("found")
        .join(moves, on=["context", "found"], how="inner", maintain_order="left")
        .unique("at", keep="first", maintain_order=True)
        .select("at", "text", "detail", "two_places", code="target")
    )
