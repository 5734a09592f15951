"""The source rows a customer is made of, beside its own values; some can be taken out and become another customer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guanxi.access.fields import readable
from guanxi.access.roles import may
from guanxi.integration import stewardship
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.stewardship import SourceRow, SplitPlan
from guanxi.integration.stewardship.pairs import key_of, name_of, rows_of
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import say
from guanxi.metadata.objects import Field
from guanxi.records import reading
from guanxi.records.reading import Record
from guanxi.web.origins import source_titles
from guanxi.web.values import written
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class RowHead:
    """One source row: where it is, and whether it is to be taken out."""

    key: str
    source: str
    place: str
    taken: bool


@dataclass(frozen=True, kw_only=True)
class FieldLine:
    """One field: the customer's value, and each row's with whether it is the one that stands."""

    label: str
    golden: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What taking the chosen rows out would make."""

    fresh: tuple[tuple[str, str], ...]
    leaves: tuple[tuple[str, str, str], ...]
    moving: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class RowsPage:
    """Everything the page shows."""

    id: int
    title: str
    address: str
    heads: tuple[RowHead, ...]
    lines: tuple[FieldLine, ...]
    lost: tuple[str, ...]
    preview: Preview | None
    problem: str
    may_split: bool


def show_rows(visit: Visit) -> Answer:
    """Show the rows, and what taking the chosen ones out would do."""
    problem, plan = "", None
    taken = tuple(dict.fromkeys(visit.incoming.query.get("take", ())))
    if taken:
        try:
            plan = stewardship.split_plan(
                visit.tx,
                visit.actor,
                visit.site.workshop,
                _customer(visit).id,
                [name_of(each) for each in taken],
            )
        except Refused as refused:
            problem = visit.say(refused.message)
    page = _page(visit, taken, plan, problem)
    return visit.show("pages/rows.html", page, status=422 if problem else 200)


def take_out(visit: Visit) -> Answer:
    """Take the chosen rows out; show the customer they became."""
    taken = [name_of(each) for each in visit.incoming.form.get("take", ())]
    customer = _customer(visit)
    done = stewardship.split(visit.tx, visit.actor, visit.site.workshop, customer.id, taken)
    return visit.go(f"/o/{CUSTOMER}/{done.new_id}/rows")


def _customer(visit: Visit) -> Record:
    place = visit.incoming.parameters
    if place["object_name"] != CUSTOMER:
        raise NotFound(say("only customers are made of source rows"))
    fields = readable(visit.actor, visit.catalog, visit.catalog.object(CUSTOMER))
    return reading.get(visit.tx, visit.actor, CUSTOMER, place["record_id"], fields, origins=True)


def _page(visit: Visit, taken: tuple[str, ...], plan: SplitPlan | None, problem: str) -> RowsPage:
    customer = _customer(visit)
    names = rows_of(visit.tx, customer.id)
    members = plan.members if plan else stewardship.members_of(visit.tx, visit.site.workshop, names)
    titles = source_titles(visit) if members.rows else {}
    title = customer.values.get(visit.catalog.object(CUSTOMER).title)
    return RowsPage(
        id=customer.id,
        title=str(title or f"#{customer.id}"),
        address=f"/o/{CUSTOMER}/{customer.id}",
        heads=tuple(_head(each, taken, titles) for each in members.rows),
        lines=tuple(_lines(visit, customer, members.rows)),
        lost=tuple(f"{source} · {key}" for source, key in members.lost),
        preview=_preview(visit, plan) if plan else None,
        problem=problem,
        may_split=may(visit.actor, visit.catalog, "integrate") and len(names) > 1 and not members.lost,
    )


def _head(row: SourceRow, taken: tuple[str, ...], titles: Mapping[str, str]) -> RowHead:
    numbers = ", ".join(map(str, row.rows[:5])) + (" …" if len(row.rows) > 5 else "")
    place = " · ".join(each for each in (row.table, numbers) if each)
    return RowHead(
        key=key_of(row.name),
        source=titles.get(row.source, row.source),
        place=place,
        taken=key_of(row.name) in taken,
    )


def _lines(visit: Visit, customer: Record, rows: tuple[SourceRow, ...]) -> Iterator[FieldLine]:
    for field in _shown(visit, customer):
        cells = tuple(_cell(visit, customer, field, each) for each in rows)
        golden = written(
            customer.values[field.name], field, visit.reader, customer.titles.get(field.name, "")
        )
        if golden or any(text for text, _ in cells):
            yield FieldLine(label=visit.reader.label(field.label), golden=golden, cells=cells)


def _shown(visit: Visit, customer: Record) -> Iterator[Field]:
    for field in visit.catalog.object(CUSTOMER).live_fields:
        if field.name in customer.values and field.name not in customer.masked:
            yield field


def _cell(visit: Visit, customer: Record, field: Field, row: SourceRow) -> tuple[str, bool]:
    """Return what a row says, and whether the customer's value comes from it."""
    origin: Mapping[str, object] = customer.origins.get(field.name, {})
    stands = (origin.get("source"), origin.get("table")) == (row.source, row.table) and origin.get(
        "row"
    ) in row.rows
    return written(row.values.get(field.name), field, visit.reader), stands


def _preview(visit: Visit, plan: SplitPlan) -> Preview:
    object_type, reader = visit.catalog.object(CUSTOMER), visit.reader
    clear = readable(visit.actor, visit.catalog, object_type)

    def text(name: str, value: object) -> str:
        return written(value, object_type.field(name), reader)

    def label(name: str) -> str:
        return reader.label(object_type.field(name).label)

    in_order = [each.name for each in object_type.live_fields if each.name in clear]
    fresh = plan.fresh.values
    return Preview(
        fresh=tuple(
            (label(each), text(each, fresh[each])) for each in in_order if fresh.get(each) is not None
        ),
        leaves=tuple(
            (label(each), text(each, plan.leaves[each][0]), text(each, plan.leaves[each][1]))
            for each in in_order
            if each in plan.leaves
        ),
        moving=tuple(
            (reader.label(visit.catalog.object(name).plural), reader.number(plan.moving_count[name]))
            for name in plan.moving
        ),
    )


PAGES = (
    Page(path="/o/{object_name:str}/{record_id:int}/rows", answer=show_rows),
    Page(path="/o/{object_name:str}/{record_id:int}/rows", answer=take_out, method="POST"),
)
