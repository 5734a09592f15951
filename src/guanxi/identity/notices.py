"""Notices: what people are told about work that concerns them, each in their own language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from guanxi.identity.actor import Actor
from guanxi.jobs.encoding import decode, encode
from guanxi.kernel.errors import NotFound
from guanxi.kernel.numbers import BIGGEST
from guanxi.kernel.text import Message, say
from guanxi.store import notices as rows
from guanxi.store import users
from guanxi.store.transactions import Transaction

Kind = Literal["run_finished", "run_failed", "run_waits", "gaps", "sign_off", "review", "bulk"]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing a person was told; ``address`` is the page that shows it."""

    id: int
    kind: str
    message: Message
    address: str
    at: datetime
    is_unread: bool


def notify(tx: Transaction, people: Iterable[int], message: Message, address: str, *, kind: Kind) -> None:
    """Tell each of *people* (by number, each once) *message*; what it names are texts, numbers and dates."""
    told = sorted(set(people))
    rows.insert(tx, told, {"kind": kind, "message": encode(message), "address": address})


def latest(
    tx: Transaction, actor: Actor, *, limit: int = 50, before: int | None = None
) -> tuple[Notice, ...]:
    """Return what *actor* was told, newest first."""
    found = rows.listed(tx, actor.id or 0, limit=limit, before=before)
    return tuple(
        Notice(
            id=each.id,
            kind=each.kind,
            message=decode(each.message),
            address=each.address,
            at=each.at,
            is_unread=each.read_at is None,
        )
        for each in found
    )


def open_notice(tx: Transaction, actor: Actor, notice_id: int) -> str:
    """Note that *actor* has read a notice; return where it leads. Raises `NotFound` when it is not theirs."""
    address = rows.address_of(tx, actor.id or 0, notice_id) if notice_id <= BIGGEST else None
    if address is None:
        raise NotFound(say("there is no notice number {id}", id=notice_id))
    rows.mark_read(tx, actor.id or 0, notice_id)
    return address


def read_all(tx: Transaction, actor: Actor) -> None:
    """Note that *actor* has read everything."""
    rows.mark_read(tx, actor.id or 0)


def people_of(tx: Transaction, department: str, *, holding: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the numbers of those who work in *department* now, those *holding* one of the roles if any is named."""
    wanted = set(holding)
    return tuple(
        each.id
        for each in users.listed(tx)
        if each.active and each.department == department and (not wanted or wanted & set(each.roles))
    )


def people_with(tx: Transaction, roles: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of everybody who works here now and holds one of *roles*."""
    wanted = set(roles)
    return tuple(each.id for each in users.listed(tx) if each.active and wanted & set(each.roles))
