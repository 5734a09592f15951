"""A place: province, city, district and the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.field_types.reading import quoted, text_of
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

_LONGEST = 500
# The 34 province-level divisions by the words their names begin with (GB/T 2260).
_PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽"),
    *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"),
)


@dataclass(frozen=True)
class Address:
    """A place in four parts; a part that is not known is ''."""

    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """Return the four parts in their order."""
        return self.province, self.city, self.district, self.detail

    def __str__(self) -> str:
        """Return the known parts as 省-市-区-详细."""
        return "-".join(part for part in self.parts if part)


_NAMES = tuple(part.name for part in fields(Address))


class PostalAddress(FieldType):
    """One field with four columns; a text in the form 省-市-区-详细 is taken apart, any other is the detail.

    Free text is brought into parts by the address standard, which knows the divisions.
    """

    name = "address"
    label = Label(en="Address", zh="地址")
    parts = tuple(Part(f"_{part}", "text", "text") for part in ("province", "city", "district", "detail"))
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("浙江省-杭州市-西湖区-文三路1-2号", Address("浙江省", "杭州市", "西湖区", "文三路1-2号")),
        ("杭州文三路1号", Address("", "", "", "杭州文三路1号")),
        ({"city": "杭州市", "detail": " 文三路1号 "}, Address("", "杭州市", "", "文三路1号")),
        ({"province": ""}, None),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = ({"street": "x"}, True, "x" * 501, ["浙江省"])

    def parse(self, given: Any, field: Field) -> Any:
        """Return the `Address` of a text or of a table with the four parts."""
        if is_blank(given):
            return None
        address = Address(*(text_of(part) for part in _four(given)))
        if any(len(part) > _LONGEST for part in address.parts):
            raise unacceptable(say("at most {longest} characters fit", longest=_LONGEST))
        return address if any(address.parts) else None

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the four parts, None for an unknown one."""
        return (None,) * 4 if value is None else tuple(part or None for part in value.parts)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the address, None when no part is known."""
        return Address(*(part or "" for part in columns)) if any(columns) else None

    def search_texts(self, value: Any) -> Iterable[str]:
        """Return the address in one line."""
        return () if value is None else ("".join(value.parts),)


def _four(given: Any) -> Sequence[Any]:
    if isinstance(given, Address):
        return given.parts
    if isinstance(given, Mapping):
        unknown = [name for name in given if name not in _NAMES]
        if unknown:
            raise unacceptable(
                say(
                    "{unknown} is not a part of an address; known: {known}",
                    unknown=quoted(unknown[0]),
                    known=_NAMES,
                )
            )
        return ["" if given.get(name) is None else given[name] for name in _NAMES]
    text = text_of(given)
    parts = [part.strip() for part in text.split("-", 3)]
    if len(parts) == 4 and parts[0].startswith(_PROVINCES):
        return parts
    return ["", "", "", text]
