"""Laws of files on pages: sent with a form, handed out safely, only to who may read the field."""

import pytest

from guanxi.customisation import structure
from guanxi.metadata.definitions import role_from
from guanxi.records import files, reading
from tests.web.records import create, customer

PDF = b"%PDF-1.7 picture of the fault"
NAME = "现场照片 <1>.pdf"


@pytest.fixture
def ticket(store, steward):
    return create(store, steward, "ticket", customer=customer(store, steward), subject="主轴异响")


def send(browser, address, content=PDF, name=NAME, part=True, **form):
    head = {"HX-Request": "true"} if part else {}
    cookies = "; ".join(f"{key}={value}" for key, value in browser.cookies.items())
    return browser.client.post(
        address,
        data={"csrf": browser.token, "version": "1", **form},
        files={"attachment": (name, content, "application/pdf")} if content is not None else {"x": ("", b"")},
        headers={**head, "cookie": cookies},
        follow_redirects=False,
    )


def held(store, actor, ticket):
    with store.transaction("web") as tx:
        return reading.get(tx, actor, "ticket", ticket, ("attachment",)).values["attachment"]


def test_a_file_is_sent_in_place_shown_by_name_and_handed_out_to_be_saved(
    store, steward, steward_browser, ticket
):
    form = steward_browser.get(f"/o/ticket/{ticket}/edit/attachment").text
    assert 'type="file"' in form
    assert 'enctype="multipart/form-data"' in form
    shown = send(steward_browser, f"/o/ticket/{ticket}/file/attachment")
    assert shown.status_code == 200
    assert "现场照片 &lt;1&gt;.pdf" in shown.text
    assert held(store, steward, ticket).media_type == "application/pdf"
    got = steward_browser.get(f"/o/ticket/{ticket}/file/attachment")
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    assert "现场照片" in steward_browser.get(f"/o/ticket/{ticket}?tab=history").text


def test_a_program_is_refused_beside_its_field(store, steward, steward_browser, ticket):
    steward_browser.get(f"/o/ticket/{ticket}")
    answer = send(steward_browser, f"/o/ticket/{ticket}/file/attachment", b"MZ\x90\x00")
    assert answer.status_code == 422
    assert "is a program" in answer.text
    assert held(store, steward, ticket) is None


def test_a_form_without_a_file_asks_for_one_and_a_tick_takes_the_file_away(
    store, steward, steward_browser, ticket
):
    steward_browser.get(f"/o/ticket/{ticket}")
    address = f"/o/ticket/{ticket}/file/attachment"
    assert "hoose a file first" in send(steward_browser, address, None).text
    send(steward_browser, address)
    assert 'name="attachment.remove"' in steward_browser.get(f"/o/ticket/{ticket}/edit/attachment").text
    gone = send(steward_browser, address, None, part=False, **{"attachment.remove": "1", "version": "2"})
    assert gone.status_code == 303
    assert held(store, steward, ticket) is None
    assert steward_browser.get(address).status_code == 404


def test_who_was_quicker_with_a_file_is_not_overwritten(store, steward, steward_browser, ticket):
    steward_browser.get(f"/o/ticket/{ticket}")
    address = f"/o/ticket/{ticket}/file/attachment"
    send(steward_browser, address)
    answer = send(steward_browser, address, b"%PDF-1.7 another", "b.pdf")
    assert answer.status_code == 422
    assert "meanwhile" in answer.text
    assert held(store, steward, ticket).name == NAME


def test_a_new_record_takes_a_file_along(store, steward, steward_browser):
    at = customer(store, steward)
    form = steward_browser.get(f"/o/ticket/new?customer={at}").text
    assert 'action="/o/ticket/new/files"' in form
    answer = send(steward_browser, "/o/ticket/new/files", customer=str(at), subject="停机")
    number = int((answer.headers.get("hx-redirect") or answer.headers["location"]).rpartition("/")[2])
    assert held(store, steward, number).size == len(PDF)


def test_who_may_not_write_sends_no_file_and_who_may_not_read_gets_none(
    store, steward, administrator, steward_browser, reader_browser, ticket
):
    steward_browser.get(f"/o/ticket/{ticket}")
    address = f"/o/ticket/{ticket}/file/attachment"
    send(steward_browser, address)
    reader_browser.get("/")
    assert send(reader_browser, address).status_code == 403
    assert send(reader_browser, "/o/ticket/new/files", subject="x").status_code == 403
    assert reader_browser.get(address).content == PDF
    with store.transaction("test") as tx:
        role = tx.catalog.roles["reader"]
        body = {
            "label": {"en": "Reader"},
            "grants": {"*": {"read": "all"}},
            "fields": {"ticket.attachment": "hidden"},
        }
        structure.apply(tx, administrator, tx.catalog.live_objects, [role_from(role.name, body)])
    assert reader_browser.get(address).status_code in (403, 404)


def test_only_fields_that_hold_files_take_them(steward_browser, ticket):
    steward_browser.get(f"/o/ticket/{ticket}")
    assert send(steward_browser, f"/o/ticket/{ticket}/file/subject").status_code == 403
    assert steward_browser.get(f"/o/ticket/{ticket}/file/subject").status_code == 404


def test_content_lies_below_the_home_of_the_product_under_no_name_of_its_sender(
    steward_browser, ticket, settings
):
    steward_browser.get(f"/o/ticket/{ticket}")
    send(steward_browser, f"/o/ticket/{ticket}/file/attachment", name="../../evil.pdf")
    found = [each.name for each in (settings.home / files.FOLDER).rglob("*") if each.is_file()]
    assert len(found) == 1
    assert len(found[0]) == 64
