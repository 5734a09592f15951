"""What the product understands of a source before it is used: first rows, what was guessed and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.integration.sources.base import NumberedRow, SourceKind, TableOutline
from guanxi.integration.sources.excel import ExcelOptions, look
from guanxi.integration.sources.layout import DelimitedOptions
from guanxi.integration.sources.quarantine import REASONS
from guanxi.kernel.text import Message, say

PREVIEW_ROWS = 50
MOST_ABOVE = 12
"""So many rows over the header are shown: enough to find the right one, not a page of letterhead."""

DELIMITER_NAMES: Mapping[str, Message] = {
    ",": say("comma"),
    ";": say("semicolon"),
    "\t": say("tabulator"),
    "|": say("vertical bar"),
}
ENCODING_NAMES: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "gb18030": "GBK / GB 18030",
    "big5": "Big5",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """A row that nobody can understand: its number, its text, the reason."""

    number: int
    text: str
    reason: Message


@dataclass(frozen=True, kw_only=True)
class PreviewTable:
    """The beginning of one table. ``rows`` and ``above`` hold (number in the source, values)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[NumberedRow, ...]
    above: tuple[NumberedRow, ...]
    set_aside: tuple[SetAside, ...]
    guesses: tuple[Message, ...]
    header_row: int | None
    total: int | None
    encoding: str = ""
    delimiter: str = ""
    hidden: bool = False
    empty: bool = False


@dataclass(frozen=True, kw_only=True)
class Preview:
    """All tables of a source, and the names of all its sheets where it is a workbook."""

    tables: tuple[PreviewTable, ...]
    sheets: tuple[str, ...] = ()


def preview(kind: SourceKind[Any], given: Mapping[str, Any], *, rows: int = PREVIEW_ROWS) -> Preview:
    """Return the first *rows* of each table of a source of *kind* read with the options *given*.

    Nothing is written. Raises what looking at the source raises: `Invalid` options, `Refused`, `Transient`.
    """
    options = kind.options(given)
    sheets: tuple[str, ...] = ()
    if isinstance(options, ExcelOptions):
        outlines, sheets = look(options, rows=rows)
    else:
        outlines = kind.inspect(options, rows=rows)
    return Preview(tables=tuple(_table(each, options) for each in outlines), sheets=sheets)


def _table(outline: TableOutline, options: Any) -> PreviewTable:
    return PreviewTable(
        name=outline.name,
        columns=outline.columns,
        rows=tuple(each for each in outline.numbered if not each.reason),
        above=outline.above[-MOST_ABOVE:],
        set_aside=tuple(
            SetAside(number=each.number, text=each.values[0] or "", reason=REASONS[each.reason])
            for each in outline.numbered
            if each.reason
        ),
        guesses=(*_guesses(outline, options), *(each.message for each in outline.remarks)),
        header_row=outline.header_row,
        total=outline.rows,
        encoding=outline.encoding or "",
        delimiter=outline.delimiter or "",
        hidden=outline.hidden,
        empty=outline.empty,
    )


def _guesses(outline: TableOutline, options: Any) -> Iterator[Message]:
    """Tell what was found out rather than said, and from what."""
    if isinstance(options, DelimitedOptions):
        if options.encoding is None and outline.encoding:
            yield say(
                "the characters look like {encoding} ({percent}% sure)",
                encoding=ENCODING_NAMES.get(outline.encoding, outline.encoding),
                percent=round(100 * (outline.encoding_confidence or 0)),
            )
        if options.delimiter is None and outline.delimiter:
            known = DELIMITER_NAMES.get(outline.delimiter)
            name = outline.delimiter if known is None else known
            yield say("cut at each {delimiter}, the rows are equally long", delimiter=name)
    names_columns = isinstance(options, DelimitedOptions | ExcelOptions) and options.header_row is None
    if names_columns and outline.header_row is not None:
        yield say("row {row} names the columns", row=outline.header_row)
