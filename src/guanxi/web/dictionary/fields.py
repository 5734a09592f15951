"""The data dictionary: what each field means, in words and as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.field_types import type_of
from guanxi.metadata.objects import Field
from guanxi.web.dictionary.standards import STANDARD_WORDS
from guanxi.web.lists.workbook import is_dangerous
from guanxi.web.reader import Reader

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = (24, 20, 28, 22, 44, 52, 40)


def rules_of(field: Field, reader: Reader) -> tuple[str, ...]:
    """Return what a value of *field* must meet, in words."""
    rules: tuple[tuple[bool, Message], ...] = (
        (field.required, say("required")),
        (field.unique, say("unique")),
        (field.key, say("key field")),
        (field.searchable, say("searched")),
        (field.length is not None, say("at most {length} characters", length=field.length)),
        (field.minimum is not None, say("at least {least}", least=field.minimum)),
        (field.maximum is not None, say("at most {most}", most=field.maximum)),
        (bool(field.repeats), say("shown to whoever may read all that it copies")),
    )
    return tuple(reader.say(message) for holds, message in rules if holds)


def standard_of(field: Field, reader: Reader) -> str:
    """Return what happens to a value of *field* when data comes in; '' when nothing does."""
    words = STANDARD_WORDS.get(field.standard)
    return reader.say(words) if words else ""


def write_dictionary(catalog: Catalog, reader: Reader, *, company: str = "") -> bytes:
    """Return the data dictionary as an .xlsx file: objects, fields, choices; no text is a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        writer = _Writer(book, reader)
        writer.sheet(say("Objects"), _OBJECT_HEADS, _objects(catalog, reader))
        writer.sheet(say("Fields"), _FIELD_HEADS, _fields(catalog, reader))
        writer.sheet(say("Choices"), _CHOICE_HEADS, _choices(catalog, reader))
        book.set_properties({"title": reader.say(say("Data dictionary")), "company": company})
    return file.getvalue()


_OBJECT_HEADS = (say("Object"), say("Internal name"), say("Pack"), say("Fields"), say("Explanation"))
_FIELD_HEADS = (
    say("Object"),
    say("Field"),
    say("Internal name"),
    say("Kind"),
    say("Rules"),
    say("Standard for imported data"),
    say("Explanation"),
)
_CHOICE_HEADS = (say("Object"), say("Field"), say("Value"), say("Name"), say("State"))


def _objects(catalog: Catalog, reader: Reader) -> Iterator[tuple[Any, ...]]:
    for each in catalog.live_objects:
        yield reader.label(each.label), each.name, each.pack, len(each.live_fields), reader.label(each.help)


def _fields(catalog: Catalog, reader: Reader) -> Iterator[tuple[Any, ...]]:
    for object_type in catalog.live_objects:
        for each in object_type.live_fields:
            target = target_of(each)
            kind = reader.label(type_of(each).label)
            yield (
                reader.label(object_type.label),
                reader.label(each.label),
                f"{object_type.name}.{each.name}",
                f"{kind} → {reader.label(catalog.object(target).label)}" if target else kind,
                reader.listing(rules_of(each, reader)),
                standard_of(each, reader),
                reader.label(each.help),
            )


def _choices(catalog: Catalog, reader: Reader) -> Iterator[tuple[Any, ...]]:
    for object_type in catalog.live_objects:
        for field in object_type.live_fields:
            for each in field.choices:
                yield (
                    reader.label(object_type.label),
                    reader.label(field.label),
                    each.value,
                    reader.label(each.label),
                    reader.say(say("retired")) if each.retired else "",
                )


class _Writer:
    """The sheets of one workbook: a head that stays in sight, one line per value, a filter over all."""

    def __init__(self, book: Any, reader: Reader) -> None:
        self._book, self._reader = book, reader
        font = {"font_name": "Microsoft YaHei" if reader.language == "zh" else "Calibri", "font_size": 10}
        self._head = book.add_format({**font, "bold": True, "bg_color": "#1F4E78", "font_color": "white"})
        self._text = book.add_format({**font, "text_wrap": True, "valign": "top", "num_format": "@"})
        self._quoted = book.add_format(
            {**font, "text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
        )

    def sheet(self, name: Message, heads: Sequence[Message], lines: Iterable[Sequence[Any]]) -> None:
        """Write one sheet."""
        sheet = self._book.add_worksheet(self._reader.say(name))
        for place, head in enumerate(heads):
            sheet.set_column(place, place, _WIDTHS[place])
            sheet.write_string(0, place, self._reader.say(head), self._head)
        number = 0
        for number, line in enumerate(lines, start=1):
            for place, value in enumerate(line):
                self._write(sheet, number, place, value)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(number, 1), len(heads) - 1)

    def _write(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, int):
            sheet.write_number(row, column, value, self._text)
        else:
            sheet.write_string(row, column, value, self._quoted if is_dangerous(value) else self._text)
