import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.rest import SourceStopped
from guanxi.kernel.errors import Invalid, Refused, Transient

KIND = SOURCE_KINDS["rest"]
ORDERS = [{"id": number, "updated_at": f"2024-05-{1 + number % 28:02d}"} for number in range(23)]

Reply = tuple[int, dict[str, str], Any]


class Shop:
    """A small web shop on this machine; *answer* turns (path, parameters, headers) into a reply."""

    def __init__(self, answer: Callable[[str, dict[str, str], dict[str, str]], Reply]) -> None:
        self.requests: list[dict[str, str]] = []
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                parameters = {name: values[-1] for name, values in parse_qs(address.query).items()}
                shop.requests.append(parameters)
                status, headers, body = answer(address.path, parameters, dict(self.headers))
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/orders"

    def __enter__(self) -> "Shop":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def read(shop: Shop, into: Path, **options: Any):
    return KIND.read(KIND.options({"url": shop.url, "longest_wait_seconds": 0.2, **options}), into)


def ids(receipt) -> list[str]:
    return pl.read_parquet(receipt.tables[0].path)["id"].to_list()


def by_page(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
    page, size = int(parameters.get("page", 1)), int(parameters.get("limit", 5))
    return 200, {}, {"data": {"items": ORDERS[(page - 1) * size : page * size]}}


def by_offset(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
    start = int(parameters["offset"])
    return 200, {}, ORDERS[start : start + 5]


def by_cursor(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
    start = int(parameters.get("cursor", 0))
    following = start + 5 if start + 5 < len(ORDERS) else None
    return 200, {}, {"items": ORDERS[start : start + 5], "meta": {"next": following}}


def by_link(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
    start = int(parameters.get("from", 0))
    more = start + 5 < len(ORDERS)
    return 200, {"Link": f'</orders?from={start + 5}>; rel="next"'} if more else {}, ORDERS[start : start + 5]


@pytest.mark.parametrize(
    ("answer", "options"),
    [
        (by_page, {"paging": "page", "page_size": 5, "records": "data.items"}),
        (by_page, {"paging": "page", "records": "data.items"}),
        (by_offset, {"paging": "offset"}),
        (by_cursor, {"paging": "cursor", "next_cursor": "meta.next", "records": "items"}),
        (by_link, {"paging": "link"}),
    ],
)
def test_every_way_of_paging_gives_every_record_once(tmp_path, answer, options):
    with Shop(answer) as shop:
        receipt = read(shop, tmp_path, **options)
    assert ids(receipt) == [str(number) for number in range(23)]
    assert receipt.complete
    assert receipt.tables[0].rows_seen == 23


def test_nested_values_get_dotted_names_and_numbers_stay_as_written(tmp_path):
    body = (
        b'[{"id": 1, "buyer": {"name": "\xe7\x94\xb2", "city": null}, '
        b'"lines": [{"sku": "a"}], "total": 12.50},'
        b' {"id": 12345678901234567890, "vip": true, "total": 1e3}, 7, {"id": 3, "name": "\\ud800"}]'
    )
    with Shop(lambda *_: (200, {}, body)) as shop:
        receipt = read(shop, tmp_path)
    frame = pl.read_parquet(receipt.tables[0].path)
    assert frame.to_dicts() == [
        {
            "_row": 1,
            "id": "1",
            "buyer.name": "甲",
            "buyer.city": None,
            "lines": '[{"sku": "a"}]',
            "total": "12.50",
            "vip": None,
            "name": None,
        },
        {
            "_row": 2,
            "id": "12345678901234567890",
            "buyer.name": None,
            "buyer.city": None,
            "lines": None,
            "total": "1000",
            "vip": "TRUE",
            "name": None,
        },
    ]
    bad = pl.read_parquet(receipt.quarantine_path).to_dicts()
    assert [(row["row"], row["reason"]) for row in bad] == [(3, "not_an_object"), (4, "damaged_text")]


def test_the_token_comes_from_the_environment_and_goes_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANXI_SOURCE_SHOP", "s3cret-token")

    def answer(_path: str, _parameters: dict[str, str], headers: dict[str, str]) -> Reply:
        return (200, {}, ORDERS) if headers.get("Authorization") == "Bearer s3cret-token" else (401, {}, {})

    with Shop(answer) as shop:
        read(shop, tmp_path / "good", token="${GUANXI_SOURCE_SHOP}")
        with pytest.raises(Refused, match="check the token"):
            read(shop, tmp_path / "bad")
        monkeypatch.delenv("GUANXI_SOURCE_SHOP")
        with pytest.raises(Refused, match="GUANXI_SOURCE_SHOP"):
            read(shop, tmp_path / "unset", token="${GUANXI_SOURCE_SHOP}")
    assert all(b"s3cret" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    with pytest.raises(Invalid, match="environment variable"):
        KIND.options({"url": "https://x", "token": "s3cret-token"})


def test_a_second_reading_asks_only_for_what_changed(tmp_path):
    def answer(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
        since = parameters.get("since", "")
        return 200, {}, [order for order in ORDERS if order["updated_at"] > since]

    options = {"changed_parameter": "since", "changed_field": "updated_at"}
    with Shop(answer) as shop:
        first = read(shop, tmp_path / "1", **options)
        assert first.changed_until == "2024-05-23"
        second = read(shop, tmp_path / "2", changed_since="2024-05-20", **options)
        third = read(shop, tmp_path / "3", changed_since=first.changed_until, **options)
    assert ids(second) == ["20", "21", "22"]
    assert (third.changed_until, third.tables[0].rows) == ("2024-05-23", 0)


def test_a_busy_server_is_asked_again_after_the_time_it_names(tmp_path):
    replies = iter([(429, {"Retry-After": "0"}, {}), (503, {}, {}), (200, {}, ORDERS)])
    with Shop(lambda *_: next(replies)) as shop:
        assert read(shop, tmp_path).tables[0].rows == 23
    assert len(shop.requests) == 3


def test_a_time_without_a_zone_is_one_of_utc(tmp_path):
    replies = iter([(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 -0000"}, {}), (200, {}, ORDERS)])
    with Shop(lambda *_: next(replies)) as shop:
        assert read(shop, tmp_path).tables[0].rows == 23


def test_marks_longer_than_any_number_are_compared(tmp_path):
    orders = [{"id": "1", "at": "9" * 5000}, {"id": "2", "at": "1" + "0" * 5000}, {"id": "3", "at": "7"}]
    with Shop(lambda *_: (200, {}, orders)) as shop:
        assert read(shop, tmp_path, changed_field="at").changed_until == "1" + "0" * 5000


def test_a_server_that_asks_for_too_long_a_wait_is_not_waited_for(tmp_path):
    with Shop(lambda *_: (503, {"Retry-After": "86400"}, {})) as shop, pytest.raises(Transient):
        read(shop, tmp_path)
    assert len(shop.requests) == 1


def test_an_address_where_nothing_runs_is_told_in_words(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/orders"
        options = KIND.options({"url": url, "attempts": 1, "longest_wait_seconds": 0.2})
        with pytest.raises(Transient, match="no answer: nothing runs at this address"):
            KIND.read(options, tmp_path)


def test_a_source_that_stops_answering_keeps_what_came_and_goes_on_later(tmp_path):
    is_down = threading.Event()
    is_down.set()

    def answer(path: str, parameters: dict[str, str], headers: dict[str, str]) -> Reply:
        if int(parameters["page"]) >= 3 and is_down.is_set():
            return 503, {}, {}
        return by_page(path, parameters, headers)

    options = {"paging": "page", "page_size": 5, "records": "data.items", "attempts": 2}
    with Shop(answer) as shop:
        with pytest.raises(SourceStopped, match="at page 3") as stopped:
            read(shop, tmp_path, **options)
        assert isinstance(stopped.value, Transient)
        assert not stopped.value.receipt.complete
        assert ids(stopped.value.receipt) == [str(number) for number in range(10)]
        is_down.clear()
        shop.requests.clear()
        receipt = read(shop, tmp_path, **options)
    assert [request["page"] for request in shop.requests] == ["3", "4", "5"]
    assert receipt.complete
    assert ids(receipt) == [str(number) for number in range(23)]


def test_a_connection_cut_in_the_middle_of_an_answer_is_a_stop(tmp_path):
    def answer(path: str, parameters: dict[str, str], headers: dict[str, str]) -> Reply:
        if parameters["page"] == "2":
            return 200, {"Content-Length": "99999"}, b'{"data": {"items": ['
        return by_page(path, parameters, headers)

    with Shop(answer) as shop, pytest.raises(SourceStopped, match="at page 2"):
        read(shop, tmp_path, paging="page", page_size=5, records="data.items", attempts=2)


def test_a_page_that_was_being_written_when_the_process_died_is_asked_again(tmp_path):
    options = {"paging": "page", "page_size": 5, "records": "data.items"}
    with Shop(by_page) as shop:
        read(shop, tmp_path, **options)
        pages = tmp_path / "pages.jsonl"
        whole = pages.read_bytes()
        pages.write_bytes(whole[: len(whole) // 2])
        assert ids(read(shop, tmp_path, **options)) == [str(number) for number in range(23)]
        assert pages.read_bytes() == whole
        with pytest.raises(Refused, match="another plan"):
            read(shop, tmp_path, **options | {"page_size": 7})


def test_a_source_that_gives_the_same_page_for_ever_is_noticed(tmp_path):
    with Shop(lambda *_: (200, {}, ORDERS)) as shop, pytest.raises(Refused, match="page 2 repeats"):
        read(shop, tmp_path, paging="page")


def test_a_source_without_end_stops_at_the_limit(tmp_path):
    def answer(_path: str, parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
        return 200, {}, [{"id": parameters["page"]}]

    with Shop(answer) as shop, pytest.raises(Refused, match="more than 10 pages"):
        read(shop, tmp_path, paging="page", max_pages=10)


def test_another_host_is_never_followed(tmp_path):
    with Shop(lambda *_: (200, {}, ORDERS)) as other:
        with (
            Shop(lambda *_: (302, {"Location": other.url.replace("127.0.0.1", "localhost")}, {})) as shop,
            pytest.raises(Refused, match="another host"),
        ):
            read(shop, tmp_path / "1")
        with (
            Shop(lambda *_: (200, {"Link": f'<{other.url}>; rel="next"'}, ORDERS)) as shop,
            pytest.raises(Refused, match="another host"),
        ):
            read(shop, tmp_path / "2", paging="link")
        with (
            Shop(lambda *_: (302, {"Location": "file:///etc/passwd"}, {})) as shop,
            pytest.raises(Refused, match="another host"),
        ):
            read(shop, tmp_path / "3")
    assert other.requests == []


def test_a_redirect_on_the_same_host_is_followed(tmp_path):
    def answer(path: str, _parameters: dict[str, str], _headers: dict[str, str]) -> Reply:
        return (200, {}, ORDERS) if path == "/new" else (301, {"Location": "/new"}, {})

    with Shop(answer) as shop:
        assert read(shop, tmp_path).tables[0].rows == 23


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"<html>login</html>", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'[{"id": NaN}]', "no JSON"),
        (b'[{"id": ' + b"9" * 5000 + b"}]", "no JSON"),
        (b'[{"id": 1e9999999999999999999}]', "no JSON"),
        (b'{"items": []}', "items"),
        (b" " * 2_000_000, "larger than 1 MiB"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(tmp_path, body, word):
    with Shop(lambda *_: (200, {}, body)) as shop, pytest.raises(Refused, match=word):
        read(shop, tmp_path, max_page_mib=1)


def test_only_web_addresses_are_sources():
    with pytest.raises(Invalid, match="http"):
        KIND.options({"url": "file:///etc/passwd"})


def test_a_look_shows_the_columns_of_the_first_page():
    with Shop(by_link) as shop:
        (outline,) = KIND.inspect(KIND.options({"url": shop.url, "paging": "link"}))
    assert outline.columns == ("id", "updated_at")
    assert outline.first_rows[0] == ("0", "2024-05-01")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://2852039166/",
    ],
)
def test_no_source_asks_a_machine_for_its_own_secrets(url):
    with pytest.raises(Refused, match="this machine itself"):
        KIND.inspect(KIND.options({"url": url, "attempts": 1, "timeout_seconds": 1.0}))
