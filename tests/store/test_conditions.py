"""The SQL meaning of expressions agrees with the Python meaning, on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from guanxi.expressions.evaluating import evaluate
from guanxi.expressions.function import Function
from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import Expression, walk
from guanxi.store.conditions import compile_expression
from guanxi.store.embedded import Lease
from tests.database import fresh_database
from tests.expressions.trees import COLUMNS, SHAPES, VALUES, expressions, rows

TYPES = {
    Kind.TEXT: sa.Text(),
    Kind.NUMBER: sa.Numeric(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.DATETIME: sa.DateTime(timezone=True),
    Kind.LIST: postgresql.ARRAY(sa.Text()),
}
NOW = datetime(2024, 2, 29, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ZONES = (
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/Havana"),  # its clocks go back over midnight
    ZoneInfo("America/Sao_Paulo"),  # its clocks went forward at midnight
    UTC,
    timezone(timedelta(hours=-9, minutes=-30)),
)


@pytest.fixture(scope="module")
def connection(database_server: Lease) -> Iterator[sa.Connection]:
    """Return a connection where a failing question does not spoil the next one."""
    with fresh_database(database_server) as url:
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as opened:
            yield opened
        engine.dispose()


def _bindable(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def table_of(records: list[dict[str, object]]) -> sa.Values:
    columns = [
        sa.column(name, sa.BigInteger() if name == "quantity" else TYPES[kind])
        for name, kind in COLUMNS.items()
    ]
    return sa.values(sa.column("place", sa.Integer()), *columns, name="record").data(
        [
            (place, *(_bindable(record[name]) for name in COLUMNS))
            for place, record in enumerate(records)
        ]
    )


def in_sql(connection, trees: list[Expression], records, now: datetime) -> list[list[object]]:
    """Return the value of each tree for each record, as PostgreSQL sees it: one list per record."""
    table = table_of(records)
    typed = sa.select(
        table.c.place,
        *(
            sa.cast(table.c[name], sa.BigInteger() if name == "quantity" else TYPES[kind]).label(name)
            for name, kind in COLUMNS.items()
        ),
    ).subquery("record_typed")
    wanted = [
        compile_expression(tree, lambda path: typed.c[path.parts[0]], now=now).label(f"v{at}")
        for at, tree in enumerate(trees)
    ]
    found = connection.execute(sa.select(*wanted).select_from(typed).order_by(typed.c.place)).all()
    return [[tuple(value) if isinstance(value, list) else value for value in row] for row in found]


def in_python(trees: list[Expression], records, now: datetime) -> list[list[object]]:
    return [[evaluate(tree, record, now=now) for tree in trees] for record in records]


def assert_agree(connection, trees: list[Expression], records, now: datetime) -> None:
    from_python = in_python(trees, records, now)
    try:
        agree = same(in_sql(connection, trees, records, now), from_python)
    except sa.exc.DBAPIError:
        agree = False
    if not agree:
        blame(connection, trees, records, now)


def same(left, right) -> bool:
    return left == right and [list(map(type, row)) for row in left] == [list(map(type, row)) for row in right]


def blame(connection, trees: list[Expression], records, now: datetime) -> None:
    """Fail with the smallest expression and the record on which the two meanings part."""
    parts = sorted({str(part): part for tree in trees for part in walk(tree)}.items(), key=lambda it: len(it[0]))
    for _, part in parts:
        for record in records:
            from_sql = in_sql(connection, [part], [record], now)[0][0]
            from_python = in_python([part], [record], now)[0][0]
            assert same([[from_sql]], [[from_python]]), (part, from_sql, from_python, record, now)
    raise AssertionError("together they differ, alone they do not", trees, records, now)


many = settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # `blame` finds a smaller case, sooner, than shrinking
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
trees = st.lists(st.sampled_from(list(VALUES)).flatmap(expressions), min_size=1, max_size=12)
records = st.lists(rows(), min_size=1, max_size=8)


@many
@given(trees=trees, records=records, zone=st.sampled_from(ZONES))
def test_random_expressions_mean_the_same_in_python_and_in_postgresql(connection, trees, records, zone):
    assert_agree(connection, trees, records, NOW.astimezone(zone))
