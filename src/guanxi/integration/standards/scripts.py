"""Traditional characters made simplified, for whole columns."""

import re
from functools import cache

import polars as pl
from opencc import OpenCC

_HAN = (0x4E00, 0x9FFF)
_LAST_OF_PLANE = 0xFFFF
_OWN = "昇陞甯"
"""Signs of names that the Table of General Standard Chinese Characters (2013) readmitted beside 升 and 宁."""
_BEYOND_PLANE = r"[\x{10000}-\x{10FFFF}]"
_DRY_SIGN = "乾"
_DRY = r"[饼餅豆葡萄果肉鱼魚晒曬烘风風]乾|乾[洗货貨果燥净淨粉杯湿濕式冰电電酪混菜鲜鮮衣]"
"""乾 is simplified where it means dry; as qián (乾坤, 乾县) it stays."""


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def traditional() -> str:
    """Return a character class of every Han character that OpenCC's table t2s changes."""
    every = "".join(map(chr, range(_HAN[0], _HAN[1] + 1)))
    simple = "".join(_converter().convert(character) for character in every)
    return "[" + "".join(old for old, new in zip(every, simple, strict=True) if old != new) + "]"


def simplified(text: pl.Series) -> pl.Series:
    """Return *text* in simplified characters; only distinct values with a traditional one are looked at.

    A name keeps the signs that are its own in simplified script too, and those whose simplified form lies
    outside the plane that fonts cover (鮀). Where a line breaks in such a value there is a blank instead.
    """
    found = text.filter(text.str.contains(traditional()).fill_null(value=False)).unique()
    if found.is_empty():
        return text
    # One call for all lines: called for each of 40,000 names, the converter took eleven times as long.
    lines = found.str.replace_all("\n", " ", literal=True)
    new = pl.Series(_converter().convert("\n".join(lines.to_list())).split("\n"))
    odd = lines.str.contains(f"[{_OWN}{_DRY_SIGN}]") | new.str.contains(_BEYOND_PLANE)
    careful = pl.Series([_converted(value) for value in lines.filter(odd).to_list()], dtype=pl.String)
    return text.replace(found, new.scatter(odd.arg_true(), careful))


def _converted(text: str) -> str:
    new = str(_converter().convert(text))
    if len(new) != len(text):
        return new
    kept = _OWN if re.search(_DRY, text) else _OWN + _DRY_SIGN
    return "".join(
        old if old in kept or ord(sign) > _LAST_OF_PLANE else sign
        for old, sign in zip(text, new, strict=True)
    )
