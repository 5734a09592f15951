"""Judging an expression before it meets data: known fields, known functions, fitting kinds."""

from collections.abc import Mapping
from difflib import get_close_matches

from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind, accepts
from guanxi.expressions.syntax import Call, Expression, Literal, Path
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import Message, say


def check(expression: Expression, schema: Mapping[str, Kind | str], *, expected: Kind | None = None) -> Kind:
    """Return the kind of value *expression* gives; raise `Invalid` with every problem.

    *schema* maps field paths, with dots, to kinds. With *expected*, the result must be of that kind: a list
    filter asks for ``Kind.BOOLEAN``.
    """
    judge = _Judge(schema)
    kind = judge.kind(expression)
    if expected is not None and kind is not None and not accepts(expected, kind):
        judge.add(
            None, say("the result is of kind {found}; wanted: {expected}", found=kind, expected=expected)
        )
    if judge.problems:
        raise Invalid(judge.problems)
    return Kind.NOTHING if kind is None else kind


class _Judge:
    """Walks one expression and gathers what is wrong; a part that is wrong has no kind (None)."""

    def __init__(self, schema: Mapping[str, Kind | str]) -> None:
        self.schema = schema
        self.problems: list[Problem] = []

    def add(self, field: str | None, message: Message) -> None:
        self.problems.append(Problem(field, message))

    def kind(self, expression: Expression) -> Kind | None:
        match expression:
            case Literal(kind=kind):
                return kind
            case Path():
                return self._path(str(expression))
            case Call():
                return self._call(expression)

    def _path(self, path: str) -> Kind | None:
        if path in self.schema:
            return Kind(self.schema[path])
        near = get_close_matches(path, self.schema, n=3) or sorted(self.schema)[:10]
        self.add(path, say("there is no field {field}; there are: {known}", field=path, known=near))
        return None

    def _call(self, call: Call) -> Kind | None:
        kinds = [self.kind(argument) for argument in call.arguments]
        if call.function not in FUNCTIONS:
            near = get_close_matches(call.function, FUNCTIONS, n=3, cutoff=0.5) or list(FUNCTIONS)
            self.add(
                None, say("there is no function {name}; there are: {known}", name=call.function, known=near)
            )
            return None
        known = tuple(kind for kind in kinds if kind is not None)
        if len(known) < len(kinds):
            return None
        meaning = FUNCTIONS[call.function].meaning(known)
        if meaning is None:
            self.add(None, _does_not_fit(call.function, known))
            return None
        return meaning.result


def _does_not_fit(name: str, kinds: tuple[Kind, ...]) -> Message:
    """Return the sentence for arguments a function does not take; a date in quotes is the usual reason."""
    if {Kind.TEXT} < set(kinds) <= {Kind.TEXT, Kind.DATE, Kind.DATETIME}:
        return say(
            "{name} cannot take {found} together; write a date as DATE(2024, 5, 21)", name=name, found=kinds
        )
    shapes = sorted({"(" + ", ".join(shape) + ")" for shape in FUNCTIONS[name].shapes})
    return say(
        "{name} does not take ({found}); right would be, for example: {shapes}",
        name=name,
        found=kinds,
        shapes=" ".join(shapes[:8]),
    )
