"""A number the system gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_PLACE = re.compile(r"\{(YYYYMMDD|YYYYMM|YYYY|0{1,18})\}")
_DATES = {"YYYYMMDD": "%Y%m%d", "YYYYMM": "%Y%m", "YYYY": "%Y"}


class AutoNumber(FieldType):
    """A text made from the field's ``pattern``, such as ``C{YYYYMMDD}{0000}`` → ``C202405210001``.

    Left empty it is given by the system; a number from elsewhere is accepted when it is well formed.
    """

    name = "auto_number"
    label = Label(en="Number given by the system", zh="自动编号")
    options = frozenset({"pattern"})
    example_options: ClassVar[dict[str, Any]] = {"pattern": "C{YYYYMMDD}{0000}"}
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("C202405210001", "C202405210001"),
        (" ｃ202405210001", "C202405210001"),
        ("C2024052112345", "C2024052112345"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("C20240521", "K202405210001", "C202413410001", 12, True)

    def parse(self, given: Any, field: Field) -> Any:
        """Return the number as the pattern writes it."""
        if is_blank(given):
            return None
        found = _shape(field.pattern).fullmatch(narrow(text_of(given)))
        if found is None or not _dates_exist(field.pattern, found):
            example = render(field.pattern, date(2024, 5, 21), 1)
            raise unacceptable(
                say("{given} is not a number of the form {example}", given=quoted(given), example=example)
            )
        return "".join(_pieces(field.pattern, found))

    def check(self, field: Field) -> Iterable[Problem]:
        """A pattern needs exactly one place for the sequence."""
        yield from pattern_problems(field)


def gives_numbers(field: Field) -> bool:
    """Tell whether the system gives a new record a number here when nobody does."""
    return bool(field.pattern) and field.type in ("auto_number", "text")


def pattern_problems(field: Field) -> Iterator[Problem]:
    """Yield what is wrong with the pattern of numbers the system gives."""
    places = _PLACE.findall(field.pattern)
    if sum(place.startswith("0") for place in places) != 1:
        yield Problem(
            field.name,
            say("a pattern needs one place for the sequence, such as {example}", example="{{0000}}"),
        )
    if re.search(r"[{}]", _PLACE.sub("", field.pattern)):
        yield Problem(
            field.name,
            say(
                "unknown place in the pattern {pattern}; known: {known}",
                pattern=field.pattern,
                known=[*_DATES, "0000"],
            ),
        )


def render(pattern: str, day: date, sequence: int) -> str:
    """Return the number that *pattern* makes for *day* and *sequence*; a long sequence takes more digits."""
    return _PLACE.sub(lambda place: _written(place[1], day, sequence), pattern)


def period(pattern: str, day: date) -> str:
    """Return the period within which the sequence of *pattern* counts: ``20240521``, '' for ever."""
    dates = [place for place in _PLACE.findall(pattern) if place in _DATES]
    return day.strftime(_DATES[max(dates, key=len)]) if dates else ""


def _written(place: str, day: date, sequence: int) -> str:
    if place in _DATES:
        return day.strftime(_DATES[place]).rjust(len(place), "0")
    return str(sequence).rjust(len(place), "0")


def _shape(pattern: str) -> re.Pattern[str]:
    """Return what well-formed numbers look like."""
    shape, end = "", 0
    for place in _PLACE.finditer(pattern):
        shape += re.escape(pattern[end : place.start()]) + _place_shape(place[1])
        end = place.end()
    return re.compile(shape + re.escape(pattern[end:]), re.ASCII | re.IGNORECASE)


def _place_shape(place: str) -> str:
    if place in _DATES:
        return rf"(?P<{place}>\d{{{len(place)}}})"
    return rf"(?P<sequence>\d{{{len(place)},18}})"


def _dates_exist(pattern: str, found: re.Match[str]) -> bool:
    try:
        for place in set(_PLACE.findall(pattern)) & set(_DATES):
            date(int(found[place][:4]), int(found[place][4:6] or 1), int(found[place][6:8] or 1))
    except ValueError:
        return False
    return True


def _pieces(pattern: str, found: re.Match[str]) -> Iterable[str]:
    """Yield the parts of a number: the pattern's own letters and the digits that were given."""
    end = 0
    for place in _PLACE.finditer(pattern):
        yield pattern[end : place.start()]
        yield found[place[1] if place[1] in _DATES else "sequence"]
        end = place.end()
    yield pattern[end:]
