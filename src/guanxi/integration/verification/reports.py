"""The proof of a run as plain values: what was counted, compared, checked and signed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from guanxi.kernel.text import Message, by_number, say

Verdict = Literal["equal", "standardised", "survived", "gathered", "kept", "moved", "set_aside", "differs"]
"""How a stored value stands to what the source says: the same; the same in standard spelling; another
source's value won by a rule; made of several sources' values; not a value at all, listed and left out;
none of these, which is an error."""

LEAST_SHARE, MOST_SHARE = 0.05, 0.10
"""The share of rows a sample is drawn from, as the requirement asks."""


@dataclass(frozen=True, kw_only=True)
class SourceCounts:
    """What became of the rows of one table of a source; every row has exactly one fate.

    ``twice`` counts rows that were given more than one fate (they would hide rows that were lost).
    """

    source: str
    table: str
    seen: int
    blank: int = 0
    quarantined: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    refused: int = 0
    twice: int = 0

    @property
    def accounted(self) -> int:
        """Return the sum of all fates."""
        return self.blank + self.quarantined + self.new + self.merged + self.unchanged + self.refused

    @property
    def missing(self) -> int:
        """Return how many rows have no fate; negative when there are more fates than rows."""
        return self.seen - self.accounted

    @property
    def adds_up(self) -> bool:
        """Tell whether every row has exactly one fate."""
        return self.missing == 0 and self.twice == 0


@dataclass(frozen=True, kw_only=True)
class FieldCompleteness:
    """How many rows had a value in a key field before, and how many records have one after."""

    object: str
    field: str
    label: Mapping[str, str]
    rows_before: int
    filled_before: int
    records_after: int
    filled_after: int

    @property
    def share_before(self) -> float | None:
        """Return filled rows per row, None without rows."""
        return self.filled_before / self.rows_before if self.rows_before else None

    @property
    def share_after(self) -> float | None:
        """Return filled records per record, None without records."""
        return self.filled_after / self.records_after if self.records_after else None


@dataclass(frozen=True, kw_only=True)
class SampleCell:
    """One cell of the sample: what the source says, what the database holds, and how the two stand.

    ``shows`` names the standard, or the place the surviving value comes from.
    """

    source: str
    table: str
    row: int
    object: str
    record: int | None
    field: str
    said: str | None
    stored: str | None
    verdict: Verdict
    shows: str = ""


@dataclass(frozen=True, kw_only=True)
class ReferenceCheck:
    """The links of one field: how many records there are, are linked, lack a needed link, point to a deleted one."""

    object: str
    field: str
    target: str
    records: int
    linked: int
    missing: int
    to_deleted: int

    @property
    def sound(self) -> bool:
        """Tell whether no link is missing and none leads to a deleted record."""
        return self.missing == 0 and self.to_deleted == 0


@dataclass(frozen=True, kw_only=True)
class DefectCount:
    """One kind of defect: cells found, corrected, kept and marked for a person, and set aside with their text."""

    kind: str
    found: int
    corrected: int
    marked: int
    set_aside: int

    @property
    def unexplained(self) -> int:
        """Return how many were found of which nothing is known."""
        return self.found - self.corrected - self.marked - self.set_aside


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """A department's word on the run; ``signed_at`` and ``person`` are empty while it is awaited."""

    department: str
    person: str = ""
    signed_at: str = ""
    verdict: str = ""
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class VerificationReport:
    """Everything that shows whether a run did what it should; times are ISO 8601."""

    run: str
    at: str
    seed: int
    sampled_rows: int
    sample_of: int
    counts: tuple[SourceCounts, ...]
    completeness: tuple[FieldCompleteness, ...] = ()
    sample: tuple[SampleCell, ...] = ()
    references: tuple[ReferenceCheck, ...] = ()
    defects: tuple[DefectCount, ...] = ()
    sign_offs: tuple[SignOff, ...] = field(default_factory=tuple)

    @property
    def accuracy(self) -> float | None:
        """Return the share of sampled cells that do not differ, None without a sample."""
        wrong = sum(each.verdict == "differs" for each in self.sample)
        return 1 - wrong / len(self.sample) if self.sample else None

    @property
    def errors(self) -> tuple[Message, ...]:
        """Return a sentence for everything that does not hold."""
        return tuple(message for find in _FINDERS for message in find(self))

    @property
    def passed(self) -> bool:
        """Tell whether everything holds (sign-offs are a matter of their own)."""
        return not self.errors

    def to_data(self) -> dict[str, Any]:
        """Return the report as JSON values, with what follows from it."""
        return {**asdict(self), "accuracy": self.accuracy, "errors": [str(each) for each in self.errors]}


def _count_errors(report: VerificationReport) -> Iterator[Message]:
    for each in report.counts:
        place = f"{each.source}/{each.table}"
        if each.missing:
            yield say(
                "{place}: rows read: {seen}, accounted for: {accounted}, difference: {missing}",
                place=place,
                seen=each.seen,
                accounted=each.accounted,
                missing=each.missing,
            )
        if each.twice:
            yield by_number(
                each.twice,
                say("{place}: 1 row was counted more than once", place=place),
                say("{place}: {twice} rows were counted more than once", place=place, twice=each.twice),
            )


def _sample_errors(report: VerificationReport) -> Iterator[Message]:
    for each in report.sample:
        if each.verdict == "differs":
            yield say(
                "{source}/{table} row {row}, {field}: the source says {said}, record {record} holds {stored}",
                source=each.source,
                table=each.table,
                row=each.row,
                field=each.field,
                said=each.said or "–",
                record=each.record or "–",
                stored=each.stored or "–",
            )


def _reference_errors(report: VerificationReport) -> Iterator[Message]:
    for each in report.references:
        if each.missing:
            yield say(
                "records of {object} without their {target}: {missing}",
                missing=each.missing,
                object=each.object,
                target=each.target,
            )
        if each.to_deleted:
            yield say(
                "records of {object} linked to a deleted {target}: {number}",
                number=each.to_deleted,
                object=each.object,
                target=each.target,
            )


def _defect_errors(report: VerificationReport) -> Iterator[Message]:
    for each in report.defects:
        if each.unexplained:
            yield say(
                "defects of the kind {kind} that nothing explains: {number}",
                number=each.unexplained,
                kind=each.kind,
            )


_FINDERS: tuple[Callable[[VerificationReport], Iterator[Message]], ...] = (
    _count_errors,
    _sample_errors,
    _reference_errors,
    _defect_errors,
)
