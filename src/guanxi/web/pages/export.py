"""A list as an Excel file: everything that fits, or what was picked, as the person sees it."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import IO

from litestar.response import Stream

from guanxi.expressions.conditions import all_of, is_one_of
from guanxi.kernel.text import say
from guanxi.records.reading import Asked
from guanxi.web.downloads import XLSX, headers_of
from guanxi.web.lists import picking
from guanxi.web.lists.desk import Desk, desk_of
from guanxi.web.lists.wording import lines_of
from guanxi.web.lists.workbook import MOST_ROWS, Told, write_list
from guanxi.web.pages.bulk import picked
from guanxi.web.pages.listing import name_of
from guanxi.web.values import Cell, cell
from guanxi.web.visit import Answer, Page, Visit

_CHUNK = 256 * 1024
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', " "))  # in names of files, on one system or another


def export_list(visit: Visit) -> Answer:
    """Return everything that fits, in the order and with the columns of the list."""
    desk = desk_of(visit)
    return _file(desk, desk.asked(), everything=True)


def export_picked(visit: Visit) -> Answer:
    """Return the picked records, or everything that fits when that was asked for."""
    desk = desk_of(visit)
    if visit.incoming.typed("all"):
        return _file(desk, desk.asked(), everything=True)
    chosen = is_one_of("id", picked(desk, most=picking.MOST_CHANGED))
    asked = desk.asked()
    return _file(desk, replace(asked, where=all_of(asked.where, chosen)), everything=False)


def _file(desk: Desk, asked: Asked, *, everything: bool) -> Answer:
    visit = desk.visit
    title = visit.reader.label(desk.object_type.plural)
    rows = _Rows(desk, asked)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when its last byte is on its way)
    try:
        heads = [each.name(visit.reader) for each in desk.shown]
        about = partial(_about, desk, rows, everything=everything)
        write_list(file, title, heads, rows, about, visit.reader)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    named = " ".join(filter(None, (visit.frame.company, title, visit.reader.today.isoformat())))
    name = named.translate(_FORBIDDEN) + ".xlsx"
    headers = headers_of(f"{desk.object_type.name}.xlsx", name)
    return Stream(_chunks(file), media_type=XLSX, headers=headers)


class _Rows:
    """The rows of the file, read some thousand at a time; knows afterwards whether there were more than fit."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self._desk, self._asked = desk, asked
        self.is_cut = False

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        visit, count = self._desk.visit, 0
        for records in picking.pages_of(visit.tx, visit.actor, self._asked):
            for record in records:
                if count == MOST_ROWS:
                    self.is_cut = True
                    return
                count += 1
                yield tuple(
                    cell(record, each.field, visit.reader, name=each.path) for each in self._desk.shown
                )


def _about(desk: Desk, rows: _Rows, count: int, *, everything: bool) -> Told:
    """Return what the second sheet tells: from where, by whom, when, and what was left out."""
    visit, _ = desk.visit, desk.visit.reader.translate
    reader = visit.reader
    lines = [
        *([(_("Company"), visit.frame.company)] if visit.frame.company else []),
        (_("List"), f"{reader.label(desk.object_type.plural)} · {name_of(visit, desk.looking.view)}"),
        (_("Exported by"), visit.actor.name),
        (_("Time"), reader.moment(reader.now)),
        (_("Rows"), reader.number(count)),
    ]
    if rows.is_cut:
        cut = say(
            "Only the first {most} rows are here: there are more. Narrow the list and export in parts.",
            most=MOST_ROWS,
        )
        lines.append((_("Missing rows"), visit.say(cut)))
    if desk.looking.words:
        lines.append((_("Search"), desk.looking.words))
    lines += [(_("Filter"), each) for each in lines_of(desk.looking.filter, desk.speaker())]
    if not everything:
        lines.append((_("Selection"), _("only the records that were picked by hand")))
    return Told(name=_("About this file"), lines=tuple(lines))


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


PAGES = (
    Page(path="/o/{object_name:str}/export", answer=export_list),
    Page(path="/o/{object_name:str}/export", answer=export_picked, method="POST"),
)
