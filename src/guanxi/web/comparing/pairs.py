"""A pair as a steward sees it: both sides line by line, the evidence, and what a join would make."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.access.fields import weighing
from guanxi.access.roles import may
from guanxi.expressions.conditions import all_of, any_of, differs, equals, is_one_of
from guanxi.integration import stewardship
from guanxi.integration.columns import OWN_COLUMNS
from guanxi.integration.loading import OURSELVES
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.merging import RULES, rules_for
from guanxi.integration.stewardship import JoinPlan, Outcome, Pair
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.objects import Field
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.records.validation import accept
from guanxi.web.comparing.differences import Pieces, differences
from guanxi.web.comparing.sight import clear_fields, names_of, sees_evidence
from guanxi.web.origins import source_titles
from guanxi.web.values import written
from guanxi.web.visit import Visit

MOST_RELATED = 12
COMPARED: Mapping[str, Message] = {
    "name": say("Name"),
    "mobile": say("Mobile"),
    "phone": say("Phone"),
    "email": say("E-mail"),
    "credit_code": say("Credit code"),
    "registration_number": say("Registration number"),
    "person": say("Contact person"),
    "address": say("Address"),
    "place": say("Region"),
}
"""What matching compares, in a steward's words."""
_WHY: Mapping[str, Message] = {"person": say("Written by a person")}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a pair: what it is called, which row of which source it is, which customer it belongs to."""

    title: str
    source: str
    place: str
    customer: str
    address: str
    goes: str
    """``stays``, ``goes`` or '' where a join changes no customer."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value the joined customer may get."""

    side: str
    text: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field of the pair: both values in pieces, the values of their customers where those differ, the result."""

    name: str
    label: str
    left: Pieces
    right: Pieces
    left_now: str
    right_now: str
    state: str
    """``same``, ``differs``, ``one`` where only one side says something, ``none`` where neither does."""
    result: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one comparison says, for or against, as a share of 100 in steps a bar can show."""

    label: str
    text: str
    share: int
    speaks_for: bool


@dataclass(frozen=True, kw_only=True)
class Related:
    """Another open pair with one of these rows."""

    id: int
    title: str
    percent: str


@dataclass(frozen=True, kw_only=True)
class PairView:
    """Everything shown of one pair."""

    id: int
    title: str
    percent: str
    left: Side
    right: Side
    told: str
    """What was weighed, and why a person is asked, as one sentence."""
    evidence: tuple[Evidence, ...]
    lines: tuple[Line, ...]
    related: tuple[Related, ...]
    state: str
    decided: str
    comment: str
    note: str
    may_decide: bool
    customers: str
    """The numbers of both customers: a script sees by them what a decision before made stale."""


def pair_view(visit: Visit, pair: Pair, sources: Mapping[str, str] | None = None) -> PairView:
    """Return the pair as its page shows it; *sources*: name -> title, asked for where they are not known yet."""
    record = pair.record
    plan = stewardship.plan_join(visit.tx, visit.site.workshop, pair)
    told = record.values.get("evidence") or {}
    titles = source_titles(visit) if sources is None else sources
    return PairView(
        id=pair.id,
        title=" ↔ ".join(names_of(visit, record)),
        percent=percent(visit, record),
        left=_side(visit, pair, plan, "left", titles),
        right=_side(visit, pair, plan, "right", titles),
        told=_together(visit, (_sentence(visit, each) for each in told.get("sentences", ()))),
        evidence=tuple(_evidence(visit, told.get("evidence", ()))),
        lines=tuple(_lines(visit, pair, plan)),
        related=_related(visit, pair),
        state=pair.decision,
        decided=_decided(visit, pair),
        comment=str(record.values.get("comment") or ""),
        note=_note(visit, pair, plan),
        may_decide=may(visit.actor, visit.catalog, "integrate"),
        customers=" ".join(str(each) for each in (pair.left_id, pair.right_id) if each is not None),
    )


def percent(visit: Visit, record: Record) -> str:
    """Return the probability of a review as people read it; '' where nothing was weighed."""
    value = record.values.get("probability")
    if value is None:
        return ""
    if 99 < value < 100:
        return f"> {visit.reader.percent(99)}"
    return visit.reader.percent(round(value))


def _side(visit: Visit, pair: Pair, plan: JoinPlan, side: str, titles: Mapping[str, str]) -> Side:
    row = pair.record.values.get(side) or {}
    name, number = (pair.left, pair.left_id) if side == "left" else (pair.right, pair.right_id)
    reader = visit.reader
    place = " · ".join(str(row[each]) for each in ("table", "row") if row.get(each))
    goes = {plan.winner_id: "stays", plan.loser_id: "goes"}.get(number, "") if number is not None else ""
    called = names_of(visit, pair.record)[0 if side == "left" else 1]
    return Side(
        title=called or name[1],
        source=visit.say(say("already here")) if name[0] == OURSELVES else titles.get(name[0], name[0]),
        place=place if name[0] != OURSELVES else "",
        customer=reader.translate("Customer no. {number}").format(number=number) if number else "",
        address=f"/o/{CUSTOMER}/{number}" if number else "",
        goes=goes,
    )


def _lines(visit: Visit, pair: Pair, plan: JoinPlan) -> Iterator[Line]:
    object_type = visit.catalog.object(CUSTOMER)
    clear = clear_fields(visit)
    outcomes = {each.field.name: each for each in plan.outcomes}
    for field in object_type.live_fields:
        if field.name not in clear:
            continue
        left, right = (said(visit, pair.record.values.get(each) or {}, field) for each in ("left", "right"))
        outcome = outcomes.get(field.name)
        if left or right or (outcome is not None and outcome.proposed is not None):
            yield _line(visit, field, left, right, outcome, pair)


def _line(visit: Visit, field: Field, left: str, right: str, outcome: Outcome | None, pair: Pair) -> Line:
    pieces = differences(left, right)
    state = "none" if not left and not right else "differs" if left and right else "one"
    state = "same" if left and left == right else state
    spellings = rules_for(visit.catalog.object(CUSTOMER)).names.values()
    open_to_choice = outcome is not None and pair.are_two and field.name not in spellings
    choices = tuple(_choices(visit, outcome)) if outcome and open_to_choice else ()
    proposed = written(outcome.proposed, field, visit.reader) if outcome else ""
    return Line(
        name=field.name,
        label=visit.reader.label(field.label),
        left=pieces[0],
        right=pieces[1],
        left_now=_now(visit, outcome, pair.left_id, left, "left"),
        right_now=_now(visit, outcome, pair.right_id, right, "right"),
        state=state,
        result=proposed,
        why=_why(visit, outcome) if outcome and outcome.proposed is not None else "",
        choices=choices if len(choices) > 1 else (),
    )


def _now(visit: Visit, outcome: Outcome | None, number: int | None, said: str, side: str) -> str:
    """Return what a side's customer holds, where that is not what its row says."""
    if outcome is None or number is None:
        return ""
    held = written(outcome.left if side == "left" else outcome.right, outcome.field, visit.reader)
    return held if held != said else ""


def _choices(visit: Visit, outcome: Outcome) -> Iterator[Choice]:
    for each in outcome.options:
        if each.value is None:
            continue  # to empty a field is a change of the customer, not a question of whose value stands
        yield Choice(
            side=each.side,
            text=written(each.value, outcome.field, visit.reader),
            checked=each.side == "proposed",
        )


def _why(visit: Visit, outcome: Outcome) -> str:
    if outcome.why in RULES:
        return visit.reader.label(RULES[outcome.why].label)
    return visit.say(_WHY[outcome.why]) if outcome.why in _WHY else ""


def said(visit: Visit, row: Mapping[str, Any], field: Field) -> str:
    """Return what a row of a review says in one field, as the reader reads it; what is no value, as it stands."""
    full = f"{CUSTOMER}.{field.name}"
    own = field.name in OWN_COLUMNS
    raw = row.get(full) if full in row or own else row.get(field.name)
    if raw is None:
        return ""
    try:
        return written(accept(field, raw), field, visit.reader)
    except Refused:
        return str(raw)


def _evidence(visit: Visit, told: Any) -> Iterator[Evidence]:
    for each in told:
        name = str(each["field"])
        if not sees_evidence(visit, name):
            continue
        yield Evidence(
            label=visit.say(COMPARED[name]) if name in COMPARED else name,
            text=_sentence(visit, each["says"]),
            share=max(1, round(100 * float(each["share"]))),
            speaks_for=float(each["weight"]) >= 0,
        )


def _sentence(visit: Visit, told: Mapping[str, Any]) -> str:
    return visit.say(Message(str(told["text"]), dict(told.get("values") or {})))


def _together(visit: Visit, parts: Iterable[str]) -> str:
    """Join what an explanation says to one sentence; a part that ends in a colon announces the next."""
    colon, between, end = ("：", "；", "。") if visit.reader.language == "zh" else (": ", "; ", ".")
    text = ""
    for part in parts:
        sound = part.strip()
        text += sound.rstrip(":：") + (colon if sound.endswith((":", "：")) else between)
    if not text:
        return ""
    text = text.removesuffix(colon).removesuffix(between)
    return text[0].upper() + text[1:] + end


def _decided(visit: Visit, pair: Pair) -> str:
    if pair.decision == "undecided":
        return ""
    said = {"join": say("Same customer"), "apart": say("Different customers")}[pair.decision]
    at = visit.reader.ago(pair.decided_at) if pair.decided_at else ""
    return " · ".join(each for each in (visit.say(said), pair.decided_by, at) if each)


def _note(visit: Visit, pair: Pair, plan: JoinPlan) -> str:
    if pair.decision != "undecided":
        return ""
    if pair.is_one:
        return visit.say(
            say(
                "Both rows are in one customer already. “Different” takes them apart; “Same” only closes this pair."
            )
        )
    if not pair.are_two:
        return visit.say(
            say(
                "One of these rows is not loaded as a customer. Your decision is kept and acts in the next run."
            )
        )
    if plan.members.lost:
        return visit.say(
            say("The files of the run are gone: the result below is made of the customers as they stand.")
        )
    return ""


def _related(visit: Visit, pair: Pair) -> tuple[Related, ...]:
    keys = [str(pair.record.values[each]) for each in ("left_key", "right_key")]
    touching = any_of(is_one_of("left_key", keys), is_one_of("right_key", keys))
    asked = Asked(
        object="review",
        fields=("title", "left", "right", "left_key", "right_key", "probability"),
        where=all_of(touching, equals("decision", "undecided"), differs("id", pair.id)),
        order=(("probability", True),),
        limit=MOST_RELATED,
    )
    found = reading.find(visit.tx, weighing(visit.actor), asked).records
    return tuple(
        Related(id=each.id, title=" ↔ ".join(names_of(visit, each)), percent=percent(visit, each))
        for each in found
    )
