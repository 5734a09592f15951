"""Writing values as text, and reading numbers from text."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guanxi.expressions.function import EXACT, Function, Meaning, Moment, with_times
from guanxi.expressions.functions.rounding import half_away
from guanxi.expressions.functions.trimming import BLANKS, BLANKS_SQL
from guanxi.expressions.kinds import Kind

WRITTEN = {
    Kind.TEXT: "{0}",
    Kind.NUMBER: "CAST(trim_scale({0}) AS text)",
    Kind.BOOLEAN: "upper(CAST({0} AS text))",
    Kind.DATE: "to_char({0}, 'YYYY-MM-DD')",
    Kind.DATETIME: "to_char({0} AT TIME ZONE {zone}, 'YYYY-MM-DD HH24:MI:SS')",
    Kind.LIST: "array_to_string({0}, ', ')",
    Kind.LINK: "CAST({0} AS text)",
}
"""SQL that writes one value of each kind."""

MOST_DECIMALS = 20
_DATE_PARTS = ("YYYY", "MM", "DD")


def write(moment: Moment, value: Any) -> str:
    """Return *value* as text: numbers without idle zeros, dates as 2024-05-21, truth as TRUE or FALSE."""
    match value:
        case bool():
            return str(value).upper()
        case Decimal():
            return format(value.normalize(EXACT), "f") if value else "0"
        case datetime():
            return moment.local(value).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _date_pattern_sql() -> str:
    sql = "{1}"
    for part in _DATE_PARTS:
        for spelling in (part, part.lower()):
            sql = f"replace({sql}, '{spelling}', to_char({{0}}, '{part}'))"
    return sql


class Text(Function):
    """The value as text; a number by a pattern such as "0.00", a date by one such as "YYYY年MM月DD日"."""

    name, example = "TEXT", ('TEXT(DATE(2024, 5, 1), "YYYY年MM月")', '"2024年05月"')
    meanings = (
        *(Meaning(parameters=(kind,), result=Kind.TEXT, sql=sql) for kind, sql in WRITTEN.items()),
        Meaning(
            parameters=(Kind.NUMBER, Kind.TEXT),
            result=Kind.TEXT,
            sql=f"CAST(round({{0}}, char_length(left(split_part({{1}}, '.', 2), {MOST_DECIMALS}))) AS text)",
        ),
        *with_times(
            Meaning(parameters=(Kind.DATE, Kind.TEXT), result=Kind.TEXT, sql=_date_pattern_sql()),
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> str:
        """Return the text; decimals are as many as the pattern has places after its point."""
        value, *pattern = arguments
        if not pattern:
            return write(moment, value)
        if isinstance(value, Decimal):
            return _write_number(value, pattern[0])
        return _write_date(moment.day(value), pattern[0])


def _write_number(number: Decimal, pattern: str) -> str:
    _, _, decimals = pattern.partition(".")
    rounded = half_away(number, min(len(decimals.split(".")[0]), MOST_DECIMALS))
    return format(rounded if rounded else abs(rounded), "f")


def _write_date(day: date, pattern: str) -> str:
    parts = dict(zip(_DATE_PARTS, day.isoformat().split("-"), strict=True))
    for part, digits in parts.items():
        pattern = pattern.replace(part, digits).replace(part.lower(), digits)
    return pattern


class Number(Function):
    """The number a text stands for, thousands commas and full-width digits included; else nothing."""

    name, example = "VALUE", ('VALUE(" 1,234.50 ")', "1234.5")
    _SHAPE = "[+-]?([0-9]{1,30}|[0-9]{1,3}(,[0-9][0-9][0-9]){1,9})([.][0-9]{1,20})?"
    _WIDE, _NARROW = "０１２３４５６７８９．，－＋", "0123456789.,-+"
    _CLEAN = f"translate(btrim({{0}}, {BLANKS_SQL}), '{_WIDE}', '{_NARROW}')"
    meanings = (
        Meaning(
            parameters=(Kind.TEXT,),
            result=Kind.NUMBER,
            sql=f"CASE WHEN {_CLEAN} ~ '^({_SHAPE})$' THEN CAST(replace({_CLEAN}, ',', '') AS numeric) END",
        ),
    )

    def value(self, moment: Moment, *arguments: Any) -> Decimal | None:
        """Return the number, or None when the text is not one."""
        text = arguments[0].strip(BLANKS).translate(str.maketrans(self._WIDE, self._NARROW))
        return Decimal(text.replace(",", "")) if re.fullmatch(self._SHAPE, text) else None
