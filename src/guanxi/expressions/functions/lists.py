"""Lists of texts: tags, and fields with several choices."""

from typing import Any, ClassVar

from guanxi.expressions.function import Function, Meaning, Moment, each
from guanxi.expressions.kinds import Kind, accepts


class _Having(Function):
    """What HASANY and HASALL share: a list, and either another list or texts one by one."""

    strict = False
    operator: ClassVar[str]
    shapes = ((Kind.LIST, Kind.LIST), (Kind.LIST, Kind.TEXT), (Kind.LIST, Kind.TEXT, Kind.TEXT))

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Take two lists, or a list and one or more texts."""
        if len(kinds) < 2 or not accepts(Kind.LIST, kinds[0]):
            return None
        if kinds[1:] == (Kind.LIST,):
            return self._reading((Kind.LIST, Kind.LIST), "coalesce({1}, CAST(ARRAY[NULL] AS text[]))")
        if not all(accepts(Kind.TEXT, kind) for kind in kinds[1:]):
            return None
        wanted = f"CAST(ARRAY[{each(len(kinds), first=1)}] AS text[])"
        return self._reading((Kind.LIST, *(Kind.TEXT,) * (len(kinds) - 1)), wanted)

    def _reading(self, parameters: tuple[Kind, ...], wanted: str) -> Meaning:
        return Meaning(parameters=parameters, result=Kind.BOOLEAN, sql=f"({{0}} {self.operator} {wanted})")

    def value(self, moment: Moment, *arguments: Any) -> bool | None:
        """Tell whether the list has the wanted texts; null when it is null. A wanted null is never held."""
        held, *wanted = arguments
        if len(wanted) == 1 and isinstance(wanted[0], tuple):
            wanted = list(wanted[0])
        return None if held is None else self.has(held, wanted)

    def has(self, held: tuple[str, ...], wanted: list[str | None]) -> bool:
        """Tell whether *held* satisfies what is *wanted*."""
        raise NotImplementedError


class HasAny(_Having):
    """The list has at least one of the texts."""

    name, operator, example = "HASANY", "&&", ('HASANY(tags, "VIP", "重点")', "TRUE")

    def has(self, held: tuple[str, ...], wanted: list[str | None]) -> bool:
        """Tell whether one of the wanted texts is held."""
        return any(text in held for text in wanted)


class HasAll(_Having):
    """The list has every one of the texts."""

    name, operator, example = "HASALL", "@>", ('HASALL(tags, "VIP", "重点")', "FALSE")

    def has(self, held: tuple[str, ...], wanted: list[str | None]) -> bool:
        """Tell whether all of the wanted texts are held."""
        return all(text in held for text in wanted)
