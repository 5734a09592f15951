"""Company names: one width, brackets （）, simplified characters, no stray signs; the legal form stays."""

from functools import cache
from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.scripts import simplified, traditional
from guanxi.kernel.text import say

_NOTE = (
    r"老客户|新客户|大客户|重点客户|重要|vip|已?停用|已?注销|已?吊销|已?停业|已?倒闭|已?搬迁|作废|暂停|不用|勿用|重复|测试|"
    r"月结|现结|日结|季结|开票用?|开票名称|付款用?|代付|总部|备注.*|曾用名.*|原名.*|原[^（）]{2,}|现名.*|简称.*|.{1,4}介绍|联系人.*|电话.*|[^（）]*\d{7,}[^（）]*"
)
_BRACKETED_NOTE = rf"(?i)（((?:{_NOTE}))）"
_DASHED_NOTE = rf"(?i)[\-—–_/ ]+((?:{_NOTE}))$"


class CompanyName(Standard):
    """The name as the register would write it; remarks typed behind it are taken off and named."""

    name = "company_name"
    settles = True
    reasons: ClassVar[Reasons] = {
        "company_note": say("a remark stood beside the name: {note}"),
        "company_script": say("traditional characters were made simplified"),
        "company_short": say("one character is hardly the name of a company"),
        "company_letters": say("the name of a company holds letters"),
        "company_broken": say("the text holds characters that were already destroyed in the source"),
    }

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(_standard()) & ~raw.str.contains(_BRACKETED_NOTE)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        read = rows.lazy().with_columns(name=_in_brackets(pl.col("text")))
        read = read.with_columns(remark=_remark(pl.col("name")), bare=_without_remark(pl.col("name")))
        rows = read.with_columns(traditional=_bare(pl.col("bare"))).collect()
        rows = rows.with_columns(value=simplified(rows["traditional"]))
        return decide(
            rows,
            pl.col("value"),
            rejected("company_letters", ~pl.col("value").str.contains(r"\p{L}")),
            suspect("company_broken", pl.col("value").str.contains(r"\ufffd|\?{2,}")),
            suspect("company_short", pl.col("value").str.len_chars() == 1),
            changed("company_note", pl.col("remark").is_not_null(), pl.col("remark")),
            changed("company_script", pl.col("value") != pl.col("traditional")),
        )


@cache
def _standard() -> str:
    """Return a pattern for names of simplified characters, letters and digits, with one pair of brackets at most."""
    letter = rf"A-Za-z[\x{{4E00}}-\x{{9FFF}}--{traditional()}]"
    return f"^[{letter}][{letter}0-9]+(?:（[{letter}0-9]+）[{letter}0-9]*)?$"


def _in_brackets(text: pl.Expr) -> pl.Expr:
    """Return *text* with one kind of brackets, （ and ）, no blanks inside them and none of them empty."""
    return (
        text.str.replace_all(r"[(\[{〔【]", "（")
        .str.replace_all(r"[)\]}〕】]", "）")
        .str.replace_all(r"（\s+", "（")
        .str.replace_all(r"\s+）", "）")
        .str.replace_all(r"（）", "")
    )


def _remark(name: pl.Expr) -> pl.Expr:
    return pl.coalesce(name.str.extract(_BRACKETED_NOTE, 1), name.str.extract(_DASHED_NOTE, 1))


def _without_remark(name: pl.Expr) -> pl.Expr:
    bare = name.str.replace_all(_BRACKETED_NOTE, "").str.replace(_DASHED_NOTE, "")
    return pl.when(bare.str.contains(r"\p{L}")).then(bare).otherwise(name)


def _bare(name: pl.Expr) -> pl.Expr:
    """Return *name* without quotes, stray signs at its ends and brackets that have no partner."""
    tidy = (
        name.str.replace_all(r"[\"'“”‘’「」『』《》〈〉<>`*＊]", "")
        .str.replace_all(r"([\p{Han}（）]) +", "$1")
        .str.replace_all(r" +([\p{Han}（）])", "$1")
        .str.replace_all(r"[•・‧∙]", "·")
        .str.replace_all(r"^[\s.,;:、。!?·\-_/|#~]+|[\s,;:、。!?·\-_/|#~]+$", "")
        .str.replace(r"([\p{Han}）])\.+$", "$1")
    )
    opened, closed = (tidy.str.count_matches(sign, literal=True) for sign in "（）")
    return pl.when(opened == closed).then(tidy).otherwise(tidy.str.replace_all("[（）]", ""))
