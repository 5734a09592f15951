"""The meaning of an expression in SQL: one PostgreSQL expression with bound values.

The functions bring their SQL as text with places (`guanxi.expressions.function`); here the places are filled.
Nothing a person typed becomes SQL text: values are bound, columns come from the caller.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

from guanxi.expressions.checking import check
from guanxi.expressions.function import Meaning, Moment
from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import Call, Expression, Literal, Path, paths
from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say

Columns = Callable[[Path], sa.ColumnElement[Any]]

_TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    Kind.TEXT: sa.Text(),
    Kind.NUMBER: sa.Numeric(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.DATETIME: sa.DateTime(timezone=True),
    Kind.LIST: postgresql.ARRAY(sa.Text()),
    Kind.LINK: sa.BigInteger(),
    Kind.NOTHING: sa.Text(),
}
_NAMES = {
    Kind.TEXT: "text",
    Kind.NUMBER: "numeric",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamptz",
    Kind.LIST: "text[]",
    Kind.LINK: "bigint",
    Kind.NOTHING: "text",
}
_PLACE = re.compile(r"\{(\d+|now|today|zone)\}")
_LEAF = "\x00"  # stands for the next column or value in a template; no SQL text can hold it
_BIGGEST_WHOLE = 2**63 - 1


def compile_expression(expression: Expression, column_of: Columns, *, now: datetime) -> sa.ColumnElement[Any]:
    """Return the SQL of *expression*, over the columns *column_of* finds for its paths.

    Kinds are read from the columns' types: text, numeric and integer, boolean, date, timestamptz, text[].
    *now* needs a zone that PostgreSQL knows (a `ZoneInfo`, UTC or a fixed offset): it says where midnight is.
    Raises `Invalid` when the expression does not fit the columns, `Terminal` for a column of another type.
    """
    columns = {path: column_of(path) for path in paths(expression)}
    kind = check(expression, {str(path): kind_of(column) for path, column in columns.items()})
    written = _Writer(columns, Moment(now)).write(expression, kind)
    return Filled(written.template, written.leaves, _TYPES[kind])


def kind_of(column: sa.ColumnElement[Any]) -> Kind:
    """Return the kind of a column's values; raise `Terminal` for a type the language does not know."""
    match column.type:
        case sa.Boolean():
            return Kind.BOOLEAN
        case sa.Numeric() | sa.Integer():
            return Kind.NUMBER
        case sa.DateTime(timezone=True):
            return Kind.DATETIME
        case sa.Date():
            return Kind.DATE
        case sa.String():
            return Kind.TEXT
        case sa.ARRAY(item_type=sa.String()):
            return Kind.LIST
        case other:
            raise Terminal(say("columns of type {type} cannot stand in expressions", type=str(other)))


class Filled(FunctionElement[Any]):
    """SQL text with places for columns and bound values, in their order; flat however deep the tree."""

    name = "expression"
    _traverse_internals = [  # noqa: RUF012 (SQLAlchemy's own protocol: what tells two statements apart)
        *FunctionElement._traverse_internals,
        ("template", InternalTraversal.dp_string),
        ("type", InternalTraversal.dp_type),
    ]

    def __init__(
        self, template: str, leaves: tuple[sa.ColumnElement[Any], ...], type_: sa.types.TypeEngine[Any]
    ) -> None:
        super().__init__(*leaves)
        self.template = template
        self.type = type_


@compiles(Filled)
def _render(element: Filled, compiler: SQLCompiler, **options: Any) -> str:
    leaves: Iterator[str] = (compiler.process(leaf, **options) for leaf in element.clauses)
    text, *rest = element.template.split(_LEAF)
    return text + "".join(leaf + following for leaf, following in zip(leaves, rest, strict=True))


@dataclass(frozen=True, kw_only=True)
class _Written:
    """One expression as SQL text with a mark for each of its leaves."""

    template: str
    leaves: tuple[sa.ColumnElement[Any], ...]
    simple: bool = False
    """A column or a value: naming it twice costs nothing."""


class _Writer:
    """Writes one tree; knows its columns and its moment."""

    def __init__(self, columns: dict[Path, sa.ColumnElement[Any]], moment: Moment) -> None:
        self.columns = columns
        self.moment = moment

    def write(self, expression: Expression, wanted: Kind, *, whole: bool = False) -> _Written:
        """Write *expression* where a value of kind *wanted* stands; *whole* lets integers be integers."""
        match expression:
            case Literal(value=value):
                return _literal(value, Kind.LINK if whole and wanted is Kind.NUMBER else wanted)
            case Path():
                return _column(self.columns[expression], whole=whole)
            case Call():
                return self._call(expression)

    def kind(self, expression: Expression) -> Kind:
        """Return the kind of a checked expression."""
        match expression:
            case Literal(kind=kind):
                return kind
            case Path():
                return kind_of(self.columns[expression])
            case Call():
                return self._meaning(expression).result

    def _meaning(self, call: Call) -> Meaning:
        kinds = tuple(self.kind(argument) for argument in call.arguments)
        meaning = FUNCTIONS[call.function].meaning(kinds)
        if meaning is None:
            raise Terminal(say("{name} was not checked", name=call.function))
        return meaning

    def _call(self, call: Call) -> _Written:
        meaning = self._meaning(call)
        whole = meaning.counts_whole and all(map(self._is_whole, call.arguments))
        arguments = [
            self.write(argument, kind, whole=whole)
            for argument, kind in zip(call.arguments, meaning.parameters, strict=True)
        ]
        return self._fill(meaning, arguments)

    def _is_whole(self, expression: Expression) -> bool:
        match expression:
            case Literal(value=Decimal() as value):
                return value == value.to_integral_value() and abs(value) <= _BIGGEST_WHOLE
            case Path():
                return isinstance(self.columns[expression].type, sa.Integer)
            case _:
                return False

    def _fill(self, meaning: Meaning, arguments: list[_Written]) -> _Written:
        pieces = _PLACE.split(meaning.sql)
        named = pieces[1::2]
        repeated = [
            place
            for place, argument in enumerate(arguments)
            if not argument.simple and named.count(str(place)) > 1
        ]
        template, leaves = "", tuple[sa.ColumnElement[Any], ...]()
        for at, piece in enumerate(pieces):
            if at % 2 == 0:
                template += piece
            elif piece.isdigit() and int(piece) in repeated:
                template += f"given.a{piece}"
            else:
                filling = arguments[int(piece)] if piece.isdigit() else self._moment(piece)
                template, leaves = template + filling.template, leaves + filling.leaves
        if repeated:
            # Evaluated once, not once per mention: nested mentions would double with every level. OFFSET 0
            # keeps the planner from putting the mentions back.
            given = ", ".join(f"{arguments[place].template} AS a{place}" for place in repeated)
            template = f"(SELECT {template} FROM (SELECT {given} OFFSET 0) AS given)"
            leaves += tuple(leaf for place in repeated for leaf in arguments[place].leaves)
        return _Written(template=template, leaves=leaves)

    def _moment(self, name: str) -> _Written:
        match name:
            case "now":
                return _literal(self.moment.now, Kind.DATETIME)
            case "today":
                return _literal(self.moment.today, Kind.DATE)
            case _:
                return _zone(self.moment)


def _literal(value: object, kind: Kind) -> _Written:
    if kind is Kind.LINK and isinstance(value, Decimal):
        value = int(value)
    elif isinstance(value, tuple):
        value = list(value)
    bound = sa.literal(value, _TYPES[kind])
    return _Written(template=f"CAST({_LEAF} AS {_NAMES[kind]})", leaves=(bound,), simple=True)


def _column(column: sa.ColumnElement[Any], *, whole: bool) -> _Written:
    exact = isinstance(column.type, sa.Integer) and not whole
    template = f"CAST({_LEAF} AS numeric)" if exact else _LEAF
    return _Written(template=template, leaves=(column,), simple=True)


def _zone(moment: Moment) -> _Written:
    """Return the zone of *moment* as PostgreSQL wants it: a name of the zone database, or an offset."""
    zone = moment.zone
    if isinstance(zone, ZoneInfo) and zone.key is not None:
        return _literal(zone.key, Kind.TEXT)
    if zone is UTC:
        return _literal("UTC", Kind.TEXT)
    seconds = (moment.now.utcoffset() or timedelta()).total_seconds()
    # Seconds, because an interval of days cannot be a zone, and Python writes west of Greenwich as -1 day.
    template = f"make_interval(secs => CAST({_LEAF} AS double precision))"
    return _Written(template=template, leaves=(sa.literal(seconds, sa.Double()),))
