"""A database as a source: its address in parts, a test that says what is wrong, its tables to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.addresses import (
    DIALECTS,
    DatabaseAddress,
    address_from,
    typed_address,
)
from guanxi.integration.sources.database import MOST_COUNTED, TableSize, tables_of
from guanxi.kernel.errors import GuanxiError, Invalid, Problem
from guanxi.kernel.text import Message, by_number, say
from guanxi.records.reading import Record
from guanxi.web.filling import by_field
from guanxi.web.sourcing.connecting import asked_source, keep_connection, options_of, title_problem
from guanxi.web.sourcing.looking import FirstRows, look_at
from guanxi.web.visit import Answer, Page, Visit

KIND = "database"
SECONDS_TO_CONNECT = 5
QUERY = "query"
"""The name of the table that a query of one's own gives."""


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """A table of the database: its name, how many rows, whether it is chosen."""

    name: str
    rows: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class DatabasePage:
    """The form, and below it what the database answered."""

    address: str
    back: str
    is_new: bool
    title: str
    at: DatabaseAddress
    schema: str
    query: str
    dialects: tuple[tuple[str, str, int], ...]
    problems: Mapping[str, str]
    is_local: bool = False
    answer: str = ""
    problem: str = ""
    tables: tuple[Choosable, ...] | None = None
    seen: FirstRows | None = None


def show_form(visit: Visit) -> Answer:
    """Show the form, empty or filled with the connection of a source."""
    record = asked_source(visit, KIND)
    options = options_of(record)
    page = _page(visit, record, address_from(str(options.get("url", ""))) if options else DatabaseAddress())
    return visit.show("pages/source_database.html", page)


def submit(visit: Visit) -> Answer:
    """Test the connection, show first rows, or keep the source, as the button says."""
    record = asked_source(visit, KIND)
    typed, had_password = typed_address(_typed_address(visit))
    page = _page(visit, record, typed)
    try:
        if had_password:
            raise _pasted_password()
        options = _options(visit, record, typed)
        if visit.incoming.typed("step") == "keep":
            if wrong := title_problem(visit, page.title):
                return _show(visit, replace(page, problems=wrong, tables=_chosen_only(options)), status=422)
            SOURCE_KINDS[KIND].options(options)
            return keep_connection(visit, record, kind=KIND, title=page.title, options=options)
        return _show(visit, _asked(visit, page, options))
    except Invalid as invalid:
        return _show(visit, replace(page, problems=by_field(visit.reader, invalid)), status=422)


def _pasted_password() -> Invalid:
    sentence = say(
        "a password is not kept: let whoever runs this server put it into an environment variable, and write the "
        "name of that variable here"
    )
    return Invalid([Problem("password", sentence)])


def _asked(visit: Visit, page: DatabasePage, options: dict[str, Any]) -> DatabasePage:
    """Return the page with the tables of the database, and their first rows where these are asked for."""
    bounded = {**options, "connect_seconds": SECONDS_TO_CONNECT}
    try:
        found = tables_of(SOURCE_KINDS[KIND].options(bounded))
    except Invalid:
        raise
    except GuanxiError as error:
        return replace(page, problem=visit.say(error.message))
    chosen = set(options.get("tables", ()))
    host = page.at.host or "SQLite"
    answered = by_number(
        len(found),
        say("{name} answers; it holds 1 table", name=host),
        say("{name} answers; it holds {count} tables", name=host, count=Decimal(len(found))),
    )
    seen = None
    if visit.incoming.typed("step") == "rows":
        seen = look_at(visit.reader, KIND, bounded)
    return replace(
        page,
        answer=visit.say(answered),
        tables=tuple(_choosable(visit, each, chosen) for each in found),
        seen=seen,
    )


def _choosable(visit: Visit, table: TableSize, chosen: set[str]) -> Choosable:
    return Choosable(
        name=table.name,
        rows="" if table.rows is None else visit.say(_rows(table.rows)),
        is_chosen=table.name in chosen,
    )


def _rows(number: int) -> Message:
    if number > MOST_COUNTED:
        return say("more than {count} rows", count=Decimal(MOST_COUNTED))
    return by_number(number, say("1 row"), say("{count} rows", count=Decimal(number)))


def _chosen_only(options: Mapping[str, Any]) -> tuple[Choosable, ...]:
    return tuple(Choosable(name=each, rows="", is_chosen=True) for each in options.get("tables", ()))


def _options(visit: Visit, record: Record | None, at: DatabaseAddress) -> dict[str, Any]:
    """Return the options the form describes; the address of an uploaded file stays as it is."""
    old = options_of(record)
    options: dict[str, Any] = {"url": old["url"] if _is_local(old) else at.url()}
    tables = [each for each in visit.incoming.form.get("table", ()) if each]
    query, schema = visit.incoming.typed("query").strip(), visit.incoming.typed("schema").strip()
    if query:
        options["queries"] = {QUERY: query}
    if tables:
        options["tables"] = tables
    if schema:
        options["schema"] = schema
    return options


def _is_local(options: Mapping[str, Any]) -> bool:
    return str(options.get("url", "")).startswith("sqlite:")


def _typed_address(visit: Visit) -> DatabaseAddress:
    return DatabaseAddress(
        **{each.name: visit.incoming.typed(each.name).strip() for each in fields(DatabaseAddress)}
    )


def _page(visit: Visit, record: Record | None, at: DatabaseAddress) -> DatabasePage:
    options, incoming = options_of(record), visit.incoming
    is_typed = incoming.method == "POST"
    queries = options.get("queries") or {}
    chosen = incoming.form.get("table", ()) if is_typed else options.get("tables") or ()
    return DatabasePage(
        address=f"/sources/{record.id}/database" if record else "/sources/new/database",
        back=f"/sources/{record.id}" if record else "/sources/new",
        is_new=record is None,
        title=incoming.typed("title").strip() if is_typed else str(record.values["title"]) if record else "",
        at=at,
        schema=incoming.typed("schema").strip() if is_typed else str(options.get("schema") or ""),
        query=incoming.typed("query") if is_typed else str(next(iter(queries.values()), "")),
        dialects=tuple((name, label, port) for name, (label, port) in DIALECTS.items()),
        problems={},
        is_local=_is_local(options),
        tables=_chosen_only({"tables": chosen}) if chosen or queries or incoming.typed("query") else None,
    )


def _show(visit: Visit, page: DatabasePage, *, status: int = 200) -> Answer:
    part = "_form" if visit.incoming.wants_part else ""
    return visit.show(f"pages/source_database{part}.html", page, status=status)


PAGES = (
    Page(path="/sources/new/database", answer=show_form),
    Page(path="/sources/new/database", answer=submit, method="POST"),
    Page(path="/sources/{source_id:int}/database", answer=show_form),
    Page(path="/sources/{source_id:int}/database", answer=submit, method="POST"),
)
