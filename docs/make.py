"""Writes the reference pages that are made from the code: run it after changing what they describe."""

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import polars as pl

from guanxi.expressions.functions import FUNCTIONS
from guanxi.integration.plans import Plan, SourcePlan
from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.standards import STANDARDS
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.settings import describe_settings

FOLDER = Path(__file__).resolve().parent / "reference"
MADE = "This page is made from the code by `make docs`."


def functions() -> str:
    """Return the page of the functions and operators of the expression language."""
    rows = []
    for name, function in FUNCTIONS.items():
        shapes = sorted({", ".join(shape) for shape in function.shapes})
        formula, value = function.example
        rows.append((_code(name), _said(function), "; ".join(shapes), f"{_code(formula)} is {_code(value)}"))
    return _page("Functions and operators", _table(("name", "value", "takes, for example", "example"), rows))


def standards() -> str:
    """Return the page of the data standards, with every reason each may give."""
    parts = []
    for name, standard in STANDARDS.items():
        reasons = [(_code(code), sentence.template) for code, sentence in standard.reasons.items()]
        kept = f"A value is {_value(standard.value_type)}."
        parts += [
            f"## {name}",
            "",
            _said(standard),
            kept,
            "",
            *_table(("reason", "what the person reads"), reasons),
            "",
        ]
    return _page("Data standards", parts[:-1])


def field_types() -> str:
    """Return the page of the field types."""
    rows = []
    for name, kind in FIELD_TYPES.items():
        columns = ", ".join(_code(f"…{part.suffix} {part.column}") for part in kind.parts)
        where = "a link table" if kind.links_many else columns
        options = ", ".join(_code(each) for each in sorted(kind.options))
        rows.append((_code(name), f"{kind.label.en} · {kind.label.zh}", _said(kind), where, options))
    return _page("Field types", _table(("type", "called", "what it keeps", "columns", "options"), rows))


def plans() -> str:
    """Return the page of the keys of a plan and of the options of every kind of source."""
    about = "`name` calls the plan; runs and their batch bear it. What else it may say:"
    parts = [
        "## The plan",
        "",
        about,
        "",
        *_fields(Plan, leave=("name", "sources")),
        "",
        "## Every `[[source]]`",
        "",
    ]
    parts += [*_fields(SourcePlan, leave=("options",)), ""]
    for name, kind in SOURCE_KINDS.items():
        parts += [f'## `kind = "{name}"`', "", _said(kind), "", _doc(kind.options_type), ""]
        parts += [*_fields(kind.options_type), ""]
    return _page("Keys of a plan", parts[:-1])


PAGES: Mapping[str, Callable[[], str]] = {
    "settings": describe_settings,
    "functions": functions,
    "standards": standards,
    "field_types": field_types,
    "plans": plans,
}


def _page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", MADE, "", *lines]) + "\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        _row(heads),
        _row(["---"] * len(heads)),
        *(_row([each.replace("|", "\\|") for each in row]) for row in rows),
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"`{text}`"


def _said(kind: object) -> str:
    return _doc(kind).split("\n\n")[0].replace("\n", " ")


def _doc(kind: object) -> str:
    return (inspect.getdoc(kind) or "").replace("``", "`")


def _value(kind: pl.DataType) -> str:
    return f"a struct of {', '.join(kind.to_schema())}" if isinstance(kind, pl.Struct) else "text"


def _fields(of: type[Any], leave: Sequence[str] = ()) -> list[str]:
    hints = get_type_hints(of)
    shown = [each for each in dataclasses.fields(of) if each.name not in leave]
    rows = [(_code(each.name), _type(hints[each.name]), _default(each)) for each in shown]
    return _table(("key", "value", "when left out"), rows)


def _type(hint: Any) -> str:
    text = (
        getattr(hint, "__name__", str(hint))
        if isinstance(hint, type) and not hasattr(hint, "__args__")
        else str(hint)
    )
    known = {
        "Path": "a path",
        "str": "text",
        "str | None": "text",
        "int": "whole number",
        "int | None": "whole number",
        "float": "number",
        "bool": "true or false",
        "tuple[str, ...]": "list of texts",
        "dict[str, str] | None": "table of names and texts",
        "collections.abc.Mapping[str, str]": "per table: the object its rows are",
        "Label": "text, or a table with `en` and `zh`",
    }
    if text.startswith("typing.Literal["):
        return "one of " + ", ".join(_code(each.strip(" '")) for each in text[15:-1].split(","))
    if text.startswith("tuple[typing.Literal["):
        choices = text.removeprefix("tuple[typing.Literal[").partition("]")[0].split(",")
        return "list of " + ", ".join(_code(each.strip(" '")) for each in choices)
    if text.count("Mapping[str,") == 3:
        return "per table and column: what the source writes -> what is kept"
    if "Mapping[str, collections.abc.Mapping" in text:
        return "per table: column -> `object.field`"
    return known[text]


def _default(each: dataclasses.Field[Any]) -> str:
    if each.name == "label":
        return "the name"
    if each.default is dataclasses.MISSING:
        return "**required**" if each.default_factory is dataclasses.MISSING else "nothing"
    if each.default in (None, "", ()):
        return "nothing"
    return _code(str(each.default).lower() if isinstance(each.default, bool) else str(each.default))


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
