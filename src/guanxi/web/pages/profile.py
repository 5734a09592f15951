"""The profile of a source: how full, how varied, in which shapes; every number leads to the rows behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args

from guanxi.integration import intake
from guanxi.integration.profiling import (
    EVERY,
    ColumnProfile,
    ColumnRemark,
    Finding,
    TableProfile,
    remarks,
    rows_behind,
)
from guanxi.integration.profiling.remarks import WEIGHTS
from guanxi.kernel.errors import NotFound
from guanxi.kernel.numbers import number_in
from guanxi.kernel.text import Message, say
from guanxi.web.studying.profiles import (
    JUDGED,
    KINDS,
    BarLine,
    ColumnLine,
    Panel,
    ProfilePage,
    RemarkLine,
    RowLine,
    RowsPart,
    fill_parts,
    in_cell,
    lengths,
    percent,
)
from guanxi.web.studying.studied import Studied, UnstudiedPage, studied, table_tabs
from guanxi.web.visit import Answer, Page, Visit

_PARTS = {"panel": "pages/profile_panel.html", "rows": "pages/profile_rows.html"}
_SHOWN_REMARKS = 12


def show_profile(visit: Visit) -> Answer:
    """Show the profile of one table; a script asks for the panel of a column or for rows alone."""
    here = studied(visit)
    if isinstance(here, UnstudiedPage):
        return visit.show("frame/unstudied.html", here)
    view = _View(visit, here)
    part = visit.incoming.headers.get("hx-target", "") if visit.incoming.wants_part else ""
    template = _PARTS.get(part, "pages/profile.html")
    return visit.show(template, view.page())


class _View:
    """One table's profile on its way to the page."""

    def __init__(self, visit: Visit, here: Studied) -> None:
        self._visit, self._here, self._reader = visit, here, visit.reader
        self._profiles = intake.profiles_of(here.folder, here.source)
        self._profile: TableProfile = self._profiles[here.place]
        self._remarks = remarks(self._profile)
        self._places = {each.name: place for place, each in enumerate(self._profile.columns)}

    def page(self) -> ProfilePage:
        """Return the whole page."""
        here, reader = self._here, self._reader
        column = self._column()
        return ProfilePage(
            id=here.record.id,
            title=str(here.record.values["title"]),
            address=self._address(),
            tabs=table_tabs(here, "profile", tuple(reader.number(each.rows) for each in here.tables)),
            figures=self._figures(),
            remarks=tuple(self._remark(each) for each in self._remarks[:_SHOWN_REMARKS]),
            more_remarks=max(0, len(self._remarks) - _SHOWN_REMARKS),
            heads=self._heads(),
            lines=tuple(self._line(each) for each in self._sorted()),
            panel=self._panel(column) if column else None,
            rows=self._rows(column) if column and self._finding() else None,
        )

    def _figures(self) -> tuple[tuple[str, str], ...]:
        say_, number = self._visit.say, self._reader.number
        table = self._here.table
        keys = ["+".join(each) for each in self._profile.keys[:3]]
        return (
            (say_(say("rows")), number(self._profile.rows)),
            (say_(say("columns")), number(len(self._profile.columns))),
            (say_(say("in quarantine")), number(table.quarantined)),
            (say_(say("blank rows")), number(table.blank)),
            (say_(say("key of the rows")), self._reader.listing(keys) if keys else "–"),
        )

    def _line(self, column: ColumnProfile) -> ColumnLine:
        number, own = self._reader.number, [each for each in self._remarks if each.column == column.name]
        highest = max((each.count for each in column.top), default=1)
        return ColumnLine(
            place=self._places[column.name] + 1,
            name=column.name,
            open=self._address(column=self._places[column.name]),
            is_open=self._column() is column,
            kind=self._visit.say(KINDS[column.kind]),
            kind_share=percent(column.kind_share) if column.kind in JUDGED else "",
            fill=percent(column.fill_rate),
            parts=fill_parts(column),
            distinct=number(column.distinct),
            lengths=lengths(column, "–"),
            spikes=tuple(each.count / highest for each in column.top),
            example=in_cell(next(iter(column.examples), "")),
            is_key=column.is_key,
            weight=own[0].weight if own else "",
            remarks=tuple(self._visit.say(each.message) for each in own),
        )

    def _panel(self, column: ColumnProfile) -> Panel:
        place = self._places[column.name]
        filled = max(column.filled, 1)

        def bars(finding: Finding, entries: Sequence[tuple[str, str, int]]) -> tuple[BarLine, ...]:
            longest = max((count for _, _, count in entries), default=1)
            return tuple(
                BarLine(
                    text=in_cell(text),
                    note=note or percent(count / filled),
                    share=count / longest,
                    count=self._reader.number(count),
                    rows=self._address(column=place, finding=finding, place=number),
                )
                for number, (text, note, count) in enumerate(entries)
            )

        far = self._reader.translate("%(distance)s times the usual distance")
        return Panel(
            name=column.name,
            kind=self._visit.say(KINDS[column.kind]),
            kind_share=percent(column.kind_share) if column.kind in JUDGED else "",
            close=self._address(),
            mapping=f"{self._here.address}/mapping?table={self._here.place}#column-{place}",
            fill=percent(column.fill_rate),
            parts=fill_parts(column),
            facts=self._facts(column),
            remarks=tuple(self._remark(each) for each in self._remarks if each.column == column.name),
            values=bars("value", [(each.value, "", each.count) for each in column.top]),
            patterns=bars("pattern", [(each.pattern, "", each.count) for each in column.patterns]),
            outliers=bars(
                "outlier",
                [
                    (each.value, far % {"distance": self._reader.number(each.distance)}, each.count)
                    for each in column.outliers
                ],
            ),
        )

    def _facts(self, column: ColumnProfile) -> tuple[tuple[str, str, str], ...]:
        number, say_, place = self._reader.number, self._visit.say, self._places[column.name]

        def behind(finding: Finding, count: int) -> str:
            return self._address(column=place, finding=finding, place=0) if count else ""

        empty = column.rows - column.filled
        facts = [
            (say_(say("empty")), number(empty), behind("empty", empty)),
            (say_(say("say nothing")), number(column.stand_ins), behind("stand_in", column.stand_ins)),
            (say_(say("different values")), number(column.distinct), ""),
            (say_(say("shortest")), number(column.shortest or 0), behind("shortest", column.filled)),
            (say_(say("longest")), number(column.longest or 0), behind("longest", column.filled)),
        ]
        if column.lowest is not None:
            facts.append((say_(say("lowest")), in_cell(column.lowest), ""))
            facts.append((say_(say("highest")), in_cell(column.highest or ""), ""))
        return tuple(facts)

    def _rows(self, column: ColumnProfile) -> RowsPart | None:
        finding = cast("Finding", self._finding())
        asked = self._visit.incoming.asked("place", "0")
        place = EVERY if asked == str(EVERY) else number_in(asked) or 0
        path = intake.table_file(self._here.folder, self._here.source, self._here.table)
        found = rows_behind(path, column, finding, place)
        first = found.columns.index(column.name)

        def cells(values: Sequence[str | None]) -> tuple[str, ...]:
            return tuple(
                in_cell(each or "") for each in (values[first], *values[:first], *values[first + 1 :])
            )

        entries: Sequence[Any] = {"value": column.top, "pattern": column.patterns}.get(finding, ())
        what = [getattr(each, finding) for each in entries[place : place + 1]]
        count = self._reader.number(len(found.rows))
        return RowsPart(
            title=self._visit.say(_title(finding, column.name, in_cell(what[0]) if what else "")),
            count=f"{count}+" if found.more else count,
            close=self._address(column=self._places[column.name]),
            columns=(column.name, *found.columns[:first], *found.columns[first + 1 :]),
            rows=tuple(
                RowLine(place=self._reader.number(each.place), cells=cells(each.cells)) for each in found.rows
            ),
        )

    def _remark(self, remark: ColumnRemark) -> RemarkLine:
        place = self._places[remark.column]
        return RemarkLine(
            column=remark.column,
            weight=remark.weight,
            text=self._visit.say(remark.message),
            rows=self._address(column=place, finding=remark.finding, place=remark.place),
            open=self._address(column=place),
        )

    def _sorted(self) -> list[ColumnProfile]:
        by, descending = self._order()
        return sorted(self._profile.columns, key=_ORDERS[by](self), reverse=descending)

    def _order(self) -> tuple[str, bool]:
        asked = self._visit.incoming.asked("sort", "remarks")
        by = asked.removeprefix("-")
        return (by, asked.startswith("-")) if by in _ORDERS else ("remarks", False)

    def _heads(self) -> tuple[tuple[str, str, str], ...]:
        now, descending = self._order()
        heads = []
        for by, label in _HEADS.items():
            there = "-" if by == now and not descending else ""
            direction = ("descending" if descending else "ascending") if by == now else ""
            address = f"{self._here.address}/profile?table={self._here.place}&sort={there}{by}"
            heads.append((self._visit.say(label), address, direction))
        return tuple(heads)

    def _column(self) -> ColumnProfile | None:
        asked = self._visit.incoming.asked("column")
        if not asked:
            return None
        columns = self._profile.columns
        if not asked.isdecimal() or len(asked) > 6 or int(asked) >= len(columns):
            raise NotFound(say("this table has no such column"))
        return columns[int(asked)]

    def _finding(self) -> str:
        asked = self._visit.incoming.asked("finding")
        return asked if asked in get_args(Finding) else ""

    def _address(self, **more: object) -> str:
        sort = self._visit.incoming.asked("sort")
        asked = {"table": self._here.place, **({"sort": sort} if sort in _SORTS else {}), **more}
        return f"{self._here.address}/profile?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def worst(self, column: ColumnProfile) -> tuple[int, int, int]:
        """Return what sorts a column by what is remarked about it."""
        own = [WEIGHTS.index(each.weight) for each in self._remarks if each.column == column.name]
        return (min(own, default=len(WEIGHTS)), -len(own), self._places[column.name])

    def place_of(self, column: ColumnProfile) -> int:
        """Return the place of a column in the source."""
        return self._places[column.name]


def _title(finding: Finding, column: str, what: str) -> Message:
    titles: Mapping[Finding, Message] = {
        "empty": say("Rows where {column} is empty", column=column),
        "stand_in": say("Rows where {column} says nothing", column=column),
        "value": say("Rows where {column} is {what}", column=column, what=what),
        "pattern": say("Rows where {column} is written like {what}", column=column, what=what),
        "outlier": say("Rows where {column} is far from the others", column=column),
        "repeated": say("Rows that share their value of {column} with others", column=column),
        "unlike": say("Rows where {column} looks different from the others", column=column),
        "shortest": say("Rows with the shortest {column}", column=column),
        "longest": say("Rows with the longest {column}", column=column),
    }
    return titles[finding]


_HEADS: Mapping[str, Message] = {
    "place": say("Column"),
    "kind": say("Looks like"),
    "fill": say("Filled"),
    "distinct": say("Different values"),
    "length": say("Length"),
    "remarks": say("Findings"),
}
_ORDERS: Mapping[str, Callable[[_View], Callable[[ColumnProfile], Any]]] = {
    "place": lambda view: view.place_of,
    "kind": lambda _: lambda column: column.kind,
    "fill": lambda _: lambda column: column.fill_rate,
    "distinct": lambda _: lambda column: column.distinct,
    "length": lambda _: lambda column: column.longest or 0,
    "remarks": lambda view: view.worst,
}
_SORTS = frozenset(each + by for by in _ORDERS for each in ("", "-"))


PAGES = (Page(path="/sources/{source_id:int}/profile", answer=show_profile),)
