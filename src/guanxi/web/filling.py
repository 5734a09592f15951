"""Forms that come back: what a person typed stays in its place, beside what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from guanxi.kernel.errors import Invalid
from guanxi.kernel.numbers import number_in
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.web.reader import Reader
from guanxi.web.values import Cell
from guanxi.web.widgets import is_given


def by_field(reader: Reader, invalid: Invalid) -> dict[str, str]:
    """Return what is wrong by the name of the field, '' for the whole, in the reader's words."""
    return {each.field or "": reader.problem(each) for each in invalid.problems}


def refill(cell: Cell, form: Mapping[str, Sequence[str]]) -> Cell:
    """Return *cell* holding what the form holds about its field."""
    field = cell.field
    if not is_given(field, form):
        return cell
    typed: Any = next(iter(form.get(field.name, ())), "")
    value: Any = typed
    if field.type == "address":
        value = {
            part.suffix[1:]: next(iter(form.get(f"{field.name}.{part.suffix[1:]}", ())), "")
            for _, part in columns_of(field)
        }
    elif field.type == "multi_select":
        value = tuple(each for each in form.get(field.name, ()) if each)
    text = next(iter(form.get(f"{field.name}.title", ())), str(typed))
    if type_of(field).links_many:
        numbers = tuple(
            number for each in form.get(field.name, ()) if (number := number_in(each)) is not None
        )
        return replace(cell, value=numbers or None, typed=text, text=text)
    return replace(cell, value=value, typed=typed, text=text)
