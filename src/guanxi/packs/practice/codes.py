"""Unified social credit codes (GB 32100-2015), old registration numbers (GS 15-2006) and phone numbers."""

from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.words.lists import listed

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# Segments the three operators give to people; 170/171 and data-only segments are left out.
_SEGMENTS = listed(
    "130 131 132 133 134 135 136 137 138 139 150 151 152 153 155 156 157 158 159 "
    "177 178 180 181 182 183 185 186 187 188 189"
)


def check_character(first_17: str) -> str:
    """Return the 18th character of a credit code (GB 32100-2015, modulus 31)."""
    total = sum(
        _ALPHABET.index(character) * weight for character, weight in zip(first_17, _WEIGHTS, strict=True)
    )
    return _ALPHABET[-total % 31]


def organisation_check(first_8: str) -> str:
    """Return the check character of an organisation code (GB 11714-1997), the 17th of a credit code."""
    total = sum(int(digit) * weight for digit, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    value = -total % 11
    return "X" if value == 10 else str(value)


def credit_code(chance: Chance, city_code: str) -> str:
    """Return a valid credit code of a company registered in the city with these six digits."""
    organisation = chance.digits(8)
    first_17 = f"91{city_code}{organisation}{organisation_check(organisation)}"
    return first_17 + check_character(first_17)


def registration_number(chance: Chance, city_code: str) -> str:
    """Return a valid 15-digit registration number as used before 2015 (GS 15-2006, modulus 11, 10)."""
    first_14 = city_code + chance.digits(8)
    rest = 10
    for digit in first_14:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return first_14 + str((11 - rest) % 10)


def mobile(chance: Chance) -> str:
    """Return an 11-digit mobile number with a segment in use."""
    return chance.pick(_SEGMENTS) + chance.digits(8)


def landline(chance: Chance, area_code: str) -> str:
    """Return a landline number such as 0512-65123456 (eight digits behind the area code)."""
    return f"{area_code}-{chance.number(2, 8)}{chance.digits(7)}"
