"""The gaps of a department as a workbook to fill in, and the filled workbook read back, row by row.

Each row carries the number of its gap, so that rows may be sorted, left out or sent in parts. Nothing in the
workbook is a formula: what sources say is written as text.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from guanxi.identity.actor import Actor
from guanxi.integration import filling
from guanxi.integration.sources.archives import ArchiveLimits, refuse_unsafe_workbook
from guanxi.integration.sources.cells import cell_text
from guanxi.integration.template_checks import TEXT, CellRule, rule_for
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field
from guanxi.store.transactions import Transaction

MARK, VERSION = "guanxi_gaps", "1"
MOST_ROWS = 5_000
_LISTS = "guanxi_lists"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LIMITS = ArchiveLimits(unpacked_mib=100, ratio=200, cells=1_000_000)
_LONGEST_MESSAGE = 255  # characters, a limit of Excel
_YES = Label(en="Yes", zh="是")
_SHEET = Label(en="Gaps", zh="数据缺口")
_COLUMNS: tuple[tuple[str, Label, int], ...] = (
    ("number", Label(en="No.", zh="编号"), 9),
    ("customer", Label(en="Customer", zh="客户"), 34),
    ("field", Label(en="Field", zh="字段"), 16),
    ("found", Label(en="What is there", zh="现有内容"), 30),
    ("reason", Label(en="What is wrong", zh="问题说明"), 40),
    ("understood", Label(en="Understood as", zh="系统理解为"), 30),
    ("value", Label(en="Right value", zh="正确内容（请填写）"), 34),
    ("unknown", Label(en="Cannot be found out", zh="无法获取"), 12),
)
_VALUE, _UNKNOWN = ([name for name, *_ in _COLUMNS].index(wanted) for wanted in ("value", "unknown"))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One gap as a row to fill in."""

    number: int
    customer: str
    field: Field
    label: str
    found: str
    reason: str
    understood: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One filled row: its line in the sheet, its gap, what was written."""

    line: int
    number: int
    value: str
    unknown: bool


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one filled row; ``problem`` is None where it was taken."""

    line: int
    number: int
    value: str
    problem: Message | None = None


def make(rows: Sequence[Row], language: str) -> bytes:
    """Return the workbook (.xlsx) for *rows*, headings and choices in *language*."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {**_OPTIONS, "in_memory": True}) as book:
        sheet = book.add_worksheet(_SHEET.in_language(language))
        mark = book.add_worksheet(MARK)
        lists = book.add_worksheet(_LISTS)
        for line, (name, label, _) in enumerate((("mark", Label(en=VERSION), 0), *_COLUMNS)):
            mark.write_string(line, 0, MARK if name == "mark" else name)
            mark.write_string(line, 1, label.in_language(language))
        mark.very_hidden()
        lists.very_hidden()
        _fill(book, sheet, lists, rows, language)
    return content.getvalue()


def read(file: BinaryIO, name: str) -> tuple[Answer, ...]:
    """Return the filled rows of a workbook `make` made; raise `Refused` for any other file."""
    with tempfile.TemporaryDirectory(prefix="guanxi-") as folder:
        path = Path(folder) / "gaps.xlsx"
        file.seek(0)
        path.write_bytes(file.read())
        if not path.read_bytes().startswith(b"PK"):
            raise _foreign(name)
        refuse_unsafe_workbook(path, _LIMITS)
        try:
            book = CalamineWorkbook.from_path(path)
            return tuple(_answers(book, name))
        except (CalamineError, python_calamine.PasswordError) as error:
            raise _foreign(name) from error


def answer_all(
    tx: Transaction, actor: Actor, shop: Workshop, answers: Iterable[Answer]
) -> tuple[Outcome, ...]:
    """Give every answer to its gap; one that is refused does not stop the others."""
    return tuple(_answered(tx, actor, shop, each) for each in answers)


def _answered(tx: Transaction, actor: Actor, shop: Workshop, answer: Answer) -> Outcome:
    try:
        # What a refused answer wrote on the way is taken back, alone.
        with tx.connection.begin_nested():
            if answer.unknown:
                filling.give_up(tx, actor, answer.number)
            else:
                filling.fill(tx, actor, shop, answer.number, answer.value)
    except Invalid as invalid:
        problem = invalid.problems[0].message
    except Refused as refused:
        problem = refused.message
    else:
        return Outcome(line=answer.line, number=answer.number, value=answer.value)
    return Outcome(line=answer.line, number=answer.number, value=answer.value, problem=problem)


def _fill(book: Any, sheet: Any, lists: Any, rows: Sequence[Row], language: str) -> None:
    font = {"font_name": "Microsoft YaHei" if language.startswith("zh") else "Calibri", "font_size": 11}
    head = book.add_format({**font, "bold": True, "bg_color": "#1F4E78", "font_color": "white", "border": 1})
    told = book.add_format({**font, "num_format": TEXT, "text_wrap": True, "valign": "top", "locked": True})
    asked = book.add_format(
        {**font, "num_format": TEXT, "bg_color": "#FFF8E1", "border": 1, "border_color": "#D9D9D9"}
    )
    for place, (_, label, width) in enumerate(_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label.in_language(language), head)
    known: dict[tuple[str, ...], str] = {}
    for line, row in enumerate(rows, 1):
        texts = (str(row.number), row.customer, row.label, row.found, row.reason, row.understood)
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text, told)
        sheet.write_blank(line, _VALUE, None, asked)
        sheet.write_blank(line, _UNKNOWN, None, asked)
        _check(sheet, lists, known, line, rule_for(row.field, language), language)
    if rows:
        yes = {"validate": "list", "source": [_YES.in_language(language)]}
        sheet.data_validation(1, _UNKNOWN, len(rows), _UNKNOWN, yes)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(rows)), len(_COLUMNS) - 1)


def _check(
    sheet: Any, lists: Any, known: dict[tuple[str, ...], str], line: int, rule: CellRule, language: str
) -> None:
    """Offer the choices of the field in the cell to fill, and say how it is written."""
    if not rule.choices:
        return
    if rule.choices not in known:
        column = len(known)
        for place, text in enumerate(rule.choices):
            lists.write_string(place, column, text)
        letter = xlsxwriter.utility.xl_col_to_name(column, col_abs=True)
        known[rule.choices] = f"={_LISTS}!{letter}$1:{letter}${len(rule.choices)}"
    check = {
        "validate": "list",
        "source": known[rule.choices],
        "error_message": rule.told(language)[:_LONGEST_MESSAGE],
        "error_type": "stop" if rule.strict else "information",
    }
    sheet.data_validation(line, _VALUE, line, _VALUE, check)


def _answers(book: CalamineWorkbook, name: str) -> Iterator[Answer]:
    if MARK not in book.sheet_names:
        raise _foreign(name)
    marks = [
        [cell_text(cell) or "" for cell in line[:2]] for line in book.get_sheet_by_name(MARK).to_python()
    ]
    if not marks or marks[0] != [MARK, VERSION]:
        raise _foreign(name)
    headings = {heading: column for column, heading in marks[1:]}
    sheet = next(each for each in book.sheet_names if each not in (MARK, _LISTS))
    lines = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    columns = _columns(lines[0] if lines else (), headings)
    if not {"number", "value"} <= columns.keys():
        raise _foreign(name)
    if len(lines) > MOST_ROWS + 1:
        raise Refused(say("the workbook has more than {most} rows; send it in parts", most=MOST_ROWS))
    for line, cells in enumerate(lines[1:], 2):
        told = {key: _text(cells, at) for key, at in columns.items()}
        number = number_in(told["number"])
        if number is None or not (told["value"] or told.get("unknown")):
            continue
        unknown = bool(told.get("unknown")) and not told["value"]
        yield Answer(line=line, number=number, value=told["value"], unknown=unknown)


def _columns(heads: Sequence[Any], headings: Mapping[str, str]) -> dict[str, int]:
    found = {(cell_text(cell) or "").strip(): place for place, cell in enumerate(heads)}
    return {headings[text]: place for text, place in found.items() if text in headings}


def _text(cells: Sequence[Any], at: int) -> str:
    return (cell_text(cells[at]) or "").strip() if at < len(cells) else ""


def _foreign(name: str) -> Refused:
    return Refused(
        say("{name} is not a workbook of gaps from here; download it again and fill that one in", name=name)
    )
