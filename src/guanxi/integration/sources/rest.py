"""Web services that give JSON page by page: ERP, web shop, marketing tools."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from guanxi.integration.sources.base import (
    FIRST_ROWS,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    remark,
)
from guanxi.integration.sources.endpoint import RestOptions
from guanxi.integration.sources.flattening import dig, flatten
from guanxi.integration.sources.headers import unique_names
from guanxi.integration.sources.judging import Judging, Sample
from guanxi.integration.sources.paging import Place, first_place, next_place, parameters_of
from guanxi.integration.sources.quarantine import NOT_AN_OBJECT
from guanxi.integration.sources.snapshots import Page, Snapshots
from guanxi.integration.sources.webclient import Answer, WebClient
from guanxi.integration.sources.writing import Quarantine, TableFile
from guanxi.kernel.errors import Failed, Refused, Transient
from guanxi.kernel.text import say


class SourceStopped(Transient):
    """The service stopped answering in the middle; ``receipt`` tells what was read until then.

    Reading again into the same folder goes on after the last page that was kept.
    """

    def __init__(self, page: int, receipt: ReadReceipt, cause: Failed) -> None:
        rows = sum(table.rows_seen for table in receipt.tables)
        super().__init__(
            say(
                "the source stopped answering at page {page} ({problem}); what the pages before brought is "
                "kept (records: {rows}), try again to go on from there",
                page=page,
                problem=str(cause),
                rows=rows,
            )
        )
        self.page, self.receipt = page, receipt


class Rest(SourceKind[RestOptions]):
    """A web service that answers in JSON over HTTP."""

    name = "rest"
    options_type = RestOptions

    def inspect(self, options: RestOptions, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Ask for the first page and show what its records look like."""
        with WebClient(options) as client:
            place = first_place(options)
            page = _page(1, place, client.get(place.url, parameters_of(options, place)), options)
        keys = _keys([page])
        sample = Sample(rows)
        for number, record in enumerate(page.records, 1):
            _take(sample, number, record, keys, None)
        return (
            TableOutline(
                name=options.table,
                columns=unique_names(keys, limit=options.max_columns),
                first_rows=sample.kept,
                numbered=tuple(sample.rows),
                encoding="utf-8",
            ),
        )

    def read(self, options: RestOptions, into: Path) -> ReadReceipt:
        """Keep every page as it came (pages.jsonl) and write its records as one table.

        When the service stops answering, `SourceStopped` carries the receipt of what was read; reading
        again into the same folder goes on from there. Nested values are named with dots, lists are JSON.
        """
        into.mkdir(parents=True, exist_ok=True)
        snapshots = Snapshots(into, options)
        number, failure = 0, None
        with WebClient(options) as client:
            try:
                for number in _fetch(client, options, snapshots):  # noqa: B007 (the page that failed)
                    pass
            except Transient as error:
                failure = error
        receipt = _write(options, snapshots, into, complete=failure is None)
        if failure:
            raise SourceStopped(number + 1, receipt, failure) from failure
        return receipt


def _fetch(client: WebClient, options: RestOptions, snapshots: Snapshots) -> Iterator[int]:
    """Ask for one page after the other from where the snapshots end, yielding the number of each kept."""
    last = snapshots.last()
    number = last.number if last else 0
    place: Place | None = last.next_place if last else first_place(options)
    if number:
        yield number
    while place:
        number += 1
        if number > options.max_pages:
            raise Refused(
                say(
                    "the source has more than {limit} pages; raise the option max_pages",
                    limit=options.max_pages,
                )
            )
        page = _page(number, place, client.get(place.url, parameters_of(options, place)), options)
        if snapshots.holds(page):
            raise Refused(
                say(
                    "page {page} repeats an earlier page word for word; check the names of the paging "
                    "parameters, the source seems not to know them",
                    page=number,
                )
            )
        snapshots.keep(page)
        yield number
        place = page.next_place


def _page(number: int, place: Place, answer: Answer, options: RestOptions) -> Page:
    records = dig(answer.body, options.records)
    if not isinstance(records, list):
        known = sorted(answer.body) if isinstance(answer.body, dict) else []
        raise Refused(
            say(
                "page {page} holds no list at {path}; the answer names: {known}",
                page=number,
                path=repr(options.records),
                known=known[:20],
            )
        )
    following = next_place(options, place, answer.body, answer.links, len(records))
    return Page(number=number, records=records, next_place=following, text=answer.text)


def _write(options: RestOptions, snapshots: Snapshots, into: Path, *, complete: bool) -> ReadReceipt:
    """Write the table from the kept pages: once to learn the columns, once to fill them."""
    keys = _keys(snapshots.pages())
    columns = unique_names(keys, limit=options.max_columns) or ("column 1",)
    until: str | None = options.changed_since
    with Quarantine(into) as quarantine, TableFile(into, 1, options.table, columns, quarantine) as table:
        row = 0
        for page in snapshots.pages():
            for record in page.records:
                row += 1
                until = _later(until, _take(table, row, record, keys, options.changed_field))
    receipt: TableReceipt = table.receipt(encoding="utf-8")
    return ReadReceipt(
        kind="rest",
        tables=(receipt,),
        quarantine_path=str(quarantine.path),
        quarantined=quarantine.count,
        complete=complete,
        changed_until=until,
        remarks=tuple(_remarks(snapshots)),
    )


def _keys(pages: Iterable[Page]) -> dict[str, None]:
    """Return every name the records of *pages* use, in the order they come."""
    keys: dict[str, None] = {}
    for page in pages:
        for record in page.records:
            if isinstance(record, dict):
                keys |= dict.fromkeys(flatten(record))
    return keys


def _take(
    table: Judging, row: int, record: Any, keys: dict[str, None], changed_field: str | None
) -> str | None:
    """Put one record where it belongs and return when it was changed."""
    if not isinstance(record, dict):
        table.refuse(row, repr(record), NOT_AN_OBJECT)
        return None
    values = flatten(record)
    table.take(row, [values.get(key) for key in keys] or [None])
    return values.get(changed_field) if changed_field else None


def _later(one: str | None, other: str | None) -> str | None:
    """Return the later of two marks: as numbers where both are whole numbers, else as text (ISO 8601)."""
    if not one or not other:
        return one or other
    if one.isdecimal() and other.isdecimal():
        # By their digits: what a service sends may be longer than any number.
        width = max(len(one), len(other))
        return max(one, other, key=lambda each: each.zfill(width))
    return max(one, other)


def _remarks(snapshots: Snapshots) -> Iterator[Remark]:
    if snapshots.resumed_at:
        yield remark(say("reading went on after page {page}, kept from before", page=snapshots.resumed_at))
