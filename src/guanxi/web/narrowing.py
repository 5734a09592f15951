"""What a list is narrowed by: a selection per name with the chosen one marked, and the address that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """One selection: (value, text, chosen) of each option; the option "" does not narrow."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    is_active: bool


def narrowing(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Narrowing:
    """Return the selection *name* among *options* (value, text); *label* stands for all of them where none does."""
    whole = list(options)
    if not any(value == "" for value, _ in whole):
        whole.insert(0, ("", label))
    return Narrowing(
        name=name,
        label=label,
        options=tuple((value, text, value == chosen) for value, text in whole),
        is_active=bool(chosen),
    )


def address_of(path: str, values: Mapping[str, str]) -> str:
    """Return the address of *path* narrowed by *values*; an empty value does not narrow."""
    query = urlencode({name: value for name, value in values.items() if value})
    return path + (f"?{query}" if query else "")
