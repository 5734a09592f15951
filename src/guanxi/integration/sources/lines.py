"""Bytes of a text file as numbered lines, whatever the encoding; broken bytes cost one line, not the file."""

import codecs
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import AnyStr, NamedTuple

_BLOCK_BYTES = 4 * 1024 * 1024
_LONGEST_LINE_BYTES = 64 * 1024 * 1024  # a longer one is cut, so that memory stays bounded
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")


class Line(NamedTuple):
    """One physical line with its line break; ``offset`` is the first broken byte in the file, or None."""

    number: int
    text: str
    offset: int | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What one pass over the bytes tells.

    ``is_plain`` means that every line is a row: no quotation mark, no zero, no lone carriage return, and
    an encoding in which a line break is one byte. ``line_break`` is the byte that ends lines.
    """

    is_plain: bool
    line_break: bytes


def scan(path: Path, encoding: str) -> Shape:
    """Return the shape of the file at *path* after one pass (about 1 GB/s)."""
    plain, feeds, returns, pairs, last = encoding not in _WIDE, 0, 0, 0, b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
            pairs += block.count(b"\r\n") + (last == b"\r" and block[:1] == b"\n")
            last = block[-1:]
            plain = plain and b'"' not in block and b"\0" not in block
    line_break = b"\r" if returns and not feeds else b"\n"
    return Shape(is_plain=plain and returns == pairs, line_break=line_break)


def blocks(path: Path, line_break: bytes = b"\n", *, size: int = _BLOCK_BYTES) -> Iterator[bytes]:
    """Yield the file in pieces of whole lines, without a byte order mark of UTF-8."""
    rest = b""
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while block := file.read(size):
            block = rest + block
            cut = block.rfind(line_break) + 1
            rest = block[cut:]
            if len(rest) > _LONGEST_LINE_BYTES:
                cut, rest = len(block), b""
            if cut:
                yield block[:cut]
    if rest:
        yield rest


def numbered_lines(path: Path, encoding: str, line_break: bytes = b"\n") -> Iterator[Line]:
    """Yield every line of the file, numbered from 1."""
    if encoding in _WIDE:
        yield from _wide_lines(path, encoding)
        return
    number, offset = 1, 3 if encoding == "utf-8-sig" else 0
    for block in blocks(path, line_break):
        lines = decoded_lines(block, encoding, line_break, number=number, offset=offset)
        yield from lines
        number += len(lines)
        offset += len(block)


def decoded_lines(
    block: bytes, encoding: str, line_break: bytes = b"\n", *, number: int, offset: int
) -> list[Line]:
    """Return the lines of one block, whose first line is *number* and begins at byte *offset*."""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        texts = split_lines(block.decode(codec), line_break.decode())
    except UnicodeDecodeError:
        return list(_line_by_line(split_lines(block, line_break), codec, number, offset))
    return list(itertools.starmap(Line, enumerate(texts, number)))


def _line_by_line(pieces: list[bytes], codec: str, number: int, offset: int) -> Iterator[Line]:
    for shift, piece in enumerate(pieces):
        try:
            yield Line(number + shift, piece.decode(codec))
        except UnicodeDecodeError as error:
            text = piece.decode(codec, errors="backslashreplace")
            yield Line(number + shift, text, offset + error.start)
        offset += len(piece)


def _wide_lines(path: Path, encoding: str) -> Iterator[Line]:
    """Yield lines of UTF-16, where a line break is two bytes and may be part of other characters."""
    number = 1
    with path.open(encoding=encoding, errors="replace", newline="\n") as file:
        for text in file:
            yield Line(number, text.removeprefix("\ufeff") if number == 1 else text)
            number += 1


def split_lines(block: AnyStr, line_break: AnyStr) -> list[AnyStr]:
    """Split after each line break and keep it; unlike splitlines, nothing else ends a line."""
    pieces = block.split(line_break)
    last = pieces.pop()
    whole: list[AnyStr] = [piece + line_break for piece in pieces]
    if last:
        whole.append(last)
    return whole
