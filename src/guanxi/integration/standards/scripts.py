"""Traditional characters made simplified, for whole columns."""

from functools import cache

import polars as pl
from opencc import OpenCC

_HAN = (0x4E00, 0x9FFF)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _traditional() -> str:
    """Return a character class of every Han character that OpenCC's table t2s changes."""
    every = "".join(map(chr, range(_HAN[0], _HAN[1] + 1)))
    simple = "".join(_converter().convert(character) for character in every)
    return "[" + "".join(old for old, new in zip(every, simple, strict=True) if old != new) + "]"


def simplified(text: pl.Series) -> pl.Series:
    """Return *text* in simplified characters; only distinct values with a traditional one are looked at."""
    found = text.filter(text.str.contains(_traditional()).fill_null(value=False)).unique()
    if found.is_empty():
        return text
    new = [_converter().convert(value) for value in found.to_list()]
    return text.replace(found, pl.Series(new, dtype=pl.String))
