"""Settings: the packs that are installed, and what each brings."""

from dataclasses import dataclass

from guanxi.access.roles import require
from guanxi.metadata.labels import Label
from guanxi.packs.loading import Pack, shipped_packs
from guanxi.web.navigation import Link, Place
from guanxi.web.visit import Answer, Page, Visit


@dataclass(frozen=True, kw_only=True)
class PackCard:
    """One pack: objects as (label, icon, address), roles by name."""

    name: str
    label: str
    version: str
    objects: tuple[tuple[str, str, str], ...]
    roles: tuple[str, ...]
    fields: int


@dataclass(frozen=True, kw_only=True)
class PacksPage:
    """Every installed pack."""

    packs: tuple[PackCard, ...]


def show_packs(visit: Visit) -> Answer:
    """Show every pack."""
    require(visit.actor, visit.catalog, "customise")
    return visit.show(
        "pages/packs.html", PacksPage(packs=tuple(_card(visit, each) for each in shipped_packs()))
    )


def _card(visit: Visit, pack: Pack) -> PackCard:
    return PackCard(
        name=pack.name,
        label=visit.reader.label(pack.label),
        version=pack.version,
        objects=tuple(
            (visit.reader.label(each.label), each.icon, f"/settings/objects?object={each.name}")
            for each in pack.objects
        ),
        roles=tuple(visit.reader.label(each.label) for each in pack.roles if each.name != "system"),
        fields=sum(len(each.fields) for each in pack.objects),
    )


PAGES = (Page(path="/settings/packs", answer=show_packs),)

PLACES = (
    Place(
        application="settings",
        order=40,
        link=Link(address="/settings/packs", label=Label(en="Packs", zh="配置包"), icon="package"),
        ability="customise",
    ),
)
