"""How one page of a web service leads to the next."""

from dataclasses import dataclass
from typing import Any

from guanxi.integration.sources.endpoint import RestOptions
from guanxi.integration.sources.flattening import dig


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the next page is: the address, and what the paging parameter says (None: nothing)."""

    url: str
    mark: str | None = None


def first_place(options: RestOptions) -> Place:
    """Return where the first page is."""
    first = {"page": str(options.first_page), "offset": "0"}
    return Place(url=options.url, mark=first.get(options.paging))


def parameters_of(options: RestOptions, place: Place) -> dict[str, str]:
    """Return the parameters of the request for *place*; a followed link carries its own."""
    if place.url != options.url:
        return {}
    parameters = dict(options.parameters or {})
    if options.changed_parameter and options.changed_since:
        parameters[options.changed_parameter] = options.changed_since
    if options.page_size:
        parameters[options.size_parameter] = str(options.page_size)
    names = {
        "page": options.page_parameter,
        "offset": options.offset_parameter,
        "cursor": options.cursor_parameter,
    }
    if place.mark is not None:
        parameters[names[options.paging]] = place.mark
    return parameters


def next_place(options: RestOptions, place: Place, body: Any, link: str | None, count: int) -> Place | None:
    """Return where the page after *place* is, None at the end.

    ``page`` and ``offset`` end with an empty page or one shorter than ``page_size``; ``cursor`` and
    ``link`` when the answer names no further one. *count* is the number of records on the present page.
    """
    if options.paging == "link":
        return Place(url=link) if link else None
    if options.paging == "cursor":
        cursor = dig(body, options.next_cursor)
        return Place(url=options.url, mark=str(cursor)) if cursor not in (None, "", False) else None
    if options.paging == "none" or not count or count < (options.page_size or 0):
        return None
    step = 1 if options.paging == "page" else count
    return Place(url=options.url, mark=str(int(place.mark or "0") + step))
