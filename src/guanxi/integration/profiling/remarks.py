"""What deserves a look in a profile: remarks per column, the worst first, in words for whoever owns the data."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from guanxi.integration.profiling.findings import ColumnProfile, TableProfile
from guanxi.integration.profiling.outliers import NUMBER_KINDS
from guanxi.kernel.text import Message, say

Weight = Literal["bad", "look", "note"]
Finding = Literal[
    "empty", "stand_in", "value", "pattern", "outlier", "repeated", "unlike", "longest", "shortest"
]
"""What rows can be looked up by: see `behind.rows_behind`."""

EVERY = -1
"""The place that stands for all outliers, or all top values."""

WEIGHTS: tuple[Weight, ...] = ("bad", "look", "note")
_SPARSE, _THIN = 0.2, 0.8
_NEARLY_KEY = 0.95
_ROWS_FOR_KEYS = 20
_LONGEST_KEY = 40  # characters
_MIXED_FROM = 0.995
_SPELT_ONE_WAY = ("mobile", "phone", "credit_code", "date", "money")
_HUNDRED = 100


@dataclass(frozen=True, kw_only=True)
class ColumnRemark:
    """One remark on one column; *finding* and *place* lead to the rows it speaks of ('' where there are none)."""

    column: str
    weight: Weight
    message: Message
    finding: Finding | Literal[""] = ""
    place: int = 0


def remarks(profile: TableProfile) -> tuple[ColumnRemark, ...]:
    """Return everything worth a look, the worst first, then in the order of the columns."""
    found = [each for column in profile.columns for each in _of_column(column)]
    return tuple(sorted(found, key=lambda each: WEIGHTS.index(each.weight)))


def _of_column(column: ColumnProfile) -> Iterator[ColumnRemark]:
    if not column.rows:
        return
    if not column.filled:
        yield _remark(column, "bad", say("nothing in it"), "empty")
        return
    yield from _of_filling(column)
    yield from _of_kind(column)
    yield from _of_values(column)


def _of_filling(column: ColumnProfile) -> Iterator[ColumnRemark]:
    empty = column.rows - column.filled
    percent = round(_HUNDRED * empty / column.rows)
    if column.fill_rate <= _SPARSE:
        yield _remark(column, "bad", say("{percent}% of the rows are empty", percent=percent), "empty")
    elif column.fill_rate < _THIN:
        yield _remark(column, "look", say("{percent}% of the rows are empty", percent=percent), "empty")
    if column.stand_ins:
        message = say("rows that say nothing (none, unknown, -): {count}", count=column.stand_ins)
        yield _remark(column, "look", message, "stand_in")


def _of_kind(column: ColumnProfile) -> Iterator[ColumnRemark]:
    odd = round((1 - column.kind_share) * column.filled)
    if column.kind not in ("free_text", "category", "empty") and odd and column.kind_share < _MIXED_FROM:
        message = say("values that look different from the others: {count}", count=odd)
        yield _remark(column, "look", message, "unlike")
    wide = next(
        (place for place, each in enumerate(column.patterns) if set(each.pattern) & set("９Ａ")), None
    )
    if wide is not None:
        yield _remark(column, "look", say("full-width digits or letters"), "pattern", wide)
    if column.kind in _SPELT_ONE_WAY and len(column.patterns) > 1:
        count = len(column.patterns)
        yield _remark(column, "note", say("ways of writing: {count} or more", count=count), "pattern", 1)


def _of_values(column: ColumnProfile) -> Iterator[ColumnRemark]:
    if column.outlier_rows:
        message = say("values far from the others: {count}", count=column.outlier_rows)
        yield _remark(column, "look", message, "outlier", EVERY)
    if column.distinct == 1 and column.filled > 1:
        yield _remark(column, "note", say("always the same value"), "value")
    repeated = column.filled - column.distinct
    nearly = column.filled >= _ROWS_FOR_KEYS and column.distinct / column.filled >= _NEARLY_KEY
    measured = column.kind in NUMBER_KINDS - {"whole_number"} or (column.longest or 0) > _LONGEST_KEY
    if nearly and repeated and not measured:
        message = say("nearly every value is there once; repeated: {count}", count=repeated)
        yield _remark(column, "look", message, "repeated")


def _remark(
    column: ColumnProfile, weight: Weight, message: Message, finding: Finding, place: int = 0
) -> ColumnRemark:
    return ColumnRemark(column=column.name, weight=weight, message=message, finding=finding, place=place)
