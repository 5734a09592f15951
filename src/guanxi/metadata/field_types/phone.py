"""A telephone number, landline or any other."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, is_blank, unacceptable
from guanxi.metadata.field_types.reading import narrow, quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
"""Mainland mobile numbers (numbering plan of the Ministry of Industry and Information Technology)."""

_EXTENSION = re.compile(r"(?:转|分机|ext\.?|extension|x|#)[:.]?", re.IGNORECASE)
_LANDLINE = re.compile(r"(?:(0(?:10|2\d|[3-9]\d\d))-?)?(\d{3,4})-?(\d{4})(?:-(\d{1,6}))?", re.ASCII)
_SERVICE = re.compile(r"([48]00)-?(\d{3})-?(\d{4})(?:-(\d{1,6}))?|(1[012]\d{3}|9[56]\d{3,4})", re.ASCII)
_SPELLED = re.compile(r"0(?:10|2\d|[3-9]\d\d)-\d{7,8}", re.ASCII)
_NO_DIGIT = re.compile(r"\D")
_FOREIGN = re.compile(r"\+(?!86)[1-9]\d{6,14}", re.ASCII)


class Phone(FieldType):
    """A mobile number as 11 digits, a landline as ``0571-88888888-123``, a foreign one ``+16502530000``."""

    name = "phone"
    label = Label(en="Phone", zh="电话")
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("+86 138-0013-8000", "13800138000"),
        ("(0571) 8888 8888 转 123", "0571-88888888-123"),
        ("01088886666", "010-88886666"),
        ("+86 571 88888888", "0571-88888888"),
        ("88886666", "88886666"),
        ("4008208820", "400-820-8820"),
        ("95588", "95588"),
        ("+1 (650) 253-0000", "+16502530000"),
        (13800138000.0, "13800138000"),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ("call me", "12", "138001380001234567890", True, "+86 12")

    def parse(self, given: Any, field: Field) -> Any:
        """Return the number in its one spelling."""
        if is_blank(given):
            return None
        number = _spelled(text_of(given))
        if number is None:
            raise unacceptable(
                say(
                    "{given} is not a telephone number; write it like 0571-88888888 or 13800138000",
                    given=quoted(given),
                )
            )
        return number

    def search_texts(self, value: Any) -> Iterable[str]:
        """Return the digits; the last ones are what people remember."""
        return (value if value.isdigit() else _NO_DIGIT.sub("", value),) if value else ()


def mobile_in(text: str) -> str | None:
    """Return the 11 digits of the mainland mobile number that *text* is, else None."""
    if MOBILE.fullmatch(text):
        return text
    digits = re.sub(r"[\s\-.()·]", "", narrow(text))
    domestic = re.sub(r"^(?:\+|00)?86(?=1)", "", digits)
    return domestic if MOBILE.fullmatch(domestic) else None


def _spelled(text: str) -> str | None:
    if _SPELLED.fullmatch(text):
        return text
    compact = re.sub(r"[\s.·]", "", _EXTENSION.sub("-", narrow(text)))
    dashed = re.sub(r"-+", "-", re.sub(r"[()—–－]", "-", compact)).strip("-").replace("+-", "+")
    return mobile_in(dashed) or _landline(dashed) or _foreign(dashed)


def _landline(text: str) -> str | None:
    domestic = re.sub(r"^(?:\+|00)86-?0?(?=[1-9])", "0", text)
    service = _SERVICE.fullmatch(domestic)
    if service:
        return "-".join(part for part in service.groups() if part)
    found = _LANDLINE.fullmatch(domestic)
    if found is None:
        return None
    area, front, back, extension = found.groups()
    return "-".join(part for part in (area, front + back, extension) if part)


def _foreign(text: str) -> str | None:
    digits = re.sub("^00", "+", text.replace("-", ""))
    return digits if _FOREIGN.fullmatch(digits) else None
