"""A product in which two departments were brought in already: done once per process, copied for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.database import fresh_database, template_database
from tests.integration import plant

from guanxi.app import Guanxi, running
from guanxi.integration.plans import Plan
from guanxi.store.databases import create_database
from guanxi.store.embedded import Lease


@dataclass(frozen=True)
class Kept:
    """What a finished run left: its database, its name, and below *place* the product's home and the sources."""

    database: str
    run: str
    place: Path

    @property
    def folder(self) -> Path:
        """Return where the departments keep their files: the same for every copy, for the plan names it."""
        return self.place / "sources"


@dataclass(frozen=True)
class Finished:
    """A running product of its own after that run; *plan* brings the files of *folder* in again."""

    guanxi: Guanxi
    run: str
    plan: Plan
    folder: Path


def keep(lease: Lease, place: Path, **sources: object) -> Kept:
    """Bring the two departments in and keep everything that is left of it."""
    kept = place / "sources"
    plant.sources(kept, **sources)
    shutil.copytree(kept, place / "untouched")
    empty = template_database(lease, "pipeline", lambda url: plant.prepare(place / "template", url))
    database = f"finished_{os.getpid()}_{place.name}"
    create_database(lease.url(), database, template=empty)
    with plant.product(lease, place / "home", lease.url(database)) as guanxi:
        return Kept(database, plant.run(guanxi, plant.plan_of(kept)), place)


@contextmanager
def copied(lease: Lease, kept: Kept, home: Path) -> Iterator[Finished]:
    """Run the product on a copy of what is *kept*; its home becomes *home*."""
    shutil.copytree(kept.place / "home", home)
    shutil.rmtree(kept.folder)
    shutil.copytree(kept.place / "untouched", kept.folder)
    with (
        fresh_database(lease, template=kept.database) as url,
        running(plant.settings_of(home, url)) as guanxi,
    ):
        yield Finished(guanxi, kept.run, plant.plan_of(kept.folder), kept.folder)
