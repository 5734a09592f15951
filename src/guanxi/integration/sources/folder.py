"""A folder departments put their files into: every file in it is read as what it is."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any

import polars as pl

from guanxi.integration.sources.arrivals import Arrivals, arrivals
from guanxi.integration.sources.base import (
    FIRST_ROWS,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    remark,
)
from guanxi.integration.sources.database import Database
from guanxi.integration.sources.delimited import Delimited
from guanxi.integration.sources.excel import Excel
from guanxi.integration.sources.filenames import safe_file_name
from guanxi.integration.sources.sniffing import kind_for
from guanxi.integration.sources.writing import Quarantine, checksum
from guanxi.kernel.clock import system_clock
from guanxi.kernel.errors import GuanxiError, Refused
from guanxi.kernel.text import Message, say


@dataclass(frozen=True, kw_only=True)
class FolderOptions:
    """Which files of a folder to read; a file's kind is told from its content.

    ``pattern`` lists the names wanted, ``recursive`` takes the folders inside as well. A file changed less
    than ``settle_seconds`` ago may still be on its way and waits for the next time. More than ``max_files``
    files are refused.
    """

    path: Path
    pattern: tuple[str, ...] = ("*.xlsx", "*.xls", "*.csv", "*.txt")
    recursive: bool = False
    max_files: int = 500
    settle_seconds: float = 10.0


class Folder(SourceKind[FolderOptions]):
    """A watched folder: all workbooks and text files that lie in it."""

    name = "folder"
    options_type = FolderOptions

    def inspect(self, options: FolderOptions, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Return the tables of every file; a file that is not read is an empty outline that says why."""
        found = _arrivals(options)
        names = _Names()
        outlines: list[TableOutline] = []
        for file in found.files:
            try:
                outlines += _outlines(file, found.stem(file), names, rows)
            except (GuanxiError, OSError) as error:
                outlines.append(_not_read(found.title(file), _why(file, error)))
        for reason, files in found.left_out():
            outlines += [_not_read(name, reason(names=[name])) for name in files]
        return tuple(outlines)

    def read(self, options: FolderOptions, into: Path) -> ReadReceipt:
        """Write the tables of every file, each in a folder of its own under *into*.

        A file that cannot be read is named with the reason and does not stop the others; raises `Refused`
        when there is no file or none of them gives a table.
        """
        found = _arrivals(options)
        done = _Done()
        names = _Names()
        with Quarantine(into) as quarantine:
            for number, file in enumerate(found.files, 1):
                place = into / f"{number:03d}-{safe_file_name(file.name).stored}"
                try:
                    receipt = _read(file, place)
                except (GuanxiError, OSError) as error:
                    shutil.rmtree(place, ignore_errors=True)
                    done.failed(found.title(file), _why(file, error))
                else:
                    done.took(file, found, receipt, names, quarantine)
        if not done.tables:
            raise Refused(_nothing(options, found, done))
        return ReadReceipt(
            kind=self.name,
            tables=tuple(done.tables),
            quarantine_path=str(quarantine.path),
            quarantined=quarantine.count,
            complete=done.complete and not done.unread,
            skipped=tuple(done.skipped),
            unread=tuple(done.unread),
            source_sha256=hashlib.sha256("\n".join(done.checksums).encode()).hexdigest(),
            remarks=(*_left_out(found), *done.remarks(len(found.files))),
        )


@dataclass(kw_only=True)
class _Done:
    """What was read so far, over all files."""

    tables: list[TableReceipt] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    checksums: list[str] = field(default_factory=list)
    reasons: list[Remark] = field(default_factory=list)
    complete: bool = True

    def failed(self, title: str, why: Message) -> None:
        """Note a file that could not be read."""
        self.unread.append(title)
        self.reasons.append(remark(why))

    def took(
        self, file: Path, found: Arrivals, receipt: ReadReceipt, names: "_Names", quarantine: Quarantine
    ) -> None:
        """Take the tables of one file over under names of their own, and its bad rows."""
        called = names.of(receipt.kind, found.stem(file), file.name, [each.name for each in receipt.tables])
        self.tables += [replace(each, name=called[each.name]) for each in receipt.tables]
        self.skipped += [f"{found.stem(file)}/{each}" for each in receipt.skipped]
        self.checksums.append(f"{receipt.source_sha256 or checksum(file)}  {found.title(file)}")
        self.reasons += receipt.remarks
        self.complete = self.complete and receipt.complete
        if receipt.quarantined:
            rows = pl.read_parquet(receipt.quarantine_path)
            quarantine.take_frame(rows.with_columns(pl.col("table").replace(called)))

    def remarks(self, files: int) -> Iterator[Remark]:
        """Tell how many files could not be read and why."""
        if self.unread:
            yield remark(
                say(
                    "{count} of {files} files could not be read: {names}",
                    count=len(self.unread),
                    files=files,
                    names=self.unread,
                )
            )
        yield from self.reasons


class _Names:
    """The names tables were given: ``<file>`` for a text, ``<file>/<sheet>`` for what holds several."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, kind: str, stem: str, file_name: str, tables: Sequence[str]) -> dict[str, str]:
        """Return the name of each table of one file; where a name is taken, the file's ending tells them apart."""
        ending = Path(file_name).suffix
        return {each: self._free(each, kind, stem, ending) for each in tables}

    def _free(self, table: str, kind: str, stem: str, ending: str) -> str:
        inside = "" if kind == Delimited.name else f"/{table}"
        full = f"{stem}{ending}{inside}"
        wanted = chain([f"{stem}{inside}", full], (f"{full} ({number})" for number in count(2)))
        name = next(each for each in wanted if each not in self._given)
        self._given.add(name)
        return name


def _arrivals(options: FolderOptions) -> Arrivals:
    found = arrivals(
        options.path,
        options.pattern,
        recursive=options.recursive,
        settle_seconds=options.settle_seconds,
        now=system_clock().timestamp(),
    )
    if len(found.files) > options.max_files:
        raise Refused(
            say(
                "the folder {name} holds {count} files, more than the {limit} allowed; "
                "move old ones away, or raise the option max_files",
                name=options.path.name,
                count=len(found.files),
                limit=options.max_files,
            )
        )
    return found


_READERS: Mapping[str, tuple[SourceKind[Any], Callable[[Path], dict[str, Any]]]] = {
    Excel.name: (Excel(), lambda file: {"path": file}),
    Delimited.name: (Delimited(), lambda file: {"path": file, "table": file.stem}),
    Database.name: (Database(), lambda file: {"url": f"sqlite:///{file}"}),
}


def _reader(file: Path) -> tuple[SourceKind[Any], Any]:
    kind, options = _READERS[kind_for(file)]
    return kind, kind.options(options(file))


def _read(file: Path, into: Path) -> ReadReceipt:
    kind, options = _reader(file)
    return kind.read(options, into)


def _outlines(file: Path, stem: str, names: _Names, rows: int) -> Iterator[TableOutline]:
    kind, options = _reader(file)
    outlines = kind.inspect(options, rows=rows)
    called = names.of(kind.name, stem, file.name, [each.name for each in outlines])
    yield from (replace(each, name=called[each.name]) for each in outlines)


def _not_read(name: str, why: Message) -> TableOutline:
    return TableOutline(name=name, columns=(), first_rows=(), empty=True, remarks=(remark(why),))


def _why(file: Path, error: GuanxiError | OSError) -> Message:
    if isinstance(error, GuanxiError):
        return error.message
    return say("{name} cannot be opened: {problem}", name=file.name, problem=error.strerror or str(error))


def _left_out(found: Arrivals) -> Iterator[Remark]:
    yield from (remark(reason(names=files)) for reason, files in found.left_out() if files)


def _nothing(options: FolderOptions, found: Arrivals, done: _Done) -> Message:
    if not found.files:
        waiting = found.hidden + found.unfinished + found.outside
        if waiting:
            return say(
                "no file in the folder {name} is ready to be read; left out: {names}",
                name=options.path.name,
                names=waiting,
            )
        return say(
            "the folder {name} holds no file called {pattern}",
            name=options.path.name,
            pattern=options.pattern,
        )
    reasons = "; ".join(map(str, done.reasons))
    return say(
        "no file in the folder {name} holds a table: {reasons}",
        name=options.path.name,
        reasons=reasons or ", ".join(done.skipped),
    )
