"""A file that belongs to a record."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, Unacceptable, is_blank, unacceptable
from guanxi.metadata.field_types.reading import text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_EXAMPLE = {"name": "合同.pdf", "size": 1024, "sha256": "ab" * 32, "media_type": "application/pdf"}


@dataclass(frozen=True, kw_only=True)
class FileReference:
    """Where a file's content is found: by the checksum of its bytes. ``size`` is in bytes."""

    name: str
    size: int
    sha256: str
    media_type: str = "application/octet-stream"


class File(FieldType):
    """A reference to a stored file; the content itself lives in the file store."""

    name = "file"
    label = Label(en="File", zh="文件")
    parts = (Part("", "jsonb", "other"),)
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        (_EXAMPLE, FileReference(name="合同.pdf", size=1024, sha256="ab" * 32, media_type="application/pdf")),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = (
        "a.pdf",
        _EXAMPLE | {"size": -1},
        _EXAMPLE | {"sha256": "x"},
        _EXAMPLE | {"name": "../a"},
        _EXAMPLE | {"path": "a"},
    )

    def parse(self, given: Any, field: Field) -> Any:
        """Return the `FileReference` of a table with its name, size, sha256 and media_type."""
        if is_blank(given):
            return None
        if isinstance(given, FileReference):
            return given
        names = [each.name for each in fields(FileReference)]
        if not isinstance(given, Mapping) or not set(given) <= set(names):
            raise unacceptable(say("a file is described by: {names}", names=names))
        return _reference(given)

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the reference as a JSON object."""
        return (None if value is None else asdict(value),)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the reference a JSON object holds."""
        return FileReference(**columns[0]) if columns[0] else None

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the file's name."""
        return "" if value is None else value.name

    def search_texts(self, value: Any) -> Iterable[str]:
        """Yield the file's name."""
        if value is not None:
            yield value.name


def _reference(given: Mapping[str, Any]) -> FileReference:
    name, media_type = text_of(given.get("name") or ""), given.get("media_type", "application/octet-stream")
    size, sha256 = given.get("size"), given.get("sha256")
    if not name or len(name) > 255 or re.search(r"[/\\\x00-\x1f]", name):
        raise unacceptable(say("a file needs a name without folders"))
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise unacceptable(say("a file needs its size in bytes"))
    if not _matches(_SHA256, sha256) or not _matches(_MEDIA_TYPE, media_type):
        raise _incomplete()
    return FileReference(name=name, size=size, sha256=str(sha256), media_type=str(media_type))


def _matches(shape: re.Pattern[str], text: Any) -> bool:
    return isinstance(text, str) and shape.fullmatch(text) is not None


def _incomplete() -> Unacceptable:
    return unacceptable(say("a file needs its checksum (SHA-256) and its media type"))
