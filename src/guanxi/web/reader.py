"""How one person reads: sentences in their language, dates, numbers and money in their manner and time zone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal

from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import Message
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.field_types.reading import Quoted
from guanxi.metadata.labels import Label
from guanxi.web.texts import translations

_LOCALES = {"zh": Locale.parse("zh_Hans_CN"), "en": Locale.parse("en_GB")}
_DAYS = {"zh": "yyyy-MM-dd", "en": "d MMM yyyy"}
_MOMENTS = {"zh": "yyyy-MM-dd HH:mm", "en": "d MMM yyyy, HH:mm"}
_DIGITS = 200
_RECENT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A person's language (``zh`` or ``en``) and time zone, and the moment they read."""

    language: str
    zone: ZoneInfo
    now: datetime

    @property
    def locale(self) -> Locale:
        """Return the manner of writing dates and numbers."""
        return _LOCALES[self.language]

    @property
    def today(self) -> date:
        """Return the day it is where the reader is."""
        return self.now.astimezone(self.zone).date()

    def translate(self, text: str) -> str:
        """Return an English *text* of the code in the reader's language."""
        return str(translations(self.language).gettext(text)) if text else ""

    def say(self, message: Message) -> str:
        """Return the sentence of *message*; what it names is written in the reader's manner."""
        values = {name: self.write(value) for name, value in message.values.items()}
        return self.translate(message.template).format(**values)

    def problem(self, problem: Problem) -> str:
        """Return what is wrong with a field, as a sentence of its own."""
        text = self.say(problem.message)
        return text[:1].upper() + text[1:]

    def problems(self, invalid: Invalid) -> str:
        """Return everything that is wrong, in one line."""
        return ("；" if self.language == "zh" else "; ").join(self.problem(each) for each in invalid.problems)

    def label(self, label: Label) -> str:
        """Return the name of a thing."""
        return label.in_language(self.language)

    def inside(self, label: Label) -> str:
        """Return the name of a thing as it stands inside a sentence: small in English, but for abbreviations."""
        name = self.label(label)
        return name if name[1:2].isupper() else name[:1].lower() + name[1:]

    def write(self, value: Any) -> Any:
        """Return *value* in the reader's manner, as it stands inside a sentence."""
        manners: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
            (Label, self.label),
            (Quoted, lambda text: f"“{text.bare}”"),
            (Message, self.say),
            (Money, self.money),
            (datetime, self.moment),
            (date, self.day),
            (Decimal, self.number),
            ((list, tuple, set, frozenset), self.listing),
        )
        return next((write(value) for kinds, write in manners if isinstance(value, kinds)), value)

    def listing(self, values: Iterable[Any]) -> str:
        """Return *values* as one enumeration."""
        return ("、" if self.language == "zh" else ", ").join(str(self.write(each)) for each in values)

    def day(self, value: date) -> str:
        """Return a day: ``2024-05-21`` or ``21 May 2024``."""
        return str(format_date(value, _DAYS[self.language], locale=self.locale))

    def moment(self, value: datetime) -> str:
        """Return a moment to the minute, in the reader's zone."""
        return str(format_datetime(value, _MOMENTS[self.language], tzinfo=self.zone, locale=self.locale))

    def ago(self, value: datetime) -> str:
        """Return how long ago a moment was, when that was within a week; else the moment."""
        passed = self.now - value
        if not timedelta(0) <= passed < _RECENT:
            return self.moment(value)
        if passed < timedelta(minutes=1):
            return self.translate("just now")
        return str(format_timedelta(-passed, add_direction=True, threshold=0.95, locale=self.locale))

    def number(self, value: Decimal | float) -> str:
        """Return a number with groups of thousands."""
        with localcontext(
            prec=_DIGITS
        ):  # Babel divides by powers of ten; 28 digits would not hold the longest number
            return str(format_decimal(value, locale=self.locale, decimal_quantization=False))

    def percent(self, value: Decimal | float) -> str:
        """Return a number of percent."""
        return f"{self.number(value)}%"

    def money(self, value: Money) -> str:
        """Return an amount with the sign of its currency."""
        return str(format_currency(value.amount, value.currency, locale=self.locale, currency_digits=False))

    def typed_moment(self, value: datetime) -> str:
        """Return a moment as a form field holds it: in the reader's zone, to the minute."""
        return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def moment_typed(self, text: str) -> str:
        """Return what a form field holds as a moment with the reader's zone; anything else as it is."""
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            return text
        return (typed if typed.tzinfo else typed.replace(tzinfo=self.zone)).astimezone(UTC).isoformat()


def language_of(name: str) -> str:
    """Return ``zh`` for any way to write Chinese (``zh_CN``, ``zh-Hans``), else ``en``."""
    return "zh" if name.lower().startswith("zh") else "en"
