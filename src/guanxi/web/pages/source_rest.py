"""A web interface as a source: its address, how pages follow each other, the first page as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args, get_type_hints

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.addresses import variable_problem, writes_a_password
from guanxi.integration.sources.endpoint import RestOptions
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import say
from guanxi.records.reading import Record
from guanxi.web.filling import by_field
from guanxi.web.sourcing.connecting import asked_source, keep_connection, options_of, title_problem
from guanxi.web.sourcing.looking import FirstRows, look_at
from guanxi.web.visit import Answer, Page, Visit

KIND = "rest"
PATIENCE: Mapping[str, Any] = {"timeout_seconds": 8.0, "attempts": 1}
"""A look on a page waits no longer; a reading is more patient."""

_TEXTS = (
    *("url", "table", "records", "page_parameter", "offset_parameter", "size_parameter", "cursor_parameter"),
    *("next_cursor", "changed_parameter", "changed_field", "changed_since", "token_header"),
)
_PAGINGS = {
    "none": say("All records in one answer"),
    "page": say("Numbered pages"),
    "offset": say("From the n-th record on"),
    "cursor": say("A mark in the answer names the next page"),
    "link": say("A link in the head of the answer (Link)"),
}


@dataclass(frozen=True, kw_only=True)
class RestPage:
    """The form, and below it the first page the service gave."""

    address: str
    back: str
    is_new: bool
    title: str
    typed: Mapping[str, str]
    pagings: tuple[tuple[str, str], ...]
    problems: Mapping[str, str]
    seen: FirstRows | None = None


def show_form(visit: Visit) -> Answer:
    """Show the form, empty or filled with the connection of a source."""
    record = asked_source(visit, KIND)
    return visit.show("pages/source_rest.html", _page(visit, record, _typed_from(options_of(record))))


def submit(visit: Visit) -> Answer:
    """Show the first page, or keep the source, as the button says."""
    record = asked_source(visit, KIND)
    typed = {name: visit.incoming.typed(name).strip() for name in (*_TEXTS, "paging", "page_size", "token")}
    page = _page(visit, record, typed)
    try:
        options = _options(typed, options_of(record))
        if visit.incoming.typed("step") == "keep":
            if wrong := title_problem(visit, page.title):
                return _show(visit, replace(page, problems=wrong), status=422)
            SOURCE_KINDS[KIND].options(options)
            return keep_connection(visit, record, kind=KIND, title=page.title, options=options)
        SOURCE_KINDS[KIND].options(options)
        return _show(visit, replace(page, seen=look_at(visit.reader, KIND, {**options, **PATIENCE})))
    except Invalid as invalid:
        return _show(visit, replace(page, problems=by_field(visit.reader, invalid)), status=422)


def _options(typed: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options the form describes over those it does not speak of; raise `Invalid`."""
    problems = []
    if writes_a_password(typed["url"]):
        problems.append(
            Problem("url", say("leave the token out of the address: name its environment variable below"))
        )
    if problem := variable_problem(typed["token"]):
        problems.append(Problem("token", problem))
    size = number_in(typed["page_size"])
    if typed["page_size"] and size is None:
        problems.append(Problem("page_size", say("write a whole number")))
    if problems:
        raise Invalid(problems)
    options = {name: value for name, value in old.items() if name not in typed}
    options |= {name: typed[name] for name in (*_TEXTS, "paging") if typed[name]}
    if size is not None:
        options["page_size"] = size
    if typed["token"]:
        options["token"] = f"${{{typed['token']}}}"
    # A header of its own carries the bare token; the usual one says what it is.
    if typed["token_header"] and typed["token_header"].lower() != "authorization":
        options["token_prefix"] = ""
    else:
        options.pop("token_prefix", None)
    return options


def _typed_from(options: Mapping[str, Any]) -> dict[str, str]:
    typed = {name: str(options.get(name) or "") for name in (*_TEXTS, "paging", "page_size")}
    token = str(options.get("token") or "")
    return {**typed, "token": token.removeprefix("${").removesuffix("}")}


def _page(visit: Visit, record: Record | None, typed: Mapping[str, str]) -> RestPage:
    known = get_args(get_type_hints(RestOptions)["paging"])
    title = visit.incoming.typed("title").strip()
    if visit.incoming.method != "POST":
        title = str(record.values["title"]) if record else ""
    return RestPage(
        address=f"/sources/{record.id}/rest" if record else "/sources/new/rest",
        back=f"/sources/{record.id}" if record else "/sources/new",
        is_new=record is None,
        title=title,
        typed={**typed, "paging": typed["paging"] or "none"},
        pagings=tuple((each, visit.say(_PAGINGS[each])) for each in known),
        problems={},
    )


def _show(visit: Visit, page: RestPage, *, status: int = 200) -> Answer:
    part = "_form" if visit.incoming.wants_part else ""
    return visit.show(f"pages/source_rest{part}.html", page, status=status)


PAGES = (
    Page(path="/sources/new/rest", answer=show_form),
    Page(path="/sources/new/rest", answer=submit, method="POST"),
    Page(path="/sources/{source_id:int}/rest", answer=show_form),
    Page(path="/sources/{source_id:int}/rest", answer=submit, method="POST"),
)
