"""Laws of the gaps: a department fills in what is its own, in the row or in a workbook, and nothing else."""

import re
from io import BytesIO

import openpyxl
import pytest

from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.records import changes, reading
from tests.web.conftest import Browser, text_of
from tests.web.records import NAME, create, customer
from tests.world import PASSWORD

HX = {"hx-request": "true"}
FORMULA = '=HYPERLINK("http://evil.example","click")'
FIELDS = ("state", "given", "department", "field", "kind")


@pytest.fixture
def contact(store, browser) -> Browser:
    """Return the browser of the contact of the sales department."""
    with store.transaction("test") as tx:
        person = users.NewUser(
            login="contact", name="周婷", password=PASSWORD, department="销售部", roles=("contact",)
        )
        users.create(tx, SYSTEM, person)
    return browser().sign_in("contact")


def gap(store, number: int | None = None, **values) -> int:
    given = {
        "title": "缺口",
        "customer": number,
        "field": "email",
        "department": "销售部",
        "kind": "missing",
        **values,
    }
    return create(store, SYSTEM, "gap", **given)


def gap_at(store, number: int) -> dict:
    with store.transaction("test") as tx:
        return dict(reading.get(tx, SYSTEM, "gap", number, FIELDS).values)


def held(store, number: int, field: str):
    with store.transaction("test") as tx:
        return reading.get(tx, SYSTEM, "customer", number, (field,)).values[field]


def test_a_contact_fills_a_gap_of_the_own_department_in_their_own_name(contact, store):
    number = customer(store, SYSTEM)
    asked = gap(store, number)
    page = contact.get("/gaps").text
    assert NAME in page
    assert 'type="email"' in page
    row = contact.post(f"/gaps/{asked}", {"act": "fill", "email": "  Info@Example.COM "}, **HX)
    assert row.status_code == 200
    assert "info@example.com" in row.text.lower()
    assert held(store, number, "email").lower() == "info@example.com"
    assert gap_at(store, asked)["state"] == "given"
    with store.transaction("test") as tx:
        newest = changes.history(tx, SYSTEM, "customer", number)[0]
    assert (newest.actor_name, newest.door, [each.field.name for each in newest.changes]) == (
        "周婷",
        "web",
        ["email"],
    )


def test_a_contact_cannot_fill_another_departments_gap_nor_see_it_in_the_table(contact, store):
    number = customer(store, SYSTEM, name="另一家有限公司")
    asked = gap(store, number, department="服务部")
    assert "另一家" not in contact.get("/gaps").text
    for form in ({"act": "fill", "email": "a@example.com"}, {"act": "unknown"}, {"act": "right"}):
        assert contact.post(f"/gaps/{asked}", form, **HX).status_code == 403
    assert contact.post(f"/gaps/{asked}/again").status_code == 403
    assert held(store, number, "email") is None
    assert gap_at(store, asked)["state"] == "open"


def test_a_contact_can_change_nothing_else(contact, store):
    number = customer(store, SYSTEM)
    asked = gap(store, number)
    contact.get("/gaps")
    answers = [
        contact.post(f"/o/customer/{number}/edit/email", {"email": "a@example.com", "version": "1"}),
        contact.post(f"/o/gap/{asked}/edit/department", {"department": "服务部", "version": "1"}),
        contact.post("/o/sign_off/new", {"department": "服务部"}),
        contact.post("/o/customer/new", {"name": "新公司"}),
        contact.get("/cleaning"),
    ]
    assert [each.status_code for each in answers[:-1] if each.status_code < 400] == []
    assert answers[-1].status_code == 403
    assert (
        contact.post(
            f"/gaps/{asked}", {"email": "a@example.com", "level": "A", "act": "fill"}, **HX
        ).status_code
        == 200
    )
    assert held(store, number, "level") == "B"


def test_a_reader_without_the_role_sees_gaps_and_answers_none(reader_browser, store):
    number = customer(store, SYSTEM)
    asked = gap(store, number)
    page = reader_browser.get("/gaps").text
    assert NAME in page
    assert "data-fill" not in page
    assert (
        reader_browser.post(f"/gaps/{asked}", {"act": "fill", "email": "a@example.com"}, **HX).status_code
        == 403
    )


def test_a_wrong_value_is_told_beside_its_field_and_kept(contact, store):
    number = customer(store, SYSTEM)
    asked = gap(store, number, field="mobile", kind="wrong", found="1380013")
    contact.get("/gaps")
    row = contact.post(f"/gaps/{asked}", {"act": "fill", "mobile": "138001"}, **HX)
    assert row.status_code == 422
    assert "A mobile number has 11 digits; this one has 6" in text_of(row.text)
    assert 'value="138001"' in row.text
    assert gap_at(store, asked)["state"] == "open"
    assert held(store, number, "mobile") == "13800138000"


def test_a_doubtful_value_comes_as_it_was_understood_beside_what_stands_there(contact, store):
    cells = {"target": "customer.industry", "places": [["客户", 2]], "reason": "by_keyword", "note": "家具"}
    for found, understood in (("做家具的", "C21"), ("做纺织的", "")):
        told = {**cells, "understood": understood}
        gap(store, field="industry", kind="suspect", found=found, cells=told)
    page = contact.get("/gaps").text
    rows = {each: page[page.index(f">{each}<") :].partition("</tr>")[0] for each in ("做家具的", "做纺织的")}
    assert 'value="做家具的"' not in page
    assert 'value="家具制造业"' in rows["做家具的"]
    # Never understood: the wording itself is there to be mended.
    assert 'value="做纺织的"' in rows["做纺织的"]
    lines = openpyxl.load_workbook(BytesIO(contact.get("/gaps.xlsx").content)).worksheets[0]
    assert {(row[3].value, row[5].value or "") for row in lines.iter_rows(min_row=2)} == {
        ("做家具的", "家具制造业"),
        ("做纺织的", ""),
    }


def test_cannot_be_found_out_is_an_answer_and_can_be_taken_back(contact, store):
    asked = gap(store, customer(store, SYSTEM))
    contact.get("/gaps")
    assert "Cannot be found out" in contact.post(f"/gaps/{asked}", {"act": "unknown"}, **HX).text
    assert gap_at(store, asked)["state"] == "unknown"
    assert contact.post(f"/gaps/{asked}", {"act": "unknown"}, **HX).status_code == 409
    contact.post(f"/gaps/{asked}/again", {}, **HX)
    assert gap_at(store, asked)["state"] == "open"


def test_who_brings_data_together_answers_for_every_department(steward_browser, store):
    number = customer(store, SYSTEM)
    asked = gap(store, number, department="服务部")
    steward_browser.get("/gaps")
    assert (
        steward_browser.post(f"/gaps/{asked}", {"act": "fill", "email": "a@example.com"}).status_code == 303
    )
    assert held(store, number, "email") == "a@example.com"


def test_a_fact_nobody_is_known_to_have_has_no_single_answer(contact, store):
    asked = gap(store, None)
    page = contact.get("/gaps").text
    assert "All customers" in page
    assert contact.post(f"/gaps/{asked}", {"act": "fill", "email": "a@example.com"}, **HX).status_code == 400


def test_gaps_are_narrowed_by_field_kind_state_and_words(steward_browser, store):
    first, second = (
        customer(store, SYSTEM),
        customer(store, SYSTEM, name="宁波远帆包装有限公司", mobile="13800138001"),
    )
    gap(store, first)
    gap(
        store,
        second,
        field="industry",
        kind="wrong",
        found="做家具的",
        title="行业：做家具的",
        source="ledger",
    )
    assert text_of(steward_browser.get("/gaps").text).count("有限公司") >= 2
    for query in ("field=industry", "kind=wrong", "source=ledger", "q=远帆", "q=做家具"):
        body = steward_browser.get(f"/gaps?{query}").text.partition("<tbody>")[2]
        assert "远帆" in body, query
        assert NAME not in body, query
    assert "Nothing here yet" in steward_browser.get("/gaps?state=given").text


def test_an_overdue_gap_says_so(contact, store):
    gap(store, customer(store, SYSTEM), due_on="2020-01-01")
    assert "overdue" in contact.get("/gaps").text


def test_the_next_page_follows_the_last_row(contact, store):
    number = customer(store, SYSTEM)
    for place in range(53):
        gap(store, number, found=f"x{place}", kind="wrong", field="wechat")
    page = contact.get("/gaps").text
    assert page.count("data-gap=") == 50
    following = re.search(r'href="(/gaps\?[^"]*after=[^"]+)"', page)[1].replace("&amp;", "&")
    assert contact.get(following, **HX).text.count("data-gap=") == 3


def workbook(content: bytes, answers: dict[int, tuple[str, str]]) -> bytes:
    """Return the workbook with (value, unknown) written into the rows of some gaps."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    for line in sheet.iter_rows(min_row=2):
        if int(line[0].value) in answers:
            line[6].value, line[7].value = answers[int(line[0].value)]
    filled = BytesIO()
    book.save(filled)
    return filled.getvalue()


def send(browser: Browser, content: bytes, name: str = "gaps.xlsx"):
    browser.get("/gaps")
    cookies = "; ".join(f"{key}={value}" for key, value in browser.cookies.items())
    browser.client.cookies.clear()
    return browser.client.post(
        "/gaps/workbook",
        data={"csrf": browser.token},
        files={"file": (name, content)},
        headers={"cookie": cookies},
    )


def test_the_workbook_holds_exactly_these_gaps_and_comes_back_filled(contact, store):
    first, second = (
        customer(store, SYSTEM),
        customer(store, SYSTEM, name="宁波远帆包装有限公司", mobile="13800138001"),
    )
    mail, level = gap(store, first), gap(store, second, field="level")
    wrong = gap(store, second, field="mobile", kind="wrong", found=FORMULA)
    lost, other = gap(store, second), gap(store, second, department="服务部")
    contact.get("/gaps")
    sent = contact.get("/gaps.xlsx").content
    book = openpyxl.load_workbook(BytesIO(sent))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [each for each in cells if each.data_type == "f"]
    assert FORMULA in {each.value for each in cells}
    numbers = {int(row[0].value) for row in book.worksheets[0].iter_rows(min_row=2)}
    assert numbers == {mail, level, wrong, lost}
    answers = {
        mail: ("info@example.com", None),
        level: ("A (key)", None),
        wrong: ("123", None),
        lost: (None, "Yes"),
    }
    answer = send(contact, workbook(sent, answers))
    assert answer.status_code == 200
    assert "3 rows were taken · 1 row was not" in text_of(answer.text)
    assert "11 digits; this one has 3" in text_of(answer.text)
    assert (held(store, first, "email"), held(store, second, "level")) == ("info@example.com", "A")
    assert [gap_at(store, each)["state"] for each in (mail, level, wrong, lost, other)] == [
        "given",
        "given",
        "open",
        "unknown",
        "open",
    ]


def test_a_row_of_another_department_is_refused_and_the_others_are_taken(contact, steward_browser, store):
    number = customer(store, SYSTEM)
    own, foreign = gap(store, number), gap(store, number, department="服务部", field="wechat")
    sent = steward_browser.get("/gaps.xlsx").content
    answer = send(contact, workbook(sent, {own: ("a@example.com", None), foreign: ("wx_1", None)}))
    assert "1 row was taken" in answer.text
    assert held(store, number, "wechat") is None
    assert held(store, number, "email") == "a@example.com"


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_another_file_is_refused_in_words(contact, store, content):
    gap(store, customer(store, SYSTEM))
    answer = send(contact, content)
    assert 400 <= answer.status_code < 500


def test_another_workbook_is_refused_in_words(contact, store):
    gap(store, customer(store, SYSTEM))
    content = BytesIO()
    openpyxl.Workbook().save(content)
    answer = send(contact, content.getvalue())
    assert answer.status_code == 422
    assert "not a workbook of gaps from here" in answer.text


def test_nobody_without_the_role_sends_a_workbook(reader_browser, store):
    gap(store, customer(store, SYSTEM))
    assert send(reader_browser, b"PK").status_code == 403


def test_the_table_asks_few_questions(contact, store, queries):
    for place in range(5):
        gap(store, customer(store, SYSTEM, mobile=f"1380013801{place}"))
    contact.get("/gaps")
    with queries() as sent:
        contact.get("/gaps")
    assert len([each for each in sent if each.lstrip().upper().startswith("SELECT")]) <= 12


def test_who_sees_every_department_reads_whom_each_gap_asks_also_in_the_row_that_comes_back(
    browser, contact, steward_browser, store
):
    asked = gap(store, customer(store, SYSTEM))
    assert 'data-label="Department"' in steward_browser.get("/gaps").text
    again = steward_browser.post(f"/gaps/{asked}", {"act": "unknown"}, **HX).text
    assert "销售部" in again
    assert 'data-label="Department"' in again
    assert 'data-label="Department"' not in contact.get("/gaps").text


def test_an_answer_is_read_in_words_not_as_its_code(contact, store):
    asked = gap(store, customer(store, SYSTEM), field="kind")
    assert contact.post(f"/gaps/{asked}", {"act": "fill", "kind": "company"}, **HX).status_code == 200
    page = text_of(contact.get("/gaps?state=given").text)
    assert "Company" in page.partition("What is wrong")[2]
    assert "go on with Tab" not in page


def test_a_list_without_a_gap_offers_no_workbook(contact, store):
    assert "gaps.xlsx" not in contact.get("/gaps").text
    gap(store, customer(store, SYSTEM))
    assert "gaps.xlsx" in contact.get("/gaps").text
