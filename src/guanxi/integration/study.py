"""A study: one source read, profiled and mapped outside any run, so that people see it before it is used.

Every study has a folder of its own; the one that was finished last counts. So a page that shows the old one is
never half overwritten, and a source that cannot be read any more keeps what was seen before.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import Any, Literal

from guanxi.access.roles import require
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import intake, inventory
from guanxi.integration.plans import SourcePlan
from guanxi.integration.remembering import memory
from guanxi.integration.sources.filenames import safe_file_name
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop, workshop
from guanxi.jobs import progress, work
from guanxi.kernel.errors import GuanxiError, NotFound, Refused, Terminal
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import Message, by_number, say

State = Literal["waiting", "reading", "profiling", "mapping", "done", "broken"]
KEPT_STUDIES = 2
"""The finished one and the one before it, which a page may still be showing."""
_STATE, _CURRENT = "study", "current"
_EMPTY = "none"


@dataclass(frozen=True, kw_only=True)
class Study:
    """How far the latest study of a source is and what it found; ``work`` is the name of its durable work."""

    work: str
    state: State
    when: datetime
    tables: int = 0
    rows: int = 0
    quarantined: int = 0
    problem: Message | None = None

    @property
    def ended(self) -> bool:
        """Tell whether nothing more happens."""
        return self.state in ("done", "broken")


def folder(shop: Workshop, source_name: str) -> RunFolder:
    """Return the files of the study of *source_name* that was finished last; they may be missing."""
    home = _home(shop, source_name)
    try:
        current = home.read_json("read", _CURRENT)["work"]
    except Terminal:
        current = _EMPTY
    return _folder_of(shop, source_name, current)


def has_files(shop: Workshop, source_name: str) -> bool:
    """Tell whether any study of *source_name* was finished."""
    return (_home(shop, source_name).stage("read") / f"{_CURRENT}.json").exists()


def standing(shop: Workshop, source: SourcePlan) -> Study | None:
    """Return how far the latest study of *source* is, None when there was none."""
    try:
        data = _home(shop, source.name).read_json("read", _STATE)
    except Terminal:
        return None
    problem = inventory.message_from_data(data["problem"]) if data["problem"] else None
    return Study(**{**data, "when": datetime.fromisoformat(data["when"]), "problem": problem})


def begin(shop: Workshop, actor: Actor, source_id: int) -> str:
    """Begin to study a source and return the name of the work; while one is under way, return that one's.

    Raises `NotAllowed` without the ability integrate, `NotFound`, and `Refused` for a retired source.
    """
    with shop.store.transaction("integration") as tx:
        require(actor, tx.catalog, "integrate")
        record = inventory.load_source(tx, actor, source_id)
        if record.values["retired"]:
            raise Refused(say("this source is retired; take it into use again first"))
        source, now = inventory.source_plan(record), tx.now
    going = standing(shop, source)
    if going is not None and not going.ended and _at_work(going.work):
        return going.work
    name = new_id()
    _note(shop, source.name, Study(work=name, state="waiting", when=now))
    work.enqueue(study, name, source_id, name)
    return name


@work.workflow("study")
def study(source_id: int, name: str) -> dict[str, Any]:
    """Read, profile and map one source; a source that cannot be read is noted as broken with the reason."""
    with _failing(source_id, name):
        study_read(source_id, name)
        study_profile(source_id, name)
        study_map(source_id, name)
    return study_finish(source_id, name)


@work.step("study_read", retries=1)
def study_read(source_id: int, name: str) -> dict[str, Any]:
    """Read the source into the folder of this study."""
    shop = workshop()
    source = _source(shop, source_id)
    _go_on(shop, source, name, "reading")
    progress.report("read", done=0, total=1, message=say("reading {source}", source=source.label.zh))
    into = _folder_of(shop, source.name, name)
    counts = intake.read(into, source)
    into.write_json("read", "counts", counts)
    with shop.store.transaction("integration") as tx:
        inventory.note_reading(tx, SYSTEM, source_id, intake.receipt_of(into, source), counts)
    told = by_number(counts["rows"], say("1 row read"), say("{rows} rows read", rows=counts["rows"]))
    progress.report("read", done=1, total=1, message=told)
    return counts


@work.step("study_profile")
def study_profile(source_id: int, name: str) -> dict[str, Any]:
    """Look at every column."""
    shop = workshop()
    source = _source(shop, source_id)
    _go_on(shop, source, name, "profiling")
    counts = intake.profile_tables(_folder_of(shop, source.name, name), source)
    columns = counts["columns"]
    told = by_number(columns, say("1 column looked at"), say("{columns} columns looked at", columns=columns))
    progress.report("profile", done=1, total=1, message=told)
    return counts


@work.step("study_map")
def study_map(source_id: int, name: str) -> dict[str, Any]:
    """Say which column is which field."""
    shop = workshop()
    source = _source(shop, source_id)
    _go_on(shop, source, name, "mapping")
    with shop.store.transaction("integration") as tx:
        counts = intake.map_tables(_folder_of(shop, source.name, name), source, tx.catalog, memory(tx))
    mapped, columns = counts["mapped"], counts["columns"]
    told = by_number(
        columns,
        say("{mapped} of 1 column mapped", mapped=mapped),
        say("{mapped} of {columns} columns mapped", mapped=mapped, columns=columns),
    )
    progress.report("mapping", done=1, total=1, message=told)
    return counts


@work.step("study_finish")
def study_finish(source_id: int, name: str) -> dict[str, Any]:
    """Make this study the one that counts and throw older ones away."""
    shop = workshop()
    source = _source(shop, source_id)
    counts: dict[str, Any] = _folder_of(shop, source.name, name).read_json("read", "counts")
    _make_current(shop, source.name, name, counts)
    with shop.store.transaction("integration") as tx:
        inventory.note_study(tx, SYSTEM, source_id)
    return counts


def keep(shop: Workshop, run: RunFolder, source: SourcePlan) -> None:
    """Make what a run read, profiled and mapped of *source* its latest study; the files are shared, not copied."""
    name = new_id()
    into = _folder_of(shop, source.name, name)
    for stage in ("read", "profile", "mapping"):
        here, there = run.stage(stage), into.stage(stage)
        for file in (*here.glob(f"{escape(source.name)}/**/*"), *here.glob(f"{escape(source.name)}.*")):
            if file.is_file():
                _share(file, there / file.relative_to(here))
    counts = run.read_json("read", f"counts.read.{source.name}")
    into.write_json("read", "counts", counts)
    _make_current(shop, source.name, name, counts)
    with shop.store.transaction("integration") as tx:
        record = inventory.number_of(tx, SYSTEM, source.name)
        if record is not None:
            inventory.note_study(tx, SYSTEM, record)


def _share(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(file, target)


def _make_current(shop: Workshop, source_name: str, name: str, counts: dict[str, Any]) -> None:
    """Make a finished study the one that counts and throw older ones away."""
    _home(shop, source_name).write_json("read", _CURRENT, {"work": name})
    done = Study(
        work=name,
        state="done",
        when=_now(shop),
        tables=counts["tables"],
        rows=counts["rows"],
        quarantined=counts["quarantined"],
    )
    _note(shop, source_name, done)
    _tidy(shop, source_name)


def _home(shop: Workshop, source_name: str) -> RunFolder:
    return RunFolder(shop.home / "sources" / safe_file_name(source_name).stored)


def _folder_of(shop: Workshop, source_name: str, name: str) -> RunFolder:
    return RunFolder(_home(shop, source_name).path / "studies" / name)


def _source(shop: Workshop, source_id: int) -> SourcePlan:
    with shop.store.transaction("integration") as tx:
        return inventory.source_plan(inventory.load_source(tx, SYSTEM, source_id))


def _now(shop: Workshop) -> datetime:
    with shop.store.transaction("integration") as tx:
        return tx.now


def _note(shop: Workshop, source_name: str, told: Study) -> None:
    problem = inventory.message_to_data(told.problem) if told.problem else None
    data = {**vars(told), "when": told.when.isoformat(), "problem": problem}
    _home(shop, source_name).write_json("read", _STATE, data)


def _go_on(shop: Workshop, source: SourcePlan, name: str, state: State) -> None:
    _note(shop, source.name, Study(work=name, state=state, when=_now(shop)))


@contextmanager
def _failing(source_id: int, name: str) -> Iterator[None]:
    """Note why the study stopped; this is no step, so that a study resumed repeats the step that failed."""
    try:
        yield
    except GuanxiError as error:
        shop = workshop()
        source = _source(shop, source_id)
        broken = Study(work=name, state="broken", when=_now(shop), problem=error.message)
        _note(shop, source.name, broken)
        with shop.store.transaction("integration") as tx:
            inventory.note_failure(tx, SYSTEM, source_id, error)
        raise


def _at_work(name: str) -> bool:
    try:
        return not work.status(name).ended
    except NotFound:
        return False


def _tidy(shop: Workshop, source_name: str) -> None:
    studies = sorted((_home(shop, source_name).path / "studies").iterdir())
    for old in studies[:-KEPT_STUDIES]:
        shutil.rmtree(old, ignore_errors=True)
