"""What a source writes and which of our choices it means: 公众号 → 微信公众号."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from guanxi.metadata.objects import Field

_SELECTIONS = ("single_select", "multi_select")


def value_map(path: str, field: Field, values: Iterable[str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return what each of *values* means for the field at *path*, and the values that mean nothing known.

    Values that already are what we keep are left out. Only selections have values that mean nothing; other
    fields take any value.
    """
    known = _known(path, field)
    meant = {value: known[_folded(value)] for value in values if _folded(value) in known}
    changed = {value: choice for value, choice in meant.items() if value != choice}
    unknown = [value for value in values if value not in meant] if field.type in _SELECTIONS else []
    return MappingProxyType(changed), tuple(dict.fromkeys(unknown))


def tidy_value(text: str) -> str:
    """Return a value as value maps know it: half-width, without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def _known(path: str, field: Field) -> dict[str, str]:
    """Return every spelling of every choice; a choice's own names go before its synonyms."""
    object_name, _, name = path.partition(".")
    shipped: Mapping[str, list[str]] = _shipped().get(object_name, {}).get(name, {})
    offered = {choice.value for choice in field.choices}
    found: dict[str, str] = {}
    for choice in field.choices:
        for word in (choice.value, choice.label.zh, choice.label.en):
            found.setdefault(_folded(word), choice.value)
    for choice_value, words in shipped.items():
        if not offered or choice_value in offered:
            for word in words:
                found.setdefault(_folded(word), choice_value)
    found.pop("", None)
    return found


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("choices.toml").read_text(encoding="utf-8"))


def _folded(text: str) -> str:
    return tidy_value(text).casefold()
