"""A new field made from a column: proposed, shown as steps, made through the structure door, mapped at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guanxi.access.roles import require
from guanxi.integration import intake, inventing, wording
from guanxi.integration.inventing import Proposal
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.kernel.errors import Invalid
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.metadata.labels import Label
from guanxi.web.pages.mapping import back_to, column_here
from guanxi.web.studying.mappings import MappingView
from guanxi.web.studying.studied import Studied
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class InventingPage:
    """The form of a new field: what is proposed, what would happen, what is wrong."""

    id: int
    table: int
    place: int
    column: str
    address: str
    back: str
    proposal: Proposal
    objects: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    problems: Mapping[str, str]


def show_form(visit: Visit) -> Answer:
    """Show the field that a column could become."""
    require(visit.actor, visit.catalog, "customise")
    here, column = column_here(visit)
    profile = intake.profiles_of(here.folder, here.source)[here.place].column(column)
    main = MappingView(visit, here).mapping.main
    return _show(visit, here, column, inventing.propose(profile, main, visit.catalog))


def make_field(visit: Visit) -> Answer:
    """Show what would happen, or make the field and map the column to it."""
    require(visit.actor, visit.catalog, "customise")
    here, column = column_here(visit)
    proposal = _typed(visit)
    try:
        steps = inventing.preview(visit.tx, proposal)
        if visit.incoming.typed("step") != "make":
            told = tuple(visit.say(each.describe()) for each in steps)
            return _show(visit, here, column, proposal, steps=told)
        ready = inventing.make(visit.tx, visit.actor, proposal)
    except Invalid as invalid:
        problems = {
            (each.field or "").rpartition(".")[2]: visit.say(each.message) for each in invalid.problems
        }
        return _show(visit, here, column, proposal, problems=problems)
    path = f"{proposal.object}.{proposal.name}"
    wording.say_field(ready, visit.actor, here.record.id, here.folder, here.table.name, column, path)
    return visit.go(back_to(here, column))


def _show(
    visit: Visit,
    here: Studied,
    column: str,
    proposal: Proposal,
    *,
    steps: tuple[str, ...] = (),
    problems: Mapping[str, str] | None = None,
) -> Answer:
    reader = visit.reader
    page = InventingPage(
        id=here.record.id,
        table=here.place,
        place=here.table.columns.index(column),
        column=column,
        address=f"{here.address}/mapping/field",
        back=back_to(here, column),
        proposal=proposal,
        objects=tuple((each.name, reader.label(each.label)) for each in possible_rows(visit.catalog)),
        types=tuple((name, reader.label(FIELD_TYPES[name].label)) for name in inventing.TYPES),
        steps=steps,
        problems=problems or {},
    )
    template = "pages/inventing_part.html" if visit.incoming.wants_part else "pages/inventing.html"
    return visit.show(template, page, status=422 if problems else 200)


def _typed(visit: Visit) -> Proposal:
    incoming = visit.incoming
    object_type = visit.catalog.object(incoming.typed("object"))
    label = Label(en=incoming.typed("label_en").strip(), zh=incoming.typed("label_zh").strip())
    name = incoming.typed("name").strip()
    choices = tuple(
        dict.fromkeys(each.strip() for each in incoming.typed("choices").splitlines() if each.strip())
    )
    typed = Proposal(
        object=object_type.name, name=name, type=incoming.typed("type"), label=label, choices=choices
    )
    return (
        typed
        if name
        else replace(typed, name=inventing.free_name(label.en or label.zh or "field", object_type))
    )


PAGES = (
    Page(path="/sources/{source_id:int}/mapping/field", answer=show_form),
    Page(path="/sources/{source_id:int}/mapping/field", answer=make_field, method="POST"),
)
