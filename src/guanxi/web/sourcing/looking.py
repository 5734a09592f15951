"""The first rows of a source on their way to a page, and how it is read as a person chose it on a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.base import NumberedRow
from guanxi.integration.sources.preview import (
    DELIMITER_NAMES,
    ENCODING_NAMES,
    Preview,
    PreviewTable,
    SetAside,
    preview,
)
from guanxi.kernel.errors import GuanxiError, Invalid
from guanxi.kernel.text import Message, by_number, say
from guanxi.web.filling import by_field
from guanxi.web.reader import Reader
from guanxi.web.visit import Incoming

ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A row that cannot be understood: its number, its text, the reason."""

    number: int
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FirstTable:
    """The beginning of one table, ready to show; rows are as wide as the columns."""

    name: str
    columns: tuple[str, ...]
    above: tuple[tuple[int, tuple[tuple[str, int], ...]], ...]
    """Rows above the names of the columns: each text with how many cells beside each other say it."""
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    set_aside: tuple[Refusal, ...]
    guesses: tuple[str, ...]
    size: str
    header_row: int | None
    empty: bool


@dataclass(frozen=True, kw_only=True)
class FirstRows:
    """What a look at the source gave: its tables, or why there is nothing to see."""

    tables: tuple[FirstTable, ...] = ()
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    header_row: int | None = None
    problem: str = ""
    problems: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingForm:
    """How a file is read, as its form shows it: what was chosen ('' for found out) and what there is to choose."""

    kind: str
    encoding: str = ""
    delimiter: str = ""
    header_row: str = ""
    sheets: tuple[str, ...] = ()
    encodings: tuple[tuple[str, str], ...] = ()
    delimiters: tuple[tuple[str, str], ...] = ()


def look_at(reader: Reader, kind: str, options: Mapping[str, Any]) -> FirstRows:
    """Return the first rows of a source, or the problem with it in words."""
    try:
        return first_rows(reader, preview(SOURCE_KINDS[kind], options))
    except Invalid as invalid:
        problems = by_field(reader, invalid)
        return FirstRows(problem=reader.problems(invalid), problems=problems)
    except GuanxiError as error:
        return FirstRows(problem=reader.say(error.message))


def first_rows(reader: Reader, seen: Preview) -> FirstRows:
    """Return what was *seen* in the reader's words."""
    tables = tuple(_table(reader, each) for each in seen.tables)
    first = next((each for each in seen.tables if not each.empty), None)
    return FirstRows(
        tables=tables,
        sheets=seen.sheets,
        encoding=first.encoding if first else "",
        delimiter=first.delimiter if first else "",
        header_row=first.header_row if first else None,
    )


def reading_form(reader: Reader, kind: str, options: Mapping[str, Any]) -> ReadingForm:
    """Return the form of how a file of *kind* is read, filled with *options*."""
    encoding, delimiter = str(options.get("encoding") or ""), str(options.get("delimiter") or "")
    header = options.get("header_row")
    known = {each: ENCODING_NAMES.get(each, each) for each in (*ENCODINGS, encoding) if each}
    marks = {mark: reader.say(name) for mark, name in DELIMITER_NAMES.items()}
    return ReadingForm(
        kind=kind,
        encoding=encoding,
        delimiter=delimiter,
        header_row="" if header is None else str(header),
        sheets=tuple(options.get("sheets") or ()),
        encodings=tuple(known.items()),
        delimiters=tuple(({delimiter: delimiter} | marks if delimiter else marks).items()),
    )


def chosen_reading(incoming: Incoming, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return *options* with what the form says about encoding, delimiter, header row and sheets.

    What the form leaves empty is found out from the content again. Raises nothing: a wrong value is judged by the
    kind of source, as in a plan.
    """
    chosen = dict(options)
    for name in ("encoding", "delimiter"):
        if name in incoming.form:
            _set(chosen, name, incoming.typed(name) or None)
    if "header_row" in incoming.form or "header_at" in incoming.form:
        _set(chosen, "header_row", _number(incoming.typed("header_at") or incoming.typed("header_row")))
    if "with_sheets" in incoming.form:
        _set(chosen, "sheets", list(incoming.form.get("sheet", ())) or None)
    return chosen


def _set(options: dict[str, Any], name: str, value: Any) -> None:
    options.pop(name, None)
    if value is not None:
        options[name] = value


def _number(text: str) -> int | None:
    """Return the row typed; what is no row is left to be found out."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 8 else None


def _table(reader: Reader, table: PreviewTable) -> FirstTable:
    width = len(table.columns)
    return FirstTable(
        name=table.name,
        columns=table.columns,
        above=tuple((each.number, _spans(_cells(each, width))) for each in table.above if any(each.values)),
        rows=tuple((each.number, _cells(each, width)) for each in table.rows),
        set_aside=tuple(_refusal(reader, each) for each in table.set_aside),
        guesses=tuple(reader.say(each) for each in table.guesses),
        size=reader.say(_size(table)),
        header_row=table.header_row,
        empty=table.empty,
    )


def _size(table: PreviewTable) -> Message:
    number = len(table.columns)
    columns = by_number(number, say("1 column"), say("{count} columns", count=number))
    return (
        columns if table.total is None else say("{columns}, {rows}", columns=columns, rows=_rows(table.total))
    )


def _rows(number: int) -> Message:
    return by_number(number, say("1 row"), say("{count} rows", count=Decimal(number)))


def _cells(row: NumberedRow, width: int) -> tuple[str, ...]:
    values: Sequence[str | None] = row.values[:width]
    return (*(each or "" for each in values), *[""] * (width - len(values)))


def _spans(cells: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return the texts of *cells*, those that equal their neighbour once: a merged cell says its text in each."""
    return tuple((text, len(list(same))) for text, same in groupby(cells))


def _refusal(reader: Reader, row: SetAside) -> Refusal:
    return Refusal(number=row.number, text=row.text, reason=reader.say(row.reason))
