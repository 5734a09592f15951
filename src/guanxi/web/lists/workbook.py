"""A list as an .xlsx file: typed values, texts that are never formulas, written row by row in constant memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from guanxi.metadata.field_types.money import Money
from guanxi.web.reader import Reader
from guanxi.web.values import Cell

MOST_ROWS = 100_000
_LONGEST_TEXT = 32_000  # characters; a cell of a workbook holds 32,767
_MOST_DIGITS = 15  # a workbook keeps numbers as doubles
_FIRST_YEAR = 1900
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the second sheet says about the file: (what, value)."""

    name: str
    lines: tuple[tuple[str, str], ...]


def write_list(
    file: IO[bytes],
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    about: Callable[[int], Told],
    reader: Reader,
) -> None:
    """Write *rows* under *heads* to the first sheet of *file*, called *name*; *about* tells the second sheet."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        writer = _Writer(book, reader)
        sheet = book.add_worksheet(_sheet_name(name))
        for place, head in enumerate(heads):
            sheet.set_column(place, place, 34 if place == 0 else 18)
            sheet.write_string(0, place, head, writer.head)
        sheet.freeze_panes(1, 1)
        number = 0
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                writer.write(sheet, number, place, cell)
        sheet.autofilter(0, 0, max(number, 1), max(len(heads) - 1, 0))
        told = about(number)
        second = book.add_worksheet(_sheet_name(told.name))
        second.set_column(0, 0, 22)
        second.set_column(1, 1, 100)
        for place, (what, value) in enumerate(told.lines):
            second.write_string(place, 0, what, writer.head)
            writer.text(second, place, 1, value)


def is_dangerous(text: str) -> bool:
    """Tell whether a program that edits the file again could take *text* for a formula."""
    return text.lstrip(" \u3000").startswith(_DANGEROUS)


class _Writer:
    """Formats of one workbook, and how each kind of value is written."""

    def __init__(self, book: Any, reader: Reader) -> None:
        self._book, self._reader = book, reader
        font = {
            "font_name": "Microsoft YaHei" if reader.language == "zh" else "Calibri",
            "font_size": 10,
            "valign": "top",
        }
        self._font = font
        self.head = book.add_format({**font, "bold": True, "bg_color": "#1F4E78", "font_color": "white"})
        self._text = book.add_format({**font, "num_format": "@"})
        self._quoted = book.add_format({**font, "num_format": "@", "quote_prefix": True})
        self._whole = book.add_format({**font, "num_format": "#,##0"})
        self._broken = book.add_format({**font, "num_format": "#,##0.0#########"})
        self._share = book.add_format({**font, "num_format": "0.0#%"})
        self._day = book.add_format({**font, "num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = book.add_format({**font, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._money: dict[str, Any] = {}

    def write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        """Write one value: numbers, dates and amounts as what they are, anything else as text."""
        value = cell.value
        if cell.masked or cell.link or cell.field.type in ("lookup", "user"):
            self.text(sheet, row, column, cell.text)
        elif isinstance(value, Money) and _fits(value.amount):
            sheet.write_number(row, column, float(value.amount), self._amount(value.currency))
        elif isinstance(value, int | Decimal) and not isinstance(value, bool) and _fits(Decimal(value)):
            self._number(sheet, row, column, Decimal(value), is_share=cell.field.type == "percent")
        elif isinstance(value, datetime) and value.year > _FIRST_YEAR:
            here = value.astimezone(self._reader.zone).replace(tzinfo=None)
            sheet.write_datetime(row, column, here, self._moment)
        elif isinstance(value, date) and not isinstance(value, datetime) and value.year > _FIRST_YEAR:
            sheet.write_datetime(row, column, value, self._day)
        else:
            self.text(sheet, row, column, cell.text)

    def text(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Write a text as text; one that looks like a formula carries the sign that it is none."""
        if text:
            shown = text[:_LONGEST_TEXT]
            sheet.write_string(row, column, shown, self._quoted if is_dangerous(shown) else self._text)

    def _number(self, sheet: Any, row: int, column: int, value: Decimal, *, is_share: bool) -> None:
        whole = value == value.to_integral_value()
        kind = self._share if is_share else self._whole if whole else self._broken
        sheet.write_number(row, column, float(value / 100 if is_share else value), kind)

    def _amount(self, currency: str) -> Any:
        if currency not in self._money:
            shape = {**self._font, "num_format": f'"{currency}" #,##0.00'}
            self._money[currency] = self._book.add_format(shape)
        return self._money[currency]


def _fits(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= _MOST_DIGITS and value.adjusted() < _MOST_DIGITS


def _sheet_name(text: str) -> str:
    return text.translate(_FORBIDDEN_IN_NAMES).strip()[:_LONGEST_NAME] or "1"
