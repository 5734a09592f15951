"""The file a record holds: sent, taken away, and handed out to who may read the field."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from litestar.response import Stream

from guanxi.access.fields import right_to
from guanxi.access.roles import grant_of
from guanxi.identity.actor import Actor
from guanxi.kernel.errors import Conflict, Invalid, NotFound, Problem, Refused
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types.file import FileReference
from guanxi.metadata.objects import Field
from guanxi.records import files, reading, writing
from guanxi.web.downloads import headers_of
from guanxi.web.pages import editing
from guanxi.web.visit import Answer, Page, Visit

_PIECE_BYTES = 256 * 1024
_REMOVED = "remove"


def send_file(visit: Visit) -> Answer:
    """Hand out the file, always to be saved and never to be opened inside this site."""
    field = _field(visit)
    object_name, number = visit.incoming.parameters["object_name"], visit.incoming.parameters["record_id"]
    record = reading.get(visit.tx, visit.actor, object_name, number, (field.name,))
    reference = record.values.get(field.name)
    if not isinstance(reference, FileReference):
        raise NotFound(say("there is no file here"))
    content = files.content_of(visit.site.settings.home, reference)
    headers = headers_of("file", reference.name) | {"Content-Length": str(reference.size)}
    return Stream(_pieces(content), media_type=reference.media_type, headers=headers)


def save_file(visit: Visit) -> Answer:
    """Keep the file that was sent as the field's value, or take the value away."""
    field, form = _field(visit), visit.incoming
    object_name, number = form.parameters["object_name"], form.parameters["record_id"]
    version = number_in(form.typed("version"))
    try:
        value = sent(visit, field)
        if value is None and not form.typed(f"{field.name}.{_REMOVED}"):
            raise Invalid([Problem(field.name, say("choose a file first"))])
        writing.update(visit.tx, visit.actor, object_name, number, {field.name: value}, version=version)
    except Invalid as invalid:
        return editing.show_wrong(visit, field, invalid)
    except Conflict:
        told = say("somebody else changed this meanwhile; look at it and choose the file again")
        return editing.show_wrong(visit, field, Invalid([Problem(field.name, told)]), is_new=True)
    if not form.wants_part:
        return visit.go(f"/o/{object_name}/{number}")
    return editing.show_fact(visit)


def sent(visit: Visit, field: Field) -> FileReference | None:
    """Return the reference to the file that was sent for *field*, None when none was; raise `Invalid`."""
    found = next((each for each in visit.incoming.files if each.field == field.name), None)
    if found is None:
        return None
    try:
        return files.keep(visit.site.settings.home, found.shown_name, found.save)
    except Refused as refused:
        raise Invalid([Problem(field.name, refused.message)]) from refused


def may_attach(actor: Actor, catalog: Catalog, parameters: Mapping[str, Any]) -> bool:
    """Tell whether the actor may send a file for the field the address names."""
    object_type = catalog.objects.get(parameters["object_name"])
    field = object_type.fields.get(parameters["field_name"]) if object_type else None
    if object_type is None or field is None or field.type != "file":
        return False
    may_write = grant_of(actor, catalog, object_type.name).write != "none"
    return may_write and right_to(actor, catalog, object_type, field.name) == "write"


def _field(visit: Visit) -> Field:
    object_type = visit.object_type
    field = object_type.field(visit.incoming.parameters["field_name"])
    if field.type != "file":
        raise NotFound(say("there is no file here"))
    return field


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(_PIECE_BYTES):
            yield piece


_FILE = "/o/{object_name:str}/{record_id:int}/file/{field_name:str}"
PAGES = (
    Page(path=_FILE, answer=send_file),
    Page(path=_FILE, answer=save_file, method="POST", takes_files=may_attach),
)
