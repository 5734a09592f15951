"""How far a sheet reaches: the rectangle a reader lays out, known from its tags before any cell is built."""

import re
import string

import numpy as np

_LETTERS, _DIGITS = string.ascii_letters.encode(), string.digits.encode()
# As every known program writes them; what looks different is looked at again, at a tenth of the speed.
_CELL = re.compile(rb"""<c(?: r="([A-Z]{1,3}[0-9]+)"|[\s/>])""")
_ROW = re.compile(rb"""<row(?: r="([0-9]+)"|[\s/>])""")
_PREFIX = re.compile(rb":(?:row|c)\b")
_TAG = re.compile(rb"<(/?)(?:[^<>\s/:]+:)?(row|c)(?=[\s/>])([^<]*)")
_PLACE = re.compile(rb"""r\s*=\s*["']([A-Za-z]{1,3}[0-9]+)["']""")
_NAMED = re.compile(
    rb"""(?:\s+[^\s=<>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*?\s+r\s*=\s*["'][A-Za-z]{0,3}([0-9]+)["']"""
)
_UNCLOSED = re.compile(rb"<[^<>]*<")


class Extent:
    """The rows and columns of one sheet as far as its text was looked at; at times too many, never too few.

    A row or a cell need not say where it stands: it follows the one before. A row without cells has no extent,
    and programs write such rows down to the last one there is; so rows count where cells do not say theirs.
    """

    def __init__(self) -> None:
        self._cell_row = self._cell_column = 0
        self._row = self._nameless_rows = 0
        self._run = self._longest_run = 0  # cells of one row that do not say where they stand

    @property
    def rows(self) -> int:
        """Return the number of the last row."""
        if not self._longest_run:
            return self._cell_row
        return max(self._cell_row, self._row + self._nameless_rows)

    @property
    def columns(self) -> int:
        """Return the number of the last column."""
        return self._cell_column + self._longest_run

    def look(self, text: bytes) -> None:
        """Take in the next part of the sheet: whole tags. Raises `ValueError` where a tag does not end."""
        cells, rows = _CELL.findall(text), _ROW.findall(text)
        if b"" in cells or b"" in rows or _PREFIX.search(text):
            cells, rows = _PLACE.findall(text), []
            self._count(text)
        self._row = max(self._row, *map(int, rows), 0)
        if cells:
            together = b" ".join(cells)
            # By NumPy in a third of the time; a number beyond all bounds becomes the largest there is.
            numbers = np.fromstring(together.translate(None, _LETTERS), dtype=np.int64, sep=" ")
            letters = set(together.translate(None, _DIGITS).split())
            self._cell_row = max(self._cell_row, int(numbers.max()))
            self._cell_column = max(self._cell_column, *map(_number, letters))

    def _count(self, text: bytes) -> None:
        """Take in the rows, and count the rows and cells that do not say where they stand."""
        if _UNCLOSED.search(text):
            raise ValueError("a tag does not end")
        ends_rows = b"<!" not in text and b"<?" not in text[4:]  # in a comment the end of a row is none
        for closes, tag, rest in _TAG.findall(text):
            place = None if closes else _NAMED.match(rest)
            if tag == b"c":
                self._run += not closes and not place
            elif place:
                self._row = max(self._row, int(place[1]))
            elif not closes:
                self._nameless_rows += 1
            elif ends_rows:
                self._run = 0
            self._longest_run = max(self._longest_run, self._run)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
