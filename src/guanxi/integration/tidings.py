"""Who is told what about a run: whoever began it, the departments that sign, the departments with gaps."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from guanxi.identity import notices
from guanxi.identity.actor import SYSTEM
from guanxi.identity.notices import Kind
from guanxi.kernel.text import Message, by_number, say
from guanxi.records import reading
from guanxi.records.reading import Record
from guanxi.store.transactions import Transaction


def tell_state(tx: Transaction, run_id: int, state: str) -> None:
    """Tell people that a run came to *state*; call it before the record changes, so nobody is told twice."""
    run = reading.get(tx, SYSTEM, "run", run_id, ("name", "state", "plan", "created_by"))
    if run.values["state"] == state:
        return
    news = _news(state, run)
    if news is None:
        return
    kind, message = news
    notices.notify(tx, _starters(tx, run), message, f"/runs/{run_id}", kind=kind)
    if state == "finished":
        _ask_for_signatures(tx, run)


def tell_gaps(tx: Transaction, gaps: Iterable[Mapping[str, Any]]) -> None:
    """Tell each department how many facts it is asked for."""
    readers = [name for name, role in tx.catalog.roles.items() if role.grant("gap").read != "none"]
    for department, number in Counter(each["department"] for each in gaps if each.get("department")).items():
        message = by_number(
            number,
            say(
                "1 fact about a customer is missing or doubtful; {department} is asked to fill it in",
                department=department,
            ),
            say(
                "{number} facts about customers are missing or doubtful; {department} is asked to fill them in",
                number=number,
                department=department,
            ),
        )
        people = notices.people_of(tx, department, holding=readers)
        notices.notify(tx, people, message, "/gaps", kind="gaps")


def tell_reviews(tx: Transaction, run_id: int, number: int) -> None:
    """Tell the stewards how many pairs of a run are new to them; nobody is told of none."""
    if not number:
        return
    name = reading.get(tx, SYSTEM, "run", run_id, ("name",)).values["name"]
    message = by_number(
        number,
        say("{run}: 1 possible duplicate to decide", run=name),
        say("{run}: {number} possible duplicates to decide", run=name, number=number),
    )
    notices.notify(tx, _stewards(tx), message, f"/duplicates?run={run_id}", kind="review")


def _news(state: str, run: Record) -> tuple[Kind, Message] | None:
    name = run.values["name"]
    sentences: dict[str, tuple[Kind, Message]] = {
        "prepared": (
            "run_waits",
            say("{run} is prepared: look at what would be loaded, then load the pilot", run=name),
        ),
        "pilot": (
            "run_waits",
            say("{run}: the pilot is loaded and checked; look at it, then load the rest", run=name),
        ),
        "finished": ("run_finished", say("{run} is finished: everything is loaded and checked", run=name)),
        "failed": ("run_failed", say("{run} has stopped; its page says why and what to do", run=name)),
    }
    return sentences.get(state)


def _starters(tx: Transaction, run: Record) -> tuple[int, ...]:
    """Return whoever began the run; one that the product began itself concerns all who integrate."""
    starter = run.values["created_by"]
    if starter is not None:
        return (int(starter),)
    return _stewards(tx)


def _stewards(tx: Transaction) -> tuple[int, ...]:
    return notices.people_with(
        tx, [name for name, role in tx.catalog.roles.items() if "integrate" in role.abilities]
    )


def _ask_for_signatures(tx: Transaction, run: Record) -> None:
    signers = [
        name
        for name, role in tx.catalog.roles.items()
        if role.grant("sign_off").create or "answer" in role.abilities
    ]
    for department in departments_of(run.values["plan"]):
        message = say(
            "{run} is loaded: please check the proof and sign for {department}",
            run=run.values["name"],
            department=department,
        )
        people = notices.people_of(tx, department, holding=signers)
        notices.notify(tx, people, message, f"/runs/{run.id}/proof", kind="sign_off")


def departments_of(plan: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the departments whose sources a run's plan names, each once."""
    sources = (plan or {}).get("source", ())
    return tuple(dict.fromkeys(each["department"] for each in sources if each.get("department")))
