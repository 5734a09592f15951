"""Which encoding a file of text is written in, judged from its bytes alone."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from guanxi.integration.sources.quarantine import REPLACEMENT

_SAMPLES, _SAMPLE_BYTES = 8, 64 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_VALID_SHARE = 0.9  # of the multi-byte characters; text in GBK read as UTF-8 stays below 0.1


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The name of a codec and how sure we are of it, 0 to 1."""

    name: str
    confidence: float


def sniff_encoding(path: Path) -> Encoding:
    """Return the encoding of the text file at *path*, judged from eight samples spread over it.

    Told apart: UTF-8 and UTF-16 (with and without byte order mark), GB 18030 (which contains GBK and
    GB 2312) and Big5. The two Chinese ones are compared by how many of their characters belong to the
    frequent level of the standard (GB 2312 level 1, Big5 level 1): rows 16-55 and A4-C6.
    """
    samples = _samples(path)
    for mark, name in _BOMS:
        if samples[0].startswith(mark):
            return Encoding(name=name, confidence=1.0)
    whole = b"\n".join(samples)
    if wide := _without_mark(whole):
        return wide
    valid = _utf8_share(whole)
    if valid >= _VALID_SHARE:
        return Encoding(name="utf-8", confidence=valid)
    return _chinese(whole)


def _samples(path: Path) -> list[bytes]:
    """Return pieces of the file; all but the first begin at a line, all but the last end at one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= _SAMPLES * _SAMPLE_BYTES:
            return [file.read()]
        pieces = []
        for number in range(_SAMPLES):
            file.seek(number * (size - _SAMPLE_BYTES) // (_SAMPLES - 1))
            piece = file.read(_SAMPLE_BYTES)
            start = piece.find(b"\n") + 1 if number else 0
            pieces.append(piece[start : piece.rfind(b"\n") + 1 or None])
        return pieces


def _without_mark(text: bytes) -> Encoding | None:
    """Return UTF-16 when every other byte is mostly zero, as in text with Latin letters and digits."""
    even, odd = text[0::2], text[1::2]
    if len(odd) < 8:
        return None
    zeros = (even.count(0) / len(even), odd.count(0) / len(odd))
    if max(zeros) < 0.25 or min(zeros) > 0.05:
        return None
    return Encoding(name="utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", confidence=max(zeros))


def _utf8_share(text: bytes) -> float:
    """Return the share of multi-byte characters that are valid UTF-8; 1 for plain ASCII."""
    decoded = text.decode("utf-8", errors="replace")
    destroyed_before = text.count(REPLACEMENT.encode())  # a valid character, written by whoever lost the text
    invalid = decoded.count(REPLACEMENT) - destroyed_before
    characters = len(_NOT_ASCII.findall(decoded))
    return (characters - invalid) / characters if invalid else 1.0


def _chinese(text: bytes) -> Encoding:
    scores = {
        "gb18030": _frequent_share(text, "gb18030", "gb2312", _is_gb_level_1),
        "big5": _frequent_share(text, "big5", "big5", _is_big5_level_1),
    }
    best = max(scores, key=lambda name: scores[name])
    return Encoding(name=best, confidence=round(max(0.0, min(1.0, scores[best])), 3))


def _frequent_share(text: bytes, codec: str, level_codec: str, is_level_1: Callable[[bytes], bool]) -> float:
    """Return the share of the characters beyond ASCII that are frequent ones, less twice the invalid ones."""
    characters = _NOT_ASCII.findall(text.decode(codec, errors="replace")[:200_000])
    if not characters:
        return 0.0
    invalid = characters.count(REPLACEMENT)
    frequent = sum(1 for each in characters if is_level_1(each.encode(level_codec, errors="ignore")))
    return (frequent - 2 * invalid) / len(characters)


def _is_gb_level_1(code: bytes) -> bool:
    return len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3))


def _is_big5_level_1(code: bytes) -> bool:
    return len(code) == 2 and 0xA1 <= code[0] <= 0xC6
