"""Field paths become columns: each lookup on the way is one join, seen with the actor's eyes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from guanxi.expressions.syntax import Expression, Path
from guanxi.kernel.errors import UnknownName
from guanxi.metadata.catalog import Catalog, target_of
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.conditions import compile_expression
from guanxi.store.tables import link_table, record_table, record_table_as

Steps = tuple[str, ...]
"""A field path: the names of lookups, then of a field, then perhaps of a part of it."""

Visible = Callable[[str], Expression]
"""Which records of an object (by name) the actor may see."""


@dataclass(frozen=True)
class Found:
    """A field, the columns asked for, and whether they are all of its columns."""

    field: Field
    columns: tuple[sa.ColumnElement[Any], ...]
    whole: bool

    def value(self, cells: Sequence[Any]) -> Any:
        """Return the field's value from one cell per column."""
        return type_of(self.field).from_columns(cells) if self.whole else cells[0]


class Paths:
    """The columns behind field paths that start at one object; collects the joins they need.

    A linked record the actor may not see is like an empty link.
    """

    def __init__(self, catalog: Catalog, object_name: str, visible: Visible, now: datetime) -> None:
        self._catalog, self._visible, self._now = catalog, visible, now
        self._tables: dict[Steps, tuple[ObjectType, sa.FromClause]] = {}
        root = catalog.object(object_name)
        self.root = record_table_as(root, "root")
        self._tables[()] = (root, self.root)
        self.source: sa.FromClause = self.root

    def column(self, path: Path) -> sa.ColumnElement[Any]:
        """Return the (first) column *path* stands for: a field, a part of one, or a field behind lookups.

        A many-to-many field stands in conditions as the list of its records' numbers, as texts.
        """
        found = self.find(path.parts)
        links_many = type_of(found.field).links_many
        return sa.cast(found.columns[0], ARRAY(sa.Text)) if links_many else found.columns[0]

    def find(self, parts: Steps) -> Found:
        """Return the field at *parts* and its columns; raise `UnknownName` where a step leads nowhere."""
        object_type, table, rest = self._walk(parts)
        field = object_type.field(rest[0])
        names = [name for name, _ in columns_of(field)]
        if len(rest) == 1 and type_of(field).links_many:
            numbers = self._linked(object_type, table, field, lambda links, _: links.c.linked_id)
            return Found(field, (numbers,), whole=True)
        if len(rest) == 1:
            return Found(field, tuple(table.c[name] for name in names), whole=True)
        wanted = f"{field.name}_{rest[1]}"
        if wanted not in names:
            known = [name.removeprefix(f"{field.name}_") for name in names]
            raise UnknownName(f"part of {field.name}", rest[1], known)
        return Found(field, (table.c[wanted],), whole=False)

    def title(self, parts: Steps) -> sa.ColumnElement[Any]:
        """Return the title of the record the lookup at *parts* points to."""
        object_type, table = self._table(parts)
        return table.c[object_type.title]

    def linked_titles(self, parts: Steps) -> sa.ColumnElement[Any]:
        """Return the titles of the records the many-to-many field at *parts* links to, in the order of its numbers."""
        object_type, table, rest = self._walk(parts)
        field = object_type.field(rest[0])
        title = self._catalog.object(field.target).title
        return self._linked(object_type, table, field, lambda _, there: sa.cast(there.c[title], sa.Text))

    def _walk(self, parts: Steps) -> tuple[ObjectType, sa.FromClause, Steps]:
        """Return the object and table that hold the field, and the steps left: field, or field and part."""
        steps = 0
        while len(parts) - steps > 1 and self._is_link(parts[: steps + 1]):
            steps += 1
        object_type, table = self._table(parts[:steps])
        return object_type, table, parts[steps:]

    def _is_link(self, parts: Steps) -> bool:
        field = self._catalog.follow(self._tables[()][0].name, parts)[1]
        return bool(target_of(field)) and not type_of(field).links_many

    def _table(self, parts: Steps) -> tuple[ObjectType, sa.FromClause]:
        if parts not in self._tables:
            self._tables[parts] = self._join(parts)
        return self._tables[parts]

    def _join(self, parts: Steps) -> tuple[ObjectType, sa.FromClause]:
        before, table_before = self._table(parts[:-1])
        lookup = before.field(parts[-1])
        target = self._catalog.object(target_of(lookup))
        table = record_table_as(target, "_".join(parts))
        link = table_before.c[f"{lookup.name}_id"]
        self.source = self.source.outerjoin(table, sa.and_(table.c.id == link, self._seen(target, table)))
        return target, table

    def _linked(
        self,
        object_type: ObjectType,
        table: sa.FromClause,
        field: Field,
        wanted: Callable[[sa.FromClause, sa.FromClause], sa.ColumnElement[Any]],
    ) -> sa.ScalarSelect[Any]:
        """Return what is *wanted* of each record a many-to-many field links to: those the actor may see, by number.

        *wanted* gets the table of links and the table of the records they lead to.
        """
        target = self._catalog.object(field.target)
        links, there = link_table(object_type.name, field).alias(), record_table(target).alias()
        each = wanted(links, there)
        ordered = aggregate_order_by(each, links.c.linked_id)
        return (
            sa.select(sa.func.array_agg(ordered, type_=ARRAY(each.type)))
            .join_from(links, there, there.c.id == links.c.linked_id)
            .where(links.c.record_id == table.c.id, self._seen(target, there))
            .correlate(table)
            .scalar_subquery()
        )

    def _seen(self, target: ObjectType, table: sa.FromClause) -> sa.ColumnElement[bool]:
        def own_column(path: Path) -> sa.ColumnElement[Any]:
            return table.c[columns_of(target.field(path.parts[0]))[0][0]]

        condition = compile_expression(self._visible(target.name), own_column, now=self._now)
        return condition if "deleted_at" not in table.c else sa.and_(condition, table.c.deleted_at.is_(None))
