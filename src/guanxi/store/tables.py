"""The system's own tables (schema ``guanxi``) and the real tables of the objects (schema ``crm``)."""

import zlib
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from guanxi.metadata.field_types import Part, columns_of
from guanxi.metadata.objects import Field, ObjectType

SYSTEM_SCHEMA, RECORD_SCHEMA = "guanxi", "crm"
LONGEST_NAME = 63  # bytes PostgreSQL keeps of a name
MOST_TABLES = 1000  # remembered; some 50 kB each

system = sa.MetaData(schema=SYSTEM_SCHEMA)
moment = sa.DateTime(timezone=True)
record_ids = sa.Sequence(
    "record_id", schema=SYSTEM_SCHEMA, metadata=system, data_type=sa.BigInteger, cache=32
)
"""One sequence for all records and people, so that any of them is named by one number."""

definition = sa.Table(
    "definition",
    system,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("body", JSONB, nullable=False),
    comment="Objects, fields and roles as agreed through the structure door",
)

catalog_version = sa.Table(
    "catalog_version",
    system,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("singleton", name="one_row"),
)

user_account = sa.Table(
    "user_account",
    system,
    sa.Column("id", sa.BigInteger, primary_key=True, server_default=record_ids.next_value()),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("department", sa.Text),
    sa.Column("roles", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("language", sa.Text, nullable=False, server_default="zh"),
    sa.Column("time_zone", sa.Text, nullable=False, server_default="Asia/Shanghai"),
    sa.Column("theme", sa.Text, nullable=False, server_default="auto"),
    sa.Column("density", sa.Text, nullable=False, server_default="comfortable"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("password_hash", sa.Text),
    sa.Column("password_is_temporary", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("failed_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("locked_until", moment),
    sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
)

session = sa.Table(
    "session",
    system,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True),
    sa.Column("user_id", sa.ForeignKey(user_account.c.id, ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("csrf_token", sa.Text, nullable=False),
    sa.Column("created_at", moment, nullable=False),
    sa.Column("seen_at", moment, nullable=False),
    sa.Column("expires_at", moment, nullable=False),
    comment="Signed-in browsers; only a hash of each token is kept",
)

notice = sa.Table(
    "notice",
    system,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("person_id", sa.ForeignKey(user_account.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("message", JSONB, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", moment, nullable=False),
    sa.Column("read_at", moment),
    sa.Index("ix_notice_person", "person_id", "id"),
    sa.Index("ix_notice_unread", "person_id", postgresql_where=sa.text("read_at IS NULL")),
    comment="What people are told: a sentence to be read in their language, and where it leads",
)

system_setting = sa.Table(
    "system_setting",
    system,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", JSONB, nullable=False),
    comment="What the company chose for everybody, such as its own name",
)

batch = sa.Table(
    "batch",
    system,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("started_at", moment, nullable=False),
    sa.Column("rolled_back_at", moment),
    comment="Changes that belong together and can be taken back together",
)

batch_part = sa.Table(
    "batch_part",
    system,
    sa.Column("batch_id", sa.ForeignKey(batch.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("receipt", JSONB, nullable=False),
    sa.Column("finished_at", moment, nullable=False),
    comment="Parts of a batch that are done, so that a restart does not do them twice",
)


class Xid8(sa.types.UserDefinedType[str]):
    """A 64-bit transaction number of PostgreSQL."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's name."""
        return "xid8"


journal = sa.Table(
    "journal",
    system,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True, cache=1000), primary_key=True),
    sa.Column("at", moment, primary_key=True),
    sa.Column("xid", Xid8, nullable=False, server_default=sa.text("pg_current_xact_id()")),
    sa.Column("actor_id", sa.BigInteger),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("batch_id", sa.BigInteger),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("record_id", sa.BigInteger, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("before", JSONB(none_as_null=True)),
    sa.Column("after", JSONB(none_as_null=True)),
    sa.Index("ix_journal_record", "record_id", "id"),
    sa.Index("ix_journal_batch", "batch_id", "id", postgresql_where=sa.text("batch_id IS NOT NULL")),
    sa.Index("ix_journal_xid", "xid", "id"),
    postgresql_partition_by="RANGE (at)",
    comment="Every change of a record, with the transaction that made it; only what changed",
)

search_entry = sa.Table(
    "search_entry",
    system,
    sa.Column("record_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("haystack", JSONB, nullable=False),
    sa.Column("tokens", ARRAY(sa.Integer), nullable=False),
    sa.Index("ix_search_entry_tokens", "tokens", postgresql_using="gin"),
    comment="What a record is found by",
)

crosswalk = sa.Table(
    "crosswalk",
    system,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("source_key", sa.Text, primary_key=True),
    sa.Column("object", sa.Text, primary_key=True),
    sa.Column("record_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("batch_id", sa.BigInteger, index=True),
    comment="Which record a row of a source became",
)

merge = sa.Table(
    "merge",
    system,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("winner_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("loser_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("merged_at", moment, nullable=False),
    sa.Column("merged_by", sa.BigInteger),
    sa.Column("batch_id", sa.BigInteger),
    sa.Column("winner_before", JSONB, nullable=False),
    sa.Column("winner_after", JSONB, nullable=False),
    sa.Column("repointed", JSONB, nullable=False),
    sa.Column("undone_at", moment),
    comment="What each merge did, so that it can be taken back exactly",
)

_COLUMN_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "bigint": sa.BigInteger(),
    "numeric": sa.Numeric(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
    "timestamptz": moment,
    "text[]": ARRAY(sa.Text),
    "bigint[]": ARRAY(sa.BigInteger),
    "jsonb": JSONB(none_as_null=True),
}


def column_type(part: Part) -> sa.types.TypeEngine[Any]:
    """Return the PostgreSQL type of one part of a field."""
    return _COLUMN_TYPES[part.column]


SYSTEM_COLUMNS = (
    "id",
    "created_at",
    "created_by_id",
    "updated_at",
    "updated_by_id",
    "owner_id",
    "version",
    "deleted_at",
    "origin",
)


def record_table(object_type: ObjectType) -> sa.Table:
    """Return the real table of an object: the system's columns, then one column per part of each field.

    ``origin`` tells where each value came from (field -> source, row, time, rule). The table is the same value every
    time, as long as the object keeps its columns, and is not to be changed: SQLAlchemy knows a statement again by its
    tables, and making the text of one anew costs ten times as much as finding it.
    """
    if object_type.name == "user":
        return user_account
    columns = ((name, part) for field in object_type.fields.values() for name, part in columns_of(field))
    return _record_table(object_type.name, tuple((name, part.column) for name, part in columns))


def record_table_as(object_type: ObjectType, alias: str) -> sa.FromClause:
    """Return the table of an object under another name, the same value every time."""
    return _as(record_table(object_type), alias)


@lru_cache(maxsize=MOST_TABLES)
def _as(table: sa.Table, alias: str) -> sa.FromClause:
    named = table.alias(alias)
    assert (
        named.c is not None
    )  # made here, by one thread: SQLAlchemy makes them when they are first asked for
    return named


@lru_cache(maxsize=MOST_TABLES)
def _record_table(name: str, columns: tuple[tuple[str, str], ...]) -> sa.Table:
    return sa.Table(
        name,
        sa.MetaData(schema=RECORD_SCHEMA),
        sa.Column(
            "id",
            sa.BigInteger,
            primary_key=True,
            server_default=sa.text(f"nextval('{SYSTEM_SCHEMA}.record_id')"),
        ),
        sa.Column("created_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by_id", sa.BigInteger),
        sa.Column("updated_at", moment, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_by_id", sa.BigInteger),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("deleted_at", moment),
        sa.Column("origin", JSONB(none_as_null=True)),
        *(sa.Column(each, _COLUMN_TYPES[kind]) for each, kind in columns),
    )


def fitting(name: str) -> str:
    """Return *name*, or a name made from it that PostgreSQL keeps whole and that no other long name has."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9]}_{zlib.crc32(name.encode()):08x}"


def link_table(object_name: str, field: Field) -> sa.Table:
    """Return the table of a many-to-many field: pairs of (record, linked record); the same value every time."""
    return _link_table(fitting(f"{object_name}__{field.name}"))


@lru_cache(maxsize=MOST_TABLES)
def _link_table(name: str) -> sa.Table:
    return sa.Table(
        name,
        sa.MetaData(schema=RECORD_SCHEMA),
        sa.Column("record_id", sa.BigInteger, primary_key=True),
        sa.Column("linked_id", sa.BigInteger, primary_key=True),
    )
