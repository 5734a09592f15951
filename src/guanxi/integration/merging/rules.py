"""The rules of survivorship: which of several values becomes the golden one, declared per field as data."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.registry import Registry
from guanxi.kernel.text import say
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import ObjectType

EXISTING = "guanxi"
"""The source under which records that are already here take part."""

EXISTING_TRUST = 90
"""Trust of what is already here, where nobody says otherwise: people have looked at it."""

"""The one field of the system that sources fill, too."""

USUAL_TRUST = 50
"""Trust of a source nobody has judged, of 0 to 100."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way to choose. Whatever the rule, a suspect value loses against any that is not.

    ``settles``: differing values are no conflict under this rule, they all count. ``gathers``: the golden
    value is made of all of them. ``types`` names the field types the rule is for (none: all of them).
    """

    name: str
    label: Label
    settles: bool = False
    gathers: bool = False
    types: tuple[str, ...] = ()


_AMOUNTS = ("money", "decimal", "whole_number", "percent")
_TEXTS = ("text", "long_text")

RULES: Registry[Rule] = Registry(
    "rule of survivorship",
    {
        rule.name: rule
        for rule in (
            Rule(name="existing", label=Label(en="What is already here stays", zh="已有值优先")),
            Rule(name="trust", label=Label(en="Most trusted source", zh="来源可信度最高")),
            Rule(name="newest", label=Label(en="Newest", zh="最新")),
            Rule(name="longest", label=Label(en="Longest", zh="最长")),
            Rule(name="complete", label=Label(en="Most complete", zh="最完整")),
            Rule(name="majority", label=Label(en="Said most often", zh="多数一致")),
            Rule(
                name="max",
                label=Label(en="Largest or latest", zh="最大或最晚"),
                settles=True,
                types=(*_AMOUNTS, "date", "date_time"),
            ),
            Rule(
                name="min",
                label=Label(en="Smallest or earliest", zh="最小或最早"),
                settles=True,
                types=(*_AMOUNTS, "date", "date_time"),
            ),
            Rule(name="sum", label=Label(en="Sum", zh="合计"), settles=True, gathers=True, types=_AMOUNTS),
            Rule(
                name="together",
                label=Label(en="All, one below the other", zh="全部保留"),
                settles=True,
                gathers=True,
                types=_TEXTS,
            ),
            Rule(
                name="union",
                label=Label(en="All choices together", zh="取并集"),
                settles=True,
                gathers=True,
                types=("tags", "multi_select"),
            ),
        )
    },
)


@dataclass(frozen=True, kw_only=True)
class SurvivorshipRules:
    """The rule of every field of one object (field -> rule, both by name).

    ``names`` maps a field of names to the field that keeps their other spellings, ``longest_names`` is the
    number of characters that fits there.
    """

    object: str
    by_field: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    longest_names: int = 255

    def rule(self, field_name: str) -> Rule:
        """Return the rule of a field; raise `UnknownName` for a field that has none."""
        return RULES[Registry("field with a rule", self.by_field)[field_name]]


def rules_for(
    object_type: ObjectType, declared: Mapping[str, str] = MappingProxyType({})
) -> SurvivorshipRules:
    """Return the rules of an object: *declared* (field -> rule), else the shipped rule of field or type.

    Raises `Invalid` with every field or rule of *declared* that is unknown or does not fit.
    """
    problems = list(_wrong(object_type, declared))
    if problems:
        raise Invalid(problems)
    shipped = _shipped()
    own = {**shipped["field"].get(object_type.name, {}), **declared}
    fields = {each.name: each for each in object_type.open_fields if not FIELD_TYPES[each.type].links_many}
    names = {
        one: other
        for one, other in shipped["names"].get(object_type.name, {}).items()
        if one in fields and other in fields
    }
    longest = min((fields[each].length or 255 for each in names.values()), default=255)
    return SurvivorshipRules(
        object=object_type.name,
        by_field=MappingProxyType(
            {
                name: own.get(name) or shipped["type"].get(each.type, shipped["otherwise"])
                for name, each in fields.items()
            }
        ),
        names=MappingProxyType(names),
        longest_names=longest,
    )


def _wrong(object_type: ObjectType, declared: Mapping[str, str]) -> Iterator[Problem]:
    for name, rule in declared.items():
        if name not in object_type.fields:
            known = sorted(object_type.fields)
            yield Problem(name, say("there is no field {name}; known: {known}", name=name, known=known))
        elif rule not in RULES:
            known = sorted(RULES)
            yield Problem(name, say("there is no rule {rule}; known: {known}", rule=rule, known=known))
        elif RULES[rule].types and object_type.fields[name].type not in RULES[rule].types:
            types = RULES[rule].types
            sentence = say("the rule {rule} is for fields of these types: {types}", rule=rule, types=types)
            yield Problem(name, sentence)


@cache
def _shipped() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("survivorship.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
