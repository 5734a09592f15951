"""One value out of a list of choices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field

EXAMPLE_CHOICES = (
    Choice(value="company", label=Label(en="Company", zh="企业客户")),
    Choice(value="person", label=Label(en="Person", zh="个人客户")),
    Choice(value="agency", label=Label(en="Agency", zh="代理商"), retired=True),
)


class SingleSelect(FieldType):
    """Kept as the choice's value; given may be the value or its name in either language.

    Retired choices stay readable, so that a record that has one can still be saved.
    """

    name = "single_select"
    label = Label(en="Choice", zh="单选")
    options = frozenset({"choices"})
    example_options: ClassVar[dict[str, Any]] = {"choices": EXAMPLE_CHOICES}
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("company", "company"),
        (" 个人客户", "person"),
        ("COMPANY", "company"),
        ("代理商", "agency"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("government", 7, ["company"])

    def parse(self, given: Any, field: Field) -> Any:
        """Return the value of the choice that *given* names."""
        return None if is_blank(given) else choose(given, field)

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the choice's name in the reader's language; a value without choice as it is."""
        return "" if value is None else name_of(value, field, language)

    def check(self, field: Field) -> Iterable[Problem]:
        """There must be choices, each of them once."""
        return check_choices(field)


def choose(given: Any, field: Field) -> str:
    """Return the value of the choice of *field* that *given* names; raise `Unacceptable`."""
    wanted = _folded(text_of(given))
    for names in _names_by_rank(field):
        if wanted in names:
            return names[wanted]
    offered = [
        choice.label if str(choice.label) else choice.value for choice in field.choices if not choice.retired
    ]
    raise unacceptable(say("{given} is not a choice; known: {known}", given=quoted(given), known=offered))


def name_of(value: str, field: Field, language: str) -> str:
    """Return the name of the choice *value* in *language*."""
    labels = {choice.value: choice.label.in_language(language) for choice in field.choices}
    return labels.get(value) or value


def check_choices(field: Field) -> Iterable[Problem]:
    """Yield what is wrong with the choices of *field*."""
    if not field.choices:
        yield Problem(field.name, say("a selection needs choices"))
    values = [_folded(choice.value) for choice in field.choices]
    for choice in field.choices:
        if not choice.value.strip():
            yield Problem(field.name, say("a choice needs a value"))
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield Problem(field.name, say("the choice {value} is there twice", value=value))


def _names_by_rank(field: Field) -> Iterable[Mapping[str, str]]:
    """Yield name → value tables, the values themselves before the labels that people read."""
    yield {choice.value: choice.value for choice in field.choices}
    yield {_folded(choice.value): choice.value for choice in reversed(field.choices)}
    for language in ("zh", "en"):
        yield {_folded(getattr(choice.label, language)): choice.value for choice in reversed(field.choices)}


def _folded(text: str) -> str:
    return narrow(text).strip().casefold()
