"""Laws of the sources' pages: files become sources, nothing hostile gets in, and what is seen is what will be read."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from litestar.testing import TestClient

from guanxi.identity.actor import SYSTEM
from guanxi.integration import inventory
from guanxi.integration.plans import SourcePlan
from guanxi.metadata.labels import Label
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.web.site import build_site
from tests.web.conftest import ORIGIN, Browser

HX = {"hx-request": "true"}

TEXT = "客户台账\n\n客户名称;电话\n青禾机械;13900010001\n远帆包装;13900010002\n".encode("gb18030")


def workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name in ("华东", "华南"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["客户名称", "电话"])
            sheet.write_row(1, 0, [f"{name}青禾机械有限公司", "13900010001"])
    return content.getvalue()


def bring(browser: Browser, *files: tuple[str, bytes], address: str = "/sources/upload", **headers: str):
    browser.get("/sources")
    sent = [("files", (name, content)) for name, content in files]
    return browser._send("POST", address, headers, data={"csrf": browser.token}, files=sent)


def kept(home: Path) -> list[Path]:
    return sorted(each for each in (home / "uploads").rglob("*") if each.is_file())


def test_an_empty_inventory_says_what_to_do_first(steward_browser, reader_browser):
    assert "Drop your customer files here" in steward_browser.get("/sources").text
    seen = reader_browser.get("/sources").text
    assert "No sources yet" in seen
    assert "Drop your customer files" not in seen


def test_a_file_that_is_brought_becomes_a_source_and_shows_its_first_rows(steward_browser, sources, settings):
    answer = bring(steward_browser, ("客户 台账.csv", TEXT))
    assert answer.status_code == 303
    record = sources()["客户 台账"]
    assert answer.headers["location"] == f"/sources/{record.id}"
    assert record.values["name"] == "客户-台账"
    assert (record.values["kind"], record.values["department"]) == ("delimited", "信息部")
    page = steward_browser.get(f"/sources/{record.id}").text
    assert "青禾机械" in page
    assert "the characters look like GBK / GB 18030" in page
    assert "row 3 names the columns" in page
    assert page.count("Use this source") == 1
    assert len(kept(settings.home)) == 1


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        (
            "delimited",
            {"path": "/srv/guanxi/department lists/ledger.csv"},
            "ledger.csv in the folder department lists",
        ),
        ("database", {"url": "sqlite:////srv/guanxi/old/crm.sqlite"}, "crm.sqlite in the folder old"),
        ("folder", {"path": "/srv/guanxi/inbox/branches"}, "folder branches"),
    ],
)
def test_a_file_on_the_server_is_told_by_name_and_folder_not_by_its_path(
    steward_browser, store, kind, options, words
):
    with store.transaction("test") as tx:
        plan = SourcePlan(name="ledger", kind=kind, label=Label(en="Ledger", zh="Ledger"), options=options)
        number = inventory.note_source(tx, SYSTEM, plan)
    page = steward_browser.get(f"/sources/{number}").text
    assert words in page
    assert "/srv/guanxi" not in page.split('id="preview"')[0]


def test_a_source_of_another_system_is_not_asked_for_a_row_of_names(steward_browser, store):
    with store.transaction("test") as tx:
        options = {"url": "http://127.0.0.1:9/orders"}
        plan = SourcePlan(name="shop", kind="rest", label=Label(en="Shop", zh="Shop"), options=options)
        number = inventory.note_source(tx, SYSTEM, plan)
    part = steward_browser.get(f"/sources/{number}/preview", **HX).text
    assert "header_row" not in part


def test_a_file_that_was_not_taken_is_named_once(steward_browser):
    page = bring(steward_browser, ("empty.csv", b"")).text
    assert page.split('id="upload-result"')[1].split("</form>")[0].count("empty.csv") == 1


def test_several_files_at_once_become_several_sources(steward_browser, sources):
    answer = bring(steward_browser, ("a.csv", TEXT), ("b.xlsx", workbook()))
    assert answer.headers["location"] == "/sources"
    assert {title: each.values["kind"] for title, each in sources().items()} == {
        "a": "delimited",
        "b": "excel",
    }
    page = steward_browser.get("/sources").text
    assert page.count('<li class="source-card') == 2
    assert "Look at the first rows" in page


def test_two_files_of_one_name_become_two_sources(steward_browser, store, sources):
    bring(steward_browser, ("a.csv", TEXT))
    bring(steward_browser, ("a.csv", TEXT))
    with store.transaction("test") as tx:
        found = reading.find(tx, SYSTEM, Asked(object="source", fields=("name",))).records
    assert sorted(each.values["name"] for each in found) == ["a", "a-2"]


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.xlsx", bomb(), "times its size when unpacked"),
        ("empty.csv", b"", "is empty (0 bytes)"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "is a PNG file, which holds no table"),
        ("program.xlsx", b"MZ" + bytes(200), "Windows program"),
        (
            "page.xls",
            b"<html><table><tr><td>1</td></tr></table></html>",
            "is a web page under another ending",
        ),
        ("half.xlsx", workbook()[:400], "cut off or damaged"),
        ("archive.zip", b"PK\x05\x06" + bytes(18), "ZIP"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_in_words_and_nothing_of_it_is_kept(
    steward_browser, sources, settings, name, content, words
):
    answer = bring(steward_browser, (name, content))
    assert answer.status_code == 422
    assert words in answer.text
    assert name in answer.text
    assert sources() == {}
    assert kept(settings.home) == []


def test_a_wrong_ending_does_not_matter_the_content_does(steward_browser, sources):
    bring(steward_browser, ("ledger.csv", workbook()))
    assert sources()["ledger"].values["kind"] == "excel"


def test_a_path_in_the_name_leads_nowhere(steward_browser, sources, settings):
    bring(steward_browser, ("../../../etc/cron.d/evil.csv", TEXT), ("C:\\Windows\\nul.csv", TEXT))
    files = kept(settings.home)
    assert len(files) == 2
    assert all(each.is_relative_to(settings.home / "uploads") for each in files)
    assert all(".." not in each.name and "\\" not in each.name for each in files)
    assert set(sources()) == {"evil", "nul"}


def test_good_files_are_kept_when_others_are_refused(steward_browser, sources):
    answer = bring(steward_browser, ("a.csv", TEXT), ("b.csv", b""))
    assert answer.status_code == 200
    assert "1 file was added, these were not:" in answer.text
    assert set(sources()) == {"a"}


def test_an_upload_above_the_limit_is_refused_in_words(store, settings, sources):
    small = replace(settings, upload_megabytes=1)
    with TestClient(build_site(store, small), base_url=ORIGIN) as client:
        browser = Browser(client).sign_in("steward")
        answer = bring(browser, ("a.csv", TEXT + b"x;1\n" * 600_000))
    assert answer.status_code == 400
    assert "The upload is larger than 1 MB" in answer.text
    assert sources() == {}
    assert kept(settings.home) == []


def test_an_upload_that_breaks_off_is_refused_in_words(steward_browser, sources, settings):
    steward_browser.get("/sources")
    half = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n' + TEXT[:20]
    kind = {"content-type": "multipart/form-data; boundary=cut"}
    answer = steward_browser._send("POST", "/sources/upload", kind, content=half)
    assert answer.status_code == 400
    assert "The upload broke off on its way" in answer.text
    assert sources() == {}
    assert kept(settings.home) == []


def test_who_may_not_integrate_sends_nothing(reader_browser, sources, settings):
    answer = bring(reader_browser, ("a.csv", TEXT))
    assert answer.status_code == 403
    assert sources() == {}
    assert kept(settings.home) == []


def test_a_stranger_is_sent_to_the_entrance_before_anything_is_taken(browser, sources, settings):
    stranger = browser()
    stranger.get("/sign-in")
    answer = bring(stranger, ("a.csv", TEXT))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert kept(settings.home) == []


def test_an_upload_without_the_form_token_is_refused(steward_browser, sources):
    answer = steward_browser._send("POST", "/sources/upload", {}, files=[("files", ("a.csv", TEXT))])
    assert answer.status_code == 403
    assert sources() == {}


def test_choosing_another_header_row_redraws_the_rows_and_saves_nothing(steward_browser, sources):
    bring(steward_browser, ("a.csv", TEXT))
    record = sources()["a"]
    address = f"/sources/{record.id}/preview"
    part = {"hx-request": "true"}
    drawn = steward_browser.post(address, {"header_row": "", "header_at": "4"}, **part).text
    assert '<th scope="col" title="青禾机械">青禾机械</th>' in drawn
    assert 'id="header_row"' in drawn
    assert 'value="4"' in drawn
    wrong = steward_browser.post(address, {"encoding": "utf-8", "delimiter": ","}, **part).text
    assert "青禾机械" not in wrong
    assert sources()["a"].values["options"] == record.values["options"]


def test_sheets_are_chosen_and_saved(steward_browser, sources):
    bring(steward_browser, ("b.xlsx", workbook()))
    record = sources()["b"]
    page = steward_browser.get(f"/sources/{record.id}").text
    assert "华东青禾机械有限公司" in page
    assert "华南青禾机械有限公司" in page
    form = {"title": "销售台账", "trust": "70", "with_sheets": "1", "sheet": "华南", "header_row": ""}
    answer = steward_browser.post(f"/sources/{record.id}", form)
    assert answer.status_code == 303
    saved = sources()["销售台账"].values
    assert saved["options"]["sheets"] == ["华南"]
    assert saved["trust"] == 70
    page = steward_browser.get(f"/sources/{record.id}").text
    assert "华东青禾机械有限公司" not in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(steward_browser, sources):
    bring(steward_browser, ("a.csv", TEXT))
    number = sources()["a"].id
    answer = steward_browser.post(f"/sources/{number}", {"title": "", "trust": "170", "refresh": "每天"})
    assert answer.status_code == 422
    assert 'id="trust-problem"' in answer.text
    assert 'value="170"' in answer.text
    assert 'value="每天"' in answer.text
    assert set(sources()) == {"a"}


def test_a_newer_file_takes_the_place_of_the_old_one_and_the_way_it_is_read_stays(
    steward_browser, sources, settings
):
    bring(steward_browser, ("a.csv", TEXT))
    number = sources()["a"].id
    steward_browser.post(f"/sources/{number}", {"title": "a", "header_row": "3"})
    steward_browser.get(f"/sources/{number}")
    newer = TEXT + "蜀味食品;13900010003\n".encode("gb18030")
    answer = bring(steward_browser, ("四月.csv", newer), address=f"/sources/{number}/file")
    assert answer.status_code == 303
    options = sources()["a"].values["options"]
    assert options["header_row"] == 3
    assert options["table"] == "a"
    assert options["path"].endswith("四月.csv")
    assert len(kept(settings.home)) == 1
    assert "蜀味食品" in steward_browser.get(f"/sources/{number}").text
    other = bring(steward_browser, ("b.xlsx", workbook()), address=f"/sources/{number}/file")
    assert "is a file of another kind" in other.text
    assert other.status_code == 422
    assert "The old file is still in use." in other.text
    assert "source-form" in other.text
    assert len(kept(settings.home)) == 1


def test_a_retired_source_stands_apart_and_comes_back(steward_browser, sources):
    bring(steward_browser, ("a.csv", TEXT))
    number = sources()["a"].id
    steward_browser.get(f"/sources/{number}")
    assert steward_browser.post(f"/sources/{number}/retire").status_code == 303
    assert "Retired sources" in steward_browser.get("/sources").text
    page = steward_browser.get(f"/sources/{number}").text
    assert "This source is retired" in page
    assert "Then use the source" not in page
    steward_browser.post(f"/sources/{number}/revive")
    assert "Retired sources" not in steward_browser.get("/sources").text


def test_a_reader_sees_a_source_and_changes_nothing(steward_browser, reader_browser, sources):
    bring(steward_browser, ("a.csv", TEXT))
    number = sources()["a"].id
    page = reader_browser.get(f"/sources/{number}").text
    assert "青禾机械" in page
    assert "source-form" not in page
    for act in ("", "/use", "/read", "/retire"):
        answer = reader_browser.post(f"/sources/{number}{act}", {"title": "b"})
        assert answer.status_code == 403, act
    assert set(sources()) == {"a"}


def test_how_a_source_is_read_cannot_be_written_through_the_plain_form(steward_browser, sources):
    bring(steward_browser, ("a.csv", TEXT))
    number = sources()["a"].id
    steward_browser.get(f"/o/source/{number}")
    address = f"/o/source/{number}/edit/options"
    answer = steward_browser.post(address, {"options": '{"path": "/etc/passwd"}', "version": "1"})
    assert answer.status_code in (400, 403, 404, 422)
    assert "passwd" not in str(sources()["a"].values["options"])


def test_the_pages_ask_few_questions(steward_browser, sources, queries):
    for number in range(12):
        bring(steward_browser, (f"a{number}.csv", TEXT))
    with queries() as sent:
        steward_browser.get("/sources")
    assert len(sent) <= 12, sent
    with queries() as sent:
        steward_browser.get(f"/sources/{sources()['a1'].id}")
    assert len(sent) <= 12, sent


def test_a_title_that_spans_the_sheet_stands_above_the_first_rows_once(steward_browser):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.merge_range("A1:C1", "青禾机械客户台账")
        sheet.write_row(1, 0, ["客户名称", "联系人", "电话"])
        sheet.write_row(2, 0, ["远帆包装有限公司", "李晓", "13900010001"])
    answer = bring(steward_browser, ("台账.xlsx", content.getvalue()))
    page = steward_browser.get(answer.headers["location"]).text
    assert page.count(">青禾机械客户台账</td>") == 1
    assert 'colspan="3" title="青禾机械客户台账"' in page


def test_the_first_source_is_one_step_from_home(steward_browser):
    way = re.search(r'btn-big" href="([^"]+)"', steward_browser.get("/").text)
    assert 'id="drop"' in steward_browser.get(way[1]).text
