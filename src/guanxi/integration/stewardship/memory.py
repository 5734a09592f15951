"""What later runs are told: rows that were taken apart stay apart, written down as decided pairs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from guanxi.access.fields import right_to, weighing
from guanxi.expressions.syntax import EVERYTHING
from guanxi.identity.actor import Actor
from guanxi.integration import runs
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship.members import Members, Name, SourceRow
from guanxi.integration.stewardship.pairs import FRESH, REVIEW, between, decided, key_of, with_outcome
from guanxi.integration.workshop import Workshop
from guanxi.metadata.field_types import type_of
from guanxi.records import writing
from guanxi.store.transactions import Transaction


def keep_apart(
    tx: Transaction,
    actor: Actor,
    shop: Workshop,
    members: Members,
    ones: Sequence[Name],
    others: Sequence[Name],
    outcome: str,
) -> None:
    """Write down that no row of *ones* is a row of *others*: as a decided review for each two of them.

    Reviews that are there already are decided so; the one a person is deciding right now is left to that.
    """
    known = between(tx, ones, others, EVERYTHING)
    for review in known:
        if review.values["decision"] != "apart":
            writing.update(tx, actor, REVIEW, review.id, decided(tx, actor, "apart", outcome))
    pairs = {frozenset((str(each.values["left_key"]), str(each.values["right_key"]))) for each in known}
    fresh = [
        (one, other)
        for one in ones
        for other in others
        if frozenset((key_of(one), key_of(other))) not in pairs
    ]
    if fresh and members.runs:
        run = runs.record_id(tx, members.runs[0])
        for one, other in fresh:
            given = {**_review(tx, members, one, other), "run": run}
            writing.create(tx, weighing(actor), REVIEW, {**given, **decided(tx, actor, "apart", outcome)})


def follow(tx: Transaction, actor: Actor, review_id: int, names: Sequence[Name]) -> tuple[int, ...]:
    """Decide the open reviews between rows that are one customer now; return those that followed."""
    open_ones = [
        each
        for each in between(tx, names, names, EVERYTHING)
        if each.values["decision"] == "undecided" and each.id != review_id
    ]
    for each in open_ones:
        writing.update(tx, actor, REVIEW, each.id, decided(tx, actor, "join", f"with:{review_id}"))
    return tuple(each.id for each in open_ones)


def forget(tx: Transaction, actor: Actor, *outcomes: str) -> None:
    """Open the reviews again that did *outcomes* or followed from them."""
    for outcome in outcomes:
        for each in with_outcome(tx, outcome):
            writing.update(tx, actor, REVIEW, each.id, FRESH)
            forget(tx, actor, f"with:{each.id}")


def objections(tx: Transaction, actor: Actor, ones: Iterable[Name], others: Iterable[Name]) -> list[str]:
    """Return the pairs between the two that a steward keeps apart: their titles, numbers where those are hidden."""
    found = between(tx, tuple(ones), tuple(others), EVERYTHING)
    apart = [each for each in found if each.values["decision"] == "apart"]
    is_shown = right_to(actor, tx.catalog, tx.catalog.object(REVIEW), "title") != "hidden"
    return [str(each.values["title"]) if is_shown else f"#{each.id}" for each in apart]


def _review(tx: Transaction, members: Members, one: Name, other: Name) -> dict[str, Any]:
    left, right = members.row(one), members.row(other)
    return {
        "title": f"{_called(left, one)} ↔ {_called(right, other)}",
        "left": _shown(tx, left, one),
        "right": _shown(tx, right, other),
        "left_key": key_of(one),
        "right_key": key_of(other),
    }


def _called(row: SourceRow | None, name: Name) -> str:
    values: Mapping[str, Any] = row.values if row else {}
    return str(values.get("name") or values.get("contact_name") or name[1])


def _shown(tx: Transaction, row: SourceRow | None, name: Name) -> dict[str, Any]:
    shown: dict[str, Any] = {"source": name[0], "key": name[1]}
    if row is not None:
        shown |= {"table": row.table, "row": str(row.rows[0]), **dict(_texts(tx, row))}
    return shown


def _texts(tx: Transaction, row: SourceRow) -> Iterator[tuple[str, str]]:
    object_type = tx.catalog.object(CUSTOMER)
    for field_name, value in row.values.items():
        field = object_type.field(field_name)
        column = f"{CUSTOMER}.{field_name}" if field_name in ("source", "key", "row", "table") else field_name
        yield column, type_of(field).show(value, field)
