"""Files that belong to records: kept once by the checksum of their content, judged by it and never by their name."""

import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import say
from guanxi.metadata.field_types.file import FileReference

FOLDER = "files"
LARGEST = 100 * 1024 * 1024
"""Bytes of the largest file a record may hold."""
UNKNOWN = "application/octet-stream"
_HEAD_BYTES = 4096
_LONGEST_NAME = 255

_PROGRAMS = (
    b"MZ",  # Windows
    b"\x7fELF",  # Linux
    b"\xca\xfe\xba\xbe",  # Java, macOS
    b"\xcf\xfa\xed\xfe",  # macOS
    b"\xce\xfa\xed\xfe",  # macOS
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a Windows shortcut
    b"#!",
)
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def keep(home: Path, name: str, save: Callable[[Path], None]) -> FileReference:
    """Keep the file that *save* writes below *home*; return the reference a record holds to it.

    Raises `Refused` for an empty or too large file and for a program; nothing of it is kept then.
    """
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    arriving = folder / f"arriving-{new_id()}"
    try:
        save(arriving)
        size = arriving.stat().st_size
        _refuse_size(name, size)
        media_type = _judge(arriving, name)
        with arriving.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        place = _place(home, digest)
        place.parent.mkdir(exist_ok=True)
        os.replace(arriving, place)
    finally:
        arriving.unlink(missing_ok=True)
    return FileReference(name=name[-_LONGEST_NAME:], size=size, sha256=digest, media_type=media_type)


def content_of(home: Path, reference: FileReference) -> Path:
    """Return where the content of *reference* lies; raise `NotFound` when it is not there."""
    place = _place(home, reference.sha256)
    if not place.is_file():
        raise NotFound(say("the content of {name} is not on this server any more", name=reference.name))
    return place


def _place(home: Path, digest: str) -> Path:
    return home / FOLDER / digest[:2] / digest


def _refuse_size(name: str, size: int) -> None:
    if size == 0:
        raise Refused(say("{name} is empty", name=name))
    if size > LARGEST:
        limit = LARGEST // (1024 * 1024)
        raise Refused(say("{name} is larger than {limit} MB; send a smaller one", name=name, limit=limit))


def _judge(path: Path, name: str) -> str:
    """Return the media type that the content has; raise `Refused` for a program."""
    with path.open("rb") as content:
        head = content.read(_HEAD_BYTES)
    if head.startswith(_PROGRAMS):
        raise Refused(say("{name} is a program; records hold documents, pictures and the like", name=name))
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), _text(head))


def _archive(path: Path) -> str:
    """Return the type of an Office document by what is in it, of any other archive that of an archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return UNKNOWN
    inside = (kind for folder, kind in _OFFICE.items() if any(each.startswith(folder) for each in names))
    return next(inside, "application/zip") if "[Content_Types].xml" in names else "application/zip"


def _text(head: bytes) -> str:
    """Return the type of plain text, when it is some; markup is nothing a browser should open."""
    if b"\x00" in head or head.lstrip()[:1] == b"<":
        return UNKNOWN
    for encoding in ("utf-8", "gb18030"):
        try:
            head[: _HEAD_BYTES - 4].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4:
                continue
        return "text/plain"
    return UNKNOWN
