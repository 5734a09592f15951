"""What a cell of a template lets in: one rule per field type, in words for people and as Excel checks it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from guanxi.integration.standards.industry import labels
from guanxi.integration.template_words import NO, RULES, YES
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

TEXT, DATE, DATE_TIME, AMOUNT, WHOLE, NUMBER = (
    "@",
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm",
    "#,##0.00",
    "0",
    "General",
)
_LARGEST = 10**15  # Excel keeps 15 digits of a number
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
_NO_CHECK: Mapping[str, Any] = MappingProxyType({})

# {cell} is the first cell of the column, written relative: Excel moves it down with the rows.
_FORMULAS = {
    "mobile": '=AND(LEN({cell})=11,LEFT({cell},1)="1",ISNUMBER(--{cell}))',
    "email": '=AND(ISNUMBER(FIND(".",{cell},FIND("@",{cell})+2)),ISERROR(FIND(" ",{cell})))',
    "credit_code": "=LEN({cell})=18",
    "phone": "=AND(LEN({cell})>=7,LEN({cell})<=30)",
}


@dataclass(frozen=True, kw_only=True)
class CellRule:
    """How one column is filled: number format, sentences, drop-down values, and the check Excel makes.

    ``check`` holds the options of XlsxWriter's `data_validation` without its texts; a formula in it has a
    ``{cell}``. ``choices`` are offered in a drop-down; only a ``strict`` list refuses everything else.
    """

    format: str = TEXT
    sentences: tuple[tuple[Label, Mapping[str, Any]], ...] = ()
    choices: tuple[str, ...] = ()
    strict: bool = True
    check: Mapping[str, Any] = field(default_factory=lambda: _NO_CHECK)

    def told(self, language: str) -> str:
        """Return the sentences in *language*, as one text."""
        between = "" if language.startswith("zh") else " "
        return between.join(label.in_language(language).format(**values) for label, values in self.sentences)


def rule_for(each: Field, language: str) -> CellRule:
    """Return how a cell for the field *each* is filled, with choices in *language*."""
    return _RULES.get(each.type, _text)(each, language)


def choices_of(each: Field, language: str) -> tuple[str, ...]:
    """Return what may be chosen for *each* in *language*, retired choices left out."""
    return tuple(one.label.in_language(language) or one.value for one in each.choices if not one.retired)


def _say(name: str, **values: Any) -> tuple[tuple[Label, Mapping[str, Any]], ...]:
    return ((RULES[name], values),)


def _choice(each: Field, language: str) -> CellRule:
    return CellRule(sentences=_say("choice"), choices=choices_of(each, language))


def _yes_or_no(_: Field, language: str) -> CellRule:
    return CellRule(sentences=_say("choice"), choices=tuple(each.in_language(language) for each in (YES, NO)))


def _industry(_: Field, _language: str) -> CellRule:
    return CellRule(sentences=_say("industry"), choices=_divisions(), strict=False)


def _several(_: Field, _language: str) -> CellRule:
    return CellRule(sentences=_say("several"))


def _told(each: Field, _: str) -> CellRule:
    """Return a rule that only says what to write."""
    return CellRule(sentences=_say(each.type))


def _formula(each: Field, _: str) -> CellRule:
    check = {"validate": "custom", "value": _FORMULAS[each.type]}
    return CellRule(sentences=_say(each.type), check=check)


def _divisions() -> tuple[str, ...]:
    """Return the names of the 97 divisions of GB/T 4754-2017, in the order of their codes."""
    return tuple(dict.fromkeys(name for code, name in sorted(labels().items()) if len(code) == 3))


def _moment(each: Field, _: str) -> CellRule:
    first, last = _FIRST_DAY, _LAST_DAY
    if each.type == "date_time":
        first, last = (datetime(day.year, day.month, day.day) for day in (first, last))  # noqa: DTZ001 (a clock on a wall)
    check = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    return CellRule(format=DATE if each.type == "date" else DATE_TIME, sentences=_say(each.type), check=check)


def _number(each: Field, _: str) -> CellRule:
    kind = "integer" if each.type == "whole_number" else "decimal"
    format_ = {"money": AMOUNT, "whole_number": WHOLE}.get(each.type, NUMBER)
    check = {
        "validate": kind,
        "criteria": "between",
        "minimum": _plain(each.minimum, -_LARGEST),
        "maximum": _plain(each.maximum, _LARGEST),
    }
    return CellRule(format=format_, sentences=tuple(_number_sentences(each)), check=check)


def _number_sentences(each: Field) -> Iterator[tuple[Label, Mapping[str, Any]]]:
    if each.type == "money":
        yield from _say("money", currency=each.currency or "CNY")
    else:
        yield from _say(each.type if each.type in RULES else "number")
    if each.minimum is not None and each.maximum is not None:
        yield from _say("between", minimum=each.minimum, maximum=each.maximum)
    elif each.minimum is not None:
        yield from _say("at_least", minimum=each.minimum)
    elif each.maximum is not None:
        yield from _say("at_most", maximum=each.maximum)


def _plain(limit: Decimal | None, otherwise: int) -> int | float:
    if limit is None:
        return otherwise
    return int(limit) if limit == int(limit) else float(limit)


def _text(each: Field, _: str) -> CellRule:
    if each.length is None:
        return CellRule()
    check = {"validate": "length", "criteria": "<=", "value": each.length}
    return CellRule(sentences=_say("length", length=each.length), check=check)


_RULES: Mapping[str, Callable[[Field, str], CellRule]] = {
    **dict.fromkeys(("mobile", "email", "credit_code", "phone"), _formula),
    **dict.fromkeys(("address", "user", "auto_number"), _told),
    **dict.fromkeys(("whole_number", "decimal", "percent", "money"), _number),
    **dict.fromkeys(("multi_select", "tags"), _several),
    **dict.fromkeys(("date", "date_time"), _moment),
    "single_select": _choice,
    "checkbox": _yes_or_no,
    "industry": _industry,
}
"""How the cells of each field type are filled; every other type is text."""
