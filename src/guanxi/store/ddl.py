"""Structure as real tables: each step of the structure door becomes statements of one transaction."""

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, DropIndex

from guanxi.metadata.field_types import columns_of, type_of
from guanxi.metadata.objects import Field, ObjectType
from guanxi.store.tables import column_type, link_table, record_table


def create_table(connection: sa.Connection, object_type: ObjectType) -> None:
    """Make the object's table with all its columns, unless it is there."""
    table = record_table(object_type)
    connection.execute(CreateTable(table, if_not_exists=True))
    owner = sa.Index(f"ix_{table.name}_owner_id", table.c.owner_id)
    connection.execute(CreateIndex(owner, if_not_exists=True))
    for field in object_type.fields.values():
        _finish(connection, object_type, field)


def add_columns(connection: sa.Connection, object_type: ObjectType, field: Field) -> None:
    """Make the columns of one field, or its link table, unless they are there."""
    table = record_table(object_type)
    compiler = connection.dialect.identifier_preparer
    for name, part in columns_of(field):
        kind = column_type(part).compile(dialect=connection.dialect)
        connection.exec_driver_sql(
            f"ALTER TABLE {compiler.format_table(table)} ADD COLUMN IF NOT EXISTS {compiler.quote(name)} {kind}"
        )
    _finish(connection, object_type, field)


def link(connection: sa.Connection, object_type: ObjectType, field: Field, target: ObjectType) -> None:
    """Make a lookup's column a foreign key; done after all tables of a change are there."""
    column = columns_of(field)[0][0]
    table, name = record_table(object_type), f"fk_{object_type.name}_{column}"
    if _has_constraint(connection, table, name):
        return
    other = record_table(target)
    metadata = sa.MetaData()
    mine = table.to_metadata(metadata)
    theirs = mine if other.fullname == table.fullname else other.to_metadata(metadata)
    constraint = sa.ForeignKeyConstraint([mine.c[column]], [theirs.c.id], name=name)
    mine.append_constraint(constraint)
    connection.execute(AddConstraint(constraint))


def set_unique(connection: sa.Connection, object_type: ObjectType, field: Field) -> None:
    """Make (or drop) the index that keeps a field's values apart among live records."""
    _set_index(connection, object_type, field, unique=True, wanted=field.unique)


def set_indexed(connection: sa.Connection, object_type: ObjectType, field: Field) -> None:
    """Make (or drop) the index a field is found by; links always have one."""
    wanted = (field.indexed and not field.unique) or bool(field.target and not type_of(field).links_many)
    _set_index(connection, object_type, field, unique=False, wanted=wanted)


def _finish(connection: sa.Connection, object_type: ObjectType, field: Field) -> None:
    if type_of(field).links_many:
        connection.execute(CreateTable(link_table(object_type.name, field), if_not_exists=True))
        return
    set_unique(connection, object_type, field)
    set_indexed(connection, object_type, field)


def _set_index(
    connection: sa.Connection, object_type: ObjectType, field: Field, *, unique: bool, wanted: bool
) -> None:
    table, column = record_table(object_type), columns_of(field)[0][0]
    live = table.c.deleted_at.is_(None) if unique else None
    prefix = "uq" if unique else "ix"
    index = sa.Index(f"{prefix}_{table.name}_{column}", table.c[column], unique=unique, postgresql_where=live)
    if wanted:
        connection.execute(CreateIndex(index, if_not_exists=True))
    else:
        connection.execute(DropIndex(index, if_exists=True))


def _has_constraint(connection: sa.Connection, table: sa.Table, name: str) -> bool:
    found = sa.text("SELECT 1 FROM pg_constraint WHERE conname = :name AND conrelid = to_regclass(:table)")
    return connection.execute(found, {"name": name, "table": f"{table.schema}.{table.name}"}).scalar() is not None
