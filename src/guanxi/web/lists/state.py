"""What a person looks at: view, words, filter, columns, order; as it stands in an address that can be sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from guanxi.kernel.numbers import number_in
from guanxi.web.lists.filters import NO_FILTER, Group, Rule, joined, read_filter, tidy, write_filter
from guanxi.web.lists.operators import can_be_filtered, family_of
from guanxi.web.lists.reach import Reached
from guanxi.web.lists.views import Shelf, View

_OWN = frozenset({"view", "q", "where", "columns", "sort", "bin", "after", "mine"})
_NONE = "-"
"""Stands in an address where a view's filter or order is taken away."""


@dataclass(frozen=True, kw_only=True)
class Looking:
    """One look at a list."""

    object: str
    view: View
    words: str = ""
    filter: Group = NO_FILTER
    columns: tuple[str, ...] = ()
    sort: str = ""
    in_bin: bool = False
    first: str = "all"
    is_broken: bool = False
    """Whether the address names a view that is not there, or holds a filter nobody can read: nothing fits it."""

    @property
    def path(self) -> str:
        """Return the address of the list without anything chosen."""
        return f"/o/{self.object}"

    @property
    def is_changed(self) -> bool:
        """Tell whether it shows something else than its view does."""
        content = self.view.content
        shown = (self.filter, self.columns, self.sort)
        return shown != (content.filter, content.columns, content.sort)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the query of the address: only what is not as the view has it."""
        content = self.view.content
        told = {
            "view": self.view.key if self.view.key != self.first else "",
            "q": self.words,
            "where": (write_filter(self.filter) or _NONE) if self.filter != content.filter else "",
            "columns": (",".join(self.columns) or _NONE) if self.columns != content.columns else "",
            "sort": (self.sort or _NONE) if self.sort != content.sort else "",
            "bin": "1" if self.in_bin else "",
        }
        return tuple((name, value) for name, value in told.items() if value)

    def address(self, *, tail: str = "", **more: str) -> str:
        """Return the address of this look, or of the page *tail* beside the list, with *more* in its query."""
        pairs = [*self.pairs(), *((name, value) for name, value in more.items() if value)]
        return self.path + tail + ("?" + urlencode(pairs) if pairs else "")

    @property
    def query(self) -> str:
        """Return the query of the address as one text, as forms send it back."""
        return urlencode(self.pairs())

    def turned(self, **changes: Any) -> str:
        """Return the address after *changes*."""
        return replace(self, **changes).address()


def looking_at(
    object_name: str, query: Mapping[str, Sequence[str]], shelf: Shelf, fields: Mapping[str, Reached]
) -> Looking:
    """Return what an address asks for; whatever it does not say is as the view has it.

    Besides what `Looking.address` writes, an address may name a field and its value (``level=A``, ``customer=12``).
    """
    wanted = _first(query, "view")
    view = shelf.view(wanted)
    content = view.content
    where, columns = _first(query, "where"), _first(query, "columns")
    read = NO_FILTER if where == _NONE else read_filter(where)
    chosen = content.filter if not where else read or NO_FILTER
    paths = tuple(dict.fromkeys(each for each in columns.split(",") if each in fields))
    sort = _first(query, "sort")
    return Looking(
        object=object_name,
        view=view,
        words=_first(query, "q").strip(),
        filter=tidy(joined(chosen, *_named(query, fields))),
        columns=paths if columns else content.columns,
        sort="" if sort == _NONE else sort or content.sort,
        in_bin=bool(_first(query, "bin")),
        first=shelf.first if shelf.has(shelf.first) else "all",
        is_broken=read is None or bool(wanted and not shelf.has(wanted)),
    )


def _named(query: Mapping[str, Sequence[str]], fields: Mapping[str, Reached]) -> Iterator[Rule]:
    """Yield a rule for every field the address names with a value."""
    if _first(query, "mine"):
        yield Rule(path="owner", operator="any_of", values=("me",))
    for path, values in query.items():
        reached, given = fields.get(path), tuple(each for each in values if each)
        if reached is None or not given or path in _OWN or not can_be_filtered(reached):
            continue
        match family_of(reached):
            case "choice" | "person":
                yield Rule(path=path, operator="any_of", values=given)
            case "link" if number_in(given[0]) is not None:
                yield Rule(path=path, operator="is", values=given[:1])
            case "links" if all(number_in(each) is not None for each in given):
                yield Rule(path=path, operator="has_any", values=given)


def _first(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(query.get(name, ())), "")
