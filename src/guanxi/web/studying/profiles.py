"""The profile of a table as the page shows it: lines, bars and rows, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.integration.profiling import ColumnProfile, Weight
from guanxi.kernel.text import Message, say, shortened
from guanxi.web.studying.studied import TableTab

KINDS: Mapping[str, Message] = {
    "email": say("E-mail address"),
    "url": say("Web address"),
    "credit_code": say("Credit code"),
    "mobile": say("Mobile number"),
    "phone": say("Telephone number"),
    "date": say("Date"),
    "money": say("Amount"),
    "whole_number": say("Whole number"),
    "decimal": say("Decimal number"),
    "address": say("Address"),
    "company": say("Company name"),
    "person": say("Person's name"),
    "yes_no": say("Yes or no"),
    "category": say("Category"),
    "free_text": say("Free text"),
    "empty": say("Empty"),
}
"""What the values of a column are taken for, in words."""

JUDGED = tuple(name for name in KINDS if name not in ("category", "free_text", "empty"))
"""Kinds of which the share of values that fit says something."""

LONGEST_CELL = 120


@dataclass(frozen=True, kw_only=True)
class RemarkLine:
    """One remark: about which column, how bad, and where its rows are."""

    column: str
    weight: Weight
    text: str
    rows: str
    open: str


@dataclass(frozen=True, kw_only=True)
class ColumnLine:
    """One column in the table; shares run from 0 to 1."""

    place: int
    name: str
    open: str
    is_open: bool
    kind: str
    kind_share: str
    fill: str
    parts: tuple[tuple[float, str], ...]
    distinct: str
    lengths: str
    spikes: tuple[float, ...]
    example: str
    is_key: bool
    weight: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BarLine:
    """One bar of a plot: its text, how long, how many rows, where they are."""

    text: str
    note: str
    share: float
    count: str
    rows: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Everything about one column."""

    name: str
    kind: str
    kind_share: str
    close: str
    mapping: str
    fill: str
    parts: tuple[tuple[float, str], ...]
    facts: tuple[tuple[str, str, str], ...]
    """(name, text, address of the rows or '')"""
    remarks: tuple[RemarkLine, ...]
    values: tuple[BarLine, ...]
    patterns: tuple[BarLine, ...]
    outliers: tuple[BarLine, ...]


@dataclass(frozen=True, kw_only=True)
class RowLine:
    """One row of the source: its place and its cells, the column in question first."""

    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RowsPart:
    """The rows behind a number."""

    title: str
    count: str
    close: str
    columns: tuple[str, ...]
    rows: tuple[RowLine, ...]


@dataclass(frozen=True, kw_only=True)
class ProfilePage:
    """Everything the page shows."""

    id: int
    title: str
    address: str
    tabs: tuple[TableTab, ...]
    figures: tuple[tuple[str, str], ...]
    remarks: tuple[RemarkLine, ...]
    more_remarks: int
    heads: tuple[tuple[str, str, str], ...]
    """(name, address that sorts by it, 'ascending', 'descending' or '')"""
    lines: tuple[ColumnLine, ...]
    panel: Panel | None
    rows: RowsPart | None


def fill_parts(column: ColumnProfile) -> tuple[tuple[float, str], ...]:
    """Return how full a column is, as parts of a bar: values, and words that say nothing."""
    rows = max(column.rows, 1)
    return (((column.filled - column.stand_ins) / rows, "full"), (column.stand_ins / rows, "doubt"))


def percent(share: float) -> str:
    """Return a share as a percentage that is 0 or 100 only where that is the whole truth."""
    whole = round(100 * share)
    if whole == 100 and share < 1:
        return "> 99%"
    return "< 1%" if whole == 0 and share > 0 else f"{whole}%"


def lengths(column: ColumnProfile, nothing: str) -> str:
    """Return the shortest and the longest length in characters."""
    if column.shortest is None:
        return nothing
    return (
        str(column.shortest) if column.shortest == column.longest else f"{column.shortest}–{column.longest}"
    )


def in_cell(text: str) -> str:
    """Return a text that is short enough for a cell."""
    return shortened(text, LONGEST_CELL)
