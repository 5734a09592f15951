"""The kinds of value an expression knows, each with one meaning in Python and one in PostgreSQL."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Scalar = str | Decimal | bool | date | datetime
Value = Scalar | tuple[str, ...] | None


class Kind(StrEnum):
    """What sort of value an expression has.

    ========  ============================  ======================
    kind      Python                        PostgreSQL
    ========  ============================  ======================
    text      str                           text, compared as "C"
    number    Decimal (exact)               numeric
    boolean   bool                          boolean
    date      date                          date
    datetime  datetime with a zone          timestamptz
    list      tuple of str                  text[]
    link      int, read as Decimal          bigint
    nothing   None                          NULL of any type
    ========  ============================  ======================
    """

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"
    LINK = "link"
    NOTHING = "nothing"


VALUES = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.LIST, Kind.LINK)
EQUATED = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.LINK)
ORDERED = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME)


def accepts(parameter: Kind, argument: Kind) -> bool:
    """Tell whether a value of kind *argument* may stand where *parameter* is asked for.

    Nothing (null) may stand anywhere; a number may name the record a link leads to.
    """
    return argument in (parameter, Kind.NOTHING) or (parameter is Kind.LINK and argument is Kind.NUMBER)


def shared_kind(arguments: tuple[Kind, ...], allowed: tuple[Kind, ...]) -> Kind | None:
    """Return the first of *allowed* that every argument may stand for; None when there is none."""
    return next((kind for kind in allowed if all(accepts(kind, each) for each in arguments)), None)
