"""Where the catalog is kept: one row per object, field and role, and a version that grows."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from guanxi.metadata.catalog import Catalog, catalog_of
from guanxi.metadata.definitions import object_from, role_from, to_data
from guanxi.metadata.objects import ObjectType
from guanxi.store.tables import catalog_version, definition

_LOCK = 0x636174616C6F67  # "catalog": one change of structure at a time


def version(connection: sa.Connection) -> int:
    """Return the version of the catalog in the database."""
    return int(connection.execute(sa.select(catalog_version.c.version)).scalar_one())


def load(connection: sa.Connection) -> Catalog:
    """Return the whole catalog.

    Its version is read first: when somebody commits in between, the catalog is newer than its version says and
    is read once more, never older and kept.
    """
    number = version(connection)
    bodies: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in connection.execute(sa.select(definition).order_by(definition.c.kind, definition.c.position)):
        bodies[row.kind][row.name] = row.body
    fields: dict[str, dict[str, Any]] = defaultdict(dict)
    for path, body in bodies["field"].items():
        object_name, field_name = path.split(".")
        fields[object_name][field_name] = body
    objects = [object_from(name, {**body, "field": fields[name]}) for name, body in bodies["object"].items()]
    roles = [role_from(name, body) for name, body in bodies["role"].items()]
    return catalog_of(number, objects, roles)


def lock(connection: sa.Connection) -> Catalog:
    """Wait until nobody else changes the structure, hold the right to do so, return the catalog as it is now."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    return load(connection)


def save(connection: sa.Connection, wanted: Catalog) -> Catalog:
    """Write the definitions of *wanted* and return it with the next version."""
    statement = insert(definition)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "name"],
            set_={"body": statement.excluded.body, "position": statement.excluded.position},
        ),
        _rows(wanted),
    )
    grown = connection.execute(
        sa.update(catalog_version)
        .values(version=catalog_version.c.version + 1)
        .returning(catalog_version.c.version)
    ).scalar_one()
    return Catalog(int(grown), wanted.objects, wanted.roles)


def _rows(catalog: Catalog) -> list[dict[str, Any]]:
    rows = []
    for position, each in enumerate(catalog.objects.values()):
        rows.append({"kind": "object", "name": each.name, "position": position, "body": to_data(each)})
        rows += _field_rows(each)
    for position, role in enumerate(catalog.roles.values()):
        rows.append({"kind": "role", "name": role.name, "position": position, "body": to_data(role)})
    return rows


def _field_rows(object_type: ObjectType) -> list[dict[str, Any]]:
    return [
        {
            "kind": "field",
            "name": f"{object_type.name}.{field.name}",
            "position": place,
            "body": to_data(field),
        }
        for place, field in enumerate(object_type.fields.values())
    ]
