"""The applications at the left and what each person finds in them."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
class Place:
    """A page's own entry in an application's menu; a page module lists its places under ``PLACES``.

    People find it when they have the *ability* it needs and may read the *object* it shows ('' asks for neither).
    Places stand in the order of their numbers, before the lists of objects.
    """

    application: str
    order: int
    link: Link
    ability: Ability | None = None
    object: str = ""


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
_CREATED = ("customer", "contact", "activity", "need", "order", "ticket")
_INSIDE = frozenset(
    {"order_line", "view", "correction"}
)  # reached through the record or the list they belong to


def applications(actor: Actor, catalog: Catalog) -> tuple[Application, ...]:
    """Return the applications *actor* finds something in."""
    return tuple(each for each in _all(actor, catalog) if each.links)


def _all(actor: Actor, catalog: Catalog) -> Iterator[Application]:
    placed = _INSIDE.union(*(names for _, _, names in _OBJECTS))
    others = tuple(each.name for each in catalog.live_objects if each.name not in placed)
    for name, label, objects in (*_OBJECTS, ("more", Label(en="More", zh="其他"), others)):
        places = [each for each in find_places() if each.application == name]
        shown = {each.object for each in places}  # a page of its own stands for the plain list
        lists = (
            _list_link(catalog, each)
            for each in objects
            if each not in shown and _is_open(actor, catalog, each)
        )
        links = (*(each.link for each in places if _finds(actor, catalog, each)), *lists)
        yield Application(name=name, label=label, links=links)
    settings = [each for each in find_places() if each.application == "settings"]
    links = tuple(each.link for each in settings if _finds(actor, catalog, each))
    yield Application(name="settings", label=Label(en="Settings", zh="设置"), links=links)


def reachable(actor: Actor, catalog: Catalog, address: str) -> bool:
    """Tell whether *actor* finds a page of its own at *address* in the menu."""
    return any(each.link.address == address and _finds(actor, catalog, each) for each in find_places())


def creations(actor: Actor, catalog: Catalog) -> tuple[Link, ...]:
    """Return the forms in which *actor* may create a record, for what people create by hand every day."""
    names = (each for each in _CREATED if each in catalog.objects and not catalog.objects[each].retired)
    return tuple(
        Link(address=f"/o/{name}/new", label=catalog.object(name).label, icon=catalog.object(name).icon)
        for name in names
        if grant_of(actor, catalog, name).create
    )


@cache
def find_places() -> tuple[Place, ...]:
    """Return every place that a module of the package ``pages`` lists under ``PLACES``, in order."""
    from guanxi.web import pages  # noqa: PLC0415 (pages know the frame, and the frame finds them)

    modules = pkgutil.iter_modules(pages.__path__, pages.__name__ + ".")
    found = [place for each in modules for place in getattr(importlib.import_module(each.name), "PLACES", ())]
    return tuple(sorted(found, key=lambda each: (each.application, each.order)))


def _finds(actor: Actor, catalog: Catalog, place: Place) -> bool:
    able = place.ability is None or may(actor, catalog, place.ability)
    return able and (not place.object or _is_open(actor, catalog, place.object))


def _is_open(actor: Actor, catalog: Catalog, name: str) -> bool:
    there = name in catalog.objects and not catalog.objects[name].retired
    return there and grant_of(actor, catalog, name).read != "none"


def _list_link(catalog: Catalog, name: str) -> Link:
    object_type = catalog.object(name)
    return Link(address=f"/o/{name}", label=object_type.plural, icon=object_type.icon)
