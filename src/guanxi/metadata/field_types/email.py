"""An address people can be written to."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_ADDRESS = re.compile(
    r"(?P<local>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_])"
)
_LONGEST = 254  # RFC 5321, 4.5.3.1


class Email(FieldType):
    """One e-mail address; its domain is kept in small letters, the part before it as it was given."""

    name = "email"
    label = Label(en="E-mail", zh="邮箱")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        (" Li.Yang@Example.COM", "Li.Yang@example.com"),
        ("zhang＠163．com", "zhang@163.com"),
        ("mailto:a@b.cn", "a@b.cn"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = (
        "nobody",
        "a@b",
        "a b@c.com",
        "a@b..com",
        "a@x.com, b@x.com",
        12,
        True,
    )

    def parse(self, given: Any, field: Field) -> Any:
        """Return the address."""
        if is_blank(given):
            return None
        found = _ADDRESS.fullmatch(narrow(text_of(given)).strip().removeprefix("mailto:"))
        if found is None or len(found[0]) > _LONGEST or "_" in found["domain"]:
            raise unacceptable(
                say("{given} is not an e-mail address; write it like name@example.com", given=quoted(given))
            )
        return f"{found['local']}@{_lower(found['domain'])}"


def _lower(domain: str) -> str:
    """Return *domain* in small letters; those with a longer small form (İ) stay, so twice is once."""
    if domain.isascii():
        return domain.lower()
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in domain)
