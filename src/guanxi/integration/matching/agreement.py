"""What two records can agree in: small declared tests, judged for many pairs at once."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from guanxi.integration.matching.bounds import Mask
from guanxi.integration.matching.sides import Sides


class Agreement(ABC):
    """A test of a pair of records; a test whose columns are unknown is not fulfilled."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Return the columns the test reads."""

    @abstractmethod
    def holds(self, sides: Sides) -> Mask:
        """Tell for each pair whether the test is fulfilled."""


@dataclass(frozen=True)
class Equal(Agreement):
    """Both sides are known and equal."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Compare codes, never texts."""
        return sides.equal(self.column)


@dataclass(frozen=True)
class Known(Agreement):
    """Both sides are known."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Look whether both codes are there."""
        return sides.both_known(self.column)


@dataclass(frozen=True)
class Unopposed(Agreement):
    """The sides do not contradict each other: they are equal, or one of them is unknown."""

    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Compare codes, never texts."""
        return ~sides.differ(self.column)


@dataclass(frozen=True)
class Alike(Agreement):
    """Both sides are known and their similarity by *measure* is *at_least* this much."""

    column: str
    at_least: float
    measure: str = "jaro_winkler"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Measure only pairs where both sides are known."""
        return sides.alike(self.column, self.measure, self.at_least)


@dataclass(frozen=True)
class WithinEdits(Agreement):
    """Both sides are known and at most *edits* characters were typed differently (Levenshtein)."""

    column: str
    edits: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Measure only pairs where both sides are known."""
        return sides.alike(self.column, "edits", self.edits)


@dataclass(frozen=True)
class Has(Agreement):
    """At least one side (*both* sides, where asked) has this value."""

    column: str
    value: str
    both: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the one column."""
        return (self.column,)

    def holds(self, sides: Sides) -> Mask:
        """Look up the value's code once."""
        texts = sides.columns[self.column].texts
        place = (texts == self.value).arg_max() if len(texts) else None
        wanted = place if place is not None and texts[place] == self.value else -1
        left, right = sides.codes(self.column)
        found: Mask = (
            (left == wanted) & (right == wanted) if self.both else (left == wanted) | (right == wanted)
        )
        return found


@dataclass(frozen=True)
class Every(Agreement):
    """All parts hold."""

    parts: tuple[Agreement, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of all parts."""
        return tuple(column for part in self.parts for column in part.columns)

    def holds(self, sides: Sides) -> Mask:
        """Ask each part only about the pairs that all earlier parts let through."""
        first, *others = self.parts
        found = first.holds(sides)
        for part in others:
            found[found] = part.holds(sides.among(found))
        return found


@dataclass(frozen=True)
class Either(Agreement):
    """At least one part holds."""

    parts: tuple[Agreement, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of all parts."""
        return tuple(column for part in self.parts for column in part.columns)

    def holds(self, sides: Sides) -> Mask:
        """Ask each part only about the pairs that no earlier part let through."""
        first, *others = self.parts
        found = first.holds(sides)
        for part in others:
            rest = ~found
            found[rest] = part.holds(sides.among(rest))
        return found


@dataclass(frozen=True)
class Not(Agreement):
    """The part does not hold."""

    part: Agreement

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the part."""
        return self.part.columns

    def holds(self, sides: Sides) -> Mask:
        """Turn the answer of the part around."""
        turned: Mask = ~self.part.holds(sides)
        return turned
