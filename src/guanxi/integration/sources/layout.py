"""How a delimited file is laid out: encoding, separator, header and columns, decided from its first lines."""

import codecs
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guanxi.integration.sources.base import Remark, remark
from guanxi.integration.sources.dialects import LINES_TO_LOOK_AT, sniff_delimiter
from guanxi.integration.sources.encodings import Encoding, sniff_encoding
from guanxi.integration.sources.headers import ROWS_TO_LOOK_AT, find_header, unique_names
from guanxi.integration.sources.lines import Shape, numbered_lines, scan
from guanxi.integration.sources.rows import Row, delimited_rows
from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.text import say

_UNSURE = 0.6


@dataclass(frozen=True, kw_only=True)
class DelimitedOptions:
    """How to read a file of delimited text; what is left out is found out from the content.

    ``header_row`` is the 1-based row of names, 0 for none. ``table`` is the name given to the table,
    the name of the file when left out.
    """

    path: Path
    table: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    max_columns: int = 10_000

    def __post_init__(self) -> None:
        """Refuse what no file can be read with."""
        problems = []
        if self.delimiter is not None and len(self.delimiter) != 1:
            problems.append(Problem("delimiter", say("write one character")))
        if self.encoding is not None and not _is_codec(self.encoding):
            problems.append(
                Problem("encoding", say("write the name of an encoding, such as utf-8 or gb18030"))
            )
        if problems:
            raise Invalid(problems)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Everything decided before the rows are read; ``head`` are the first rows of the file."""

    path: Path
    name: str
    encoding: Encoding
    delimiter: str
    shape: Shape
    header_index: int | None
    header_line: int | None
    columns: tuple[str, ...]
    head: tuple[Row, ...]

    @property
    def skipped(self) -> int:
        """Return the number of rows up to and with the header."""
        return 0 if self.header_index is None else self.header_index + 1


def lay_out(options: DelimitedOptions) -> Layout:
    """Decide encoding, separator, header and columns from the first lines."""
    _refuse_unusable(options.path)
    encoding = _encoding(options)
    shape = scan(options.path, encoding.name)
    lines = itertools.islice(numbered_lines(options.path, encoding.name, shape.line_break), LINES_TO_LOOK_AT)
    first = list(lines)
    delimiter = options.delimiter or sniff_delimiter([line.text for line in first])
    head = tuple(delimited_rows(iter(first), delimiter))
    rows: list[list[str]] = [row.values for row in head]
    index = _header_index(options, head)
    names = rows[index] if index is not None else [""] * _usual_width(rows)
    return Layout(
        path=options.path,
        name=options.table or options.path.stem,
        encoding=encoding,
        delimiter=delimiter,
        shape=shape,
        header_index=index,
        header_line=None if index is None else head[index].line,
        columns=unique_names(names, limit=options.max_columns),
        head=head,
    )


def _header_index(options: DelimitedOptions, head: tuple[Row, ...]) -> int | None:
    if options.header_row is None:
        return find_header([row.values for row in head[:ROWS_TO_LOOK_AT]])
    if options.header_row == 0:
        return None
    for index, row in enumerate(head):
        if row.line == options.header_row:
            return index
    raise Refused(say("the file has no line {line} to take the column names from", line=options.header_row))


def _refuse_unusable(path: Path) -> None:
    if not path.is_file():
        raise Refused(say("there is no file {name}", name=path.name))
    if path.stat().st_size == 0:
        raise Refused(say("the file {name} is empty (0 bytes): export it again", name=path.name))


def _encoding(options: DelimitedOptions) -> Encoding:
    sniffed = sniff_encoding(options.path)
    if options.encoding is None:
        return sniffed
    wanted = codecs.lookup(options.encoding).name
    if wanted == "utf-8" and sniffed.name == "utf-8-sig":
        wanted = "utf-8-sig"
    return Encoding(name="gb18030" if wanted in ("gbk", "gb2312") else wanted, confidence=1.0)


def _is_codec(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def _usual_width(rows: list[list[str]]) -> int:
    return Counter(len(row) for row in rows if row).most_common(1)[0][0] if any(rows) else 1


def doubts(layout: Layout) -> Iterator[Remark]:
    """Tell what was decided without being sure."""
    if layout.encoding.confidence < _UNSURE:
        yield remark(
            say(
                "the encoding looks like {encoding}, but this is not sure; check the first rows",
                encoding=layout.encoding.name,
            )
        )
    if layout.header_index is None:
        yield remark(say("no row names the columns; they were numbered"))
