"""Taking source rows out of a customer that a load made of several, and putting them back exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.identity.actor import Actor
from guanxi.integration import rollback
from guanxi.integration.mentions import CONTACT, CUSTOMER
from guanxi.integration.stewardship import memory
from guanxi.integration.stewardship.members import (
    Members,
    Name,
    children_of,
    golden_of,
    members_of,
    people_of,
)
from guanxi.integration.stewardship.pairs import rows_of
from guanxi.integration.stewardship.parting import (
    Parting,
    part,
    require_files,
    rows_by_contact,
    shared_contacts,
    what_changes,
)
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import Conflict, NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of
from guanxi.records import writing
from guanxi.store import batches, merges
from guanxi.store.transactions import Transaction

PART = "split"
"""Under this name a batch keeps what a split did."""


@dataclass(frozen=True, kw_only=True)
class SplitPlan(Parting):
    """The parting of a customer, with what becomes of the records that belong to it.

    ``moving``: object -> names of the source rows behind the records that go along; ``shared``: the contacts of whom
    rows of both sides speak; ``moving_count``: object -> how many records the new customer gets.
    """

    staying: tuple[Name, ...]
    moving: Mapping[str, tuple[Name, ...]]
    shared: tuple[Parting, ...]
    moving_count: Mapping[str, int]
    members: Members


@dataclass(frozen=True, kw_only=True)
class Split:
    """A split as it was done: its batch, by which it is put back, and the new customer."""

    batch: str
    customer_id: int
    new_id: int


def split_plan(
    tx: Transaction, actor: Actor, shop: Workshop, customer_id: int, taken: Iterable[Name]
) -> SplitPlan:
    """Return what taking the rows *taken* out of the customer would do.

    Raises `NotFound`, `NotAllowed`, or `Refused` when the rows are not its own, are all it has, have no name of
    their own, or when the files of the run that brought them in are gone.
    """
    require(actor, tx.catalog, "integrate")
    object_type = tx.catalog.object(CUSTOMER)
    stored = writing.stored_for(tx, actor, object_type, customer_id, "write")
    if stored.deleted_at is not None:
        raise NotFound(say("there is no {label} number {id}", label=object_type.label, id=customer_id))
    own, wanted = rows_of(tx, customer_id), tuple(dict.fromkeys(taken))
    staying = tuple(each for each in own if each not in wanted)
    _require_sense(own, wanted, staying)
    members = members_of(tx, shop, own)
    require_files(members)
    left, fresh = golden_of(members, [staying, wanted], tx.catalog)
    if fresh.values.get(object_type.title) is None:
        raise Refused(
            say("these rows have no name, so no customer can be made of them; take more rows along")
        )
    leaves, origins = what_changes(object_type, stored, left)
    moving: dict[str, dict[Name, tuple[Name, ...]]] = {}
    for name, known in children_of(tx, shop, wanted, members.runs):
        moving.setdefault(name, {})[known[0]] = known
    people = rows_by_contact(tx, people_of(shop, wanted, members.runs))
    shared = shared_contacts(tx, shop, customer_id, people)
    parted = {each.record_id for each in shared}
    along = {names[0]: names for record, names in people.items() if record not in parted}
    moving |= {CONTACT: along} if people else {}
    return SplitPlan(
        record_id=customer_id,
        taken=wanted,
        staying=staying,
        fresh=fresh,
        leaves=leaves,
        origins=origins,
        moving={
            name: tuple(each for known in found.values() for each in known) for name, found in moving.items()
        },
        shared=shared,
        moving_count={
            name: len(found) + (len(shared) if name == CONTACT else 0) for name, found in moving.items()
        },
        members=members,
    )


def split(
    tx: Transaction,
    actor: Actor,
    shop: Workshop,
    customer_id: int,
    taken: Iterable[Name],
) -> Split:
    """Make a customer of its own of the rows *taken*, whole or not at all; later runs keep them apart.

    What these rows alone said leaves the customer, what belongs to them goes along, and what people wrote stays.
    Raises what `split_plan` and saving raise.
    """
    plan = split_plan(tx, actor, shop, customer_id, taken)
    name = f"split-{new_id()}"
    with merges.whole_or_nothing(tx):
        within = tx.in_batch(batches.begin(tx, name))
        number = part(within, actor, CUSTOMER, plan, {})
        moved = _move_along(within, actor, plan, number)
        shared = [
            (each.record_id, part(within, actor, CONTACT, each, {CUSTOMER: number}), each.taken)
            for each in plan.shared
        ]
        memory.keep_apart(within, actor, shop, plan.members, plan.taken, plan.staying, f"split:{name}")
        taken_rows = [list(each) for each in plan.taken]
        receipt = {
            "customer": customer_id,
            "new": number,
            "rows": taken_rows,
            "moved": moved,
            "shared": shared,
        }
        batches.finish_part(within, PART, receipt)
    return Split(batch=name, customer_id=customer_id, new_id=number)


def put_back(tx: Transaction, actor: Actor, batch: str) -> Split:
    """Put the rows of a split back into their customer, whole or not at all; everything is as it was before.

    Raises `Conflict` when the new customer or what left the old one was changed since, `NotFound`, `NotAllowed`.
    """
    require(actor, tx.catalog, "integrate")
    done = receipt_of(tx, batch)
    old, new = done.customer_id, done.new_id
    with merges.whole_or_nothing(tx):
        receipt = batches.part_done(tx.in_batch(_batch_id(tx, batch)), PART)
        names = [(source, key) for source, key in receipt["rows"]]
        back = merges.recross(tx, CUSTOMER, old=new, new=old, only=names)
        for contact, its_own, rows in receipt.get("shared", ()):
            only = [(source, key) for source, key in rows]
            merges.recross(tx, CONTACT, old=its_own, new=contact, only=only)
        # What points at the new customer would keep it from leaving, so it is pointed back first.
        for name, column, ids in receipt["moved"]:
            merges.repoint(tx, actor.id, tx.catalog.object(name), column, old=new, new=old, only=ids)
        seen = rollback.preview(tx, actor, batch)
        changed = [*seen.kept, *seen.conflicting]
        if changed or set(back) != set(names):
            titles = [each.title for each in changed if each.object == CUSTOMER]
            raise Conflict(
                say(
                    "this was changed since, so it cannot be put back as it was: {titles}; join the two instead",
                    titles=list(dict.fromkeys(titles)) or [f"#{new}"],
                )
            )
        rollback.roll_back(tx, actor, batch)
        memory.forget(tx, actor, f"split:{batch}")
    return done


def receipt_of(tx: Transaction, batch: str) -> Split:
    """Return a split that stands; raise `NotFound` when there is none called *batch* (any more)."""
    done = batches.part_done(tx.in_batch(_batch_id(tx, batch)), PART)
    if done is None:
        raise NotFound(say("these rows were put back already"))
    return Split(batch=batch, customer_id=done["customer"], new_id=done["new"])


def _batch_id(tx: Transaction, batch: str) -> int:
    found = batches.named(tx, batch)
    if found is None:
        raise NotFound(say("there is no split called {name}", name=batch))
    return found


def _require_sense(own: Sequence[Name], wanted: Sequence[Name], staying: Sequence[Name]) -> None:
    if not wanted:
        raise Refused(say("choose the rows to take out"))
    if not set(wanted) <= set(own):
        raise Conflict(say("these rows do not belong to this customer any more; load the page again"))
    if not staying:
        raise Refused(say("at least one row must stay with the customer"))


def _move_along(tx: Transaction, actor: Actor, plan: SplitPlan, new: int) -> list[tuple[str, str, list[int]]]:
    """Point what came with the rows at the new customer; return (object, column, records) of what was moved."""
    moved = []
    for name, known in plan.moving.items():
        ids = {each for each in batches.resolve(tx, name, known) if each is not None}
        object_type = tx.catalog.object(name)
        for field in object_type.lookups_to(CUSTOMER):
            if field.name == CUSTOMER and ids:
                column = columns_of(field)[0][0]
                changed = merges.repoint(
                    tx, actor.id, object_type, column, old=plan.record_id, new=new, only=ids
                )
                moved.append((name, column, list(changed)))
    return moved
