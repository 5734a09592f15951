"""Phone numbers in the formats forms, spreadsheets and tired hands produce."""

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Contact, Customer

_FORMATS = {
    "": 0.55,
    "phone_country_code": 0.13,
    "phone_separators": 0.16,
    "phone_decimal": 0.06,
    "phone_full_width": 0.04,
    "phone_two_in_cell": 0.06,
}
_WEAK = {
    "phone_digit_missing": 0.22,
    "phone_digit_wrong": 0.25,
    "phone_landline_in_mobile": 0.33,
    "phone_missing": 0.20,
}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def mobile_number(chance: Chance, appearance: Appearance, contact: Contact) -> Cell:
    """Return the number in a mobile column; only *weak_phone* and *hard* rows lose or change digits."""
    customer = appearance.customer
    if appearance.level in {"weak_phone", "hard"} and contact == customer.contacts[0]:
        kind = chance.weigh(_WEAK)
        return Cell(shown=_weaken(chance, customer, contact, kind), true=contact.mobile, kind=kind)
    kind = chance.weigh(_FORMATS)
    shown = _format(chance, customer, contact.mobile, kind)
    return Cell(shown=shown, true=contact.mobile, kind=kind or None)


def landline_number(chance: Chance, appearance: Appearance) -> Cell:
    """Return the number in a landline column, in one of the usual spellings or missing."""
    number = appearance.customer.landline
    area_code, local = number.split("-")
    shown = chance.weigh(
        {
            number: 0.5,
            f"{area_code}{local}": 0.15,
            f"({area_code}){local}": 0.1,
            f"86-{number[1:]}": 0.05,
            "": 0.0 if appearance.level == "hard" else 0.2,
        }
    )
    return Cell(shown=shown or None, true=number)


def _weaken(chance: Chance, customer: Customer, contact: Contact, kind: str) -> str | None:
    number = contact.mobile
    place = chance.number(3, 10)
    weakened = {
        "phone_digit_missing": number[:place] + number[place + 1 :],
        "phone_digit_wrong": number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :],
        "phone_landline_in_mobile": customer.landline,
        "phone_missing": chance.pick((None, "无", "-", "")),
    }
    return weakened[kind]


def _format(chance: Chance, customer: Customer, number: str, kind: str) -> str:
    parts = number[:3], number[3:7], number[7:]
    if kind == "phone_country_code":
        return chance.pick(("+86{}", "+86 {}", "0086{}", "86-{}", "(+86){}")).format(number)
    if kind == "phone_separators":
        return chance.pick((" ", "-", ".")).join(parts)
    if kind == "phone_decimal":
        return f"{number}.0"
    if kind == "phone_full_width":
        return number.translate(_FULL_WIDTH)
    if kind == "phone_two_in_cell":
        second = customer.contacts[1].mobile if len(customer.contacts) > 1 else customer.landline
        return f"{number}{chance.pick(('/', '、', ' ', ';', '，'))}{second}"
    return number
