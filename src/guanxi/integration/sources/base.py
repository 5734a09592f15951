"""What every kind of source promises: look cheaply, then read everything into Parquet with a receipt."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from guanxi.integration.sources.options import parse_options
from guanxi.kernel.text import Message

Options = TypeVar("Options")

ROW_COLUMN = "_row"
QUARANTINE_FILE = "quarantine.parquet"
FIRST_ROWS = 10
"""So many rows a look at a table shows unless more are asked for."""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One sentence about what was noticed, kept as template and values so that it can be translated."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """Return the sentence for the translator at the edge."""
        return Message(self.template, self.values)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return str(self.message)


def remark(message: Message) -> Remark:
    """Return *message* as a value that fits into a JSON receipt."""
    return Remark(template=message.template, values=dict(message.values))


@dataclass(frozen=True, kw_only=True)
class NumberedRow:
    """One row of a source with its 1-based number there; ``reason`` is why it is set aside, '' when it is not."""

    number: int
    values: tuple[str | None, ...]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TableOutline:
    """What a look at one table shows before anything is read.

    ``numbered`` are the first rows as ``first_rows`` has them and, between them, those that are set aside;
    ``above`` are the rows over the one that names the columns. ``header_row`` is the 1-based row of the source
    that names the columns, None where there is none. ``rows`` is the number of data rows where the source can
    say it without being read, else None.
    """

    name: str
    columns: tuple[str, ...]
    first_rows: tuple[tuple[str | None, ...], ...]
    numbered: tuple[NumberedRow, ...] = ()
    above: tuple[NumberedRow, ...] = ()
    header_row: int | None = None
    rows: int | None = None
    encoding: str | None = None
    encoding_confidence: float | None = None
    delimiter: str | None = None
    hidden: bool = False
    empty: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableReceipt:
    """What became of one table: ``rows_seen == rows + quarantined + blank``, always.

    ``path`` names the Parquet file (every column text, and `_row`, the 1-based row in the source),
    ``sha256`` is its checksum. Rows above and on the header are not counted. Where the table is a template of
    ours that somebody filled in, ``object`` names what its rows are and ``fields`` maps columns to fields
    (``customer.mobile``).
    """

    name: str
    path: str
    columns: tuple[str, ...]
    rows_seen: int
    rows: int
    quarantined: int
    blank: int
    sha256: str
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    hidden: bool = False
    object: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadReceipt:
    """What one source gave: its tables, the rows set aside, and whether it was read to its end.

    ``changed_until`` is the highest value of the changed-since field seen, to be asked for next time.
    ``skipped`` names the tables that hold nothing, ``unread`` the files of a folder that could not be read.
    ``source_sha256`` is the checksum of a source file, or of the list of the checksums of a folder's files.
    """

    kind: str
    tables: tuple[TableReceipt, ...]
    quarantine_path: str
    quarantined: int
    complete: bool = True
    skipped: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    changed_until: str | None = None
    source_sha256: str | None = None
    remarks: tuple[Remark, ...] = ()

    def to_json(self) -> bytes:
        """Return the receipt as JSON, to be kept beside what it describes."""
        return msgspec.json.encode(self)


def receipt_from_json(text: bytes) -> ReadReceipt:
    """Return the receipt that `ReadReceipt.to_json` wrote."""
    return msgspec.json.decode(text, type=ReadReceipt)


class SourceKind(ABC, Generic[Options]):
    """A kind of place data comes from; one file per kind, found by its ``name``."""

    name: ClassVar[str]
    options_type: type[Options]

    def options(self, table: Mapping[str, Any]) -> Options:
        """Return the options written in a TOML *table*; every problem is reported at once."""
        return parse_options(self.options_type, table)

    @abstractmethod
    def inspect(self, options: Options, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Return what is there, cheaply: tables, header, columns and the first *rows* as understood."""

    @abstractmethod
    def read(self, options: Options, into: Path) -> ReadReceipt:
        """Write each table as one Parquet file under the folder *into*, bad rows to quarantine."""
