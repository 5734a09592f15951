"""Settings: what each role may do, as a table in clear words; read only."""

from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.identity import users
from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import ObjectType
from guanxi.metadata.roles import Ability, FieldRight, Role, Scope
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit

_HIDDEN = frozenset({"system"})
_ABILITIES: dict[Ability, Message] = {
    "administer": say("Manages people, settings and the system"),
    "customise": say("Shapes objects, fields and layouts"),
    "integrate": say("Brings data in: sources, cleaning, duplicates, runs, roll back"),
    "answer": say("Answers for their own department: fills its gaps, signs its proofs"),
}
_SCOPES: dict[Scope, Message] = {"all": say("all"), "own": say("own only"), "none": say("none")}
_FIELD_RIGHTS: dict[FieldRight, Message] = {
    "hidden": say("Hidden"),
    "masked": say("Partly hidden"),
    "read": say("Read only"),
    "write": say("May change"),
}


@dataclass(frozen=True, kw_only=True)
class Right:
    """One cell of the table: how far (all, own, none) and in words."""

    scope: Scope
    text: str


@dataclass(frozen=True, kw_only=True)
class RightsLine:
    """What the role may do with the records of one object."""

    label: str
    icon: str
    rights: tuple[Right, ...]


@dataclass(frozen=True, kw_only=True)
class RolesPage:
    """All roles as tabs, and the one that is open."""

    roles: tuple[tuple[str, str, int], ...]
    """(name, label, how many people hold it)"""
    open: str
    label: str
    abilities: tuple[tuple[str, bool], ...]
    lines: tuple[RightsLine, ...]
    fields: tuple[tuple[str, str], ...]
    """(object and field, what the role may do with it), where it differs from its object"""


def show_roles(visit: Visit) -> Answer:
    """Show the rights of one role; the address names it (``?role=reader``)."""
    require(visit.actor, visit.catalog, "administer")
    roles = [each for each in visit.catalog.roles.values() if each.name not in _HIDDEN]
    asked = visit.incoming.asked("role", roles[0].name)
    role = next((each for each in roles if each.name == asked), roles[0])
    people = [each for each in users.everybody(visit.tx, visit.actor) if each.active]
    page = RolesPage(
        roles=tuple(
            (each.name, visit.reader.label(each.label), sum(each.name in one.roles for one in people))
            for each in roles
        ),
        open=role.name,
        label=visit.reader.label(role.label),
        abilities=tuple((visit.say(text), name in role.abilities) for name, text in _ABILITIES.items()),
        lines=tuple(_line(visit, role, each) for each in visit.catalog.live_objects),
        fields=tuple(_field(visit, path, right) for path, right in role.fields.items()),
    )
    return visit.show("pages/roles.html", page)


def _line(visit: Visit, role: Role, object_type: ObjectType) -> RightsLine:
    grant = role.grant(object_type.name)
    creates: Scope = "all" if grant.create else "none"
    words = visit.say(say("yes")) if grant.create else visit.say(say("no"))
    return RightsLine(
        label=visit.reader.label(object_type.plural),
        icon=object_type.icon,
        rights=(
            _right(visit, grant.read),
            Right(scope=creates, text=words),
            _right(visit, grant.write),
            _right(visit, grant.delete),
        ),
    )


def _right(visit: Visit, scope: Scope) -> Right:
    return Right(scope=scope, text=visit.say(_SCOPES[scope]))


def _field(visit: Visit, path: str, right: FieldRight) -> tuple[str, str]:
    object_name, _, field_name = path.partition(".")
    object_type = visit.catalog.objects.get(object_name)
    if object_type is None or field_name not in object_type.fields:
        return path, visit.say(_FIELD_RIGHTS[right])
    name = (
        f"{visit.reader.label(object_type.label)} · {visit.reader.label(object_type.field(field_name).label)}"
    )
    return name, visit.say(_FIELD_RIGHTS[right])


PAGES = (Page(path="/settings/roles", answer=show_roles),)

PLACES = (
    Place(
        application="settings",
        order=20,
        link=Link(address="/settings/roles", label=Label(en="Roles", zh="角色与权限"), icon="shield-lock"),
        ability="administer",
    ),
)
