"""A partition of records that refuses every union that would join two vetoed records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from guanxi.integration.matching.settings import Veto

Passport = tuple[int, ...]
"""What the vetoes must know of one record: the codes of their columns (0 unknown)."""


@dataclass(frozen=True, kw_only=True)
class VetoReader:
    """One veto over passports: the place of its column and of the columns that lift it."""

    veto: Veto
    place: int
    lifted_by: tuple[int, ...]

    def forbids(self, one: Passport, other: Passport) -> bool:
        """Tell whether two records may not be the same."""
        mine, theirs = one[self.place], other[self.place]
        if self.veto.equal_forbids:
            conflict = mine == theirs and mine > 0
        else:
            conflict = mine != theirs and (self.veto.unknown_counts or (mine > 0 and theirs > 0))
        return conflict and not any(one[at] > 0 and one[at] == other[at] for at in self.lifted_by)


@dataclass(kw_only=True)
class _Group:
    passports: set[Passport]
    apart_from: set[int] = field(default_factory=set)
    pardons: set[tuple[int, int, int]] = field(default_factory=set)


class Grouping:
    """A partition of records that grows by unions and keeps every promise made before.

    Of the union-find family (Tarjan 1975); the constraints are those of constrained clustering (Wagstaff
    and others 2001): must-link by `join_by_steward`, cannot-link by `keep_apart`, and vetoes.
    """

    def __init__(self, readers: Sequence[VetoReader]) -> None:
        self._readers = tuple(readers)
        self._equal_places = tuple(one.place for one in readers if one.veto.equal_forbids)
        self._parents: dict[int, int] = {}
        self._groups: dict[int, _Group] = {}

    def add(self, record: int, passport: Passport) -> None:
        """Let *record* take part, alone at first."""
        if record not in self._parents:
            self._parents[record] = record
            self._groups[record] = _Group(passports={passport})

    def root(self, record: int) -> int:
        """Return the record that stands for the group of *record* (itself when it never took part)."""
        path = []
        while (parent := self._parents.get(record, record)) != record:
            path.append(record)
            record = parent
        for passed in path:
            self._parents[passed] = record
        return record

    def keep_apart(self, one: int, other: int) -> bool:
        """Promise that two records never meet; return False when they already have."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return False
        self._groups[first].apart_from.add(other)
        self._groups[second].apart_from.add(one)
        return True

    def join_by_steward(self, one: int, other: int) -> bool:
        """Join whatever the vetoes say; return False only when a steward also said they are apart.

        A difference the steward looked past (two credit codes) is pardoned for everyone in the group.
        """
        first, second = self.root(one), self.root(other)
        if first == second:
            return True
        if self._kept_apart(first, second):
            return False
        conflicts = set(self._conflicts(self._groups[first].passports, self._groups[second].passports))
        group = self._unite(first, second)
        group.pardons |= {one for one in conflicts if not self._readers[one[0]].veto.equal_forbids}
        return True

    def join(self, one: int, other: int) -> str | None:
        """Join two groups unless something forbids it; return its name, or None when they are one now."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return None
        mine, theirs = self._groups[first], self._groups[second]
        if self._kept_apart(first, second):
            return "steward"
        pardons = mine.pardons | theirs.pardons
        conflicts = self._conflicts(mine.passports, theirs.passports)
        # Passports are a set: the veto declared first is named, not the one that happens to be met first.
        refused_by = min((one[0] for one in conflicts if one not in pardons), default=None)
        if refused_by is not None:
            return self._readers[refused_by].veto.name
        self._unite(first, second)
        return None

    def _kept_apart(self, first: int, second: int) -> bool:
        return any(self.root(record) == second for record in self._groups[first].apart_from)

    def _conflicts(
        self, mine: Iterable[Passport], theirs: Iterable[Passport]
    ) -> Iterable[tuple[int, int, int]]:
        """Yield each conflict as the number of the veto and the two values, the smaller first."""
        for one in mine:
            for other in theirs:
                if one == other and not any(one[place] for place in self._equal_places):
                    continue
                for number, reader in enumerate(self._readers):
                    if reader.forbids(one, other):
                        low, high = sorted((one[reader.place], other[reader.place]))
                        yield number, low, high

    def _unite(self, first: int, second: int) -> _Group:
        if len(self._groups[first].passports) < len(self._groups[second].passports):
            first, second = second, first
        absorbed = self._groups.pop(second)
        self._parents[second] = first
        group = self._groups[first]
        group.passports |= absorbed.passports
        group.apart_from |= absorbed.apart_from
        group.pardons |= absorbed.pardons
        return group
