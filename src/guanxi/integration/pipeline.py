"""The way from several departments' files to one clean customer view; every line survives a crash.

`integrate` is the table of contents: three phases, behind each of which a plan may let the run wait for people.
Each step writes its files into the run's folder, or its rows and a mark in one transaction, so that a run goes
on behind its last finished step however it ended.
"""

from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from guanxi.integration import (
    contacts,
    corrections,
    crew,
    intake,
    inventory,
    milestones,
    proof,
    readiness,
    recall,
    runs,
    study,
    tasks,
    unite,
)
from guanxi.integration.mentions import CONTACT, CUSTOMER, frame_of
from guanxi.integration.people import people
from guanxi.integration.plans import PHASES, Phase
from guanxi.integration.remembering import memory
from guanxi.integration.runs import PartPlan
from guanxi.integration.workshop import workshop
from guanxi.jobs import progress, work
from guanxi.kernel.errors import GuanxiError, Refused
from guanxi.kernel.text import by_number, say

Counts = dict[str, Any]
WAITS_AS: dict[Phase, str] = {"prepare": "prepared", "pilot": "pilot", "rest": "finished"}
"""The state of a run behind each phase."""


@work.workflow("integrate")
def integrate(run: str, since: Phase = "prepare", again: bool = False) -> Counts:
    """Go through the phases from *since* on, until the end or until the plan lets people look.

    *again* prepares once more what was read before, with what people decided meanwhile.
    """
    phase = since
    try:
        for phase in PHASES[PHASES.index(since) :]:
            begun = begin(run, phase, again)
            if phase == "prepare":
                prepare(run, begun["sources"], again=again)
            elif phase == "pilot":
                load_pilot(run)
            else:
                load_rest(run)
            if begun["waits"]:
                break
        return finish(run, WAITS_AS[phase])
    except GuanxiError as error:
        give_up(run, error)
        raise


def prepare(run: str, sources: list[str], *, again: bool = False) -> None:
    """Find out what would be loaded: golden customers, and the pairs that people should decide before."""
    for source in sources:
        read(run, source, again)
    for source in sources:
        profile(run, source)
        map_columns(run, source)
        bring_to_standard(run, source)
    find_matches(run)
    choose_golden(run)
    hand_out_reviews(run)


def load_pilot(run: str) -> None:
    """Load a share of the customers with all that is theirs, and hold it against the sources."""
    load_all(run, pilot=True)
    verify(run, "pilot")


def load_rest(run: str) -> None:
    """Load everything behind the pilot, give the departments their tasks, prove the result."""
    load_all(run, pilot=False)
    hand_out_gaps(run)
    verify(run, "all")


def load_all(run: str, *, pilot: bool) -> None:
    """Load every part of one phase, what others point to first."""
    parts = plan_parts(run, pilot)
    done = 0
    for _, same in groupby(parts, key=itemgetter("object")):
        together = list(same)
        load(run, together, done, len(parts), "pilot" if pilot else "load")
        done += len(together)


@work.step("begin", retries=8)
def begin(run: str, phase: Phase, again: bool) -> Counts:
    """Note that a phase has begun; return the names of the sources and whether the run waits behind it.

    It does not begin while a run is being taken back: the customers it would find are about to go.
    """
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        if again:
            runs.renew_plan(tx, shop, run)
        milestones.begin(tx, run, phase)
    plan = runs.plan_of(shop, run)
    return {
        "sources": [each.name for each in plan.sources],
        "waits": phase in plan.stop_after or phase == PHASES[-1],
    }


@work.step("read")
def read(run: str, source: str, again: bool) -> Counts:
    """Read one source into Parquet; a service that hiccups is asked again, what was read before is not."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    if again and (counts := runs.read_before(shop, run, plan.source(source))) is not None:
        return counts
    done, of = plan.place_of(source), len(plan.sources)
    progress.report("read", done=done, total=of, message=say("reading {source}", source=source))
    counts = intake.read(shop.folder(run), plan.source(source))
    with shop.store.transaction("integration") as tx:
        runs.note_source(tx, shop, run, source, counts)
    runs.note_place(shop, run, plan.source(source))
    message = by_number(
        counts["rows"],
        say("{source}: 1 row read", source=source),
        say("{source}: {rows} rows read", source=source, rows=counts["rows"]),
    )
    progress.report("read", done=done + 1, total=of, message=message)
    return runs.note(shop, run, "read", source, counts)


@work.step("profile")
def profile(run: str, source: str) -> Counts:
    """Look at every column of one source."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    counts = intake.profile_tables(shop.folder(run), plan.source(source))
    message = by_number(
        counts["columns"],
        say("{source}: 1 column looked at", source=source),
        say("{source}: {columns} columns looked at", source=source, columns=counts["columns"]),
    )
    progress.report("profile", done=plan.place_of(source) + 1, total=len(plan.sources), message=message)
    return runs.note(shop, run, "profile", source, counts)


@work.step("map")
def map_columns(run: str, source: str) -> Counts:
    """Say which column of one source is which field."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        counts = intake.map_tables(shop.folder(run), plan.source(source), tx.catalog, memory(tx))
    study.keep(shop, shop.folder(run), plan.source(source))
    mapped, columns = counts["mapped"], counts["columns"]
    message = by_number(
        columns,
        say("{source}: {mapped} of 1 column mapped", source=source, mapped=mapped),
        say("{source}: {mapped} of {columns} columns mapped", source=source, mapped=mapped, columns=columns),
    )
    progress.report("mapping", done=plan.place_of(source) + 1, total=len(plan.sources), message=message)
    return runs.note(shop, run, "mapping", source, counts)


@work.step("standardise")
def bring_to_standard(run: str, source: str) -> Counts:
    """Bring every value of one source to its standard."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        corrected = corrections.of_source(tx, source)
        counts = intake.standardise_tables(
            shop.folder(run), plan.source(source), tx.catalog, people(tx), corrected
        )
    message = say(
        "{source}: values changed: {changed}, rejected: {rejected}",
        source=source,
        changed=counts.get("changed", 0),
        rejected=counts.get("rejected", 0),
    )
    progress.report("standard", done=plan.place_of(source) + 1, total=len(plan.sources), message=message)
    return runs.note(shop, run, "standard", source, counts)


@work.step("match")
def find_matches(run: str) -> Counts:
    """Find out which rows speak of the same customer."""
    shop = workshop()
    progress.report("match", done=0, message=say("comparing customers"))
    with shop.store.transaction("integration") as tx:
        existing, known = runs.existing_records(tx), runs.known_rows(tx)
        decided = runs.decisions(tx)
    counts = unite.match(shop.folder(run), runs.plan_of(shop, run), existing, decided, known)
    find_people(run)
    progress.report(
        "match", done=counts["mentions"], total=counts["mentions"], message=say("customers compared")
    )
    return runs.note(shop, run, "match", "", counts)


def find_people(run: str) -> None:
    """Find out which rows speak of the same person at a customer."""
    shop = workshop()
    folder = shop.folder(run)
    rows = contacts.gather(folder, runs.plan_of(shop, run))
    if rows.is_empty():
        contacts.forget(folder)
        return
    with shop.store.transaction("integration") as tx:
        existing, known = runs.existing_records(tx, CONTACT), runs.known_rows(tx, CONTACT)
        contacts.match(folder, rows, existing, known, tx.catalog)


@work.step("golden")
def choose_golden(run: str) -> Counts:
    """Choose the values of each golden customer."""
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        plan, number = runs.plan_of(shop, run), runs.record_id(tx, run)
        read_now = recall.readings_of(tx, [number])[number]
        unread = {
            name: recall.unread(tx, shop, run, read_now, runs.known_rows(tx, name), name)
            for name in (CUSTOMER, CONTACT)
            if shop.folder(run).has_frame("match", frame_of(name, "groups"))
        }
        for name, each in unread.items():
            shop.folder(run).write_frame("match", frame_of(name, recall.UNREAD), each.rows)
        trust = inventory.trust(tx)
        counts = unite.make_golden(
            shop.folder(run), plan, tx.catalog, number=number, trust=trust, unread=unread
        )
    if not counts["customer"] and not readiness.names_customers(shop.folder(run), plan.sources):
        raise Refused(
            say("no column of the sources holds the name of a customer; say in the mapping which one does")
        )
    progress.report(
        "golden", done=counts["customer"], total=counts["customer"], message=say("golden records chosen")
    )
    return runs.note(shop, run, "golden", "", counts)


@work.step("plan_parts")
def plan_parts(run: str, pilot: bool) -> list[dict[str, Any]]:
    """Cut what is to be loaded into parts of bounded size, what others point to first."""
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        parts = runs.parts(shop.folder(run), runs.plan_of(shop, run), tx.catalog, pilot=pilot)
    return [each.as_data() for each in parts]


@work.step("load")
def load(run: str, parts: list[dict[str, Any]], before: int, of: int, stage: str) -> None:
    """Load the parts of one object, each in one transaction and once, however often this is called."""
    shop = workshop()
    wanted = [PartPlan(**each) for each in parts]
    with closing(crew.load_parts(shop, run, wanted)) as loaded:
        for place, (part, receipt) in enumerate(loaded, start=before + 1):
            runs.note_refusals(shop.folder(run), part, receipt)
            counts = {key: value for key, value in receipt.as_data().items() if key != "refusals"}
            runs.note(shop, run, "load", part.name, counts)
            message = say("{done} of {total} parts loaded", done=place, total=of)
            progress.report(stage, done=place, total=of, message=message)


@work.step("reviews")
def hand_out_reviews(run: str) -> Counts:
    """Put doubtful pairs before a steward, who may decide them before anything is loaded."""
    shop = workshop()
    counts = tasks.hand_out_reviews(shop, run)
    progress.report("tasks", done=1, total=1, message=say("tasks handed out"))
    return runs.note(shop, run, "tasks", "reviews", counts)


@work.step("gaps")
def hand_out_gaps(run: str) -> Counts:
    """Put gaps before the departments that own them."""
    shop = workshop()
    counts = tasks.hand_out_gaps(shop, run)
    progress.report("tasks", done=1, total=1, message=say("tasks handed out"))
    return runs.note(shop, run, "tasks", "gaps", counts)


@work.step("verify")
def verify(run: str, phase: str) -> Counts:
    """Compare what is stored with what the sources said; write the proof."""
    shop = workshop()
    counts = proof.prove(shop, run, phase)
    progress.report("verify", done=1, total=1, message=say("result verified"))
    return runs.note(shop, run, "verify", phase, counts)


@work.step("finish")
def finish(run: str, state: str) -> Counts:
    """Note where the run came to; return all its counts."""
    shop = workshop()
    counts = runs.counts(shop, run)
    with shop.store.transaction("integration") as tx:
        milestones.arrive(tx, run, state, runs.summary(counts))
    return counts


def give_up(run: str, error: GuanxiError) -> None:
    """Note why the run stopped; resuming it tries the step that failed anew.

    This is no step itself: the last step a run remembers must be the one that failed.
    """
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        milestones.fail(tx, shop, run, error)
