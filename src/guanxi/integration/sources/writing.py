"""Rows on their way into Parquet: in batches, so that a million rows need no more memory than a few."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from guanxi.integration.sources.base import QUARANTINE_FILE, ROW_COLUMN, Remark, TableReceipt
from guanxi.integration.sources.filenames import safe_file_name
from guanxi.integration.sources.judging import Judging, blank_rows
from guanxi.integration.sources.quarantine import reason_against

_CELLS_PER_BATCH = 500_000  # about 50 MB of Python text; 20 % slower below 100,000, no faster above
_CELLS_PER_CHUNK = 20_000  # as Python values; more of them keep the garbage collector busy
_QUARANTINED_CHARACTERS = 10_000


def checksum(path: Path) -> str:
    """Return the SHA-256 of the file at *path*, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class ParquetFile:
    """One Parquet file that grows by batches and is closed by leaving its ``with``; empty text becomes nothing."""

    def __init__(self, path: Path, columns: dict[str, Any]) -> None:
        self.path = path
        self._schema = pa.schema(list(columns.items()))
        self._rows: list[tuple[Any, ...]] = []
        self._frames: list[pl.DataFrame] = []
        self._batch = max(1, _CELLS_PER_BATCH // len(columns))
        self.rows_at_once = max(1, _CELLS_PER_CHUNK // len(columns))
        self._waiting = 0
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def add(self, row: tuple[Any, ...]) -> None:
        """Take one row, in the order of the columns."""
        self._rows.append(row)
        self._waiting += 1
        if len(self._rows) >= self.rows_at_once:
            self._gather()
        if self._waiting >= self._batch:
            self._flush()

    def add_frame(self, frame: pl.DataFrame) -> None:
        """Take many rows at once, after those that came one by one."""
        self._gather()
        self._frames.append(frame)
        self._waiting += frame.height
        if self._waiting >= self._batch:
            self._flush()

    def close(self) -> None:
        """Write what is left and finish the file."""
        self._flush()
        self._writer.close()

    def __enter__(self) -> Self:
        """Return the open file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, so that after an error what was read so far can be looked at."""
        self.close()

    def _flush(self) -> None:
        self._gather()
        frames, self._frames, self._waiting = self._frames, [], 0
        if frames:
            whole = pl.concat(frames, rechunk=True).with_columns(pl.col(pl.String).replace("", None))
            self._writer.write_table(whole.to_arrow().cast(self._schema))

    def _gather(self) -> None:
        if self._rows:
            self._frames.append(self._frame(list(zip(*self._rows, strict=True))))
            self._rows = []

    def _frame(self, columns: Sequence[Sequence[Any]]) -> pl.DataFrame:
        # By Polars, then as Arrow: of Python texts Arrow alone makes a column in eight times the time.
        return pl.DataFrame(
            [_column(each, values) for each, values in zip(self._schema, columns, strict=True)]
        )


class Quarantine(ParquetFile):
    """The rows set aside: table, row, text (at most 10,000 characters) and the code of the reason."""

    def __init__(self, into: Path) -> None:
        into.mkdir(parents=True, exist_ok=True)
        text = pa.string()
        super().__init__(
            into / QUARANTINE_FILE, {"table": text, "row": pa.int64(), "text": text, "reason": text}
        )
        self.count = 0

    def set_aside(self, table: str, row: int, text: str, reason: str) -> None:
        """Keep one bad row; half characters are written as their escapes."""
        clean = text[:_QUARANTINED_CHARACTERS].encode(errors="backslashreplace").decode()
        self.add((table, row, clean, reason))
        self.count += 1

    def take_frame(self, rows: pl.DataFrame) -> None:
        """Take over rows that another quarantine holds already."""
        self.add_frame(rows.select(self._schema.names))
        self.count += rows.height


class TableFile(ParquetFile, Judging):
    """One table of the source: good rows go in, bad ones to quarantine, and all are counted."""

    def __init__(
        self, into: Path, number: int, name: str, columns: Sequence[str], quarantine: Quarantine
    ) -> None:
        path = into / f"{number:02d}-{safe_file_name(name).stored}.parquet"
        super().__init__(path, {ROW_COLUMN: pa.int64()} | dict.fromkeys(columns, pa.string()))
        self.name, self.columns = name, tuple(columns)
        self.quarantine = quarantine
        self.rows = self.quarantined = self.blank = 0

    def keep(self, row: int, values: Sequence[str | None]) -> None:
        """Store one row that was judged already."""
        self.add((row, *values))
        self.rows += 1

    def take_columns(self, first: int, columns: Sequence[Sequence[str | None]]) -> None:
        """Judge many rows, given by their columns, as `take` judges one; the first has the number *first*."""
        rows = range(first, first + len(columns[0]))
        if any(map(reason_against, columns)):
            for row, values in zip(rows, zip(*columns, strict=True), strict=True):
                self.take(row, values)
            return
        blank = [rows[index] for index in blank_rows(columns)]
        frame = self._frame([rows, *columns])
        self.blank += len(blank)
        self.keep_frame(frame.remove(pl.col(ROW_COLUMN).is_in(blank)) if blank else frame)

    def keep_frame(self, frame: pl.DataFrame) -> None:
        """Store many rows that were judged already."""
        if frame.height:
            self.add_frame(frame)
            self.rows += frame.height

    def refuse(self, row: int, text: str, reason: str) -> None:
        """Set one row aside."""
        self.quarantine.set_aside(self.name, row, text, reason)
        self.quarantined += 1

    def receipt(self, remarks: Sequence[Remark] = (), **facts: Any) -> TableReceipt:
        """Return what became of the table; the file must be closed."""
        return TableReceipt(
            name=self.name,
            path=str(self.path),
            columns=self.columns,
            rows_seen=self.rows + self.quarantined + self.blank,
            rows=self.rows,
            quarantined=self.quarantined,
            blank=self.blank,
            sha256=checksum(self.path),
            remarks=tuple(remarks),
            **facts,
        )


def _column(field: Any, values: Sequence[Any]) -> pl.Series:
    return pl.Series(field.name, values, dtype=pl.String if pa.types.is_string(field.type) else pl.Int64)
