"""Telephone numbers as people type them into cells: signs between, several at once, words around."""

import polars as pl

_LABELS = (
    r"(?i)手机号码?|联系电话|联系方式|移动电话|电话号码?|电话|手机|座机|固话|传真|总机|"
    r"mobile|telephone|phone|tel|fax|cell"
)
_SIGNS = r"[\s\-.‐–—_()·]"


def bare_number(text: pl.Expr) -> pl.Expr:
    """Return *text* without a leading apostrophe and what spreadsheets add (``.0``, ``1.3800138E+10``).

    A mantissa of fewer than eight digits was rounded by the spreadsheet and stays as it is.
    """
    unquoted = text.str.strip_chars("'`\"").str.replace(r"^(\+?\d{7,15})\.0+$", "$1")
    mantissa = unquoted.str.extract(r"(?i)^(1\.\d{7,10})E\+?10$", 1).str.replace(".", "", literal=True)
    return pl.coalesce(mantissa.str.pad_end(11, "0"), unquoted)


def without_signs(text: pl.Expr) -> pl.Expr:
    """Return *text* without blanks, dashes, dots and brackets."""
    return text.str.replace_all(_SIGNS, "")


def words_around(text: pl.Expr) -> pl.Expr:
    """Return what is left of *text* when signs at its ends and the usual labels of numbers are taken away."""
    return text.str.replace_all(_LABELS, "").str.strip_chars(" +-.‐–—_()·:：,，;；/、\\|'\"`<>[]")
