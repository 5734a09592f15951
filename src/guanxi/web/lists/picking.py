"""Records a person picked, and what is done to all: changed, deleted, restored; each refusal with its reason."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guanxi.expressions.conditions import is_one_of
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.records import bulk, reading, writing
from guanxi.records.reading import Asked
from guanxi.store.transactions import Transaction

MOST_CHANGED = 20_000
"""Records changed in one transaction: some ten seconds of work."""
MOST_MOVED = 2_000
"""Records deleted or restored at once, which goes one by one."""
_AT_ONCE = 2_000
_MOST_TOLD = 20

Move = Callable[[Transaction, Actor, str, Sequence[int]], None]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One reason, how many records it stopped, and a few of them."""

    reason: Message
    field: str
    count: int
    ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of the picked records."""

    done: int
    unchanged: int = 0
    refusals: tuple[Refusal, ...] = ()

    @property
    def refused(self) -> int:
        """Return how many records were refused."""
        return sum(each.count for each in self.refusals)


def all_that_fit(tx: Transaction, actor: Actor, asked: Asked, *, most: int) -> tuple[int, ...]:
    """Return the numbers of everything *asked* finds; raise `Refused` when that is more than *most*."""
    found: list[int] = []
    for records in pages_of(tx, actor, replace(asked, fields=("id",), order=())):
        found += [each.id for each in records]
        if len(found) > most:
            raise Refused(
                say("more than {most} records match; narrow the list and do it in parts", most=most)
            )
    return tuple(found)


def pages_of(tx: Transaction, actor: Actor, asked: Asked) -> Iterator[tuple[reading.Record, ...]]:
    """Yield what *asked* finds, some thousand records at a time."""
    question = replace(asked, limit=_AT_ONCE)
    while True:
        found = reading.find(tx, actor, question)
        yield found.records
        if found.next is None:
            return
        question = replace(question, after=found.next)


def change(
    tx: Transaction, actor: Actor, object_name: str, ids: Sequence[int], field: str, value: Any
) -> Outcome:
    """Give *field* of all records the same value; raises `NotAllowed` when none may be changed at all."""
    receipt = bulk.save(tx, actor, object_name, {field: [value] * len(ids)}, ids=list(ids))
    stopped: dict[tuple[str, str], list[int]] = defaultdict(list)
    reasons: dict[tuple[str, str], Message] = {}
    for place, problems in receipt.refused.items():
        for problem in problems[:1]:
            key = (problem.field or "", str(problem.message))
            stopped[key].append(ids[place])
            reasons[key] = problem.message
    refusals = tuple(
        Refusal(reason=reasons[key], field=key[0], count=len(each), ids=tuple(each[:_MOST_TOLD]))
        for key, each in stopped.items()
    )
    return Outcome(done=receipt.updated, unchanged=receipt.unchanged, refusals=refusals)


def delete(tx: Transaction, actor: Actor, object_name: str, ids: Sequence[int]) -> Outcome:
    """Put the records into the recycle bin."""
    return _one_by_one(tx, actor, object_name, ids, writing.delete)


def restore(tx: Transaction, actor: Actor, object_name: str, ids: Sequence[int]) -> Outcome:
    """Take the records out of the recycle bin."""
    return _one_by_one(tx, actor, object_name, ids, writing.restore)


def titles_of(tx: Transaction, actor: Actor, object_name: str, ids: Sequence[int]) -> dict[int, str]:
    """Return what a few records are called; those the actor may not see are left out."""
    title = tx.catalog.object(object_name).title
    asked = Asked(object=object_name, fields=(title,), where=is_one_of("id", ids), limit=len(ids) or 1)
    return {
        each.id: str(each.values.get(title) or f"#{each.id}")
        for each in reading.find(tx, actor, asked).records
    }


def _one_by_one(tx: Transaction, actor: Actor, object_name: str, ids: Sequence[int], move: Move) -> Outcome:
    stopped: dict[str, list[int]] = defaultdict(list)
    reasons: dict[str, Message] = {}
    for each in ids:
        try:
            move(tx, actor, object_name, [each])
        except Refused as refused:
            reasons[refused.message.template] = refused.message
            stopped[refused.message.template].append(each)
    refusals = tuple(
        Refusal(reason=reasons[key], field="", count=len(each), ids=tuple(each[:_MOST_TOLD]))
        for key, each in stopped.items()
    )
    return Outcome(done=len(ids) - sum(each.count for each in refusals), refusals=refusals)
