"""The SQL meaning of expressions agrees with the Python meaning, on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles

from guanxi.expressions.conditions import (
    contains,
    equals,
    is_empty,
    is_one_of,
    starts_with,
    within_last_days,
)
from guanxi.expressions.evaluating import evaluate
from guanxi.expressions.formulas import parse_formula
from guanxi.expressions.function import Function
from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import DEEPEST, Call, Expression, Literal, Path, walk
from guanxi.kernel.errors import Invalid, Terminal
from guanxi.store.conditions import compile_expression
from guanxi.store.embedded import Lease
from tests.database import fresh_database
from tests.expressions.trees import COLUMNS, VALUES, expressions, rows

TYPES = {
    Kind.TEXT: sa.Text(),
    Kind.NUMBER: sa.Numeric(),
    Kind.BOOLEAN: sa.Boolean(),
    Kind.DATE: sa.Date(),
    Kind.DATETIME: sa.DateTime(timezone=True),
    Kind.LIST: postgresql.ARRAY(sa.Text()),
}
CREATED, DUE = Path(("created",)), Path(("due",))
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
        [(place, *(_bindable(record[name]) for name in COLUMNS)) for place, record in enumerate(records)]
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
        from_sql = in_sql(connection, trees, records, now)
    except sa.exc.DBAPIError:
        blame(connection, trees, records, now)
        raise
    if not same(from_sql, from_python):
        blame(connection, trees, records, now)
        raise AssertionError("together they differ, alone they do not", trees, records, now)


def same(left, right) -> bool:
    return left == right and [list(map(type, row)) for row in left] == [list(map(type, row)) for row in right]


def blame(connection, trees: list[Expression], records, now: datetime) -> None:
    """Fail with the smallest expression and the record on which the two meanings part."""
    parts = sorted(
        {str(part): part for tree in trees for part in walk(tree)}.items(), key=lambda it: len(it[0])
    )
    for _, part in parts:
        for record in records:
            from_sql = in_sql(connection, [part], [record], now)[0][0]
            from_python = in_python([part], [record], now)[0][0]
            assert same([[from_sql]], [[from_python]]), (part, from_sql, from_python, record, now)


many = settings(
    max_examples=100,
    phases=[
        Phase.explicit,
        Phase.reuse,
        Phase.generate,
    ],  # `blame` finds a smaller case, sooner, than shrinking
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
trees = st.lists(st.sampled_from(list(VALUES)).flatmap(expressions), min_size=1, max_size=12)
records = st.lists(rows(), min_size=1, max_size=8)


@many
@given(trees=trees, records=records, zone=st.sampled_from(ZONES))
def test_random_expressions_mean_the_same_in_python_and_in_postgresql(connection, trees, records, zone):
    assert_agree(connection, trees, records, NOW.astimezone(zone))


@settings(many, max_examples=4)
@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
@given(data=st.data(), records=records)
def test_every_function_means_the_same_for_every_kind_it_takes(connection, function: Function, data, records):
    known = [shape for shape in function.shapes if Kind.LINK not in shape]
    calls = [
        Call(function.name, tuple(data.draw(expressions(kind, depth=1)) for kind in shape)) for shape in known
    ]
    assert_agree(connection, calls, records, NOW)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_the_example_of_every_function_is_true_in_both_meanings(connection, function: Function):
    formula, same_as = map(parse_formula, function.example)
    record = dict.fromkeys(COLUMNS) | {"tags": ("VIP",)}
    assert_agree(connection, [formula, same_as], [record], NOW)
    assert evaluate(formula, record, now=NOW) == evaluate(same_as, record, now=NOW)
    assert evaluate(formula, record, now=NOW) is not None


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_day_beside_a_time_means_its_hours_in_the_zone_of_now(connection, zone):
    # every hour around clock changes at or over midnight, and around the end of offsets with odd seconds
    starts = [
        datetime(2018, 11, 3, tzinfo=UTC),
        datetime(2024, 3, 9, tzinfo=UTC),
        datetime(2024, 11, 2, tzinfo=UTC),
    ]
    starts += [
        datetime(1900, 12, 31, tzinfo=UTC),
        datetime(1940, 5, 31, tzinfo=UTC),
        datetime(1940, 10, 12, tzinfo=UTC),
    ]
    times = [start + timedelta(hours=hours) for start in starts for hours in range(60)]
    found = [dict.fromkeys(COLUMNS) | {"created": time, "due": time.date()} for time in times]
    compared = [
        Call(operator, arguments)
        for operator in ("=", "<>", "<", "<=", ">", ">=")
        for arguments in ((CREATED, DUE), (DUE, CREATED))
    ]
    assert_agree(
        connection,
        [*compared, parse_formula("TEXT(created)"), parse_formula("DAYS(due, created)")],
        found,
        NOW.astimezone(zone),
    )


def test_values_are_bound_and_never_become_part_of_the_sql():
    hostile = "'; DROP TABLE crm.customer; --"
    compiled = compile_expression(equals("name", hostile), text_column, now=NOW)
    assert hostile not in str(compiled.compile(dialect=postgresql.dialect()))


def text_column(path) -> sa.ColumnElement[str]:
    return sa.column(path.parts[-1], sa.Text())


def test_nothing_people_type_is_taken_for_a_pattern(connection):
    record = dict.fromkeys(COLUMNS) | {"name": "100 Prozent"}
    for pattern in ("%", "_", "\\", "1%t", "100_Prozent"):
        for condition in (contains("name", pattern), starts_with("name", pattern)):
            assert in_sql(connection, [condition], [record], NOW) == [[False]]


def test_equal_statements_share_one_place_in_the_cache_and_different_ones_do_not():
    def key(tree):
        return sa.select(compile_expression(tree, text_column, now=NOW))._generate_cache_key()

    assert key(equals("name", "a")).key == key(equals("name", "b")).key
    assert key(equals("name", "a")).key != key(parse_formula('name <> "a"')).key


def test_comparing_a_column_keeps_its_index_of_use(connection):
    connection.execute(
        sa.text("CREATE TEMP TABLE indexed (number bigint PRIMARY KEY, name text, at timestamptz)")
    )
    connection.execute(
        sa.text(
            "INSERT INTO indexed "
            "SELECT i, 'n' || i, now() - i * interval '1 hour' FROM generate_series(1, 5000) i"
        )
    )
    connection.execute(
        sa.text("CREATE INDEX ON indexed (name); CREATE INDEX ON indexed (at); ANALYZE indexed")
    )
    table = sa.table(
        "indexed",
        sa.column("number", sa.BigInteger()),
        sa.column("name", sa.Text()),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    for condition in (
        equals("number", 17),
        is_one_of("number", [1, 2]),
        equals("name", "n17"),
        within_last_days("at", 1),
    ):
        where = compile_expression(condition, lambda path: table.c[path.parts[0]], now=datetime.now(UTC))
        plan = connection.execute(Explain(sa.select(table.c.number).where(where))).scalars().all()
        assert any("Index" in line for line in plan), (condition, plan)


class Explain(sa.sql.expression.Executable, sa.sql.expression.ClauseElement):
    inherit_cache = False

    def __init__(self, statement):
        self.statement = statement


@compiles(Explain)
def _explain(element, compiler, **options):
    return "EXPLAIN " + compiler.process(element.statement, **options)


def test_the_deepest_expression_still_compiles_and_costs_no_more_than_its_size(connection):
    tree = Path(("amount",))
    for _ in range(DEEPEST - 2):
        tree = Call("MOD", (tree, tree if isinstance(tree, Path) else Literal(7)))
    record = dict.fromkeys(COLUMNS) | {"amount": Decimal(-5)}
    assert_agree(connection, [tree], [record], NOW)
    deep = Path(("due",))
    for _ in range(DEEPEST - 2):
        deep = Call("ADDDAYS", (deep, Literal(1)))
    assert_agree(connection, [deep], [record | {"due": NOW.date()}], NOW)


def test_a_column_of_an_unknown_type_is_refused_with_its_name():
    with pytest.raises(Terminal, match="JSON"):
        compile_expression(is_empty("data"), lambda path: sa.column("data", sa.JSON()), now=NOW)


def test_an_expression_that_does_not_fit_the_columns_is_refused():
    with pytest.raises(Invalid, match="does not take"):
        compile_expression(equals("name", 5), text_column, now=NOW)
