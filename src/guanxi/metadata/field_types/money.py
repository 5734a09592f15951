"""An amount of money and its currency."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.kernel.text import say
from guanxi.metadata.field_types.base import FieldType, Part, is_blank, unacceptable
from guanxi.metadata.field_types.decimal import grouped, rounded, within
from guanxi.metadata.field_types.reading import narrow, number_of, quoted
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field

CURRENCIES = (
    *(
        "AED",
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
    ),
    *(
        "JPY",
        "KRW",
        "KZT",
        "MOP",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
    ),
    *("TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
)
"""Codes of ISO 4217 an amount may carry."""

DEFAULT_CURRENCY = "CNY"
DEFAULT_SCALE = 2

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$"}
_NAMES = {
    "人民币": "CNY", "RMB": "CNY", "￥": "CNY", "¥": "CNY", "元": "CNY", "圆": "CNY",
    "US$": "USD", "美元": "USD", "美金": "USD", "HK$": "HKD", "港元": "HKD", "港币": "HKD", "$": "USD",
    "€": "EUR", "欧元": "EUR", "£": "GBP", "英镑": "GBP", "日元": "JPY",
}  # fmt: skip
_UNITS = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "千": Decimal(1_000), "": Decimal(1)}
_WORDS = "|".join(re.escape(word) for word in sorted([*_NAMES, *CURRENCIES], key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<before>{_WORDS})?\s*(?P<number>[+-]?[\d,.]+)\s*(?P<unit>[亿万千]?)\s*(?P<behind>{_WORDS})?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN = re.compile(r"\d{1,18}(?:\.\d{1,10})?", re.ASCII)


@dataclass(frozen=True)
class Money:
    """An amount in the whole unit of its currency (yuan, not fen)."""

    amount: Decimal
    currency: str


class MoneyAmount(FieldType):
    """Rounded to the field's ``scale`` (2 digits); in the field's ``currency`` where none is given."""

    name = "money"
    label = Label(en="Money", zh="金额")
    parts = (Part("", "numeric", "number"), Part("_currency", "text", "text"))
    options = frozenset({"currency", "scale", "minimum", "maximum"})
    examples: ClassVar[Sequence[tuple[Any, Any]]] = (
        ("￥1,234.50", Money(Decimal("1234.50"), "CNY")),
        ("1.2万元", Money(Decimal(12000), "CNY")),
        ("USD 30", Money(Decimal(30), "USD")),
        ("-$5", Money(Decimal(-5), "USD")),
        (99, Money(Decimal(99), "CNY")),
        ({"amount": "7.125", "currency": "EUR"}, Money(Decimal("7.13"), "EUR")),
        ("", None),
    )
    refused: ClassVar[Sequence[Any]] = (
        "free",
        "12 XYZ",
        "USD 3 EUR",
        True,
        {"amount": 1, "currency": "XXX"},
        "万元",
    )

    def parse(self, given: Any, field: Field) -> Any:
        """Return `Money` from an amount, a text such as ``1.2万元`` or ``{"amount": …, "currency": …}``."""
        if is_blank(given):
            return None
        amount, currency = _split(given)
        if amount is None:
            return None
        known = (currency or field.currency or DEFAULT_CURRENCY).upper()
        if known not in CURRENCIES:
            raise unacceptable(
                say("{name} is not a currency; known: {known}", name=quoted(known), known=CURRENCIES)
            )
        return Money(within(rounded(amount, _scale(field)), field), known)

    def to_columns(self, value: Any) -> tuple[Any, ...]:
        """Return the amount and the currency."""
        return (None, None) if value is None else (value.amount, value.currency)

    def from_columns(self, columns: Sequence[Any]) -> Any:
        """Return the money, None without an amount."""
        amount, currency = columns
        return None if amount is None else Money(amount, currency or DEFAULT_CURRENCY)

    def show(self, value: Any, field: Field, language: str = "en") -> str:
        """Return the amount behind the sign (or the code) of its currency: ``¥1,234.50``."""
        if value is None:
            return ""
        minus, digits = "-" if value.amount < 0 else "", grouped(abs(value.amount), _scale(field))
        return f"{minus}{_SIGNS.get(value.currency, value.currency + ' ')}{digits}"

    def search_texts(self, value: Any) -> Iterable[str]:
        """Amounts are filtered by, not searched for."""
        return ()

    def check(self, field: Field) -> Iterable[Problem]:
        """The currency must be a known one."""
        if field.currency and field.currency not in CURRENCIES:
            yield Problem(
                field.name,
                say("{name} is not a currency; known: {known}", name=field.currency, known=CURRENCIES),
            )


def _scale(field: Field) -> int:
    return DEFAULT_SCALE if field.scale is None else field.scale


def _split(given: Any) -> tuple[Decimal | None, str]:
    """Return amount and currency ('' when none is named)."""
    if isinstance(given, Money):
        return given.amount, given.currency
    if isinstance(given, Mapping):
        amount = given.get("amount")
        return None if is_blank(amount) else number_of(amount), str(given.get("currency") or "")
    if not isinstance(given, str):
        return number_of(given), ""
    return _split_text(given)


def _split_text(given: str) -> tuple[Decimal, str]:
    if _PLAIN.fullmatch(given):
        return Decimal(given), ""
    found = _AMOUNT.fullmatch(narrow(given).strip())
    if found is None:
        raise unacceptable(
            say("{given} is not an amount of money; write it like 1,234.50 or 1.2万元", given=quoted(given))
        )
    named = {_code(found[place]) for place in ("before", "behind") if found[place]}
    if len(named) > 1:
        raise unacceptable(say("{given} names two currencies", given=quoted(given)))
    number = number_of(found["number"])
    amount = number_of(number * _UNITS[found["unit"]])
    return -amount if found["sign"] == "-" else amount, next(iter(named), "")


def _code(word: str) -> str:
    return _NAMES.get(word.upper(), word.upper())
