"""Laws of the system's own tables: migrations lead to what the code says, also when two start at once."""

import threading
from datetime import UTC, datetime
from importlib.resources import files

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from guanxi.kernel.errors import Terminal
from guanxi.metadata.catalog import EMPTY_CATALOG
from guanxi.records import search
from guanxi.store import versions
from guanxi.store.numbers import next_numbers
from guanxi.store.partitions import open_months
from guanxi.store.search import kind_of
from guanxi.store.tables import SYSTEM_SCHEMA, system
from guanxi.store.transactions import Store, Transaction


def ours(name, kind, parent):
    """Leave out what PostgreSQL and Alembic keep beside the tables of the code."""
    if kind == "schema":
        return name == SYSTEM_SCHEMA
    return not (kind == "table" and (name.startswith("journal_") or name == "alembic_version"))


@pytest.fixture
def store(empty_database):
    """Return an empty database with the system's own tables."""
    opened = Store(empty_database, pool_size=1)
    opened.prepare()
    yield opened
    opened.close()


@pytest.fixture
def migrating(empty_database):
    """Return the connection to an empty database and what leads its tables up and down."""
    engine, config = sa.create_engine(empty_database), Config()
    config.set_main_option("script_location", str(files("guanxi.store.migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        yield connection, config
    engine.dispose()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_migrations_lead_to_the_tables_of_the_code(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_schemas": True, "include_name": ours, "compare_type": True}
        )
        assert compare_metadata(context, system) == []


def test_processes_that_start_at_once_wait_for_each_other(empty_database):
    failures = []

    def start():
        store = Store(empty_database, pool_size=1)
        try:
            store.prepare()
            with store.transaction("test") as tx:
                assert tx.catalog.version == 1
        except BaseException as failure:
            failures.append(failure)
        finally:
            store.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not failures


def test_lines_written_before_their_month_was_opened_move_into_its_partition(store):
    moment = datetime(2031, 12, 31, 23, 59, tzinfo=UTC)
    columns = "at, door, object, record_id, action, version"
    line = f"INSERT INTO guanxi.journal ({columns}) VALUES (%(at)s, 'x', 'x', 1, 'x', 1)"
    with store.engine.begin() as connection:
        connection.exec_driver_sql(line, {"at": moment})
        for _ in range(2):
            open_months(connection, moment)
        connection.exec_driver_sql(line, {"at": moment})
    with store.engine.connect() as connection:
        held = sa.text("SELECT tableoid::regclass::text FROM guanxi.journal")
        assert list(connection.execute(held).scalars()) == ["guanxi.journal_2031_12"] * 2
        assert connection.execute(sa.text("SELECT to_regclass('guanxi.journal_2032_01')")).scalar()


def test_a_database_too_old_for_the_program_is_refused_with_what_to_do(empty_database, monkeypatch):
    monkeypatch.setattr(versions, "LEAST", 99)
    store = Store(empty_database)
    with pytest.raises(Terminal, match=r"is PostgreSQL 1[0-9]; Guanxi needs 99 or newer.*built-in"):
        store.prepare()
    store.close()


def _forget_what_only_the_newest_knows(connection: sa.Connection) -> None:
    """Let the database of this test lack a function that came after the least version."""
    if connection.execute(sa.text("SELECT to_regprocedure('crc32(bytea)')")).scalar():
        connection.exec_driver_sql("ALTER FUNCTION pg_catalog.crc32(bytea) RENAME TO gone")


def test_a_record_found_by_texts_is_found_by_their_numbers(migrating):
    connection, config = migrating
    _forget_what_only_the_newest_knows(connection)
    command.upgrade(config, "0002")
    connection.exec_driver_sql(
        "INSERT INTO guanxi.search_entry VALUES (1, 'customer', '{}', '{云帆,^yun,^fan,~yfj,acm,138}'), "
        "(2, 'customer', '{}', '{}')"
    )
    command.upgrade(config, "head")
    held = dict(connection.exec_driver_sql("SELECT record_id, tokens FROM guanxi.search_entry").all())
    asked = [search.words(typed).runs for typed in ("云帆", "yun", "yfj", "acm", "1389")]
    assert all(any(set(map(int, way)) <= set(held[1]) for way in run) for runs in asked for run in runs)
    assert held[2] == [int(kind_of("customer"))]


def test_entries_of_before_carry_the_token_of_their_object_and_give_it_back(migrating):
    connection, config = migrating
    command.upgrade(config, "0004")
    connection.exec_driver_sql(
        "INSERT INTO guanxi.search_entry VALUES (1, 'customer', '{}', '{7}'), (2, 'order', '{}', '{}')"
    )
    held = "SELECT tokens FROM guanxi.search_entry ORDER BY record_id"
    command.upgrade(config, "0005")
    kinds = [int(kind_of(each)) for each in ("customer", "order")]
    assert connection.exec_driver_sql(held).scalars().all() == [[7, kinds[0]], [kinds[1]]]
    command.downgrade(config, "0004")
    assert connection.exec_driver_sql(held).scalars().all() == [[7], []]


def test_numbers_go_on_behind_the_last_one_given_there_and_back(migrating):
    connection, config = migrating
    command.upgrade(config, "0005")
    series = ("customer", "number", "20260102", 41)
    connection.exec_driver_sql("INSERT INTO guanxi.number_series VALUES (%s, %s, %s, %s)", series)
    command.upgrade(config, "0006")
    within = Transaction(
        connection=connection, catalog=EMPTY_CATALOG, now=datetime(2026, 1, 2, tzinfo=UTC), door="test"
    )
    assert next_numbers(within, *series[:3], 2) == [42, 43]
    assert next_numbers(within, "order", "number", "", 1) == [1]
    command.downgrade(config, "0005")
    held = connection.exec_driver_sql("SELECT * FROM guanxi.number_series ORDER BY object").all()
    assert held == [("customer", "number", "20260102", 43), ("order", "number", "", 1)]


def test_records_that_are_there_already_are_found_by_their_last_change_too(migrating):
    connection, config = migrating
    command.upgrade(config, "0003")
    connection.exec_driver_sql("CREATE TABLE crm.car (id bigint, updated_at timestamptz)")
    connection.exec_driver_sql("CREATE TABLE crm.car__wheels (record_id bigint, linked_id bigint)")
    for revision, found in (
        ("head", ["ix_car_updated_at"]),
        ("0003", []),
        ("head", ["ix_car_updated_at"]),
    ):
        (command.downgrade if revision == "0003" else command.upgrade)(config, revision)
        names = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE schemaname = 'crm'")
        assert list(names.scalars()) == found
