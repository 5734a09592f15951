"""Tables and queries of another system's database, read only and streamed."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    MetaData,
    Select,
    Table,
    TextClause,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import NoSuchTableError

from guanxi.integration.sources.base import (
    FIRST_ROWS,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    remark,
)
from guanxi.integration.sources.connections import connected
from guanxi.integration.sources.headers import unique_names
from guanxi.integration.sources.judging import Judging, Sample
from guanxi.integration.sources.patience import Patience, rows_came
from guanxi.integration.sources.quarantine import BINARY_VALUE
from guanxi.integration.sources.values import Binary, value_text
from guanxi.integration.sources.writing import Quarantine, TableFile
from guanxi.kernel.errors import Invalid, Problem, Refused, UnknownName
from guanxi.kernel.text import say

_ROWS_PER_FETCH = 5_000
MOST_COUNTED = 100_000
SECONDS_TO_COUNT = 10
SECONDS_TO_LOOK = 30
_COMMENTS = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_READS = re.compile(r"[\s(]*(select|with|values|table|show)\b", re.IGNORECASE)
# MySQL writes files on its server even in a transaction that only reads; the words cannot be hidden in comments.
_WRITES_A_FILE = re.compile(r"\b(outfile|dumpfile)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class DatabaseOptions:
    """Which database (SQLAlchemy URL, password as ``${NAME}``) and what of it.

    ``tables`` are the tables and views to read (all tables when empty), ``schema`` the schema they are
    in, ``queries`` gives further tables, each by a name and one SELECT. Reading stops when nothing comes for
    ``answer_seconds``, when somebody else keeps a table locked for ``lock_seconds``, and when one table takes
    longer than ``table_seconds``.
    """

    url: str
    tables: tuple[str, ...] = ()
    schema: str | None = None
    queries: dict[str, str] | None = None
    connect_seconds: int = 15
    answer_seconds: int = 600
    lock_seconds: int = 30
    table_seconds: int = 14_400
    max_columns: int = 10_000

    def patience(self, *, is_look: bool = False) -> Patience:
        """Return how long the database is waited for; a person waits for a look at the first rows."""
        answer = min(self.answer_seconds, SECONDS_TO_LOOK) if is_look else self.answer_seconds
        return Patience(
            connect=self.connect_seconds,
            answer=answer,
            lock=min(self.lock_seconds, answer),
            whole=answer if is_look else self.table_seconds,
        )

    def __post_init__(self) -> None:
        """Refuse a query that does more than read, a table and a query of one name, and a wait of no time."""
        limits = ("connect_seconds", "answer_seconds", "lock_seconds", "table_seconds")
        if wrong := [each for each in limits if getattr(self, each) <= 0]:
            raise Invalid(Problem(each, say("write a number above 0")) for each in wrong)
        if any(not _READS.match(_COMMENTS.sub(" ", each)) for each in (self.queries or {}).values()):
            raise Invalid([Problem("queries", say("a query only reads: begin it with SELECT or WITH"))])
        if any(_WRITES_A_FILE.search(each) for each in (self.queries or {}).values()):
            raise Invalid(
                [Problem("queries", say("a query only reads: leave INTO OUTFILE and INTO DUMPFILE out"))]
            )
        if twice := sorted(set(self.tables) & set(self.queries or {})):
            raise Invalid([Problem("queries", say("these names are tables as well: {names}", names=twice))])


Statement = Select[Any] | TextClause


@dataclass(frozen=True, kw_only=True)
class TableSize:
    """A table or view and how many rows it has: more than `MOST_COUNTED` are not counted, None was not asked."""

    name: str
    rows: int | None


class Database(SourceKind[DatabaseOptions]):
    """A database reached by a URL: PostgreSQL, MySQL or MariaDB, SQLite."""

    name = "database"
    options_type = DatabaseOptions

    def inspect(self, options: DatabaseOptions, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Connect and return every table with its columns, number of rows and first rows."""
        with connected(options.url, options.patience(is_look=True)) as connection:
            views = frozenset(inspect(connection).get_view_names(schema=options.schema))
            return tuple(
                _outline(connection, name, statement, options, rows, is_counted=name not in views)
                for name, statement in _statements(connection, options)
            )

    def read(self, options: DatabaseOptions, into: Path) -> ReadReceipt:
        """Write every table and query as Parquet, from one consistent view of the database where it has one.

        `_row` counts the rows in the order of the primary key, or as the database gave them.
        """
        receipts: list[TableReceipt] = []
        with (
            connected(options.url, options.patience()) as connection,
            Quarantine(into) as quarantine,
        ):
            for name, statement in _statements(connection, options):
                number = len(receipts) + 1
                receipts.append(
                    _read(
                        connection,
                        name,
                        statement,
                        options=options,
                        into=into,
                        number=number,
                        quarantine=quarantine,
                    )
                )
        return ReadReceipt(
            kind=self.name,
            tables=tuple(receipts),
            quarantine_path=str(quarantine.path),
            quarantined=quarantine.count,
        )


def _statements(connection: Connection, options: DatabaseOptions) -> Iterator[tuple[str, Statement]]:
    """Yield every table wanted and every query, by name; names are quoted by the dialect, never pasted."""
    looked_at = inspect(connection)
    known = looked_at.get_table_names(schema=options.schema)
    views = looked_at.get_view_names(schema=options.schema)
    wanted = options.tables or (() if options.queries else tuple(known))
    for name in wanted:
        if name not in known and name not in views:
            raise UnknownName("table", name, [*known, *views])
        try:
            found = Table(
                name, MetaData(), schema=options.schema, autoload_with=connection, resolve_fks=False
            )
        except NoSuchTableError:
            raise UnknownName("table", name, [*known, *views]) from None
        yield name, select(found).order_by(*found.primary_key.columns)
    for name, query in (options.queries or {}).items():
        yield name, text(query.strip().rstrip(";").replace(":", r"\:"))


def tables_of(options: DatabaseOptions) -> tuple[TableSize, ...]:
    """Return every table with its number of rows, and every view; counting stops at a bound of rows and of time.

    The rows of a view are not counted: a view may have no end.
    """
    with connected(options.url, options.patience(is_look=True)) as connection:
        looked_at = inspect(connection)
        until = time.monotonic() + SECONDS_TO_COUNT
        tables = tuple(
            TableSize(
                name=name, rows=_counted(connection, name, options) if time.monotonic() < until else None
            )
            for name in looked_at.get_table_names(schema=options.schema)
        )
        views = looked_at.get_view_names(schema=options.schema)
        return (*tables, *(TableSize(name=name, rows=None) for name in views))


def _counted(connection: Connection, name: str, options: DatabaseOptions) -> int:
    """Return the number of rows, at most one more than `MOST_COUNTED`."""
    first: Select[Any] = select(literal_column("1")).select_from(table(name, schema=options.schema))
    return connection.scalar(select(func.count()).select_from(first.limit(MOST_COUNTED + 1).subquery())) or 0


def _outline(
    connection: Connection,
    name: str,
    statement: Statement,
    options: DatabaseOptions,
    rows: int,
    *,
    is_counted: bool,
) -> TableOutline:
    sample = Sample(rows)
    first = statement.limit(rows) if isinstance(statement, Select) else statement
    with connection.execution_options(stream_results=True, max_row_buffer=10).execute(first) as result:
        columns = unique_names(result.keys(), limit=options.max_columns)
        for number, values in enumerate(result.fetchmany(rows), 1):
            _take(sample, number, [value_text(value) for value in values], columns, set())
    counted = None
    if is_counted and isinstance(statement, Select):
        counted = connection.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    return TableOutline(
        name=name, columns=columns, first_rows=sample.kept, numbered=tuple(sample.rows), rows=counted
    )


def _read(
    connection: Connection,
    name: str,
    statement: Statement,
    *,
    options: DatabaseOptions,
    into: Path,
    number: int,
    quarantine: Quarantine,
) -> TableReceipt:
    binary: set[str] = set()
    until = time.monotonic() + options.table_seconds
    streamed = connection.execution_options(stream_results=True, yield_per=_ROWS_PER_FETCH)
    with streamed.execute(statement) as result:
        columns = unique_names(result.keys(), limit=options.max_columns)
        with TableFile(into, number, name, columns, quarantine) as kept:
            for row, values in enumerate(result, start=1):
                if row % _ROWS_PER_FETCH == 0:
                    _require_time(connection, name, options, until)
                _take(kept, row, [value_text(value) for value in values], columns, binary)
    return kept.receipt(list(_remarks(binary)))


def _require_time(connection: Connection, name: str, options: DatabaseOptions, until: float) -> None:
    """Note that rows have come; raise `Refused` when a table has no end."""
    rows_came(connection)
    if time.monotonic() > until:
        raise Refused(
            say(
                "{table} was still giving rows after {seconds} seconds, and reading was stopped; is it a view without "
                "an end? Read less of it with a query, or allow it more time (table_seconds)",
                table=name,
                seconds=options.table_seconds,
            )
        )


def _take(
    rows: Judging, row: int, values: list[str | Binary | None], columns: Sequence[str], binary: set[str]
) -> None:
    texts = [value for value in values if not isinstance(value, Binary)]
    if len(texts) == len(values):
        rows.take(row, texts)
        return
    binary.update(column for column, value in zip(columns, values, strict=True) if isinstance(value, Binary))
    shown = "\t".join(
        f"({len(value)} bytes)" if isinstance(value, Binary) else value or "" for value in values
    )
    rows.refuse(row, shown, BINARY_VALUE)


def _remarks(binary: set[str]) -> Iterator[Remark]:
    if binary:
        yield remark(
            say(
                "these columns hold binary content and their rows were set aside: {columns}; "
                "leave the columns out with a query",
                columns=sorted(binary),
            )
        )
