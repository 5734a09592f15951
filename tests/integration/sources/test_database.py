import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from tests.database import fresh_database

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.connections import connected
from guanxi.integration.sources.database import tables_of
from guanxi.integration.sources.patience import Patience
from guanxi.kernel.errors import GuanxiError, Invalid, Refused, Transient, UnknownName
from guanxi.store.embedded import Lease

pytestmark = pytest.mark.slow

KIND = SOURCE_KINDS["database"]
PATIENCE = Patience(connect=5, answer=5, lock=5, whole=5)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {what} FROM n"

TABLE = """CREATE TABLE customer (
    id INTEGER PRIMARY KEY, name VARCHAR(80), amount DECIMAL(18, 2),
    since DATE, changed TIMESTAMP NULL, note TEXT
)"""
ROWS = [
    (2, "苏州远大𠮷", "1234567.50", "2024-03-05", "2024-03-05 08:30:15", None),
    (1, "上海华东机械", "0.10", "1999-12-31", None, ""),
]
WANTED = [
    (1, "1", "上海华东机械", "0.10", "1999-12-31", None, None),
    (2, "2", "苏州远大𠮷", "1234567.50", "2024-03-05", "2024-03-05 08:30:15", None),
]


def read(url: str, into: Path, **options):
    return KIND.read(KIND.options({"url": url, **options}), into)


def rows(receipt, number: int = 0) -> list[tuple]:
    return pl.read_parquet(receipt.tables[number].path).rows()


def fill(url: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(TABLE))
        for row in ROWS:
            names = dict(zip("abcdef", row, strict=True))
            connection.execute(sa.text("INSERT INTO customer VALUES (:a, :b, :c, :d, :e, :f)"), names)
    engine.dispose()


@pytest.fixture
def old_system(tmp_path) -> str:
    connection = sqlite3.connect(tmp_path / "old.db")
    connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, photo BLOB)")
    connection.executemany(
        "INSERT INTO customer VALUES (?, ?, ?)",
        [(1, "甲", None), (2, "乙", b"\xff\xd8\x00"), (3, "丙", b"text")],
    )
    connection.execute("CREATE TABLE 订单 (编号 TEXT, 金额 REAL)")
    connection.executemany("INSERT INTO 订单 VALUES (?, ?)", [("A1", 13800138000.0), ("A2", 0.1)])
    connection.execute("CREATE VIEW best AS SELECT * FROM 订单 WHERE 金额 > 1")
    connection.commit()
    connection.close()
    return f"sqlite:///{tmp_path / 'old.db'}"


def test_all_tables_of_an_old_system_are_read_and_binary_rows_set_aside(old_system, tmp_path):
    receipt = read(old_system, tmp_path / "read")
    assert [table.name for table in receipt.tables] == ["customer", "订单"]
    assert rows(receipt) == [(1, "1", "甲", None), (3, "3", "丙", "text")]
    assert rows(receipt, 1) == [(1, "A1", "13800138000"), (2, "A2", "0.1")]
    bad = pl.read_parquet(receipt.quarantine_path).to_dicts()
    assert [(row["row"], row["reason"]) for row in bad] == [(2, "binary_value")]
    assert "photo" in str(receipt.tables[0].remarks[0])
    one = receipt.tables[0]
    assert one.rows_seen == one.rows + one.quarantined + one.blank == 3


def test_a_view_or_a_query_is_a_table_too(old_system, tmp_path):
    assert rows(read(old_system, tmp_path / "1", tables=["best"])) == [(1, "A1", "13800138000")]
    receipt = read(old_system, tmp_path / "2", queries={"big": "SELECT 编号, '12:30' AS t FROM 订单;"})
    assert receipt.tables[0].name == "big"
    assert rows(receipt) == [(1, "A1", "12:30"), (2, "A2", "12:30")]


def test_a_look_lists_tables_with_columns_and_counts(old_system):
    outlines = KIND.inspect(KIND.options({"url": old_system}))
    assert [(each.name, each.columns, each.rows) for each in outlines] == [
        ("customer", ("id", "name", "photo"), 3),
        ("订单", ("编号", "金额"), 2),
    ]
    assert [each.number for each in outlines[0].numbered] == [1, 2, 3]
    assert outlines[0].numbered[1].values == ("2\t乙\t(3 bytes)",)
    assert outlines[0].numbered[1].reason == "binary_value"
    assert outlines[0].first_rows[1] == ("3", "丙", "text")


def test_the_old_system_is_never_written_to(old_system, tmp_path):
    for query in (
        "DELETE FROM customer",
        "INSERT INTO 订单 VALUES ('x', 1) RETURNING 编号",
        "DROP TABLE customer",
    ):
        with pytest.raises(GuanxiError):
            read(old_system, tmp_path / "read", queries={"q": query})
    assert KIND.inspect(KIND.options({"url": old_system}))[0].rows == 3


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH DATABASE '{folder}/made.db' AS made",
        "VACUUM INTO '{folder}/made.db'",
        "/* SELECT */ DELETE FROM customer",
        "-- SELECT\nPRAGMA journal_mode = DELETE",
        "SELECT * FROM customer INTO/**/OUTFILE '{folder}/made.db'",
        "SELECT 1 AS a into\ndumpfile '{folder}/made.db'",
    ],
)
def test_a_query_that_does_more_than_read_is_refused(old_system, tmp_path, query):
    with pytest.raises(Invalid, match="only reads"):
        KIND.options({"url": old_system, "queries": {"q": query.format(folder=tmp_path)}})
    assert not (tmp_path / "made.db").exists()


@pytest.mark.parametrize("statement", ["ATTACH DATABASE '{file}' AS made", "VACUUM INTO '{file}'"])
def test_a_connection_to_a_sqlite_file_writes_no_other_file(old_system, tmp_path, statement):
    with pytest.raises(Refused, match="authoriz"), connected(old_system, PATIENCE) as connection:
        connection.exec_driver_sql(statement.format(file=tmp_path / "made.db"))
    assert not (tmp_path / "made.db").exists()


def test_a_query_may_begin_with_a_comment_or_a_bracket(old_system, tmp_path):
    query = "/* best */ -- of all\n WITH a AS (SELECT count(*) AS n FROM customer) SELECT n FROM a;"
    assert rows(read(old_system, tmp_path, queries={"q": query})) == [(1, "3")]


def test_a_missing_file_is_refused_and_not_created(tmp_path):
    with pytest.raises(Refused, match="no SQLite file none"):
        read(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "read")
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_is_not_there_is_a_passing_trouble_without_the_password(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANXI_SOURCE_OLD", "p@ss/w:rd")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        for kind in ("postgresql", "mysql"):
            with pytest.raises(Transient, match="check that it runs") as error:
                read(f"{kind}://user:${{GUANXI_SOURCE_OLD}}@127.0.0.1:{port}/crm", tmp_path)
            assert "p@ss" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "write the address"),
        ("oracle://user@host/name", "known: postgresql"),
        ("postgresql://user:${GUANXI_SOURCE_NOT_SET}@host/name", "GUANXI_SOURCE_NOT_SET"),
    ],
)
def test_an_address_that_cannot_work_is_refused_with_what_would_be_right(tmp_path, url, word):
    with pytest.raises(Refused, match=word):
        read(url, tmp_path)


def test_an_unknown_table_is_refused_with_the_known_ones(old_system, tmp_path):
    with pytest.raises(UnknownName, match="customer"):
        read(old_system, tmp_path, tables=["customers"])
    with pytest.raises(Invalid, match="customer"):
        KIND.options({"url": old_system, "tables": ["customer"], "queries": {"customer": "SELECT 1"}})


@pytest.fixture(scope="module")
def postgresql(database_server: Lease) -> Iterator[str]:
    with fresh_database(database_server) as url:
        yield url.replace("postgresql+psycopg://", "postgresql://")


def test_postgresql_is_read_in_canonical_text_and_never_written(postgresql, tmp_path):
    fill(postgresql.replace("postgresql://", "postgresql+psycopg://"))
    assert rows(read(postgresql, tmp_path / "1", tables=["customer"])) == WANTED
    query = (
        "SELECT 1.50::numeric AS n, true AS t, "
        "'2024-01-02 03:04:05+08'::timestamptz AT TIME ZONE 'UTC' AS m, "
        '\'{"a": [1, "汉"]}\'::jsonb AS j, ARRAY[1,2] AS l, '
        "'x'::bytea AS b, NULL AS nothing, 1e-7::float8 AS f"
    )
    assert rows(read(postgresql, tmp_path / "2", queries={"q": query})) == [
        (1, "1.50", "TRUE", "2024-01-01 19:04:05", '{"a":[1,"汉"]}', "[1,2]", "x", None, "0.0000001")
    ]
    for query in (
        "WITH gone AS (DELETE FROM customer RETURNING id) SELECT * FROM gone",
        "SELECT lo_create(0)",
        "SELECT 1; COMMIT; DROP TABLE customer",
        "SELECT 1; COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT set_config('transaction_read_only', 'off', false)",
    ):
        with pytest.raises(Refused, match=r"data-modifying|read-only|multiple commands|read-write"):
            read(postgresql, tmp_path / "3", queries={"q": query})
    with pytest.raises(Refused, match="nowhere"):
        read(postgresql, tmp_path / "4", queries={"q": "SELECT * FROM nowhere"})


def test_a_large_table_is_streamed_in_the_order_of_its_key(postgresql, tmp_path):
    query = "SELECT n AS id, 'customer ' || n AS name FROM generate_series(1, 20001) AS n"
    receipt = read(postgresql, tmp_path, queries={"q": query})
    assert receipt.tables[0].rows == 20001
    assert rows(receipt)[-1] == (20001, "20001", "customer 20001")


@pytest.fixture(scope="module")
def mariadb() -> Iterator[str]:
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        pytest.skip("MariaDB is not installed here (Debian: mariadb-server)")
    folder = Path(tempfile.mkdtemp(prefix="guanxi-maria-"))
    account = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={folder}/data",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            *account,
        ],
        check=True,
        capture_output=True,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            "mariadbd",
            "--no-defaults",
            f"--datadir={folder}/data",
            f"--socket={folder}/s",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--pid-file={folder}/pid",
            *account,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _ready(f"mysql+pymysql://root@127.0.0.1:{port}/")
    finally:
        server.terminate()
        server.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _ready(url: str) -> str:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    for _ in range(1500):
        try:
            with engine.begin() as connection:
                connection.execute(sa.text("CREATE DATABASE IF NOT EXISTS crm CHARACTER SET utf8mb4"))
            return f"{url}crm"
        except sa.exc.OperationalError:
            time.sleep(0.2)
    raise RuntimeError("MariaDB did not start")


def test_mariadb_is_read_in_canonical_text_and_never_written(mariadb, tmp_path):
    fill(mariadb)
    url = mariadb.replace("mysql+pymysql", "mariadb")
    assert rows(read(url, tmp_path / "1", tables=["customer"])) == WANTED
    query = "SELECT TIME('09:05:00') AS t, 1.50 AS n, DATE_FORMAT('2024-01-02', '%Y/%m') AS d, x'FFD800' AS b"
    receipt = read(url, tmp_path / "2", queries={"q": query})
    assert pl.read_parquet(receipt.quarantine_path)["text"].to_list() == [
        "09:05:00\t1.50\t2024/01\t(3 bytes)"
    ]
    assert rows(read(url, tmp_path / "3", queries={"q": "SELECT @@tx_read_only AS r"})) == [(1, "1")]
    outlines = KIND.inspect(KIND.options({"url": url}))
    assert [(each.name, each.rows) for each in outlines] == [("customer", 2)]


def ends(url: str, into: Path, query: str, error: type[GuanxiError], words: str, **limits: int) -> None:
    """Read something without an end and expect the error that says so."""
    with pytest.raises(error, match=words):
        read(url, into, queries={"q": query}, **limits)


def test_a_query_of_sqlite_without_an_end_is_stopped(old_system, tmp_path):
    ends(
        old_system, tmp_path / "1", ENDLESS.format(what="count(*)"), Refused, "gave nothing", answer_seconds=1
    )
    ends(old_system, tmp_path / "2", ENDLESS.format(what="i"), Refused, "still giving rows", table_seconds=1)
    query = {"q": ENDLESS.format(what="count(*)")}
    options = KIND.options({"url": old_system, "queries": query, "answer_seconds": 1})
    with pytest.raises(Refused, match="gave nothing"):
        KIND.inspect(options)


def test_a_view_without_an_end_is_listed_and_its_first_rows_shown(postgresql):
    url = postgresql.replace("postgresql://", "postgresql+psycopg://")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA odd"))
        connection.execute(sa.text(f"CREATE VIEW odd.endless AS {ENDLESS.format(what='i')}"))
    engine.dispose()
    options = KIND.options({"url": postgresql, "schema": "odd", "tables": ["endless"], "answer_seconds": 5})
    (seen,) = KIND.inspect(options, rows=2)
    assert (seen.first_rows, seen.rows) == ((("1",), ("2",)), None)
    assert [(each.name, each.rows) for each in tables_of(options)] == [("endless", None)]


def test_a_query_of_postgresql_without_an_end_is_stopped(postgresql, tmp_path):
    ends(postgresql, tmp_path / "1", "SELECT pg_sleep(600)", Refused, "gave nothing", answer_seconds=1)
    ends(postgresql, tmp_path / "2", ENDLESS.format(what="i"), Refused, "still giving rows", table_seconds=1)


def test_a_table_that_stays_locked_is_a_passing_trouble(postgresql, tmp_path):
    engine = sa.create_engine(
        postgresql.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE held (id integer)"))
    with engine.begin() as connection:
        connection.execute(sa.text("LOCK TABLE held IN ACCESS EXCLUSIVE MODE"))
        ends(postgresql, tmp_path, "SELECT * FROM held", Transient, "keeps a table", lock_seconds=1)
    engine.dispose()


def test_a_query_of_mariadb_without_an_end_is_stopped(mariadb, tmp_path):
    url = mariadb.replace("mysql+pymysql", "mariadb")
    rows_for_ever = "SELECT a.seq FROM seq_1_to_1000000000 a"
    ends(url, tmp_path / "1", "SELECT SLEEP(600)", Refused, "gave nothing", answer_seconds=1)
    ends(url, tmp_path / "2", "SELECT SLEEP(600)", Refused, "longer than one is given", table_seconds=1)
    ends(url, tmp_path / "3", rows_for_ever, Refused, "still giving|longer than one", table_seconds=1)


@pytest.mark.parametrize("limit", ["connect_seconds", "answer_seconds", "lock_seconds", "table_seconds"])
def test_waiting_for_no_time_is_refused(limit):
    with pytest.raises(Invalid, match=limit):
        KIND.options({"url": "sqlite:///x", limit: 0})
