"""Lines of delimited text as rows with their line numbers, exact about quotation marks that never close."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from guanxi.integration.sources.lines import Line
from guanxi.integration.sources.quarantine import (
    UNDECODABLE,
    UNREADABLE_LINE,
    UNTERMINATED_QUOTE,
)

_LINES_PER_ROW = 500  # a quoted text of more lines is taken for a stray quotation mark


class Row(NamedTuple):
    """One row: the line it starts on, its values, its text, and a reason when it cannot be used.

    ``doubtful`` marks rows that follow an unclosed quotation mark and may be the inside of it.
    ``is_last_broken`` marks the row whose quotation mark is still open where the file ends.
    ``offset`` is the position of the first broken byte in the file.
    """

    line: int
    values: list[str]
    text: str
    reason: str | None = None
    doubtful: bool = False
    is_last_broken: bool = False
    offset: int | None = None


def delimited_rows(lines: Iterator[Line], delimiter: str) -> Iterator[Row]:
    """Yield every row of *lines*, good or bad, in order; no line is lost.

    Quotation follows RFC 4180: a quoted value may hold the delimiter, line breaks and doubled quotation
    marks. When a quotation mark does not close within 500 lines or before the end, only the line that
    opens it is given up, and reading goes on with the next one.
    """
    feed = _Feed(lines)
    while feed.has_more():
        reader = csv.reader(feed, delimiter=delimiter)
        try:
            for values in reader:
                if feed.is_broken:
                    break
                yield _row(feed, values)
                feed.taken.clear()
        except csv.Error:
            if feed.taken:
                yield feed.give_up_first(UNREADABLE_LINE)
            continue
        if feed.is_broken:
            yield feed.give_up_first(UNTERMINATED_QUOTE)


def _row(feed: "_Feed", values: list[str]) -> Row:
    taken = feed.taken
    first = taken[0]
    if len(taken) == 1:
        text, offset = first.text, first.offset
    else:
        text = "".join(line.text for line in taken)
        offset = next((line.offset for line in taken if line.offset is not None), None)
    reason = None if offset is None else UNDECODABLE
    return Row(first.number, values, text, reason, first.number <= feed.doubtful_until, offset=offset)


class _Feed:
    """Hands lines to the reader and remembers which ones the present row has taken."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.lines = lines
        self.given_back: deque[Line] = deque()
        self.taken: list[Line] = []
        self.is_broken = False
        self.is_at_end = False
        self.doubtful_until = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _LINES_PER_ROW:
            self.is_broken = True
            raise StopIteration
        line = self.given_back.popleft() if self.given_back else next(self.lines, None)
        if line is None:
            self.is_at_end = True
            self.is_broken = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        return line.text

    def has_more(self) -> bool:
        """Tell whether another reader has anything to do."""
        return bool(self.given_back) or not self.is_at_end

    def give_up_first(self, reason: str) -> Row:
        """Return the first line taken as a bad row, and give back the others."""
        first, *others = self.taken
        self.given_back.extendleft(reversed(others))
        if others:
            self.doubtful_until = max(self.doubtful_until, others[-1].number)
        ends_here = self.is_at_end and reason == UNTERMINATED_QUOTE
        self.taken, self.is_broken = [], False
        return Row(first.number, [], first.text, reason, is_last_broken=ends_here, offset=first.offset)
