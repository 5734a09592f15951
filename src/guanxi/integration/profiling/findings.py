"""What profiling finds out, as values that fit into JSON."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, kw_only=True)
class ValueCount:
    """A value and the number of rows that hold it."""

    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class PatternCount:
    """A shape of values (see `patterns`), the number of rows that have it, and one value of that shape."""

    pattern: str
    count: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A kind of value and the share (0 to 1) of the filled rows that fit it."""

    kind: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Outlier:
    """A value far from the others; ``distance`` counts robust standard deviations from the median."""

    value: str
    count: int
    distance: float


@dataclass(frozen=True, kw_only=True)
class ColumnProfile:
    """Everything found out about one column.

    A row is filled when its value holds more than white space; ``stand_ins`` are filled rows that say
    nothing all the same (无, N/A, - …). Lengths are in characters and None for an empty column; ``lowest``
    and ``highest`` are the ends of a column of numbers or dates. ``is_key`` says that every row is filled
    and no value occurs twice.
    """

    name: str
    rows: int
    filled: int
    fill_rate: float
    stand_ins: int
    distinct: int
    shortest: int | None
    longest: int | None
    top: tuple[ValueCount, ...]
    patterns: tuple[PatternCount, ...]
    kind: str
    kind_share: float
    guesses: tuple[Guess, ...]
    lowest: str | None
    highest: str | None
    outliers: tuple[Outlier, ...]
    outlier_rows: int
    examples: tuple[str, ...]
    is_key: bool


@dataclass(frozen=True, kw_only=True)
class TableProfile:
    """The profiles of all columns; ``keys`` are the columns, or pairs of columns, that name each row.

    Pairs are looked for only where no single column does.
    """

    rows: int
    columns: tuple[ColumnProfile, ...]
    keys: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> ColumnProfile:
        """Return the profile of the column called *name*."""
        return next(each for each in self.columns if each.name == name)

    def to_json(self) -> bytes:
        """Return the profile as JSON."""
        return msgspec.json.encode(self)


def profile_from_json(text: bytes) -> TableProfile:
    """Return the profile that `TableProfile.to_json` wrote."""
    return msgspec.json.decode(text, type=TableProfile)
