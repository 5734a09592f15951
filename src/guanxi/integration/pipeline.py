"""The way from several departments' files to one clean customer view; every line survives a crash.

`integrate` is the table of contents. Each step writes its files into the run's folder, or its rows and a mark in
one transaction, so that a run goes on behind its last finished step however it ended.
"""

from typing import Any

from guanxi.integration import intake, proof, runs, tasks, unite
from guanxi.integration.loading import load_part
from guanxi.integration.people import people
from guanxi.integration.remembering import memory
from guanxi.integration.runs import PartPlan
from guanxi.integration.workshop import workshop
from guanxi.jobs import progress, work
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.text import say

Counts = dict[str, Any]


@work.workflow("integrate")
def integrate(run: str) -> Counts:
    """Bring the sources of the run's plan in; with a plan that asks for it, stop behind the pilot."""
    try:
        sources = begin(run)
        for source in sources:
            read(run, source)
        for source in sources:
            profile(run, source)
            map_columns(run, source)
            bring_to_standard(run, source)
        find_matches(run)
        choose_golden(run)
        load_all(run, pilot=True)
        if not verify(run, "pilot")["go_on"]:
            return finish(run, "pilot")
        return bring_in_the_rest(run)
    except GuanxiError as error:
        give_up(run, str(error))
        raise


@work.workflow("integrate_rest")
def integrate_rest(run: str) -> Counts:
    """Load what the pilot left, after a person has looked at it."""
    try:
        return bring_in_the_rest(run)
    except GuanxiError as error:
        give_up(run, str(error))
        raise


def bring_in_the_rest(run: str) -> Counts:
    """Load everything behind the pilot, give people their tasks, prove the result."""
    load_all(run, pilot=False)
    hand_out_tasks(run)
    verify(run, "all")
    return finish(run, "finished")


def load_all(run: str, *, pilot: bool) -> None:
    """Load every part of one phase."""
    parts = plan_parts(run, pilot)
    for place, part in enumerate(parts):
        load(run, part, place, len(parts), "pilot" if pilot else "load")


@work.step("begin")
def begin(run: str) -> list[str]:
    """Note that the run has begun; return the names of its sources."""
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        runs.change(tx, run, state="running", stage="read", started_at=tx.now, problem=None)
    return [each.name for each in runs.plan_of(shop, run).sources]


@work.step("read")
def read(run: str, source: str) -> Counts:
    """Read one source into Parquet; a service that hiccups is asked again."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    done, of = plan.place_of(source), len(plan.sources)
    progress.report("read", done=done, total=of, message=say("reading {source}", source=source))
    counts = intake.read(shop.folder(run), plan.source(source))
    with shop.store.transaction("integration") as tx:
        runs.note_source(tx, shop, run, source, counts)
    message = say("{source}: {rows} rows read", source=source, rows=counts["rows"])
    progress.report("read", done=done + 1, total=of, message=message)
    return runs.note(shop, run, "read", source, counts)


@work.step("profile")
def profile(run: str, source: str) -> Counts:
    """Look at every column of one source."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    counts = intake.profile_tables(shop.folder(run), plan.source(source))
    message = say("{source}: {columns} columns looked at", source=source, columns=counts["columns"])
    progress.report("profile", done=plan.place_of(source) + 1, total=len(plan.sources), message=message)
    return runs.note(shop, run, "profile", source, counts)


@work.step("map")
def map_columns(run: str, source: str) -> Counts:
    """Say which column of one source is which field."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        counts = intake.map_tables(shop.folder(run), plan.source(source), tx.catalog, memory(tx))
    message = say(
        "{source}: {mapped} of {columns} columns mapped",
        source=source,
        mapped=counts["mapped"],
        columns=counts["columns"],
    )
    progress.report("mapping", done=plan.place_of(source) + 1, total=len(plan.sources), message=message)
    return runs.note(shop, run, "mapping", source, counts)


@work.step("standardise")
def bring_to_standard(run: str, source: str) -> Counts:
    """Bring every value of one source to its standard."""
    shop = workshop()
    plan = runs.plan_of(shop, run)
    with shop.store.transaction("integration") as tx:
        counts = intake.standardise_tables(shop.folder(run), plan.source(source), tx.catalog, people(tx))
    message = say(
        "{source}: {changed} values changed, {rejected} rejected",
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
        existing, known = runs.existing_customers(tx), runs.known_rows(tx)
        decided = runs.decisions(tx)
    counts = unite.match(shop.folder(run), runs.plan_of(shop, run), existing, decided, known)
    progress.report(
        "match", done=counts["mentions"], total=counts["mentions"], message=say("customers compared")
    )
    return runs.note(shop, run, "match", "", counts)


@work.step("golden")
def choose_golden(run: str) -> Counts:
    """Choose the values of each golden customer."""
    shop = workshop()
    with shop.store.transaction("integration") as tx:
        counts = unite.make_golden(shop.folder(run), runs.plan_of(shop, run), tx.catalog)
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
def load(run: str, part: dict[str, Any], place: int, of: int, stage: str) -> Counts:
    """Load one part in one transaction, once."""
    shop = workshop()
    wanted = PartPlan(**part)
    frame = runs.slice_of(shop.folder(run), wanted)
    with shop.store.transaction("integration") as tx:
        within = tx.in_batch(runs.batch_of(tx, run))
        receipt = load_part(within, runs.actor_of(shop, run), wanted.object, frame, part=wanted.name)
    runs.note_refusals(shop.folder(run), wanted, receipt)
    progress.report(
        stage,
        done=place + 1,
        total=of,
        message=say("{done} of {total} parts loaded", done=place + 1, total=of),
    )
    counts = {key: value for key, value in receipt.as_data().items() if key != "refusals"}
    return runs.note(shop, run, "load", wanted.name, counts)


@work.step("tasks")
def hand_out_tasks(run: str) -> Counts:
    """Put doubtful pairs before a steward, gaps before the departments that own them."""
    shop = workshop()
    counts = tasks.hand_out(shop, run)
    progress.report("tasks", done=1, total=1, message=say("tasks handed out"))
    return runs.note(shop, run, "tasks", "", counts)


@work.step("verify")
def verify(run: str, phase: str) -> Counts:
    """Compare what is stored with what the sources said; write the proof."""
    shop = workshop()
    counts = proof.prove(shop, run, phase)
    progress.report("verify", done=1, total=1, message=say("result verified"))
    go_on = phase == "all" or not runs.plan_of(shop, run).stop_after_pilot
    return runs.note(shop, run, "verify", phase, {**counts, "go_on": go_on})


@work.step("finish")
def finish(run: str, state: str) -> Counts:
    """Note how the run ended; return all its counts."""
    shop = workshop()
    counts = runs.counts(shop, run)
    with shop.store.transaction("integration") as tx:
        runs.change(
            tx, run, state=state, stage="", finished_at=tx.now, problem=None, counts=runs.summary(counts)
        )
    return counts


def give_up(run: str, problem: str) -> None:
    """Note why the run stopped; resuming it tries the step that failed anew.

    This is no step itself: the last step a run remembers must be the one that failed.
    """
    with workshop().store.transaction("integration") as tx:
        runs.change(tx, run, state="failed", finished_at=tx.now, problem=problem)
