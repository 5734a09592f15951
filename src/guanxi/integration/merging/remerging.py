"""Doing a merge again that was taken apart."""

from guanxi.identity.actor import Actor
from guanxi.integration.merging.ledger import merge_records
from guanxi.integration.merging.unmerging import as_columns
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import say
from guanxi.metadata.field_types import columns_of
from guanxi.records.validation import values_of
from guanxi.store import merges, rows
from guanxi.store.transactions import Transaction


def merge_again(tx: Transaction, actor: Actor, merge_id: int) -> int:
    """Join the records of a merge that was taken apart, with the values it had chosen; return the new merge.

    Raises `NotFound`, and what merging raises.
    """
    one = merges.named(tx, merge_id)
    if one is None:
        raise NotFound(say("there is no merge number {id}", id=merge_id))
    object_type = tx.catalog.object(one.object)
    held = rows.fetch(tx, object_type, [one.winner_id])[one.winner_id]
    own = {name for field in object_type.fields.values() for name, _ in columns_of(field)}
    then = {name: value for name, value in as_columns(object_type, one.after).items() if name in own}
    now, wanted = values_of(object_type, held.columns), values_of(object_type, {**held.columns, **then})
    changed = {name: value for name, value in wanted.items() if value != now[name]}
    origins = one.after.get("origin") or {}
    return merge_records(
        tx, actor, one.object, one.winner_id, list(one.moved), chosen=changed, origins=origins
    )
