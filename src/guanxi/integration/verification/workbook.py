"""The verification as an Excel file that departments read and sign."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from guanxi.integration.verification.reports import VerificationReport
from guanxi.integration.verification.words import SHEETS, VERDICTS, WORDS
from guanxi.kernel.text import Message

_LONGEST_TEXT = 32_000  # characters; a cell of a workbook holds 32,767
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SHARES = frozenset(("share_before", "share_after", "accuracy"))
_BAD = frozenset(("differs", "refused"))


def write_workbook(
    report: VerificationReport, path: Path, *, language: str = "zh", translate: Callable[[Message], str] = str
) -> None:
    """Write *report* as an .xlsx file to *path*, replacing what is there.

    Headings are in *language* (``zh`` or ``en``), sentences go through *translate*. Every text is written as
    text: what looks like a formula or an address stays what the source said, also when somebody edits it.
    """
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        writer = _Writer(book, language)
        writer.overview(report, [translate(each) for each in report.errors])
        writer.table("counts", _COUNTS, _count_lines(report))
        writer.table("completeness", _COMPLETENESS, _completeness_lines(report, language))
        writer.table("sample", _SAMPLE, map(_attributes(_SAMPLE), report.sample))
        writer.table("references", _REFERENCES, map(_reference_line, report.references))
        writer.table("defects", _DEFECTS, map(_attributes(_DEFECTS), report.defects))
        writer.table("sign_off", _SIGN_OFF, map(_attributes(_SIGN_OFF), report.sign_offs))


_FATES = ("seen", "blank", "quarantined", "new", "merged", "unchanged", "refused")
_COUNTS = ("source", "table", *_FATES, "missing", "twice", "adds_up")
_COMPLETENESS = (
    "object",
    "field",
    "rows_before",
    "filled_before",
    "share_before",
    "records_after",
    "filled_after",
    "share_after",
)
_SAMPLE = ("source", "table", "row", "field", "said", "stored", "verdict", "shows", "record")
_REFERENCES = ("object", "field", "target", "records", "linked", "missing_link", "to_deleted")
_DEFECTS = ("kind", "found", "corrected", "marked", "set_aside", "unexplained")
_SIGN_OFF = ("department", "person", "signed_at", "verdict", "comment")


class _Writer:
    """The sheets of one workbook in one language."""

    def __init__(self, book: Any, language: str) -> None:
        self._book, self._language = book, language
        font = {"font_name": "Microsoft YaHei" if language.startswith("zh") else "Calibri", "font_size": 10}
        framed = {**font, "border": 1, "border_color": "#D9D9D9", "valign": "top"}
        self._title = book.add_format({**font, "bold": True, "font_size": 16})
        self._head = book.add_format({**framed, "bold": True, "bg_color": "#1F4E78", "font_color": "white"})
        self._text = book.add_format({**framed, "text_wrap": True, "num_format": "@"})
        self._quoted = book.add_format({**framed, "text_wrap": True, "num_format": "@", "quote_prefix": True})
        self._number = book.add_format({**framed, "num_format": "#,##0"})
        self._share = book.add_format({**framed, "num_format": "0.0%"})
        self._bad = book.add_format({**framed, "bold": True, "bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._good = book.add_format({**framed, "bg_color": "#C6EFCE", "font_color": "#006100"})

    def overview(self, report: VerificationReport, errors: Sequence[str]) -> None:
        """Write the first sheet: what was verified, how it ended, and every sentence of what does not hold."""
        sheet = self._book.add_worksheet(self._say(SHEETS["overview"]))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, self._say(WORDS["title"]), self._title)
        lines: list[tuple[str, Any]] = [
            ("run", report.run),
            ("at", report.at),
            ("sampled", report.sampled_rows),
            ("of", report.sample_of),
            ("seed", report.seed),
        ]
        for number, (word, value) in enumerate(lines, start=2):
            sheet.write_string(number, 0, self._say(WORDS[word]), self._head)
            self._cell(sheet, number, 1, value)
        place = len(lines) + 2
        sheet.write_string(place, 0, self._say(WORDS["accuracy"]), self._head)
        self._cell(sheet, place, 1, report.accuracy, kind="accuracy")
        verdict, colour = ("passed", self._good) if report.passed else ("failed", self._bad)
        sheet.write_string(place + 1, 0, self._say(WORDS["result"]), self._head)
        sheet.write_string(place + 1, 1, self._say(WORDS[verdict]), colour)
        for number, error in enumerate(errors, start=place + 3):
            sheet.write_string(number, 0, self._say(WORDS["errors"]), self._head)
            self._cell(sheet, number, 1, error)

    def table(self, name: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
        """Write one sheet: a heading that stays in sight, one line per value, filters over all."""
        sheet = self._book.add_worksheet(self._say(SHEETS[name]))
        for place, column in enumerate(columns):
            wide = column in ("said", "stored", "shows", "comment", "kind")
            sheet.set_column(place, place, 34 if wide else 15)
            sheet.write_string(0, place, self._say(WORDS[column]), self._head)
        number = 0
        for number, line in enumerate(lines, start=1):
            for place, (column, value) in enumerate(zip(columns, line, strict=True)):
                self._cell(sheet, number, place, value, kind=column)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(number, 1), len(columns) - 1)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, *, kind: str = "") -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, self._text)
        elif isinstance(value, bool):
            word, colour = ("yes", self._good) if value else ("no", self._bad)
            sheet.write_string(row, column, self._say(WORDS[word]), colour)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self._share if kind in _SHARES else self._number)
        elif kind == "verdict" and value in VERDICTS:
            colour = self._bad if value in _BAD else self._text
            sheet.write_string(row, column, self._say(VERDICTS[value]), colour)
        else:
            text = str(value)[:_LONGEST_TEXT]
            dangerous = text.lstrip(" ").startswith(_DANGEROUS)
            sheet.write_string(row, column, text, self._quoted if dangerous else self._text)

    def _say(self, label: Any) -> str:
        return str(label.in_language(self._language))


def _attributes(names: Sequence[str]) -> Callable[[object], list[Any]]:
    return lambda line: [getattr(line, name) for name in names]


def _count_lines(report: VerificationReport) -> Iterable[list[Any]]:
    read = _attributes(_COUNTS)
    lines = [read(each) for each in report.counts]
    yield from lines
    if lines:
        sums = [sum(column) for column in list(zip(*lines, strict=True))[2:-1]]
        yield ["Σ", "", *sums, all(each.adds_up for each in report.counts)]


def _completeness_lines(report: VerificationReport, language: str) -> Iterable[list[Any]]:
    read = _attributes(_COMPLETENESS)
    code = "zh" if language.startswith("zh") else "en"
    for each in report.completeness:
        line = read(each)
        line[1] = each.label.get(code) or each.field
        yield line


def _reference_line(check: Any) -> list[Any]:
    return [getattr(check, "missing" if name == "missing_link" else name) for name in _REFERENCES]
