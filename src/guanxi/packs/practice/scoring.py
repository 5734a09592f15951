"""Scores a grouping of source rows against the truth: pairs, whole clusters, defect kinds and traps."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from math import comb

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.packs.practice.truth import Defect, Place, Truth

CellPlace = tuple[str, str, int, str]
Groups = Mapping[Place, Hashable]


@dataclass(frozen=True, kw_only=True)
class Rates:
    """How much of what was claimed is true, and how much of what is true was claimed."""

    hits: int
    claimed: int
    true: int

    @property
    def precision(self) -> float:
        """Return hits per claim; 1 when nothing was claimed."""
        return self.hits / self.claimed if self.claimed else 1.0

    @property
    def recall(self) -> float:
        """Return hits per truth; 1 when nothing was to be found."""
        return self.hits / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.claimed + self.true
        return 2 * self.hits / both if both else 1.0


@dataclass(frozen=True, kw_only=True)
class DefectScore:
    """What became of one kind of defect.

    Of *planted* defects, *rows_grouped* lie in rows the run put into a group and *accounted* in cells the run
    reports as changed, marked or listed. *pairs* rates the pairs of the customer rows with this defect.
    """

    kind: str
    planted: int
    rows_grouped: int
    accounted: int
    pairs: Rates


@dataclass(frozen=True, kw_only=True)
class TrapScore:
    """Of *planted* pairs of different customers that look alike, *joined* were wrongly put together."""

    kind: str
    planted: int
    joined: int


@dataclass(frozen=True, kw_only=True)
class Score:
    """How well a run found the customers; *ungrouped* are the customer rows it gave no group."""

    pairs: Rates
    clusters: Rates
    defects: tuple[DefectScore, ...]
    traps: tuple[TrapScore, ...]
    ungrouped: tuple[Place, ...]


def score(truth: Truth, assignment: Groups, *, accounted: Collection[CellPlace] = ()) -> Score:
    """Score *assignment* (source, table, row → group) against *truth*.

    A customer row without a group counts as a group of its own. Rows of nobody may be left out or be grouped
    with each other; grouped with a customer, each makes false pairs. Rows that are part of a customer (its
    contacts and orders) do not count. *accounted* names the cells (source, table, row, field) the run
    changed, marked or listed. Raise `Refused` when *assignment* names a row that does not exist.
    """
    _refuse_unknown(truth, assignment)
    table = _Table(truth, assignment)
    return Score(
        pairs=table.pairs(),
        clusters=table.clusters(),
        defects=tuple(
            _defect_score(kind, defects, table, assignment, frozenset(accounted))
            for kind, defects in _by_kind(truth).items()
        ),
        traps=_trap_scores(truth, table),
        ungrouped=tuple(row.place for row in truth.customer_rows if row.place not in assignment),
    )


class _Table:
    """The rows counted by group and by customer."""

    def __init__(self, truth: Truth, assignment: Groups) -> None:
        self.customer = {row.place: row.customer for row in truth.customer_rows}
        strangers = {row.place for row in truth.rows if row.role in ("stray", "frame")}
        # A row without a group stands alone: its place names its group.
        self.group: dict[Place, Hashable] = {
            place: ("given", assignment[place]) if place in assignment else place for place in self.customer
        }
        self.members: dict[Hashable, set[Place]] = defaultdict(set)
        for place, group in self.group.items():
            self.members[group].add(place)
        self.rows_of: dict[str | None, set[Place]] = defaultdict(set)
        for place, customer in self.customer.items():
            self.rows_of[customer].add(place)
        self.strangers: Counter[Hashable] = Counter(
            ("given", group) for place, group in assignment.items() if place in strangers
        )
        self.together: Counter[tuple[Hashable, str | None]] = Counter(
            (self.group[place], customer) for place, customer in self.customer.items()
        )

    def pairs(self) -> Rates:
        return Rates(
            hits=sum(comb(count, 2) for count in self.together.values()),
            claimed=sum(
                comb(len(rows), 2) + len(rows) * self.strangers[group] for group, rows in self.members.items()
            ),
            true=sum(comb(len(rows), 2) for rows in self.rows_of.values()),
        )

    def clusters(self) -> Rates:
        true = {frozenset(rows) for rows in self.rows_of.values()}
        pure = [frozenset(rows) for group, rows in self.members.items() if not self.strangers[group]]
        return Rates(hits=sum(rows in true for rows in pure), claimed=len(self.members), true=len(true))

    def pairs_of(self, places: Collection[Place]) -> Rates:
        """Rate the pairs that have one of *places* as a member; a pair of two of them counts twice."""
        return Rates(
            hits=sum(self.together[self.group[place], self.customer[place]] - 1 for place in places),
            claimed=sum(
                len(self.members[self.group[place]]) - 1 + self.strangers[self.group[place]]
                for place in places
            ),
            true=sum(len(self.rows_of[self.customer[place]]) - 1 for place in places),
        )


def _by_kind(truth: Truth) -> dict[str, list[Defect]]:
    kinds: dict[str, list[Defect]] = defaultdict(list)
    for defect in truth.defects:
        kinds[defect.kind].append(defect)
    return dict(sorted(kinds.items()))


def _defect_score(
    kind: str, defects: list[Defect], table: _Table, assignment: Groups, accounted: frozenset[CellPlace]
) -> DefectScore:
    return DefectScore(
        kind=kind,
        planted=len(defects),
        rows_grouped=sum(defect.place in assignment for defect in defects),
        accounted=sum((*defect.place, defect.field) in accounted for defect in defects),
        pairs=table.pairs_of({defect.place for defect in defects if defect.place in table.customer}),
    )


def _trap_scores(truth: Truth, table: _Table) -> tuple[TrapScore, ...]:
    planted: Counter[str] = Counter()
    joined: Counter[str] = Counter()
    for trap in truth.traps:
        left, right = (
            {table.group[place] for place in table.rows_of[customer]} for customer in trap.customers
        )
        planted[trap.kind] += 1
        joined[trap.kind] += bool(left & right)
    return tuple(TrapScore(kind=kind, planted=planted[kind], joined=joined[kind]) for kind in sorted(planted))


def _refuse_unknown(truth: Truth, assignment: Groups) -> None:
    unknown = sorted(set(assignment) - {row.place for row in truth.rows})
    if unknown:
        raise Refused(
            say(
                "rows that are not in this world: {count}, for example {example}; was it built with another seed?",
                count=len(unknown),
                example=str(unknown[0]),
            )
        )
