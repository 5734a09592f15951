"""A visit: one request, the person behind it and the transaction it works in."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from litestar import Response
from litestar.datastructures import Cookie

from guanxi.identity.actor import Actor
from guanxi.identity.sessions import Session
from guanxi.integration.sources import safe_file_name
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotAllowed, Refused, UnknownName
from guanxi.kernel.text import Message, say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType
from guanxi.metadata.roles import Ability
from guanxi.settings import Settings
from guanxi.store.transactions import Store, Transaction
from guanxi.web.navigation import Application, Link, applications, creations
from guanxi.web.reader import Reader
from guanxi.web.templates import render

Answer = Response[Any]
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every page may use."""

    store: Store
    settings: Settings
    workshop: Workshop


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file a browser sent: the name it gave, its size, and the open file, which lies on disk when it is large."""

    name: str
    size_bytes: int
    content: BinaryIO
    field: str = ""
    """The field of the form it was sent in."""

    @property
    def shown_name(self) -> str:
        """Return the name without folders and invisible characters."""
        return safe_file_name(self.name).display

    def save(self, path: Path) -> None:
        """Write the file to *path*, piece by piece."""
        self.content.seek(0)
        with path.open("xb") as target:
            shutil.copyfileobj(self.content, target, _PIECE_BYTES)


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """What a browser sent; ``refusal`` says why its files were not taken."""

    method: str
    path: str
    parameters: Mapping[str, Any]
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    secure: bool
    files: tuple[SentFile, ...] = ()
    refusal: Refused | None = None

    def asked(self, name: str, otherwise: str = "") -> str:
        """Return one value of the address's query."""
        return next(iter(self.query.get(name, ())), otherwise)

    def typed(self, name: str, otherwise: str = "") -> str:
        """Return one value of the form."""
        return next(iter(self.form.get(name, ())), otherwise)

    @property
    def wants_part(self) -> bool:
        """Tell whether a script of the page asks for a part of it, not a person for a whole one."""
        return "hx-request" in self.headers


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around every page."""

    language: str
    theme: str
    density: str
    csrf: str
    path: str
    person: Actor | None
    company: str
    unread: int
    """How many notices the person has not read."""
    applications: tuple[Application, ...]
    creations: tuple[Link, ...]
    """What the person may create, for the button at the top."""
    reader: Reader


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request at work; ``session`` is None before somebody signed in."""

    site: Site
    incoming: Incoming
    tx: Transaction
    session: Session | None
    reader: Reader
    csrf: str

    @property
    def actor(self) -> Actor:
        """Return who asks; raise `NotAllowed` when nobody signed in."""
        if self.session is None:
            raise NotAllowed(say("please sign in first"))
        return self.session.actor

    @property
    def catalog(self) -> Catalog:
        """Return the structure of this moment."""
        return self.tx.catalog

    @property
    def object_type(self) -> ObjectType:
        """Return the object whose records the address is about; raise `UnknownName`.

        People are none of these: they have pages of their own.
        """
        name = self.incoming.parameters["object_name"]
        if name not in self.catalog.objects:
            raise UnknownName("object", name, self.catalog.objects)
        return self.catalog.objects[name]

    @property
    def frame(self) -> Frame:
        """Return what stands around the page."""
        person = self.session.actor if self.session else None
        return Frame(
            language=self.reader.language,
            theme=self.session.user.theme if self.session else "auto",
            density=self.session.user.density if self.session else "comfortable",
            csrf=self.csrf,
            path=self.incoming.path,
            person=person,
            company=self.session.company if self.session else "",
            unread=self.session.unread if self.session else 0,
            applications=applications(person, self.catalog) if person else (),
            creations=creations(person, self.catalog) if person else (),
            reader=self.reader,
        )

    def show(
        self,
        template: str,
        page: object,
        *,
        block: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        cookies: Sequence[Cookie] = (),
    ) -> Answer:
        """Return the page *template* made of the values in *page*, or only one *block* of it."""
        values = {"page": page, "frame": self.frame, "reader": self.reader}
        return Response(
            render(self.reader.language, template, values, block=block),
            media_type="text/html",
            status_code=status,
            headers=dict(headers or {}),
            cookies=list(cookies),
        )

    def go(self, address: str, *, cookies: Sequence[Cookie] = ()) -> Answer:
        """Send the browser to another page of this site."""
        if self.incoming.wants_part:
            return Response("", status_code=200, headers={"HX-Redirect": address}, cookies=list(cookies))
        return Response("", status_code=303, headers={"Location": address}, cookies=list(cookies))

    def say(self, message: Message) -> str:
        """Return *message* in the reader's language."""
        return self.reader.say(message)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One address of the site and the function that answers there."""

    path: str
    answer: Callable[[Visit], Answer]
    method: Literal["GET", "POST"] = "GET"
    is_open: bool = False
    """Whether it answers people who have not signed in."""
    takes_files: Ability | Callable[[Actor, Catalog, Mapping[str, Any]], bool] | None = None
    """What people need to send files here: an ability, or what is judged by who asks and the places of the address.

    Without either no file is taken.
    """
    is_unasked: bool = False
    """Whether pages ask for it by themselves, so that it keeps nobody signed in who is not there."""
    ends_waiting: bool = False
    """Whether somebody who must choose a new password first gets there all the same."""
