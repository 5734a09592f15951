"""A watched folder as a source: departments put files into it, and every reading takes what lies there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say
from guanxi.records.reading import Record
from guanxi.web.filling import by_field
from guanxi.web.sourcing.connecting import asked_source, keep_connection, options_of, title_problem
from guanxi.web.sourcing.looking import FirstRows, look_at
from guanxi.web.visit import Answer, Page, Visit

KIND = "folder"
MOST_FOLDERS = 200
LONGEST_NAME, LONGEST_PATH = 200, 1000
"""Bytes; the usual file systems take names of 255 and paths of 4,095."""


@dataclass(frozen=True, kw_only=True)
class FolderPage:
    """The form, and below it what lies in the folder."""

    address: str
    back: str
    is_new: bool
    title: str
    below: str
    folder: str
    pattern: str
    recursive: bool
    known: tuple[str, ...]
    problems: Mapping[str, str]
    seen: FirstRows | None = None


def show_form(visit: Visit) -> Answer:
    """Show the form, empty or filled with the folder of a source."""
    return visit.show("pages/source_folder.html", _page(visit, asked_source(visit, KIND)))


def submit(visit: Visit) -> Answer:
    """Show what lies in the folder, or keep the source, as the button says."""
    record = asked_source(visit, KIND)
    page = _page(visit, record)
    try:
        options = _options(visit, record)
        if visit.incoming.typed("step") == "keep":
            if wrong := title_problem(visit, page.title):
                return _show(visit, replace(page, problems=wrong), status=422)
            _make(Path(options["path"]))
            return keep_connection(visit, record, kind=KIND, title=page.title, options=options)
        return _show(visit, replace(page, seen=look_at(visit.reader, KIND, options)))
    except Invalid as invalid:
        return _show(visit, replace(page, problems=by_field(visit.reader, invalid)), status=422)


def _options(visit: Visit, record: Record | None) -> dict[str, Any]:
    """Return the options the form describes; raise `Invalid` for a folder outside the one that is watched."""
    old = options_of(record)
    typed = visit.incoming.typed("folder").strip()
    too_long = len(typed.encode()) > LONGEST_PATH
    if too_long or any(len(each.encode()) > LONGEST_NAME for each in typed.split("/")):
        raise Invalid([Problem("folder", say("this name is too long for a folder"))])
    below = visit.site.settings.watched.resolve()
    path = (below / typed).resolve()
    if not typed:
        raise Invalid([Problem("folder", say("write the name of a folder"))])
    # One that a plan of the terminal named may lie anywhere; a page leads to no other place.
    if str(path) != old.get("path") and (path == below or not path.is_relative_to(below)):
        raise Invalid([Problem("folder", say("the folder must lie below {folder}", folder=str(below)))])
    options = {**old, "path": str(path), "recursive": visit.incoming.typed("recursive") == "yes"}
    patterns = [each.strip() for each in visit.incoming.typed("pattern").split(",") if each.strip()]
    options.pop("pattern", None)
    if patterns:
        options["pattern"] = patterns
    SOURCE_KINDS[KIND].options(options)
    return options


def _make(folder: Path) -> None:
    """Make the folder where there is none; raise `Invalid` when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = say("this folder cannot be made: {problem}", problem=error.strerror or str(error))
        raise Invalid([Problem("folder", problem)]) from error


def _page(visit: Visit, record: Record | None) -> FolderPage:
    options, incoming = options_of(record), visit.incoming
    below = visit.site.settings.watched
    is_typed = incoming.method == "POST"
    title = str(record.values["title"]) if record else ""
    folder = str(options.get("path", ""))
    inside = Path(folder)
    if folder and inside.is_relative_to(below.resolve()):
        folder = inside.relative_to(below.resolve()).as_posix()
    return FolderPage(
        address=f"/sources/{record.id}/folder" if record else "/sources/new/folder",
        back=f"/sources/{record.id}" if record else "/sources/new",
        is_new=record is None,
        title=incoming.typed("title").strip() if is_typed else title,
        below=str(below),
        folder=incoming.typed("folder").strip() if is_typed else folder,
        pattern=incoming.typed("pattern") if is_typed else ", ".join(options.get("pattern") or ()),
        recursive=incoming.typed("recursive") == "yes" if is_typed else bool(options.get("recursive")),
        known=_known(below),
        problems={},
    )


def _known(below: Path) -> tuple[str, ...]:
    """Return the folders that are there already."""
    if not below.is_dir():
        return ()
    found = sorted(each.name for each in below.iterdir() if each.is_dir() and not each.name.startswith("."))
    return tuple(found[:MOST_FOLDERS])


def _show(visit: Visit, page: FolderPage, *, status: int = 200) -> Answer:
    part = "_form" if visit.incoming.wants_part else ""
    return visit.show(f"pages/source_folder{part}.html", page, status=status)


PAGES = (
    Page(path="/sources/new/folder", answer=show_form),
    Page(path="/sources/new/folder", answer=submit, method="POST"),
    Page(path="/sources/{source_id:int}/folder", answer=show_form),
    Page(path="/sources/{source_id:int}/folder", answer=submit, method="POST"),
)
