"""Laws of the address of a database: a secret is only ever a name, and what is wrong is said in words."""

import socket

import pytest

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.addresses import (
    DatabaseAddress,
    address_from,
    typed_address,
    variable_problem,
    writes_a_password,
)
from guanxi.integration.sources.diagnosis import diagnose
from guanxi.integration.sources.options import fill_from_environment
from guanxi.kernel.errors import GuanxiError, Invalid, Refused

WHOLE = DatabaseAddress(
    dialect="mysql",
    host="erp.example.com",
    port="3307",
    database="销售 a/b",
    user="r@x",
    password="GUANXI_SOURCE_ERP",
)


def test_the_parts_make_a_url_and_the_url_gives_the_parts_back():
    assert WHOLE.url().startswith("mysql://r%40x:${GUANXI_SOURCE_ERP}@erp.example.com:3307/")
    assert address_from(WHOLE.url()) == WHOLE
    plain = DatabaseAddress(host="10.0.0.8", database="crm", user="reader")
    assert plain.url() == "postgresql://reader@10.0.0.8/crm"
    assert address_from("postgresql+psycopg://reader@10.0.0.8/crm") == plain


def test_everything_wrong_is_told_at_once_beside_its_field():
    with pytest.raises(Invalid) as caught:
        DatabaseAddress(dialect="oracle", host="a/b@c", port="0", password="geheim!").url()
    assert {each.field for each in caught.value.problems} == {
        *("dialect", "host", "port", "database", "user", "password")
    }


@pytest.mark.parametrize("port", ["0", "65536", "²", "٣", "9" * 5000])
def test_a_port_is_a_number_computers_have(port):
    with pytest.raises(Invalid) as caught:
        DatabaseAddress(host="db.example.com", port=port, database="crm", user="li").url()
    assert [each.field for each in caught.value.problems] == ["port"]


def test_a_pasted_address_comes_apart_and_its_password_is_dropped():
    typed = DatabaseAddress(host="mysql://li:S3cret@erp.example.com:3306/crm")
    found, had_password = typed_address(typed)
    assert had_password
    assert "S3cret" not in repr(found)
    assert (found.dialect, found.host, found.port, found.database, found.user) == (
        *("mysql", "erp.example.com", "3306", "crm", "li"),
    )
    assert typed_address(WHOLE) == (WHOLE, False)


@pytest.mark.parametrize(
    ("url", "writes"),
    [
        ("postgresql://a:b@host/name", True),
        ("postgresql://a:${NAME}@host/name", False),
        ("postgresql://a@host/name", False),
        ("postgresql://a@host/name?password=b", True),
        ("https://shop.example.com/orders?access_token=abc", True),
        ("https://shop.example.com/orders?page=1", False),
        ("sqlite:////data/old.sqlite", False),
    ],
)
def test_a_secret_written_out_is_noticed(url, writes):
    assert writes_a_password(url) is writes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUANXI_SECRET", "s3cret" * 8),
        ("GUANXI_DATABASE_URL", "postgresql://u:s3cret@h/d"),
        ("GUANXI_SOURCE_TOKENS", "s3cret"),
        ("PATH", "/s3cret"),
        ("CLOUD_KEY", "s3cret"),
    ],
)
def test_only_variables_meant_for_sources_are_given_to_one(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert "GUANXI_SOURCE_TOKENS" in str(variable_problem(name))
    with pytest.raises(Refused, match="is given to no source") as told:
        fill_from_environment(f"https://example.com/${{{name}}}")
    assert "s3cret" not in str(told.value)


def test_a_variable_that_begins_as_those_of_sources_do_is_given(monkeypatch):
    monkeypatch.setenv("GUANXI_SOURCE_ERP", "s3")
    assert variable_problem("GUANXI_SOURCE_ERP") is None
    assert fill_from_environment("${GUANXI_SOURCE_ERP}!") == "s3!"


def test_whoever_runs_the_server_can_name_further_variables(monkeypatch):
    monkeypatch.setenv("ERP_PASSWORD", "s3")
    monkeypatch.setenv("GUANXI_SOURCE_TOKENS", "SHOP_TOKEN, ERP_PASSWORD")
    assert variable_problem("ERP_PASSWORD") is None
    assert fill_from_environment("${ERP_PASSWORD}") == "s3"
    assert variable_problem("OTHER_PASSWORD") is not None


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (
            "failed to resolve host 'nowhere': [Errno -2] Name or service not known",
            "no computer called db.example",
        ),
        ("(2003, \"Can't connect to MySQL server on 'x' ([Errno 111] Connection refused)\")", "port 5432"),
        ('FATAL:  password authentication failed for user "li"', "does not accept the user li"),
        ("(1045, \"Access denied for user 'li'@'%' (using password: YES)\")", "does not accept the user li"),
        ('FATAL:  database "crm" does not exist', "no database called crm"),
        ("(1049, \"Unknown database 'crm'\")", "no database called crm"),
        ("connection timeout expired", "firewall"),
        ('FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "lets no one in"),
        ("ERROR:  permission denied for table customer", "right to SELECT"),
    ],
)
def test_what_a_driver_says_becomes_what_a_person_has_to_look_at(problem, words):
    assert words in str(diagnose("postgresql://li:***@db.example/crm", problem))


def test_what_nobody_knows_is_left_to_the_general_sentence():
    assert diagnose("postgresql://li@db.example/crm", "something else") is None


def test_a_port_where_nobody_listens_is_said_in_words():
    kind = SOURCE_KINDS["database"]
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        options = kind.options({"url": f"postgresql://li@127.0.0.1:{port}/crm", "connect_seconds": 3})
        with pytest.raises(GuanxiError, match=f"no database answers at port {port}"):
            kind.inspect(options)
