"""Which kind of source a file is, told from its content; the ending of its name is never trusted."""

import zipfile
from pathlib import Path

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

_HEAD_BYTES = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_KNOWN_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"PAR1": "Parquet",
    b"MZ": "Windows program",
    b"\x7fELF": "Linux program",
}


def kind_for(path: Path) -> str:
    """Return the name of the source kind that reads the file at *path*; refuse what none reads."""
    if not path.is_file():
        raise Refused(say("there is no file {name}", name=path.name))
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise Refused(say("the file {name} is empty (0 bytes): export it again", name=path.name))
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    if head.startswith(_OLE):
        return _kind_of_compound(path)
    if head.startswith(b"SQLite format 3\0"):
        return "database"
    for mark, format_name in _KNOWN_OTHERS.items():
        if head.startswith(mark):
            raise _not_a_table(path, format_name)
    return _kind_of_text(path, head)


def _kind_of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused(
            say(
                "the file {name} begins like an Excel workbook but is cut off or damaged; "
                "copy or export it again",
                name=path.name,
            )
        ) from None
    if (
        "xl/workbook.bin" in names or "content.xml" in names
    ):  # also beside an .xlsx: one of the two would be read
        raise Refused(say("save {name} as an Excel workbook (.xlsx) first", name=path.name))
    if "xl/workbook.xml" in names:
        return "excel"
    raise _not_a_table(path, "ZIP")


def _kind_of_compound(path: Path) -> str:
    """Tell an old workbook from the other things that come in the same container."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(say("{name} is protected with a password; save it without one", name=path.name))
    if any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        return "excel"
    raise _not_a_table(path, "Office")


def _kind_of_text(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise Refused(
            say(
                "{name} is a web page under another ending; open it in Excel and save it as .xlsx",
                name=path.name,
            )
        )
    if start.startswith(b"<?xml"):
        raise _not_a_table(path, "XML")
    zeros = head.count(0) / len(head)
    if zeros > 0.1 and not head.startswith(_UTF16_MARKS) and not _alternates(head):
        raise _not_a_table(path, "binary")
    return "delimited"


def _alternates(head: bytes) -> bool:
    """Tell whether the zeros stand at every other byte only, as in UTF-16 without a mark."""
    return min(head[0::2].count(0), head[1::2].count(0)) < 0.05 * len(head)


def _not_a_table(path: Path, format_name: str) -> Refused:
    return Refused(
        say(
            "{name} is a {format} file, which holds no table; bring .xlsx, .xls, .csv or a SQLite file",
            name=path.name,
            format=format_name,
        )
    )
