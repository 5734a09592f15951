"""The address of a page."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?|localhost(?::\d{1,5})?")
_LONGEST = 2000


class Url(FieldType):
    """A web address; without a scheme it is taken as https, anything but http and https is refused."""

    name = "url"
    label = Label(en="Web address", zh="网址")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("www.Example.com/a?B=1", "https://www.example.com/a?B=1"),
        ("HTTP://example.com", "http://example.com"),
        ("https://例子.中国/页", "https://例子.中国/页"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = (
        "javascript:alert(1)",
        "ftp://x.org",
        "not a page",
        "http://",
        True,
        "https://a@b.com",
    )

    def parse(self, given: Any, field: Field) -> Any:
        """Return the address with its scheme and host in small letters."""
        if is_blank(given):
            return None
        text = text_of(given)
        address = text if _SCHEME.match(text) else f"https://{text}"
        if len(address) > _LONGEST or any(sign.isspace() or sign < " " for sign in address):
            raise _not_an_address(given)
        try:
            parts = urlsplit(address)
        except ValueError:
            raise _not_an_address(given) from None
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
            raise _not_an_address(given)
        return f"{parts.scheme}://{_lower(parts.netloc)}{address.split('://', 1)[1][len(parts.netloc) :]}"


def _lower(host: str) -> str:
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in host)


def _not_an_address(given: Any) -> Exception:
    return unacceptable(
        say("{given} is not a web address; write it like https://example.com", given=quoted(given))
    )
