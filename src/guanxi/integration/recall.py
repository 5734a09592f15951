"""What runs have read: of each source when, from which file and whether whole; and its rows, from the files kept.

A run that does not read a source, or reads only what changed in it, lets its other rows speak as the newest run that
read them understood them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import polars.selectors as cs

from guanxi.expressions.conditions import is_one_of
from guanxi.identity.actor import SYSTEM
from guanxi.integration.belongings import NAMES, names_of
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER, frame_of
from guanxi.integration.plans import SourcePlan
from guanxi.integration.sources.base import ReadReceipt
from guanxi.integration.staging import RunFolder
from guanxi.integration.uploads import file_of
from guanxi.integration.workshop import Workshop
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.transactions import Transaction

UNREAD = "unread"
"""The name, at the stage of matching, of the rows of a run's customers that it did not read."""
MOST_RUNS = 1_000
"""So many runs are looked through for one that read a source, the newest first."""
_SOUND = ("finished", "pilot")
_OTHERS = ("running", "failed", "cancelled")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading of a source: when it was, the name of its file ('' where it is none), whether all of it was read."""

    at: datetime
    file: str
    whole: bool

    def as_data(self) -> dict[str, Any]:
        """Return JSON values."""
        return {"at": self.at.isoformat(timespec="seconds"), "file": self.file, "whole": self.whole}


Readings = Mapping[str, Reading]
"""Readings of one run, by source."""


@dataclass(frozen=True, kw_only=True)
class FormerRun:
    """A run that loaded something, with its files."""

    number: int
    name: str
    state: str
    folder: RunFolder
    readings: Readings


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Rows of customers in a run that this run has not read, as mentions with the ``record`` they belong to.

    ``forgotten`` names the sources of such rows whose files no run keeps any more.
    """

    rows: pl.DataFrame
    forgotten: frozenset[str]


NOTHING_UNREAD = Unread(
    rows=pl.DataFrame(schema={"source": pl.String, "key": pl.String, "record": pl.String}),
    forgotten=frozenset(),
)


def reading_of(source: SourcePlan, receipt: ReadReceipt, at: datetime) -> Reading:
    """Return the reading of *source* that left *receipt*; one that asked for changes only is not whole."""
    file = file_of(source.options)
    whole = receipt.complete and not receipt.unread and not source.options.get("changed_since")
    return Reading(at=at, file=file.name if file is not None and file.is_file() else "", whole=whole)


def readings_of(tx: Transaction, numbers: Iterable[int]) -> dict[int, Readings]:
    """Return what the runs with these numbers have read; runs that are gone are left out."""
    wanted = tuple(sorted(set(numbers)))
    if not wanted:
        return {}
    asked = Asked(object="run", fields=("readings",), where=is_one_of("id", wanted), limit=len(wanted))
    found = reading.find(tx, SYSTEM, asked).records
    return {each.id: _readings(each.values["readings"]) for each in found}


def _readings(data: Mapping[str, Any] | None) -> Readings:
    return {
        name: Reading(at=datetime.fromisoformat(each["at"]), file=each["file"], whole=each["whole"])
        for name, each in (data or {}).items()
    }


def former_runs(tx: Transaction, shop: Workshop, *, states: Sequence[str]) -> Iterator[FormerRun]:
    """Yield the runs in *states* that still have their files, the newest first."""
    asked = Asked(
        object="run",
        fields=("folder", "state", "readings"),
        where=is_one_of("state", tuple(states)),
        order=(("id", True),),
        limit=MOST_RUNS,
    )
    for each in reading.find(tx, SYSTEM, asked).records:
        name = str(each.values["folder"] or "")
        if name and (folder := shop.folder(name)).path.is_dir():
            told = _readings(each.values["readings"])
            state = str(each.values["state"])
            yield FormerRun(number=each.id, name=name, state=state, folder=folder, readings=told)


def runs_that_loaded(tx: Transaction, shop: Workshop) -> Iterator[FormerRun]:
    """Yield the runs that may have loaded something, the sound ones first, each kind the newest first."""
    found = former_runs(tx, shop, states=(*_SOUND, *_OTHERS))
    yield from sorted(found, key=lambda each: each.state not in _SOUND)


def mentions_in(
    run: FormerRun, names: Iterable[tuple[str, str]], object_name: str = CUSTOMER
) -> pl.DataFrame:
    """Return the mentions (source, key) of *names* in a run with its number as ``run``; none without its files."""
    mentions = frame_of(object_name, "mentions")
    if not run.folder.has_frame("match", mentions):
        return pl.DataFrame(schema={"source": pl.String, "key": pl.String})
    wanted = pl.LazyFrame(list(names), schema={"source": pl.String, "key": pl.String}, orient="row")
    frame = run.folder.scan("match", mentions).filter(~pl.col("existing"))
    here = frame.join(wanted, on=["source", "key"], how="semi", maintain_order="left").collect()
    return here.with_columns(run=pl.lit(run.number, dtype=pl.Int64))


def unread(
    tx: Transaction,
    shop: Workshop,
    run: str,
    readings: Readings,
    known: pl.DataFrame,
    object_name: str = CUSTOMER,
) -> Unread:
    """Return the rows of the records in a matched *run* that it did not read itself, with *readings*.

    *known*: ``source, key, record`` of rows that became records of the object. A row that a source, read whole later,
    does not hold any more is gone and says nothing.
    """
    wanted = _not_read(shop.folder(run), readings, known, object_name)
    found, missing = list[pl.DataFrame](), set(wanted.select("source", "key").iter_rows())
    silent = {source for source, _ in missing}
    if missing:
        open_sources = set(silent)
        for former in former_runs(tx, shop, states=("finished",)):
            here = open_sources & former.readings.keys()
            if former.name == run or not here:
                continue
            asked = [each for each in missing if each[0] in here]
            found.append(mentions_in(former, asked, object_name))
            silent -= here
            open_sources -= {each for each in here if former.readings[each].whole}
            missing -= set(names_of(found[-1]).select("source", "key").iter_rows())
            if not open_sources:
                break
    rows = together(found)
    if rows.is_empty():
        return Unread(rows=NOTHING_UNREAD.rows, forgotten=frozenset(silent))
    # In their order: of equal rows the first one speaks.
    placed = rows.join(wanted, on=["source", "key"], maintain_order="left")
    return Unread(rows=placed, forgotten=frozenset(silent))


def together(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the rows of several runs, given newest first, as one frame: oldest first, each row numbered anew.

    A column takes the type it has in the newest run that has it; older values of other types are left out.
    """
    shape: dict[str, pl.DataType] = {}
    for frame in found:
        shape = {**frame.schema, **shape}
    fitting = [
        frame.select(name for name, kind in frame.schema.items() if kind == shape[name])
        for frame in reversed(found)
    ]
    if not fitting:
        return pl.DataFrame(schema={"id": pl.Int64, "source": pl.String, "key": pl.String})
    rows = pl.concat(fitting, how="diagonal")
    return rows.with_columns(id=pl.int_range(pl.len(), dtype=pl.Int64) + 1)


def _not_read(folder: RunFolder, readings: Readings, known: pl.DataFrame, object_name: str) -> pl.DataFrame:
    """Return ``source, key, record`` of the rows behind the run's records that it had no chance to read itself."""
    mentions, groups = (frame_of(object_name, what) for what in ("mentions", "groups"))
    told = folder.scan("match", mentions)
    wanted = cs.by_name("id", "source", "key", "existing", NAMES, require_all=False)
    everyone = told.select(wanted).collect()
    placed = everyone.join(folder.read_frame("match", groups), on="id")
    spoken = placed.filter(~pl.col("existing"))
    touched = placed.filter("existing").join(spoken.select("group"), on="group", how="semi")
    whole = [name for name, each in readings.items() if each.whole]
    return (
        known.join(touched.select(record="key"), on="record", how="semi")
        .filter(~pl.col("source").is_in([*whole, OURSELVES]))
        .join(names_of(spoken), on=["source", "key"], how="anti")
    )
