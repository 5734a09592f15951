"""Workbooks for departments to fill in, made from the fields of an object: drop-downs, checks, instructions.

A hidden sheet says which field each column is, so that reading the filled workbook needs no guessing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from guanxi.integration import template_words as words
from guanxi.integration.sources.filled import MARK, VERSION
from guanxi.integration.template_checks import CellRule, choices_of, rule_for
from guanxi.kernel.errors import Invalid, Problem, Refused, UnknownName
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.labels import LANGUAGES, Label
from guanxi.metadata.objects import Field, ObjectType

MOST_ROWS = 1_048_575  # a sheet of Excel has one more, the header
_NOT_IN_CELLS = frozenset(("file", "json", "many_to_many", "lookup"))
_LISTS = "guanxi_lists"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST_MESSAGE, _LONGEST_SHEET_NAME = 255, 31  # characters, limits of Excel
_WIDTHS = {"long_text": 40, "address": 40, "company_name": 32, "email": 26, "url": 26, "industry": 24}


@dataclass(frozen=True, kw_only=True)
class TemplateColumn:
    """One column to fill in: its heading, the field it becomes (``customer.mobile``), and its rule."""

    header: str
    path: str
    field: Field
    rule: CellRule
    required: bool = False

    @property
    def title(self) -> str:
        """Return the heading as it stands in the sheet: a star marks what must be filled."""
        return f"{self.header} *" if self.required else self.header


def make_template(
    object_type: ObjectType,
    path: Path,
    *,
    catalog: Catalog,
    language: str,
    fields: Sequence[str] | None = None,
    rows: int = 1000,
) -> None:
    """Write a workbook (.xlsx) for records of *object_type* to *path*, headings and choices in *language*.

    *fields* are the columns in their order, all fields a cell can hold when None; checks and drop-downs cover
    *rows* lines. The record the object belongs to becomes a column with its title. Raises `Invalid` or
    `UnknownName` for what cannot be made, `Refused` when the file exists: somebody may have filled it in.
    """
    _check(path, language, rows)
    columns = template_columns(object_type, catalog, language=language, fields=fields)
    try:
        with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
            _Writer(book, object_type, language).write(columns, rows)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise Refused(say("{name} cannot be written: {detail}", name=path.name, detail=str(error))) from error


def template_columns(
    object_type: ObjectType, catalog: Catalog, *, language: str, fields: Sequence[str] | None = None
) -> tuple[TemplateColumn, ...]:
    """Return the columns of the template; raise `UnknownName` or `Invalid` for fields it cannot hold."""
    known = {each.name: each for each in object_type.live_fields}
    for name in fields or ():
        if name not in known:
            raise UnknownName(f"field of {object_type.name}", name, known)
    wanted = [each for each in known.values() if _fits(each, object_type)]
    if fields is not None:
        wanted = [known[name] for name in dict.fromkeys(fields)]
        refused = [each.name for each in wanted if not _fits(each, object_type)]
        if refused:
            raise Invalid(
                [Problem(name, say("a cell cannot hold this field; leave it out")) for name in refused]
            )
    return tuple(_columns(wanted, object_type, catalog, language))


def _check(path: Path, language: str, rows: int) -> None:
    if language.partition("_")[0] not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if not 1 <= rows <= MOST_ROWS:
        raise Invalid([Problem("rows", say("a sheet has from 1 to {most} lines to fill in", most=MOST_ROWS))])
    if path.suffix.lower() != ".xlsx":
        raise Refused(say("{name} must end in .xlsx", name=path.name))
    if path.exists():
        raise Refused(
            say("{name} exists already and may have been filled in; choose another name", name=path.name)
        )


def _fits(each: Field, object_type: ObjectType) -> bool:
    return each.type not in _NOT_IN_CELLS or (each.type == "lookup" and each.name == object_type.parent)


def _columns(
    wanted: Sequence[Field], object_type: ObjectType, catalog: Catalog, language: str
) -> Iterator[TemplateColumn]:
    used: set[str] = set()
    for each in wanted:
        column = _column(each, object_type, catalog, language)
        header = column.header
        if header.casefold() in used:
            header = f"{header} ({column.path})"
        used.add(header.casefold())
        yield TemplateColumn(
            header=header, path=column.path, field=column.field, rule=column.rule, required=column.required
        )


def _column(each: Field, object_type: ObjectType, catalog: Catalog, language: str) -> TemplateColumn:
    """Return the column of a field; a link is filled in by the title of the record it leads to."""
    owner, shown = object_type, each
    rule = rule_for(each, language)
    if each.type == "lookup":
        owner = catalog.object(each.target)
        shown = owner.field(owner.title)
        sentence = (words.RULES["link"], {"object": owner.label.in_language(language)})
        rule = CellRule(sentences=(sentence,))
    return TemplateColumn(
        header=shown.label.in_language(language) or shown.name,
        path=f"{owner.name}.{shown.name}",
        field=shown,
        rule=rule,
        required=each.required and each.type != "auto_number" and each.default is None,
    )


@dataclass(kw_only=True)
class _Lists:
    """The hidden sheet of what may be chosen, one column per list: no comma and no length troubles a range."""

    sheet: Any
    columns: dict[tuple[str, ...], int] = field(default_factory=dict)

    def range_of(self, choices: tuple[str, ...]) -> str:
        """Return the place of *choices* as a formula; equal lists share one place."""
        if choices not in self.columns:
            self.columns[choices] = len(self.columns)
            for row, each in enumerate(choices):
                self.sheet.write_string(row, self.columns[choices], each)
        column = self.columns[choices]
        first = xlsxwriter.utility.xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(choices) - 1, column, row_abs=True, col_abs=True)
        return f"={_LISTS}!{first}:{last}"


class _Writer:
    """The sheets of one template in one language."""

    def __init__(self, book: Any, object_type: ObjectType, language: str) -> None:
        self._book, self._object, self._language = book, object_type, language
        self._font = {
            "font_name": "Microsoft YaHei" if language.startswith("zh") else "Calibri",
            "font_size": 10,
        }
        head = {**self._font, "bold": True, "border": 1, "border_color": "#D9D9D9", "font_color": "white"}
        self._optional = book.add_format({**head, "bg_color": "#1F4E78", "num_format": "@"})
        self._required = book.add_format({**head, "bg_color": "#C00000", "num_format": "@"})
        self._text = book.add_format({**self._font, "text_wrap": True, "valign": "top", "num_format": "@"})
        self._title = book.add_format({**self._font, "bold": True, "font_size": 16})
        self._formats: dict[str, Any] = {}

    def write(self, columns: Sequence[TemplateColumn], rows: int) -> None:
        """Write the sheet to fill in, the instructions, and the two hidden sheets."""
        name = self._sheet_name()
        sheet = self._book.add_worksheet(name)
        self._instructions(self._book.add_worksheet(self._say(words.INSTRUCTIONS)), columns, name)
        self._mark(self._book.add_worksheet(MARK), columns, name)
        lists = _Lists(sheet=self._book.add_worksheet(_LISTS))
        lists.sheet.hide()
        for place, column in enumerate(columns):
            self._head(sheet, place, column)
            self._checks(sheet, place, column, rows, lists)
        sheet.freeze_panes(1, 0)
        sheet.activate()

    def _sheet_name(self) -> str:
        name = re.sub(r"[\[\]:*?/\\']", " ", self._say(self._object.plural) or self._object.name)
        name = name.strip()[:_LONGEST_SHEET_NAME]
        taken = (self._say(words.INSTRUCTIONS), MARK, _LISTS)
        return f"{name[:-1]}_" if name.casefold() in map(str.casefold, taken) else name

    def _head(self, sheet: Any, place: int, column: TemplateColumn) -> None:
        width = max(_WIDTHS.get(column.field.type, 16), 2 * len(column.title) if column.title else 0)
        sheet.set_column(place, place, min(width, 48), self._format(column.rule.format))
        sheet.write_string(0, place, column.title, self._required if column.required else self._optional)
        if explained := self._explained(column):
            sheet.write_comment(0, place, explained, {"x_scale": 1.8, "y_scale": 1.2})

    def _checks(self, sheet: Any, place: int, column: TemplateColumn, rows: int, lists: _Lists) -> None:
        rule = column.rule
        if rule.choices:
            check: dict[str, Any] = {"validate": "list", "source": lists.range_of(rule.choices)}
        elif rule.check:
            cell = xlsxwriter.utility.xl_rowcol_to_cell(1, place)
            check = {
                key: value.format(cell=cell) if isinstance(value, str) else value
                for key, value in rule.check.items()
            }
        else:
            return
        check |= {
            "error_title": self._say(words.CHECK_FAILED),
            "error_message": rule.told(self._language)[:_LONGEST_MESSAGE],
            "error_type": "stop" if rule.strict else "information",
        }
        sheet.data_validation(1, place, rows, place, check)

    def _instructions(self, sheet: Any, columns: Sequence[TemplateColumn], name: str) -> None:
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 12)
        sheet.set_column(2, 2, 100)
        title = self._say(words.TITLE).format(object=self._say(self._object.label))
        sheet.write_string(0, 0, title, self._title)
        for number, step in enumerate(words.STEPS, 1):
            sheet.write_string(number + 1, 0, f"{number}. {self._say(step).format(sheet=name)}")
        top = len(words.STEPS) + 3
        for place, word in enumerate((words.COLUMN, words.REQUIRED, words.EXPLAINED)):
            sheet.write_string(top, place, self._say(word), self._optional)
        for number, column in enumerate(columns, top + 1):
            needed = self._say(words.YES if column.required else words.NO)
            for place, text in enumerate((column.header, needed, self._explained(column, with_choices=True))):
                sheet.write_string(number, place, text, self._text)

    def _mark(self, sheet: Any, columns: Sequence[TemplateColumn], name: str) -> None:
        lines = [(MARK, VERSION), ("object", self._object.name), ("sheet", name)]
        lines += [(each.title, each.path) for each in columns]
        for row, line in enumerate(lines):
            for place, text in enumerate(line):
                sheet.write_string(row, place, text)
        sheet.very_hidden()

    def _explained(self, column: TemplateColumn, *, with_choices: bool = False) -> str:
        parts = [self._say(column.field.help), column.rule.told(self._language)]
        choices = choices_of(column.field, self._language)
        if with_choices and choices:
            between = "、" if self._language.startswith("zh") else ", "
            parts.append(self._say(words.CHOICES).format(choices=between.join(choices)))
        return "\n".join(each for each in parts if each)

    def _format(self, number_format: str) -> Any:
        if number_format not in self._formats:
            self._formats[number_format] = self._book.add_format({**self._font, "num_format": number_format})
        return self._formats[number_format]

    def _say(self, label: Label) -> str:
        return label.in_language(self._language)
