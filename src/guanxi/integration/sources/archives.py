"""Is a workbook safe to open: judged from the ZIP container before any sheet is built in memory."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guanxi.integration.sources.extent import Extent
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

_CHUNK_BYTES = 1024 * 1024
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP_BYTES = 256
_LONGEST_TAG_BYTES = 1024 * 1024  # and the text behind it; a cell holds 32,767 characters
_LOCAL_HEADER_BYTES = 30
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """How much a workbook may hold: MiB unpacked, unpacked by packed size, cells of one sheet's rectangle."""

    unpacked_mib: int
    ratio: int
    cells: int


def refuse_unsafe_workbook(path: Path, limits: ArchiveLimits) -> None:
    """Refuse a workbook that would fill the memory when opened, or that smuggles XML declarations in.

    First the sizes its directory states, then its parts are really unpacked, piece by piece and stopping
    at the limit, because a directory can lie (cf. D. Fifield, "A better zip bomb", WOOT 2019). A sheet's
    far corner counts too: a reader lays out the whole rectangle up to it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _refuse_stated(path, parts, limits)
            with path.open("rb") as file:
                budget = limits.unpacked_mib * _MIB
                for part in parts:
                    budget -= _unpack(path, file.fileno(), part, budget, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError) as error:
        raise Refused(
            say(
                "the workbook {name} is damaged ({problem}); export it again",
                name=path.name,
                problem=str(error),
            )
        ) from error


def _refuse_stated(path: Path, parts: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked_mib * _MIB or unpacked > limits.ratio * max(1, path.stat().st_size):
        raise _too_big(path, limits)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(say("{name} is protected with a password; save it without one", name=path.name))


def _too_big(path: Path, limits: ArchiveLimits) -> Refused:
    return Refused(
        say(
            "the workbook {name} would grow beyond {limit} MiB or {ratio} times its size when unpacked; "
            "split it, or raise the options max_unpacked_mib and max_ratio if you trust it",
            name=path.name,
            limit=limits.unpacked_mib,
            ratio=limits.ratio,
        )
    )


def _unpack(path: Path, file: int, part: zipfile.ZipInfo, budget: int, limits: ArchiveLimits) -> int:
    """Return the true size of one part, having looked at every piece of it."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    extent: Extent | None = None
    for piece in _pieces(file, part):
        size += len(piece)
        if size > budget or size > max(part.file_size, 0):
            raise _too_big(path, limits)
        text = tail + piece
        if is_xml and _DECLARATION.search(text.replace(b"\0", b"")):
            raise Refused(
                say("the workbook {name} declares XML entities, which Excel never does", name=path.name)
            )
        if extent is None and b"sheetData" in text:  # whatever the part is called
            extent = Extent()
        tail = text[text.rfind(b"<") :] if extent else text[-_OVERLAP_BYTES:]
        if extent:
            if len(tail) > _LONGEST_TAG_BYTES:
                raise ValueError("a tag does not end")
            _refuse_far(path, text[: len(text) - len(tail)], extent, limits)
    if extent:
        _refuse_far(path, tail, extent, limits)
    return size


def _refuse_far(path: Path, text: bytes, extent: Extent, limits: ArchiveLimits) -> None:
    """Look at the next part of a sheet; refuse a rectangle that is too large."""
    extent.look(text)
    if extent.rows * extent.columns > limits.cells:
        raise Refused(
            say(
                "a sheet of {name} reaches to row {row} and column {column}: more than {limit} cells; "
                "delete the far cells, or raise the option max_cells",
                name=path.name,
                row=extent.rows,
                column=extent.columns,
                limit=limits.cells,
            )
        )


def _pieces(file: int, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of one part, read from its place in the file, whatever size is stated for it."""
    header = os.pread(file, _LOCAL_HEADER_BYTES, part.header_offset)
    if len(header) < _LOCAL_HEADER_BYTES or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(part.filename)
    position = part.header_offset + _LOCAL_HEADER_BYTES
    position += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = (
        os.pread(file, min(_CHUNK_BYTES, part.compress_size - done), position + done)
        for done in range(0, part.compress_size, _CHUNK_BYTES)
    )
    if part.compress_type == zipfile.ZIP_STORED:
        yield from packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(packed)
    else:
        raise zipfile.BadZipFile(part.filename)


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        rest = piece
        while rest and not engine.eof:
            yield engine.decompress(rest, _CHUNK_BYTES)
            rest = engine.unconsumed_tail
    yield engine.flush()
