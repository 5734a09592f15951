"""Industries by GB/T 4754-2017: F, F52, F523, F5232; from codes, names and what people call them."""

from functools import cache
from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.tables import typed
from guanxi.kernel.text import say

_SIGNS = r"[\s、,，.。/;；:：\-_()（）\"'“”]"
_ENDING = r"(?:行业|产业|企业|公司|类|业)$"


class Industry(Standard):
    """The code with the letter of its section in front (F52); `labels` gives the Chinese names.

    A text inside which only a word was recognised (杭州做服装批发生意) is doubted.
    """

    name = "industry"
    reasons: ClassVar[Reasons] = {
        "industry_unknown": say("neither a code nor a name of GB/T 4754-2017, nor a word known for one"),
        "industry_code": say("GB/T 4754-2017 has no such code"),
        "industry_name": say("the name of the industry was replaced by its code"),
        "industry_word": say("an everyday word was understood as {note}"),
        "industry_guess": say("only a part of the text was understood, as {note}"),
        "industry_section": say("the letter of the section did not belong to the digits; the digits count"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        text = pl.col("text").str.to_uppercase().str.replace(r"^([A-T])[\s\-.]+(\d)", "$1$2")
        rows = rows.with_columns(
            digits=text.str.extract(r"^([A-T]?\d{2,4})(?:$|\D)", 1),
            letter=text.str.extract(r"^([A-T])(?:$|[\s\-:、.])", 1),
        )
        rows = rows.with_columns(by_code=_lookup(pl.col("digits"), _codes()), key=_key(text))
        rows = rows.with_columns(
            section=pl.col("digits").str.extract(r"^([A-T])", 1) != pl.col("by_code").str.head(1),
            by_name=_lookup(pl.col("key"), _names()),
            by_word=_lookup(pl.col("key"), _words()),
        )
        rows = rows.with_columns(by_part=_longest_word(rows["key"]))
        value = pl.coalesce("by_code", "letter", "by_name", "by_word", "by_part")
        rows = rows.with_columns(
            value=pl.when(pl.col("digits").is_null() | pl.col("by_code").is_not_null()).then(value)
        )
        label = _lookup(pl.col("value"), labels())
        by_code = pl.col("by_code").is_not_null() | pl.col("letter").is_not_null()
        return decide(
            rows,
            pl.col("value"),
            rejected("industry_code", pl.col("digits").is_not_null() & pl.col("by_code").is_null()),
            rejected("industry_unknown", pl.col("value").is_null()),
            suspect("industry_section", pl.col("by_code").is_not_null() & pl.col("section")),
            changed("industry_name", ~by_code & pl.col("by_name").is_not_null()),
            changed("industry_word", ~by_code & pl.col("by_word").is_not_null(), label),
            suspect("industry_guess", ~by_code, label),
        )


@cache
def labels() -> dict[str, str]:
    """Return the Chinese name of every code: ``{"F52": "零售业", ...}``."""
    table = typed("industries")
    return dict(zip(table["code"], table["name"], strict=True))


@cache
def _codes() -> dict[str, str]:
    """Return every way to write a code; digits alone are enough, a wrong letter in front does no harm."""
    codes = {code[1:]: code for code in labels() if len(code) > 1}
    return {
        letter + digits: code for digits, code in codes.items() for letter in ("", *"ABCDEFGHIJKLMNOPQRST")
    }


@cache
def _names() -> dict[str, str]:
    """Return the codes by name; of a name that several levels bear the highest one counts."""
    table = typed("industries").with_columns(depth=pl.col("code").str.len_chars(), key=_key(pl.col("name")))
    table = table.sort("depth", maintain_order=True).unique("key", keep="first", maintain_order=True)
    return dict(zip(table["key"], table["code"], strict=True))


@cache
def _words() -> dict[str, str]:
    table = typed("industry_words")
    found = dict(zip(table["word"].str.to_uppercase(), table["code"], strict=True))
    return {**{word.removesuffix("业"): code for word, code in found.items()}, **found}


def _key(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_all(_SIGNS, "")
        .str.replace(r"^(?:所属)?行业|^(?:属于|从事|做|搞)", "")
        .str.replace(_ENDING, "")
    )


def _lookup(text: pl.Expr, table: dict[str, str]) -> pl.Expr:
    return text.replace_strict(table, default=None, return_dtype=pl.String)


def _longest_word(keys: pl.Series) -> pl.Series:
    """Return for each key the code of the longest everyday word inside it, null when there is none."""
    words = sorted((word for word in _words() if len(word) > 1), key=len, reverse=True)
    found = keys.str.extract_many(words, leftmost=True).list.eval(
        pl.element().sort_by(pl.element().str.len_chars(), descending=True)
    )
    return found.list.first().replace_strict(_words(), default=None, return_dtype=pl.String)
