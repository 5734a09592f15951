"""What a function of the expression language is: one Python meaning and one SQL meaning that agree.

Three laws hold for every function, and property tests prove them on a real server:

* **Both meanings agree** on every row, nulls, Chinese text and month ends included.
* **A function is total**: bad input has no value (null); it never raises, in neither meaning. So a formula
  that was checked cannot fail on somebody's data, and PostgreSQL may evaluate its parts in any order.
* **Null is SQL's null.** Unless a function says otherwise, a null argument makes a null result; AND, OR, NOT
  follow three-valued logic; ``x = null`` is null, ISBLANK asks for it.

Numbers are exact decimals, text is compared by code point, and what a day is depends on the zone of `Moment`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any, ClassVar

from guanxi.expressions.kinds import Kind, accepts

# Wider than any product of MOST_NODES numbers, so adding and multiplying never round.
EXACT = Context(prec=200_000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
LONGEST_RESULT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One way a function can be read: the kinds it takes, the kind it gives, and its SQL.

    ``sql`` is text with places: ``{0}``, ``{1}`` … for the arguments (an argument may be named twice: the
    compiler sees to it that it is evaluated once), ``{now}``, ``{today}``, ``{zone}`` for the moment.
    ``counts_whole`` says that integer columns may stay integers, so that their indexes serve.
    """

    parameters: tuple[Kind, ...]
    result: Kind
    sql: str
    counts_whole: bool = False


class Function:
    """A function; a subclass declares ``name`` (capitals or an operator), its meanings and `value`.

    Where the number of arguments is open, a subclass overrides `meaning` and lists examples in ``shapes``.
    """

    name: ClassVar[str]
    example: ClassVar[tuple[str, str]]
    """A formula, and a formula of the same value: documentation that is tested."""
    meanings: ClassVar[Sequence[Meaning]] = ()
    strict: ClassVar[bool] = True
    """A null argument makes a null result, and `value` never sees one."""

    @property
    def shapes(self) -> tuple[tuple[Kind, ...], ...]:
        """Return argument kinds the function takes; all of them, or examples where the number is open."""
        return tuple(meaning.parameters for meaning in self.meanings)

    def meaning(self, kinds: tuple[Kind, ...]) -> Meaning | None:
        """Return how the function reads arguments of these *kinds*; None when it does not take them."""
        return next((each for each in self.meanings if _fits(each.parameters, kinds)), None)

    def value(self, moment: "Moment", *arguments: Any) -> Any:
        """Return the Python meaning of the function for *arguments* (of fitting kinds)."""
        raise NotImplementedError


@dataclass(frozen=True)
class Moment:
    """When, and in whose time zone, an expression is asked: TODAY() is the day of ``now`` in its zone."""

    now: datetime

    def __post_init__(self) -> None:
        """Refuse a time without zone: the programmer must say where midnight is."""
        if self.now.tzinfo is None:
            raise ValueError("now needs a time zone")

    @property
    def zone(self) -> tzinfo:
        """Return the zone days are counted in."""
        return self.now.tzinfo or UTC

    @property
    def today(self) -> date:
        """Return the day of ``now``."""
        return self.now.date()

    def day(self, value: date) -> date:
        """Return the day a date or a time falls on."""
        return self.local(value).date() if isinstance(value, datetime) else value

    def local(self, value: datetime) -> datetime:
        """Return the wall clock at *value*, without zone."""
        return value.astimezone(self.zone).replace(tzinfo=None)

    def start(self, day: date) -> datetime:
        """Return the first moment of *day*.

        Where a clock change makes midnight doubtful, PostgreSQL takes the smaller offset; so do we.
        """
        midnight = datetime.combine(day, time(), self.zone)
        offsets = [midnight.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1)]
        return midnight.replace(tzinfo=timezone(min(offsets)))

    def end(self, day: date) -> datetime:
        """Return the first moment after *day*."""
        return datetime.max.replace(tzinfo=UTC) if day == date.max else self.start(day + timedelta(days=1))


def each(count: int, pattern: str = "{#}", joined: str = ", ", first: int = 0) -> str:
    """Return *pattern* for every argument place from *first* to *count* - 1, ``#`` being its number."""
    return joined.join(pattern.replace("#", str(place)) for place in range(first, count))


def whole_sql(place: str, low: int, high: int) -> str:
    """Return SQL for a number cut to a whole one between *low* and *high*."""
    return (
        f"CAST(CASE WHEN {place} < {low} THEN {low} WHEN {place} > {high} THEN {high} "
        f"ELSE trunc({place}) END AS integer)"
    )


def whole(number: Decimal, low: int, high: int) -> int:
    """Return *number* cut to a whole one between *low* and *high*."""
    return int(max(Decimal(low), min(Decimal(high), number)))


def with_times(meaning: Meaning) -> tuple[Meaning, ...]:
    """Return *meaning* for dates, and again for each of its dates being a time of which the day counts."""
    meanings = [meaning]
    for place, kind in enumerate(meaning.parameters):
        if kind is Kind.DATE:
            meanings += [_day_of(each, place) for each in meanings]
    return tuple(meanings)


def _day_of(meaning: Meaning, place: int) -> Meaning:
    parameters = list(meaning.parameters)
    parameters[place] = Kind.DATETIME
    day = f"CAST({{{place}}} AT TIME ZONE {{zone}} AS date)"
    sql = meaning.sql.replace(f"{{{place}}}", day)
    return Meaning(parameters=tuple(parameters), result=meaning.result, sql=sql)


def _fits(parameters: tuple[Kind, ...], kinds: tuple[Kind, ...]) -> bool:
    return len(parameters) == len(kinds) and all(map(accepts, parameters, kinds))
