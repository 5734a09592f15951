"""Addresses that are cut short, out of date or typed in full width."""

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Address

_SHORTENED = {
    "": 0.62,
    "address_incomplete": 0.18,
    "address_full_width": 0.06,
    "address_missing": 0.06,
    "short": 0.08,
}
_WHOLE = {"": 0.7, "address_full_width": 0.3}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def where(chance: Chance, seen: Appearance) -> tuple[Address, str | None]:
    """Return the address a source knows and, when the customer has moved, the kind ``address_moved``."""
    customer = seen.customer
    if customer.former_address is not None and seen.level != "hard" and chance.often(0.4):
        return customer.former_address, "address_moved"
    return customer.address, None


def in_one_cell(chance: Chance, seen: Appearance) -> Cell:
    """Return the address as one text."""
    address, moved = where(chance, seen)
    kind = moved or chance.weigh(_WHOLE if seen.level == "hard" else _SHORTENED)
    city = address.city
    tail = f"{address.district}{address.street}"
    shown = {
        "address_incomplete": chance.pick(
            (tail, f"{city.name}{address.street}", f"{city.short}{address.district}")
        ),
        "address_full_width": address.text.translate(_FULL_WIDTH),
        "address_missing": None,
        # 江苏苏州吴中区…: complete, only without 省 and 市.
        "short": f"{_stem(city.province) if city.province != city.name else ''}{city.short}{tail}",
    }.get(kind, address.text)
    return Cell(shown=shown, true=seen.customer.address.text, kind=None if kind in ("", "short") else kind)


def province_cell(chance: Chance, address: Address) -> Cell:
    """Return the province, with or without 省."""
    name = address.city.province
    return Cell(shown=_stem(name) if chance.often(0.4) else name, true=name)


def _stem(province: str) -> str:
    for ending in ("壮族自治区", "自治区", "省", "市"):
        province = province.removesuffix(ending)
    return province
