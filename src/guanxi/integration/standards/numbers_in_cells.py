"""Telephone numbers as people type them into cells: country codes, signs between, several at once, words around."""

import polars as pl

_SIGNS = r"[\s\-.‐–—_()·]"


def bare_number(text: pl.Expr) -> pl.Expr:
    """Return *text* without a leading apostrophe and without what spreadsheets add (``.0``, ``1.38E+10``)."""
    unquoted = text.str.strip_chars("'`\"").str.replace(r"^(\+?\d{7,15})\.0+$", "$1")
    mantissa = unquoted.str.extract(r"(?i)^(1\.\d{4,10})E\+?10$", 1).str.replace(".", "", literal=True)
    return pl.coalesce(mantissa.str.pad_end(11, "0"), unquoted)


def without_signs(text: pl.Expr) -> pl.Expr:
    """Return *text* without blanks, dashes, dots and brackets."""
    return text.str.replace_all(_SIGNS, "")


def words_around(text: pl.Expr) -> pl.Expr:
    """Return what is left of *text* when digits, signs and the usual labels of numbers are taken away."""
    return (
        text.str.replace_all(r"(?i)手机号码?|联系电话|联系方式|移动电话|电话号码?|电话|手机|座机|固话|传真|总机|mobile|phone|tel|fax|cell", "")
        .str.replace_all(r"[\d+\s\-.‐–—_()·:：,，;；/、\\|'\"`]+", " ")
        .str.strip_chars(" ")
    )
