"""The shape of a value: which kinds of characters stand where."""

import re

import polars as pl

_RUN = re.compile(r"(.)\1{2,}")


def mask(value: pl.Expr) -> pl.Expr:
    """Return the shape of each text: digit 9, capital A, small letter a, Chinese character 汉.

    Four and more Chinese characters in a row are ``汉+``, because names differ in length. Full-width
    digits and letters stay visible as ９ and Ａ: they are a defect to be seen.
    """
    return (
        value.str.replace_all(r"[0-9]", "9")
        .str.replace_all(r"[A-Z]", "A")
        .str.replace_all(r"[a-z]", "a")
        .str.replace_all(r"\p{Han}{4,}", "汉+")
        .str.replace_all(r"\p{Han}", "汉")
        .str.replace_all(r"[０-９]", "９")
        .str.replace_all(r"[Ａ-Ｚａ-ｚ]", "Ａ")
    )


def shorten(pattern: str) -> str:
    """Return *pattern* with runs of three and more written as a count: ``99999999999`` is ``9{11}``."""
    return _RUN.sub(lambda run: f"{run.group(1)}{{{len(run.group())}}}", pattern)
