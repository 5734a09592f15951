"""Columns of values on their way into a table by PostgreSQL's COPY, in its text format.

Texts are made column by column: the driver's own rows, cell by cell in Python, took four times as long.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import msgspec
import psycopg

from guanxi.store.transactions import Transaction

_NOTHING = r"\N"
_ROWS_AT_ONCE = 1000
_BINARY, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
"""What COPY's binary format begins and ends with."""
_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Column:
    """A column's name, PostgreSQL's name of its type, and one value per row."""

    name: str
    type: str
    values: Sequence[Any]


def copy_columns(tx: Transaction, table: str, columns: Sequence[Column]) -> None:
    """Send *columns*, all of the same length, into *table* (its name as SQL)."""
    copy_lines(tx, table, [each.name for each in columns], lines_of(columns))


def copy_lines(tx: Transaction, table: str, names: Sequence[str], lines: Iterable[str]) -> None:
    """Send *lines*, one per row with the columns of *names*, while PostgreSQL stores those sent before."""
    listed, waiting = ", ".join(map(quoted, names)), iter(lines)
    with _driver(tx).cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
        while page := list(islice(waiting, _ROWS_AT_ONCE)):
            copy.write("\n".join(page) + "\n")


def copy_pages(tx: Transaction, table: str, names: Sequence[str], pages: Iterable[bytes]) -> None:
    """Send *pages* of rows in the binary format, while PostgreSQL stores those sent before."""
    listed = ", ".join(map(quoted, names))
    with (
        _driver(tx).cursor() as cursor,
        cursor.copy(f"COPY {table} ({listed}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        for page in chain((_BINARY,), pages, (_END,)):
            copy.write(page)


def lines_of(columns: Sequence[Column]) -> Iterator[str]:
    """Return one line per row of *columns*."""
    return map("\t".join, zip(*map(texts_of, columns), strict=True))


def quoted(name: str) -> str:
    """Return the name of a column as SQL."""
    return '"' + name.replace('"', '""') + '"'


def texts_of(column: Column) -> list[str]:
    """Return the values of a column as COPY reads them."""
    if column.type == "text" and _is_plain("".join(filter(None, column.values))):
        return [_NOTHING if value is None else value for value in column.values]
    if column.type == "jsonb":
        return _documents(column.values)
    write = _WRITERS.get(column.type, str)
    return [_NOTHING if value is None else write(value) for value in column.values]


def _documents(values: Sequence[Any]) -> list[str]:
    """Return values as JSON; all are looked through for signs to escape at once."""
    found = b"\n".join([b"" if value is None else _ENCODE(value) for value in values])
    return [text or _NOTHING for text in found.decode().replace("\\", r"\\").split("\n")] if values else []


def _is_plain(text: str) -> bool:
    """Tell whether nothing in *text* means something to COPY; so with most, and a whole column is asked at once."""
    return "\\" not in text and text.isprintable()


def _text(value: str) -> str:
    """Return *value* with the signs escaped that mean something to COPY; most texts hold none."""
    if "\\" in value:
        value = value.replace("\\", r"\\")
    if value.isprintable():
        return value
    return value.replace("\n", r"\n").replace("\r", r"\r").replace("\t", r"\t")


def _number(value: Any) -> str:
    return format(Decimal(value), "f")


def _truth(value: bool) -> str:
    return "t" if value else "f"


def _moment(value: Any) -> str:
    return str(value.isoformat())


def _list(values: Sequence[Any]) -> str:
    """Return an array as PostgreSQL reads it, every text in quotes."""
    inside = (str(value).replace("\\", r"\\").replace('"', r"\"") for value in values)
    return _text("{" + ",".join(f'"{value}"' for value in inside) + "}")


_WRITERS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "numeric": _number,
    "boolean": _truth,
    "date": _moment,
    "timestamptz": _moment,
    "text[]": _list,
    "bigint[]": _list,
}


def _driver(tx: Transaction) -> psycopg.Connection[Any]:
    connection = tx.connection.connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
