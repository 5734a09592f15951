"""Laws of the forms of databases, web interfaces and folders: tested before they are kept, and no secret is kept."""

import json
import socket
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.web.test_sources import bring

DATABASE = {"title": "ERP", "dialect": "postgresql", "host": "127.0.0.1", "database": "crm", "user": "reader"}
PART = {"hx-request": "true"}


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        yield silent.getsockname()[1]


class _Orders(BaseHTTPRequestHandler):
    """Gives two orders to whoever shows the token."""

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == "Bearer t0ken"
        body = {"data": {"orders": [{"id": "D1", "buyer": {"name": "青禾机械"}}, {"id": "D2"}]}}
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() if allowed else b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def orders() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Orders)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/orders"
    server.shutdown()
    server.server_close()
    thread.join(5)


def old_system(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT)")
    connection.execute("CREATE TABLE log (line TEXT)")
    connection.executemany("INSERT INTO customer (name) VALUES (?)", [("青禾机械",), ("远帆包装",)])
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_the_ways_to_add_a_source_are_for_those_who_may(steward_browser, reader_browser):
    page = steward_browser.get("/sources/new").text
    for address in ("/sources/new/database", "/sources/new/rest", "/sources/new/folder"):
        assert address in page
        assert reader_browser.get(address).status_code == 403
    assert reader_browser.get("/sources/new").status_code == 403


def test_a_connection_that_cannot_be_made_is_explained_and_what_was_typed_stays(steward_browser, silent_port):
    steward_browser.get("/sources/new/database")
    form = {**DATABASE, "port": str(silent_port), "step": "test"}
    answer = steward_browser.post("/sources/new/database", form, **PART)
    assert f"no database answers at port {silent_port}" in answer.text
    assert 'value="reader"' in answer.text
    assert "<html" not in answer.text


def test_every_missing_part_of_an_address_is_told_beside_its_field(steward_browser, sources):
    steward_browser.get("/sources/new/database")
    answer = steward_browser.post("/sources/new/database", {"title": "ERP", "step": "keep"})
    assert answer.status_code == 422
    for name in ("host", "database", "user"):
        assert f'id="{name}-problem"' in answer.text
    assert sources() == {}


def test_a_pasted_password_is_neither_kept_nor_shown(steward_browser, sources):
    steward_browser.get("/sources/new/database")
    pasted = {**DATABASE, "host": "mysql://li:S3cret-word@erp.example.com/crm", "step": "keep"}
    answer = steward_browser.post("/sources/new/database", pasted)
    assert answer.status_code == 422
    assert "S3cret-word" not in answer.text
    assert "A password is not kept" in answer.text
    assert 'value="erp.example.com"' in answer.text
    assert sources() == {}
    typed = {**DATABASE, "password": "S3cret-word!", "step": "keep"}
    assert steward_browser.post("/sources/new/database", typed).status_code == 422
    own = {**DATABASE, "password": "GUANXI_SECRET", "step": "test"}
    assert "is given to no source" in steward_browser.post("/sources/new/database", own).text


def test_a_database_is_kept_with_the_name_of_its_password_only(steward_browser, sources):
    steward_browser.get("/sources/new/database")
    form = {**DATABASE, "password": "GUANXI_SOURCE_ERP", "table": "customer", "step": "keep"}
    answer = steward_browser.post("/sources/new/database", form)
    assert answer.status_code == 303
    options = sources()["ERP"].values["options"]
    assert options == {
        "url": "postgresql://reader:${GUANXI_SOURCE_ERP}@127.0.0.1/crm",
        "tables": ["customer"],
    }
    page = steward_browser.get(f"/sources/{sources()['ERP'].id}/database").text
    assert 'value="GUANXI_SOURCE_ERP"' in page
    assert 'value="customer" checked' in page


def test_of_an_uploaded_database_tables_are_chosen_and_shown(steward_browser, sources, tmp_path):
    bring(steward_browser, ("old.sqlite", old_system(tmp_path / "old.sqlite")))
    number = sources()["old"].id
    url = sources()["old"].values["options"]["url"]
    address = f"/sources/{number}/database"
    steward_browser.get(address)
    seen = steward_browser.post(address, {"title": "old", "step": "rows", "table": "customer"}, **PART).text
    assert "青禾机械" in seen
    assert 'value="log"' in seen
    kept = {"title": "Old CRM", "step": "keep", "table": "customer", "host": "../../etc", "url": "x"}
    assert steward_browser.post(address, kept).status_code == 303
    assert sources()["Old CRM"].values["options"] == {"url": url, "tables": ["customer"]}


def test_the_first_page_of_a_web_interface_is_shown_as_a_table(steward_browser, sources, orders, monkeypatch):
    monkeypatch.setenv("GUANXI_SOURCE_SHOP", "t0ken")
    steward_browser.get("/sources/new/rest")
    form = {
        "title": "Shop",
        "url": orders,
        "records": "data.orders",
        "token": "GUANXI_SOURCE_SHOP",
        "paging": "none",
    }
    seen = steward_browser.post("/sources/new/rest", {**form, "step": "rows"}, **PART).text
    assert "青禾机械" in seen
    assert "buyer.name" in seen
    wrong = steward_browser.post("/sources/new/rest", {**form, "records": "items", "step": "rows"}, **PART)
    assert "holds no list at" in wrong.text
    monkeypatch.setenv("GUANXI_SOURCE_SHOP", "other")
    refused = steward_browser.post("/sources/new/rest", {**form, "step": "rows"}, **PART).text
    assert "check the token" in refused
    assert steward_browser.post("/sources/new/rest", {**form, "step": "keep"}).status_code == 303
    options = sources()["Shop"].values["options"]
    assert options["token"] == "${GUANXI_SOURCE_SHOP}"
    page = steward_browser.get(f"/sources/{sources()['Shop'].id}/rest").text
    assert 'value="GUANXI_SOURCE_SHOP"' in page
    assert 'value="data.orders"' in page


def test_a_token_in_the_address_is_not_kept(steward_browser, sources):
    steward_browser.get("/sources/new/rest")
    form = {"title": "Shop", "url": "https://shop.example.com/orders?access_token=abc", "step": "keep"}
    answer = steward_browser.post("/sources/new/rest", form)
    assert answer.status_code == 422
    assert "Leave the token out of the address" in answer.text
    assert sources() == {}


def test_a_watched_folder_lies_below_the_one_that_is_watched(steward_browser, sources, settings):
    steward_browser.get("/sources/new/folder")
    for outside in ("/etc", "../..", "."):
        answer = steward_browser.post(
            "/sources/new/folder", {"title": "x", "folder": outside, "step": "rows"}
        )
        assert answer.status_code == 422, outside
        assert "The folder must lie below" in answer.text
    assert sources() == {}
    form = {"title": "Branches", "folder": "branches", "pattern": "*.csv, *.xlsx", "step": "keep"}
    assert steward_browser.post("/sources/new/folder", form).status_code == 303
    options = sources()["Branches"].values["options"]
    assert options["path"] == str((settings.watched / "branches").resolve())
    assert options["pattern"] == ["*.csv", "*.xlsx"]
    assert (settings.watched / "branches").is_dir()
    page = steward_browser.get(f"/sources/{sources()['Branches'].id}/folder").text
    assert 'value="branches"' in page
    arrived = settings.watched / "branches" / "a.csv"
    arrived.write_text("客户名称,电话\n青禾机械,13900010001\n", encoding="utf-8")
    seen = steward_browser.post("/sources/new/folder", {**form, "step": "rows"}, **PART).text
    assert "may still be on their way" in seen
