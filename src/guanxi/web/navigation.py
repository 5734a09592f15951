"""The applications at the left and what each person finds in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.access.roles import grant_of, may
from guanxi.identity.actor import Actor
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Ability


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry: where it leads, what it is called, its icon."""

    address: str
    label: Label
    icon: str


@dataclass(frozen=True, kw_only=True)
class Application:
    """A group of entries under one name."""

    name: str
    label: Label
    links: tuple[Link, ...]


_OBJECTS: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    ("sales", Label(en="Sales", zh="销售"), ("customer", "contact", "order", "need", "activity")),
    ("service", Label(en="Service", zh="服务"), ("ticket",)),
    ("data", Label(en="Data", zh="数据"), ("source", "run", "review", "gap", "merge", "sign_off")),
)
_INSIDE = frozenset({"order_line"})  # reached through the record they belong to
_SETTINGS: tuple[tuple[Ability, Link], ...] = (
    ("administer", Link(address="/settings/people", label=Label(en="People", zh="人员"), icon="users")),
    (
        "customise",
        Link(address="/settings/objects", label=Label(en="Objects", zh="对象与字段"), icon="schema"),
    ),
)


def applications(actor: Actor, catalog: Catalog) -> tuple[Application, ...]:
    """Return the applications *actor* finds something in."""
    return tuple(each for each in _all(actor, catalog) if each.links)


def _all(actor: Actor, catalog: Catalog) -> Iterator[Application]:
    placed = _INSIDE.union(*(names for _, _, names in _OBJECTS))
    others = tuple(each.name for each in catalog.live_objects if each.name not in placed)
    for name, label, objects in (*_OBJECTS, ("more", Label(en="More", zh="其他"), others)):
        links = tuple(_list_link(catalog, each) for each in objects if _is_open(actor, catalog, each))
        yield Application(name=name, label=label, links=links)
    links = tuple(link for ability, link in _SETTINGS if may(actor, catalog, ability))
    yield Application(name="settings", label=Label(en="Settings", zh="设置"), links=links)


def _is_open(actor: Actor, catalog: Catalog, name: str) -> bool:
    there = name in catalog.objects and not catalog.objects[name].retired
    return there and grant_of(actor, catalog, name).read != "none"


def _list_link(catalog: Catalog, name: str) -> Link:
    object_type = catalog.object(name)
    return Link(address=f"/o/{name}", label=object_type.plural, icon=object_type.icon)
