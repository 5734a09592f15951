"""Reading records: a query is a value, its answer one page that knows where the next begins."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.metadata.catalog import target_of
from guanxi.metadata.field_types import type_of
from guanxi.store.conditions import compile_expression
from guanxi.store.paths import Found, Paths, Steps, Visible
from guanxi.store.search import Words, any_of, found_among, found_by_index
from guanxi.store.tables import record_table
from guanxi.store.transactions import Transaction

NEWEST = 2_000
"""So many are looked through for words before the index is asked: it takes some 20 milliseconds."""

Keys = list[tuple[sa.ColumnElement[Any], bool]]
"""What rows are sorted by: columns, each with whether it descends."""


@dataclass(frozen=True)
class Order:
    """Sort by the field at *path*; empty values come last either way."""

    path: Steps
    descending: bool = False


@dataclass(frozen=True, kw_only=True)
class Query:
    """Which records of an object, which of their fields, in which order, from where on."""

    object: str
    paths: tuple[Steps, ...] = ()
    where: Expression = EVERYTHING
    words: Words | None = None
    found_by: tuple[str, ...] = ()
    """The fields whose text may be searched for *words*."""
    newest: int = 0
    """Among how many of the newest records *words* are looked for (0: all)."""
    order: tuple[Order, ...] = ()
    after: tuple[Any, ...] | None = None
    limit: int = 50
    deleted: bool = False
    origins: bool = False
    """Whether each row tells where its values came from."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record as stored: values and titles of linked records by path, and its place in the order."""

    id: int
    version: int
    values: Mapping[Steps, Any]
    titles: Mapping[Steps, str]
    place: tuple[Any, ...]
    origin: Mapping[str, Any] | None = None
    linked: Mapping[Steps, Mapping[int, str]] = field(default_factory=dict)
    """The titles of the records each many-to-many field links to, by number."""


@dataclass(frozen=True, kw_only=True)
class Titled:
    """A record by its title and number ('' where it has none)."""

    object: str
    id: int
    title: str
    number: str


def select_rows(tx: Transaction, query: Query, visible: Visible) -> list[Row]:
    """Return at most ``query.limit`` rows the actor may see, starting behind ``query.after``.

    With one field to sort by, filled and blank values are asked for apart: only so does an index of the field serve
    in both directions, on the first page as on the last. Words are looked for among the newest first: most pages are
    full by then, however many more records have them.
    """
    newest_first = not query.order or query.order[0] == Order(("id",), descending=True)
    if query.words is not None and newest_first:
        found = _select(tx, replace(query, newest=NEWEST), visible)
        return found if len(found) == query.limit else _select(tx, query, visible)
    if len(query.order) != 1 or query.order[0].path == ("id",):
        return _select(tx, query, visible)
    begins_blank = query.after is not None and query.after[0] is None
    found = [] if begins_blank else _select(tx, query, visible, blank=False)
    missing = query.limit - len(found)
    if missing <= 0:
        return found
    blank = replace(query, limit=missing, after=query.after if begins_blank else None)
    return [*found, *_select(tx, blank, visible, blank=True)]


def _select(tx: Transaction, query: Query, visible: Visible, *, blank: bool | None = None) -> list[Row]:
    """Return rows in order; with *blank* only those whose sorted field is (or is not) empty."""
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    keys = [(paths.find(each.path).columns[0], each.descending) for each in query.order]
    keys.append((paths.root.c.id, query.order[0].descending if query.order else True))
    wanted = [_wanted(paths, path) for path in query.paths]
    where = conditions_for(tx, paths, query, visible)
    if blank is not None:
        where.append(keys[0][0].is_(None) if blank else keys[0][0].is_not(None))
    if query.after is not None:
        where.append(_behind(keys, query.after) if blank is None else _beyond(keys, query.after, blank=blank))
    version = paths.root.c.get("version", sa.literal(1))
    origin = paths.root.c.get("origin", sa.null()) if query.origins else sa.null()
    statement = (
        sa.select(
            version,
            origin,
            *(column for each in wanted for column in each.columns),
            *(key for key, _ in keys),
        )
        .select_from(paths.source)
        .where(*where)
        .order_by(*_ordering(keys, blank))
        .limit(query.limit)
    )
    return [_row(list(cells), wanted) for cells in tx.connection.execute(statement)]


def count_rows(tx: Transaction, query: Query, visible: Visible, *, cap: int) -> int:
    """Return how many rows the query finds, at most *cap* + 1: no page waits for an exact count."""
    return count_each(tx, [query], visible, cap=cap)[0]


def count_each(tx: Transaction, asked: Sequence[Query], visible: Visible, *, cap: int) -> list[int]:
    """Return how many rows each query finds, at most *cap* + 1, in one question to the database."""
    if not asked:
        return []
    counts = [_counted(tx, query, visible, cap).label(f"n{at}") for at, query in enumerate(asked)]
    return [int(number) for number in tx.connection.execute(sa.select(*counts)).one()]


def find_titles(tx: Transaction, asked: Sequence[Query], visible: Visible, *, limit: int) -> list[Titled]:
    """Return at most *limit* of each object that the words find; in the order of *asked*, newest first.

    Words that no index knows (two letters, 有限公司) are looked for among the newest alone: who types them into the
    search over everything goes on typing, and the list of one object looks further.
    """
    newest = [replace(each, newest=NEWEST) for each in asked]
    found = _find_titles(tx, dict(enumerate(newest)), visible, limit)
    counted = Counter(each.object for each in found)
    missing = {
        place: each
        for place, each in enumerate(asked)
        if counted[each.object] < limit and each.words is not None and each.words.runs
    }
    again = {each.object for each in missing.values()}
    full = [each for each in found if each.object not in again]
    places = {each.object: place for place, each in enumerate(asked)}
    return sorted([*full, *_find_titles(tx, missing, visible, limit)], key=lambda each: places[each.object])


def _find_titles(tx: Transaction, asked: Mapping[int, Query], visible: Visible, limit: int) -> list[Titled]:
    parts = [_titles(tx, query, place, visible, limit) for place, query in asked.items()]
    if not parts:
        return []
    found = sa.union_all(*parts).subquery()
    statement = sa.select(found).order_by(found.c.place, found.c.id.desc())
    return [
        Titled(object=row.object, id=row.id, title=row.title or "", number=row.number or "")
        for row in tx.connection.execute(statement)
    ]


def _counted(tx: Transaction, query: Query, visible: Visible, cap: int) -> sa.ScalarSelect[int]:
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    where = conditions_for(tx, paths, query, visible)
    inner = sa.select(sa.literal(1)).select_from(paths.source).where(*where).limit(cap + 1).subquery()
    return sa.select(sa.func.count()).select_from(inner).scalar_subquery()


def _titles(tx: Transaction, query: Query, place: int, visible: Visible, limit: int) -> sa.Select[Any]:
    object_type = tx.catalog.object(query.object)
    paths = Paths(tx.catalog, query.object, visible, tx.now)
    where = conditions_for(tx, paths, query, visible)
    number = paths.find((object_type.number,)).columns[0] if object_type.number else sa.literal("")
    inner = (
        sa.select(
            sa.literal(place).label("place"),
            sa.literal(query.object).label("object"),
            paths.root.c.id.label("id"),
            paths.find((object_type.title,)).columns[0].label("title"),
            number.label("number"),
        )
        .select_from(paths.source)
        .where(*where)
        .order_by(paths.root.c.id.desc())
        .limit(limit)
        .subquery()
    )
    return sa.select(inner)


@dataclass(frozen=True)
class _Wanted:
    """One path of a query: where it is found and, for links, the column with the linked records' titles."""

    path: Steps
    found: Found
    title: sa.ColumnElement[Any] | None

    @property
    def columns(self) -> tuple[sa.ColumnElement[Any], ...]:
        return self.found.columns if self.title is None else (*self.found.columns, self.title)


def _wanted(paths: Paths, path: Steps) -> _Wanted:
    found = paths.find(path)
    if not target_of(found.field):
        return _Wanted(path, found, None)
    links_many = type_of(found.field).links_many
    return _Wanted(path, found, paths.linked_titles(path) if links_many else paths.title(path))


def conditions_for(
    tx: Transaction, paths: Paths, query: Query, visible: Visible
) -> list[sa.ColumnElement[bool]]:
    """Return what rows of *query* must meet."""
    conditions = [
        compile_expression(each, paths.column, now=tx.now) for each in (visible(query.object), query.where)
    ]
    if "deleted_at" in paths.root.c:
        gone = paths.root.c.deleted_at.is_not(None)
        conditions.append(gone if query.deleted else sa.not_(gone))
    if query.words is not None:
        asked = (query.words, query.object, query.found_by)
        found = found_among(*asked, _newest(tx, query)) if query.newest else found_by_index(*asked)
        conditions.append(paths.root.c.id == any_of(found))
    return conditions


def _newest(tx: Transaction, query: Query) -> sa.Select[tuple[int]]:
    """Return the numbers of the newest records behind the place where the query begins."""
    table = record_table(tx.catalog.object(query.object))
    newest = sa.select(table.c.id).order_by(table.c.id.desc()).limit(query.newest)
    return newest if query.after is None else newest.where(table.c.id < query.after[-1])


def _direction(key: sa.ColumnElement[Any], descending: bool) -> sa.UnaryExpression[Any]:
    ordered: sa.UnaryExpression[Any] = sa.nulls_last(key.desc() if descending else key.asc())
    return ordered


def _ordering(keys: Keys, blank: bool | None) -> list[sa.ColumnElement[Any]]:
    """Return the order of rows; "empty last" is said only where there may be empty values: no index serves it."""
    *asked, number = keys
    if blank is None:
        return [*(_direction(key, descending) for key, descending in asked), _plain(*number)]
    return [_plain(*each) for each in ([number] if blank else keys)]


def _plain(key: sa.ColumnElement[Any], descending: bool) -> sa.ColumnElement[Any]:
    return key.desc() if descending else key.asc()


def _beyond(keys: Keys, place: tuple[Any, ...], *, blank: bool) -> sa.ColumnElement[bool]:
    """Return the condition for rows behind *place* where the sorted field is filled everywhere, or nowhere."""
    (key, descending), (number, _) = keys
    further: sa.ColumnElement[bool] = number < place[1] if descending else number > place[1]
    if blank:
        return further
    value = place[0]
    # The first part is what an index can begin at; the second leaves out what was on the page before.
    reached = key <= value if descending else key >= value
    return sa.and_(reached, sa.or_(key != value, further))


def _behind(keys: Keys, place: tuple[Any, ...]) -> sa.ColumnElement[bool]:
    """Return the condition for rows behind *place*, in the order of *keys* with empty values last."""
    (key, descending), value = keys[0], place[0]
    rest = _behind(keys[1:], place[1:]) if len(keys) > 1 else sa.false()
    if value is None:
        return sa.and_(key.is_(None), rest)
    beyond: sa.ColumnElement[bool] = key < value if descending else key > value
    if len(keys) == 1:
        return beyond
    return sa.or_(beyond, key.is_(None), sa.and_(key == value, rest))


def _row(cells: list[Any], wanted: list[_Wanted]) -> Row:
    values: dict[Steps, Any] = {}
    titles: dict[Steps, str] = {}
    linked: dict[Steps, dict[int, str]] = {}
    at = 2  # behind version and origin
    for each in wanted:
        end = at + len(each.found.columns)
        values[each.path] = each.found.value(cells[at:end])
        if type_of(each.found.field).links_many:
            names = zip(values[each.path] or (), cells[end] or (), strict=True)
            linked[each.path] = {number: name or "" for number, name in names}
        elif each.title is not None:
            titles[each.path] = cells[end] or ""
        at += len(each.columns)
    place = tuple(cells[at:])
    return Row(
        id=place[-1],
        version=cells[0],
        values=values,
        titles=titles,
        place=place,
        origin=cells[1],
        linked=linked,
    )
