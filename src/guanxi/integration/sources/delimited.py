"""Delimited text (.csv, .tsv and relatives) in the encodings and with the separators people really send."""

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from guanxi.integration.sources.base import (
    FIRST_ROWS,
    ROW_COLUMN,
    NumberedRow,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    remark,
)
from guanxi.integration.sources.dialects import LINES_TO_LOOK_AT
from guanxi.integration.sources.judging import BLANK_CHARACTERS, Judging, Sample
from guanxi.integration.sources.layout import DelimitedOptions, Layout, doubts, lay_out
from guanxi.integration.sources.lines import Line, blocks, decoded_lines, numbered_lines
from guanxi.integration.sources.quarantine import REPLACEMENT, TOO_MANY_FIELDS, UNTERMINATED_QUOTE
from guanxi.integration.sources.rows import Row, delimited_rows
from guanxi.integration.sources.writing import Quarantine, TableFile, checksum
from guanxi.kernel.text import by_number, say

_FAST_BLOCK_BYTES = 8 * 1024 * 1024
_LINE_BREAKS = (b"\n", b"\r\n")


class Delimited(SourceKind[DelimitedOptions]):
    """A file of values with a separator between them."""

    name = "delimited"
    options_type = DelimitedOptions

    def inspect(self, options: DelimitedOptions, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Return the one table of the file as understood from its first 200 lines."""
        layout = lay_out(options)
        sample = Sample(rows)
        judge = _Judge(layout=layout, table=sample)
        # Where the look ends inside a quoted text, that row and what follows only seem broken.
        ends_early = bool(layout.head) and layout.head[-1].line >= LINES_TO_LOOK_AT
        for row in layout.head[layout.skipped :]:
            if ends_early and row.is_last_broken:
                break
            judge.take(row)
        return (
            TableOutline(
                name=layout.name,
                columns=layout.columns,
                first_rows=sample.kept,
                numbered=tuple(sample.rows),
                above=tuple(_above(row) for row in layout.head[: max(0, layout.skipped - 1)]),
                header_row=layout.header_line,
                encoding=layout.encoding.name,
                encoding_confidence=layout.encoding.confidence,
                delimiter=layout.delimiter,
                remarks=tuple(doubts(layout)),
            ),
        )

    def read(self, options: DelimitedOptions, into: Path) -> ReadReceipt:
        """Write the table as Parquet; rows that cannot be understood go to quarantine with their line."""
        layout = lay_out(options)
        with (
            Quarantine(into) as quarantine,
            TableFile(into, 1, layout.name, layout.columns, quarantine) as table,
        ):
            reading = _Reading(layout=layout, table=table)
            reading.run()
        receipt = table.receipt(
            [*doubts(layout), *reading.remarks()],
            header_row=layout.header_line,
            encoding=layout.encoding.name,
            delimiter=layout.delimiter,
        )
        return ReadReceipt(
            kind=self.name,
            tables=(receipt,),
            quarantine_path=str(quarantine.path),
            quarantined=quarantine.count,
            source_sha256=checksum(options.path),
        )


def _above(row: Row) -> NumberedRow:
    return NumberedRow(number=row.line, values=tuple(value or None for value in row.values))


class _Judge:
    """Mends rows that are too short or end with separators too many, refuses those nobody can understand."""

    def __init__(self, *, layout: Layout, table: Judging) -> None:
        self.layout, self.rows = layout, table
        self.width = len(layout.columns)
        self.counts: Counter[str] = Counter()
        self.first_broken: Row | None = None
        self.open_quote: Row | None = None
        self.cut_line: int | None = None

    def remarks(self) -> Iterator[Remark]:
        """Tell what was mended, and where the file is broken."""
        if count := self.counts["padded"]:
            one = say("1 row ends early; its last values were left empty")
            several = say("{count} rows end early; their last values were left empty", count=count)
            yield remark(by_number(count, one, several))
        if count := self.counts["trimmed"]:
            one = say("1 row ends with separators too many; they were left out")
            several = say("{count} rows end with separators too many; they were left out", count=count)
            yield remark(by_number(count, one, several))
        if row := self.first_broken:
            yield remark(
                say(
                    "the first bytes that are no {encoding} text are in line {line}, byte {byte} of the file",
                    encoding=self.layout.encoding.name,
                    line=row.line,
                    byte=row.offset,
                )
            )
        if row := self.open_quote:
            yield remark(
                say(
                    "the file breaks off: the quotation mark opened in line {line} never closes; "
                    "everything before it was read",
                    line=row.line,
                )
            )

        if self.cut_line:
            yield remark(
                say(
                    "line {line}, the last, ends early and without a line break: the file may be cut off",
                    line=self.cut_line,
                )
            )

    def take(self, row: Row) -> None:
        """Put one row where it belongs."""
        if row.reason:
            self._refuse(row, row.reason)
            return
        values = row.values
        missing = self.width - len(values)
        if missing and row.doubtful:
            self._refuse(row, UNTERMINATED_QUOTE)
        elif missing == 0:
            self._place(row, values)
        elif missing > 0:
            if any(values):
                self.counts["padded"] += 1
                self.cut_line = None if row.text.endswith(("\n", "\r")) else row.line
            self._place(row, values + [""] * missing)
        elif any(values[self.width :]):
            self._refuse(row, TOO_MANY_FIELDS)
        else:
            self.counts["trimmed"] += 1
            self._place(row, values[: self.width])

    def _place(self, row: Row, values: list[str]) -> None:
        clean = "\0" not in row.text and REPLACEMENT not in row.text
        self.rows.take(row.line, values, is_clean=clean)

    def _refuse(self, row: Row, reason: str) -> None:
        self.rows.refuse(row.line, row.text.rstrip("\r\n"), reason)
        if row.offset is not None and self.first_broken is None:
            self.first_broken = row
        if row.is_last_broken:
            self.open_quote = row


class _Reading(_Judge):
    """One pass through the file: the short way where the text is plain, row by row where it is not."""

    def __init__(self, *, layout: Layout, table: TableFile) -> None:
        super().__init__(layout=layout, table=table)
        self.table = table

    def run(self) -> None:
        """Read every row after the header."""
        if self.layout.shape.is_plain and self.layout.shape.line_break == b"\n":
            self._run_by_blocks()
        else:
            lines = numbered_lines(self.layout.path, self.layout.encoding.name, self.layout.shape.line_break)
            self._exactly(lines, skip=self.layout.skipped)

    def _run_by_blocks(self) -> None:
        """Without quotation marks a line is a row, so each block stands for itself."""
        encoding = self.layout.encoding.name
        number, offset = 1, 3 if encoding == "utf-8-sig" else 0
        to_skip = self.layout.skipped
        for block in blocks(self.layout.path, size=_FAST_BLOCK_BYTES):
            height = block.count(b"\n") + (not block.endswith(b"\n"))
            frame = None if to_skip else self._frame(block, number, height)
            if frame is None:
                lines = decoded_lines(block, encoding, number=number, offset=offset)
                self._exactly(iter(lines), skip=to_skip)
                to_skip = max(0, to_skip - height)
            else:
                self._keep(frame)
            number += height
            offset += len(block)

    def _frame(self, block: bytes, number: int, height: int) -> pl.DataFrame | None:
        """Return the block as a frame, or None when any of its lines needs a closer look."""
        text = _clean_utf8(block, self.layout.encoding.name)
        if text is None or text.count(self.layout.delimiter.encode()) != height * (self.width - 1):
            return None
        if text.startswith(_LINE_BREAKS) or any(
            b"\n" + each in text for each in _LINE_BREAKS
        ):  # a blank line
            return None
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                separator=self.layout.delimiter,
                quote_char=None,
                schema=dict.fromkeys(self.layout.columns, pl.String),
            )
        except pl.exceptions.PolarsError:
            return None
        if frame.height != height:
            return None
        return frame.with_row_index(ROW_COLUMN, number).cast({ROW_COLUMN: pl.Int64})

    def _keep(self, frame: pl.DataFrame) -> None:
        """Store a frame without its blank rows."""
        values = pl.col(self.layout.columns)
        filled = frame.filter(pl.any_horizontal(values.str.strip_chars(BLANK_CHARACTERS) != ""))
        self.table.blank += frame.height - filled.height
        self.table.keep_frame(filled)

    def _exactly(self, lines: Iterator[Line], *, skip: int) -> None:
        for row in itertools.islice(delimited_rows(lines, self.layout.delimiter), skip, None):
            self.take(row)


def _clean_utf8(block: bytes, encoding: str) -> bytes | None:
    """Return the block in UTF-8, or None when a byte or a character of it is broken."""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        text = block.decode(codec)
    except UnicodeDecodeError:
        return None
    if REPLACEMENT in text:
        return None
    return block if codec == "utf-8" else text.encode()
