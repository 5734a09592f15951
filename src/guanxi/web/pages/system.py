"""Settings: how the system is, and the company's name; for administrators, without secrets."""

import platform
import shutil
from dataclasses import dataclass, field

from guanxi import __version__
from guanxi.access.roles import require
from guanxi.identity.company import name_company
from guanxi.kernel.clock import system_clock
from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.store.system_state import SystemState, system_state
from guanxi.web.filling import by_field
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit

LEAST_FREE = 0.1
"""Below this share of free disk the page warns."""
_STARTED_AT = system_clock()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line: a name and its value, marked when it asks for care."""

    name: str
    value: str
    is_bad: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """Facts under one heading."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class SystemPage:
    """The company's name as stored or typed, and the facts; ``biggest`` holds (table, size, rows)."""

    company: str
    columns: tuple[tuple[Group, ...], ...]
    biggest: tuple[tuple[str, str, str], ...]
    problems: dict[str, str] = field(default_factory=dict)


def show_system(visit: Visit) -> Answer:
    """Show the state of the system."""
    company = visit.session.company if visit.session else ""
    return _show(visit, company)


def save_company(visit: Visit) -> Answer:
    """Give the company its name."""
    typed = visit.incoming.typed("company")
    try:
        name_company(visit.tx, visit.actor, typed)
    except Invalid as invalid:
        problems = by_field(visit.reader, invalid)
        return _show(visit, typed, problems, status=422)
    return visit.go("/settings/system")


def _show(visit: Visit, company: str, problems: dict[str, str] | None = None, *, status: int = 200) -> Answer:
    require(visit.actor, visit.catalog, "administer")
    state = system_state(visit.tx)
    page = SystemPage(
        company=company,
        columns=(
            (_program(visit, state),),
            (_database(visit, state),),
            (_work(visit, state), _disk(visit)),
        ),
        biggest=tuple(
            (each.name, _size(visit, each.size), visit.reader.number(each.rows)) for each in state.biggest
        ),
        problems=problems or {},
    )
    return visit.show("pages/system.html", page, status=status)


def _program(visit: Visit, state: SystemState) -> Group:
    return _group(
        visit,
        say("Program"),
        (say("Guanxi"), __version__),
        (say("Python"), platform.python_version()),
        (say("Operating system"), f"{platform.system()} {platform.release()}"),
        (say("Web process started"), visit.reader.ago(_STARTED_AT)),
        (say("Processes running (pages and workers)"), visit.reader.number(state.processes)),
        (say("Structure version"), visit.reader.number(visit.catalog.version)),
    )


def _database(visit: Visit, state: SystemState) -> Group:
    connections = f"{visit.reader.number(state.connections)} / {visit.reader.number(state.most_connections)}"
    place = say("your own server") if visit.site.settings.database_url else say("built in")
    return _group(
        visit,
        say("Database"),
        (say("PostgreSQL"), f"{state.version} ({visit.say(place)})"),
        (say("Size"), _size(visit, state.size)),
        (say("Connections"), connections),
        (say("Started"), visit.reader.ago(state.started_at)),
        (say("Last migration"), state.migration),
    )


def _work(visit: Visit, state: SystemState) -> Group:
    number = visit.reader.number
    facts = (
        Fact(name=visit.say(say("Waiting")), value=number(state.work.waiting)),
        Fact(name=visit.say(say("Running")), value=number(state.work.running)),
        Fact(
            name=visit.say(say("Stopped by an error")),
            value=number(state.work.parked),
            is_bad=state.work.parked > 0,
        ),
    )
    return Group(name=visit.say(say("Background work")), facts=facts)


def _disk(visit: Visit) -> Group:
    home = visit.site.settings.home
    usage = shutil.disk_usage(home)
    share = usage.free / usage.total
    free = visit.say(say("{free} of {total}", free=_size(visit, usage.free), total=_size(visit, usage.total)))
    facts = (
        Fact(name=visit.say(say("Folder (GUANXI_HOME)")), value=str(home)),
        Fact(name=visit.say(say("Free")), value=free, is_bad=share < LEAST_FREE),
    )
    return Group(name=visit.say(say("Disk")), facts=facts)


def _group(visit: Visit, name: Message, *facts: tuple[Message, str]) -> Group:
    return Group(
        name=visit.say(name), facts=tuple(Fact(name=visit.say(each), value=value) for each, value in facts)
    )


def _size(visit: Visit, size: int) -> str:
    """Return a number of bytes as people read it: ``12.3 MB`` (powers of 1,024)."""
    amount, units = float(size), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1024 and len(units) > 1:
        amount, units = amount / 1024, units[1:]
    return f"{visit.reader.number(round(amount, 1))} {units[0]}"


PAGES = (
    Page(path="/settings/system", answer=show_system),
    Page(path="/settings/system/company", answer=save_company, method="POST"),
)

PLACES = (
    Place(
        application="settings",
        order=50,
        link=Link(
            address="/settings/system", label=Label(en="System", zh="系统状态"), icon="activity-heartbeat"
        ),
        ability="administer",
    ),
)
