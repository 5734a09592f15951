"""Who loads: the parts of one object are loaded by several processes at once when there are many rows.

Each part is a transaction with a mark of its own, so it does not matter who loads it, in which order, or how often
it is begun. Two parts that want the same unique value at the same moment are not told apart by the database's rules:
the later one is begun anew when the others are done.
"""

import multiprocessing
import os
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guanxi.integration import milestones, runs
from guanxi.integration.loading import PartReceipt, load_part
from guanxi.integration.runs import PartPlan
from guanxi.integration.workshop import Workshop, open_workshop, workshop
from guanxi.jobs.encoding import decode, encode
from guanxi.kernel.clock import Clock
from guanxi.kernel.errors import Conflict, GuanxiError, Transient
from guanxi.kernel.text import say
from guanxi.store.transactions import Store

ENOUGH_ROWS = 20_000
"""Below, one process is done before a second one has started."""
MOST_MEMBERS = 4
"""More only wait for each other at the database's indexes."""
Loaded = tuple[PartPlan, PartReceipt]
Told = PartReceipt | Any
"""What another process tells of a part: its receipt, or the encoded error."""


def load_parts(
    shop: Workshop, run: str, parts: Sequence[PartPlan], *, most: int = MOST_MEMBERS
) -> Generator[Loaded, None, None]:
    """Load *parts* of one object by up to *most* processes; yield each with its receipt when it is done.

    Raises what the first part that fails raises; those that are under way end, those that wait are not begun.
    """
    members = min(most, os.cpu_count() or 1)
    if members < 2 or len(parts) < 2 or sum(each.length for each in parts) < ENOUGH_ROWS:
        for part in parts:
            yield part, load_one(shop, run, part)
    else:
        yield from _together(shop, run, parts, min(members, len(parts)))


def load_one(shop: Workshop, run: str, part: PartPlan) -> PartReceipt:
    """Load one part in one transaction, once, unless the run was taken back meanwhile."""
    frame = runs.slice_of(shop.folder(run), part)
    with shop.store.transaction("integration") as tx:
        within = tx.in_batch(runs.batch_of(tx, run))
        milestones.require_open(within, run)
        return load_part(within, runs.actor_of(shop, run), part.object, frame, part=part.name)


def _together(
    shop: Workshop, run: str, parts: Sequence[PartPlan], members: int
) -> Generator[Loaded, None, None]:
    collided: list[PartPlan] = []
    with _crew(shop, members) as pool:
        waiting: dict[Future[Told], PartPlan] = {pool.submit(_load, run, each): each for each in parts}
        for done in as_completed(waiting):
            told = done.result()
            if isinstance(told, PartReceipt):
                yield waiting[done], told
                continue
            failure = decode(told)
            if not isinstance(failure, Conflict | Transient):
                raise failure
            collided.append(waiting[done])
    for part in collided:
        yield part, load_one(shop, run, part)


@contextmanager
def _crew(shop: Workshop, members: int) -> Iterator[ProcessPoolExecutor]:
    """Return processes that have opened the same database; nothing is begun any more when the block ends."""
    # Forked ones would inherit connections and locks of threads that they do not have.
    fresh = multiprocessing.get_context("spawn")
    opened = (shop.store.address, shop.store.clock, str(shop.home))
    pool = ProcessPoolExecutor(members, mp_context=fresh, initializer=_join, initargs=opened)
    try:
        yield pool
    except BrokenProcessPool:
        raise Transient(say("a process that was loading went away; its part is loaded again")) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _join(address: str, clock: Clock, home: str) -> None:
    """Begin to work for the process that started this one, and for no longer than it lives."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    open_workshop(Workshop(Store(address, clock=clock, pool_size=1), Path(home)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # what is not committed did not happen


def _load(run: str, part: PartPlan) -> Told:
    try:
        return load_one(workshop(), run, part)
    except GuanxiError as error:
        return encode(error)
