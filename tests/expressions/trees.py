"""Random typed expressions and random records, for tests that compare meanings."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import Call, Expression, Literal, Path

COLUMNS = {
    "name": Kind.TEXT,
    "remark": Kind.TEXT,
    "amount": Kind.NUMBER,
    "rate": Kind.NUMBER,
    "quantity": Kind.NUMBER,  # an integer column
    "active": Kind.BOOLEAN,
    "due": Kind.DATE,
    "signed": Kind.DATE,
    "created": Kind.DATETIME,
    "changed": Kind.DATETIME,
    "tags": Kind.LIST,
}
TAGS = ("VIP", "重点", "𠮷", "")

_NASTY_TEXTS = (
    "",
    " ",
    "　张三 ",
    "上海关系软件有限公司",
    "𠮷野家",
    "😀",
    "a",
    "A",
    "aa",
    "é",
    "ｚ",
    "\uffff",
    "100%",
    "a_b",
    "\\",
    "'; DROP TABLE t; --",
    "{0}",
    "%(x)s",
    "12.50",
    "-3",
    "1,234.5",
    "１２",
    "2024-05-21",
    "YYYY年MM月DD日",
    "0.00",
    "\n",
)
_letters = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
_texts = st.sampled_from(_NASTY_TEXTS) | st.text(_letters, max_size=6) | st.text("aAbB 张三%_", max_size=6)
_numbers = (
    st.integers(-3, 13).map(Decimal)
    | st.sampled_from(("0.5", "-0.5", "2.5", "1.005", "0.00", "-0.0", "1E+3", "99999999999.99", "1E-20")).map(
        Decimal
    )
    | st.decimals(-(10**6), 10**6, places=2)
    | st.decimals(-(10**28), 10**28, places=6)
    | st.integers(1, 10**12).map(lambda number: Decimal(number).scaleb(-20))
)
_edge_days = st.sampled_from(
    (
        date(1, 1, 1),
        date(9999, 12, 31),
        date(2024, 2, 29),
        date(2023, 2, 28),
        date(2024, 1, 31),
        date(2023, 12, 31),
        date(2024, 5, 21),
        date(1900, 3, 1),
    )
)
_dates = _edge_days | st.dates(date(2023, 1, 1), date(2025, 12, 31)) | st.dates()
# Whole hours often: midnights and clock changes are where a zone can go wrong.
_hours = st.integers(0, 24 * 366 * 3).map(
    lambda hours: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)
_times = _hours | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28), timezones=st.just(UTC))  # noqa: DTZ001
_lists = st.lists(st.sampled_from(TAGS), max_size=3).map(tuple)

VALUES = {
    Kind.TEXT: _texts,
    Kind.NUMBER: _numbers,
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: _dates,
    Kind.DATETIME: _times,
    Kind.LIST: _lists,
}


def _shapes() -> dict[Kind, list[tuple[str, tuple[Kind, ...]]]]:
    """Return, for each kind of result, every function and the arguments it takes for it."""
    found: dict[Kind, list[tuple[str, tuple[Kind, ...]]]] = {kind: [] for kind in VALUES}
    for function in FUNCTIONS.values():
        for shape in function.shapes:
            meaning = function.meaning(shape)
            assert meaning is not None, (function.name, shape)
            if meaning.result in found and Kind.LINK not in shape:
                found[meaning.result].append((function.name, shape))
    return found


SHAPES = _shapes()


@st.composite
def expressions(draw, kind: Kind, depth: int = 3) -> Expression:
    """Return a tree whose value is of *kind* (or null)."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        if draw(st.integers(0, 2)):
            return Path((draw(st.sampled_from([name for name, its in COLUMNS.items() if its is kind])),))
        return Literal(draw(VALUES[kind]))
    function, shape = draw(st.sampled_from(SHAPES[kind]))
    arguments = [draw(expressions(each, depth - 1)) for each in shape]
    if draw(st.integers(0, 5)) == 0:
        _forget_one(function, kind, shape, arguments, draw(st.integers(0, 2)))
    return Call(function, tuple(arguments))


def _forget_one(function: str, kind: Kind, shape, arguments: list[Expression], place: int) -> None:
    """Put a null in the place of an argument, where the kind of the result does not hang on it."""
    if place < len(shape):
        kinds = (*shape[:place], Kind.NOTHING, *shape[place + 1 :])
        meaning = FUNCTIONS[function].meaning(kinds)
        if meaning is not None and meaning.result is kind:
            arguments[place] = Literal(None)


def rows() -> st.SearchStrategy[dict[str, object]]:
    """Return records of `COLUMNS`, a fifth of whose values are missing."""
    values = {
        name: st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1) if name == "quantity" else VALUES[kind]
        for name, kind in COLUMNS.items()
    }
    return st.fixed_dictionaries(
        {name: st.one_of(its, its, its, its, st.none()) for name, its in values.items()}
    )
