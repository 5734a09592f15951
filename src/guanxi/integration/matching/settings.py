"""How records of one kind are compared: comparisons, blocks, keys and vetoes, declared as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from guanxi.integration.matching.agreement import Agreement
from guanxi.kernel.text import Message, say


@dataclass(frozen=True, kw_only=True)
class Level:
    """One degree of agreement.

    *when_same* and *when_different* are the default chances (m and u of Fellegi and Sunter 1969) of this
    level among pairs of the same and of different customers, used where there is too little data to learn
    them. *frequency_of* names a column whose common values count less. *says* may name ``{left}``,
    ``{right}`` and ``{edits}``.
    """

    label: str
    test: Agreement
    when_same: float
    when_different: float
    says: Message
    frequency_of: str | None = None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One piece of evidence: its levels from the strongest down, and what remains when none holds.

    A pair is unknown here (and weighs nothing) when none of *known_by* is known on both sides.
    *shows* names the columns an explanation quotes, the first that both records know. *fixed* keeps the
    default chances among same customers: for a nearly certain key there is nothing to learn, and
    expectation maximisation would drive its other levels to zero.
    """

    name: str
    levels: tuple[Level, ...]
    known_by: tuple[str, ...]
    otherwise: Message
    otherwise_when_same: float
    otherwise_when_different: float
    shows: tuple[str, ...]
    fixed: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column the comparison reads, each once."""
        read = [*self.known_by, *(column for level in self.levels for column in level.test.columns)]
        return tuple(dict.fromkeys(read))


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A column computed from others before matching: *make* takes n rows and returns n texts."""

    name: str
    reads: tuple[str, ...]
    make: Callable[[pl.DataFrame], pl.Series]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Records equal in *columns* become candidates.

    A block with too many pairs is split by *split_by*, one column after the other; what is still too large
    is left out and reported, or, when *chained*, each record is compared with its neighbour only, which is
    enough for a key that proves sameness.
    """

    name: str
    columns: tuple[str, ...]
    split_by: tuple[str, ...] = ()
    chained: bool = False


@dataclass(frozen=True, kw_only=True)
class ExactKey:
    """An agreement that proves sameness without any model."""

    name: str
    when: Agreement
    says: Message


@dataclass(frozen=True, kw_only=True)
class Veto:
    """Two records that differ in *column* are never joined automatically.

    *unknown_counts*: a known value also differs from no value (a branch and its parent).
    *unless_equal*: equality in one of these columns lifts the veto. *equal_forbids* turns the veto around:
    records that are equal in *column* are never joined. *conclusive*: the difference proves two, so that only
    a pair which an exact key calls the same is put before a steward, however alike the rest is. *guessed*:
    what differs was concluded from the names themselves, so it does not hide a pair that is worth a look.
    """

    name: str
    column: str
    says: Message
    unknown_counts: bool = False
    unless_equal: tuple[str, ...] = ()
    equal_forbids: bool = False
    conclusive: bool = False
    guessed: bool = False


_STANDING_VETOES = (
    Veto(
        name="source_without_duplicates",
        column="source_without_duplicates",
        equal_forbids=True,
        says=say("both come from a source that was declared free of duplicates"),
    ),
    Veto(
        name="both_exist_already",
        column="exists_already",
        equal_forbids=True,
        says=say("both are customers already; joining them is a decision of its own"),
    ),
)


Chances = Mapping[str, tuple[float, ...]]
"""Per comparison a chance for each level, from the strongest down, and one for the remainder."""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The chances of each level among the same and among different customers; JSON-able by `as_data`.

    *pairs_per_row* is how many pairs of the same customer a row is expected to have.
    """

    same: Chances
    different: Chances
    pairs_per_row: float
    trained: bool

    def as_data(self) -> dict[str, Any]:
        """Return plain lists and numbers."""
        return {
            "trained": self.trained,
            "pairs_per_row": self.pairs_per_row,
            "same": {name: list(values) for name, values in self.same.items()},
            "different": {name: list(values) for name, values in self.different.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Parameters":
        """Read what `as_data` wrote."""
        return cls(
            same={name: tuple(values) for name, values in data["same"].items()},
            different={name: tuple(values) for name, values in data["different"].items()},
            pairs_per_row=float(data["pairs_per_row"]),
            trained=bool(data["trained"]),
        )


@dataclass(frozen=True, kw_only=True)
class MatchSettings:
    """Everything `find_matches` must know about one kind of record.

    *join_at* and *review_at* are probabilities. *least_agreeing*: how many comparisons must speak for a
    pair before the model may join it on its own, and *needed_to_join* what must hold besides.
    *worth_a_look*: what a steward is asked about however little the model thinks of it.
    *training_blocks*: the columns whose equality yields the
    samples expectation maximisation learns from; each comparison is learnt where its own columns are not
    part of the block. *sources_without_duplicates*: two records of such a source are never the same
    (``"*"`` names all sources). *within_sources* false compares records of different sources only.
    """

    name: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[Block, ...]
    exact_keys: tuple[ExactKey, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    features: tuple[Feature, ...] = ()
    training_blocks: tuple[tuple[str, ...], ...] = ()
    parameters: Parameters | None = None
    join_at: float = 0.95
    review_at: float = 0.5
    keep_at: float = 0.01
    least_agreeing: int = 1
    needed_to_join: Agreement | None = None
    worth_a_look: Agreement | None = None
    largest_block: int = 300
    least_rows_to_train: int = 2_000
    training_pairs: int = 100_000
    expected_pairs_per_row: float = 0.3
    within_sources: bool = True
    sources_without_duplicates: frozenset[str] = field(default_factory=frozenset)
    seed: int = 7

    @property
    def compared_columns(self) -> frozenset[str]:
        """Return the columns that comparisons, keys and vetoes read."""
        read = {column for comparison in self.comparisons for column in comparison.columns}
        read |= {column for key in self.exact_keys for column in key.when.columns}
        for veto in self.all_vetoes:
            read |= {veto.column, *veto.unless_equal}
        for wanted in (self.needed_to_join, self.worth_a_look):
            read |= set(wanted.columns) if wanted else set()
        read |= {column for block in self.training_blocks for column in block}
        frequencies = {level.frequency_of for one in self.comparisons for level in one.levels}
        return frozenset(read | {column for column in frequencies if column})

    @property
    def all_vetoes(self) -> tuple[Veto, ...]:
        """Return the declared vetoes and those every run has; they read columns that `prepare` adds."""
        return (*self.vetoes, *_STANDING_VETOES)

    @property
    def columns(self) -> frozenset[str]:
        """Return every column the settings name."""
        blocked = {column for block in self.blocks for column in (*block.columns, *block.split_by)}
        return frozenset(self.compared_columns | blocked)

    def defaults(self) -> Parameters:
        """Return the documented default chances."""
        return Parameters(
            same={one.name: _chances(one, same=True) for one in self.comparisons},
            different={one.name: _chances(one, same=False) for one in self.comparisons},
            pairs_per_row=self.expected_pairs_per_row,
            trained=False,
        )


def _chances(comparison: Comparison, *, same: bool) -> tuple[float, ...]:
    if same:
        return (*(one.when_same for one in comparison.levels), comparison.otherwise_when_same)
    return (*(one.when_different for one in comparison.levels), comparison.otherwise_when_different)
