"""Laws of the pages: what they show, to whom, and how many questions they ask the database."""

import re

import pytest
from structlog.testing import capture_logs

from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from tests.web.records import NAME, create, customer

MOST_QUERIES = 12


def test_set_up_is_closed_once_somebody_is_there(browser):
    assert browser().get("/set-up").headers["location"] == "/sign-in"


def test_where_nobody_is_the_first_person_becomes_administrator(browser, store):
    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("TRUNCATE guanxi.user_account CASCADE")
    someone = browser()
    assert someone.get("/").headers["location"] == "/set-up"
    someone.get("/set-up?language=zh")
    weak = someone.post("/set-up", {"name": "张三", "login": "zhang", "password": "short", "language": "zh"})
    assert weak.status_code == 422
    assert "张三" in weak.text
    good = {"name": "张三", "login": "zhang", "password": "a quiet green river", "language": "zh"}
    assert someone.post("/set-up", good).headers["location"] == "/"
    home = someone.get("/")
    assert "张三" in home.text
    assert 'lang="zh-CN"' in home.text
    assert "/settings/people" in home.text


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/o/customer",
        "/o/customer?q=yf&level=B&sort=-name",
        "/o/order",
        "/settings/people",
        "/settings/objects",
        "/habits",
        "/search?q=yunfan",
        "/o/contact/new",
    ],
)
def test_no_page_asks_the_database_more_than_twelve_questions(
    administrator_browser, store, steward, queries, address
):
    customer(store, steward)
    with queries() as sent:
        assert administrator_browser.get(address).status_code == 200
    assert len(sent) <= MOST_QUERIES, sent


@pytest.mark.parametrize("tab", ["facts", "contact.customer", "order.customer", "history"])
def test_a_record_page_asks_few_questions_too(steward_browser, store, steward, queries, tab):
    number = customer(store, steward)
    create(store, steward, "contact", name="张三", customer=number)
    with queries() as sent:
        answer = steward_browser.get(f"/o/customer/{number}?tab={tab}")
    assert NAME in answer.text
    assert len(sent) <= MOST_QUERIES, sent


def test_a_list_is_found_by_pinyin_filtered_and_sorted(steward_browser, store, steward):
    customer(store, steward)
    customer(store, steward, name="Acme Tools", level="A", mobile=None)
    assert "Acme Tools" not in steward_browser.get("/o/customer?q=yunfan").text
    assert NAME not in steward_browser.get("/o/customer?level=A").text
    page = steward_browser.get("/o/customer?sort=name").text
    assert page.index("Acme Tools") < page.index(NAME)
    page = steward_browser.get("/o/customer?sort=-name").text
    assert page.index("Acme Tools") > page.index(NAME)


@pytest.mark.parametrize("sort", ["", "name", "-level"])
def test_loading_more_shows_every_record_once(steward_browser, store, steward, sort):
    with store.transaction("web") as tx:
        for number in range(120):
            writing.create(tx, steward, "customer", {"name": f"Firm {number:03d}", "level": "AB"[number % 2]})
    address, seen = f"/o/customer?sort={sort}", []
    while address:
        page = steward_browser.get(address, **{"HX-Request": "true"}).text
        seen += re.findall(r"line-link\" href=\"/o/customer/(\d+)", page)
        more = re.search(r'hx-get="(/o/customer\?[^"]*after=[^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 120


def test_an_empty_list_says_what_to_do(steward_browser, reader_browser):
    assert "/o/customer/new" in steward_browser.get("/o/customer").text
    assert "Create the first record" in steward_browser.get("/o/customer").text
    assert "/o/customer/new" not in reader_browser.get("/o/customer").text


def test_a_new_record_is_judged_whole_and_keeps_what_was_typed(steward_browser):
    form = {"name": "", "mobile": "123", "contact_name": "李四", "address.city": "杭州市"}
    steward_browser.get("/o/customer/new")
    answer = steward_browser.post("/o/customer/new", form)
    assert answer.status_code == 422
    assert "it has 11 digits" in answer.text
    assert "A value is needed here" in answer.text
    assert "李四" in answer.text
    assert "杭州市" in answer.text


def test_a_new_record_is_saved_and_shown(steward_browser, store, steward):
    steward_browser.get("/o/customer/new")
    form = {
        "name": NAME,
        "mobile": "138 0013 8000",
        "address.city": "杭州市",
        "tags": "重点, VIP",
        "level": "A",
    }
    answer = steward_browser.post("/o/customer/new", form)
    page = steward_browser.get(answer.headers["location"]).text
    for text in (NAME, "13800138000", "杭州市", "VIP", "A (key)"):
        assert text in page


def test_one_value_is_changed_in_place_by_the_same_rules(steward_browser, store, steward):
    number = customer(store, steward)
    address = f"/o/customer/{number}/edit/mobile"
    form = steward_browser.get(address).text
    assert 'name="version" value="1"' in form
    wrong = steward_browser.post(address, {"mobile": "12", "version": "1"}, **{"HX-Request": "true"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    right = steward_browser.post(address, {"mobile": "13900139000", "version": "1"}, **{"HX-Request": "true"})
    assert right.status_code == 200
    assert "13900139000" in right.text


def test_when_somebody_was_quicker_both_values_are_shown(
    steward_browser, administrator_browser, store, steward
):
    number = customer(store, steward)
    address = f"/o/customer/{number}/edit/mobile"
    for each in (steward_browser, administrator_browser):
        each.get(address)
    administrator_browser.post(address, {"mobile": "13900139000", "version": "1"})
    dispute = steward_browser.post(
        address, {"mobile": "13700137000", "version": "1"}, **{"HX-Request": "true"}
    )
    assert dispute.status_code == 409
    assert "13900139000" in dispute.text
    assert "13700137000" in dispute.text
    taken = steward_browser.post(address, {"mobile": "13700137000", "version": "2"}, **{"HX-Request": "true"})
    assert taken.status_code == 200


def test_a_reader_sees_everything_and_changes_nothing(reader_browser, store, steward):
    number = customer(store, steward)
    page = reader_browser.get(f"/o/customer/{number}").text
    assert NAME in page
    for word in ("fact-edit", 'id="deletion"', "composer-kinds"):
        assert word not in page
    for address in (
        f"/o/customer/{number}/delete",
        f"/o/customer/{number}/edit/name",
        f"/o/customer/{number}/activities",
    ):
        assert reader_browser.post(address, {"name": "x", "content": "x", "version": "1"}).status_code in (
            403,
            422,
        )
    assert reader_browser.get("/o/customer/new").status_code == 403
    assert reader_browser.get("/settings/people").status_code == 403
    assert reader_browser.get("/settings/objects").status_code == 403


def test_a_note_stands_in_the_timeline_at_once(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.get(f"/o/customer/{number}")
    form = {
        "kind": "call",
        "content": "Spoke about prices\nThey want 5 % off",
        "next_step": "Send offer",
        "next_on": "2026-12-01",
    }
    part = steward_browser.post(f"/o/customer/{number}/activities", form, **{"HX-Request": "true"})
    assert part.status_code == 200
    for text in ("Spoke about prices", "They want 5 % off", "Send offer", "1 Dec 2026"):
        assert text in part.text


def test_a_note_that_cannot_be_saved_keeps_its_text(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.get(f"/o/customer/{number}")
    form = {"content": "Visited", "next_on": "some day"}
    part = steward_browser.post(f"/o/customer/{number}/activities", form, **{"HX-Request": "true"})
    assert part.status_code == 422
    assert ">Visited</textarea>" in part.text


def test_what_is_deleted_waits_in_the_bin_and_comes_back(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.get(f"/o/customer/{number}")
    steward_browser.post(f"/o/customer/{number}/delete")
    assert NAME not in steward_browser.get("/o/customer").text
    assert NAME in steward_browser.get("/o/customer?bin=1").text
    assert "in the recycle bin" in steward_browser.get(f"/o/customer/{number}").text
    steward_browser.post(f"/o/customer/{number}/restore")
    assert NAME in steward_browser.get("/o/customer").text


def test_history_takes_one_change_back(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.post(f"/o/customer/{number}/edit/level", {"level": "A", "version": "1"})
    page = steward_browser.get(f"/o/customer/{number}?tab=history").text
    undo = re.search(rf"/o/customer/{number}/undo/\d+", page)[0]
    assert steward_browser.post(undo).status_code == 303
    with store.transaction("web") as tx:
        assert reading.get(tx, steward, "customer", number).values["level"] == "B"


def test_each_value_tells_where_it_comes_from(steward_browser, store, steward):
    number = customer(store, steward)
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql(
            """UPDATE crm.customer SET origin = '{"mobile": {"source": "sales ledger", "row": 1182}}'"""
        )
    page = steward_browser.get(f"/o/customer/{number}").text
    assert "sales ledger" in page
    assert "1,182" in page
    assert page.count("origin-card") == 1


def test_the_palette_finds_records_and_pages(steward_browser, store, steward):
    number = customer(store, steward)
    assert f"/o/customer/{number}" in steward_browser.get("/search?q=hzyf").text
    assert f"/o/customer/{number}" in steward_browser.get("/search?q=138001").text
    assert "/o/ticket" in steward_browser.get("/search?q=ticket").text
    assert f'data-id="{number}"' in steward_browser.get("/pick/customer?q=yunfan").text


def test_what_people_typed_is_never_markup(steward_browser, store, steward):
    evil = '<img src=x onerror="alert(1)">'
    number = customer(store, steward, name=evil, description=evil, tags=[evil[:40]])
    for address in (
        "/o/customer",
        f"/o/customer/{number}",
        f"/o/customer/{number}?tab=history",
        "/search?q=img",
    ):
        assert "<img src=x" not in steward_browser.get(address).text


def test_only_web_addresses_become_links(steward_browser, store, steward):
    number = customer(store, steward, website="https://example.com")
    assert 'href="https://example.com' in steward_browser.get(f"/o/customer/{number}").text


def test_the_language_of_a_person_stays_with_them(steward_browser, store, steward):
    number = customer(store, steward)
    english = steward_browser.get(f"/o/customer/{number}").text
    steward_browser.post("/habits/language", {"language": "zh", "next": "/o/customer"})
    chinese = steward_browser.get(f"/o/customer/{number}").text
    assert "Customer name" in english
    assert "客户名称" in chinese
    assert "Key facts" not in chinese


def test_what_is_not_there_says_so_in_the_readers_language(steward_browser):
    for address in ("/nowhere", "/o/nothing", "/o/customer/999999", "/runs/999999"):
        answer = steward_browser.get(address)
        assert answer.status_code == 404
        assert "Not found" in answer.text


@pytest.mark.parametrize(("address", "status"), [("/nowhere", 404), ("/settings/people", 403)])
def test_whatever_is_refused_has_a_reference_that_stands_in_the_log(reader_browser, address, status):
    with capture_logs() as lines:
        answer = reader_browser.get(address)
    assert answer.status_code == status
    reference = re.search(r"Reference: <code>(\w+)</code>", answer.text)[1]
    (told,) = (each for each in lines if each.get("reference") == reference)
    assert (told["status"], told["path"]) == (status, address)


def test_a_fault_of_ours_gives_a_reference_and_no_detail(steward_browser, store, steward):
    customer(store, steward)
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql("ALTER TABLE crm.customer RENAME TO elsewhere")
    answer = steward_browser.get("/o/customer")
    assert answer.status_code == 500
    assert "<code>" in answer.text
    assert "elsewhere" not in answer.text
    assert "Traceback" not in answer.text


def test_people_are_added_and_kept_out_by_an_administrator(administrator_browser, browser):
    administrator_browser.get("/settings/people")
    form = {
        "name": "赵六",
        "login": "zhao",
        "password": "correct horse battery",
        "role": "reader",
        "department": "销售部",
    }
    assert administrator_browser.post("/settings/people", form).status_code == 303
    newcomer = browser().sign_in("zhao")
    line = administrator_browser.get("/settings/people").text.split("赵六</span></a></th>")[0]
    number = re.findall(r"/settings/people/(\d+)", line)[-1]
    administrator_browser.post(f"/settings/people/{number}", {"active": "no"})
    assert newcomer.get("/").status_code == 303


def test_the_door_of_every_change_is_written_down(steward_browser, store, steward):
    steward_browser.get("/o/customer/new")
    steward_browser.post("/o/customer/new", {"name": NAME})
    with store.transaction("web") as tx:
        number = reading.find(tx, steward, Asked(object="customer")).records[0].id
    assert "by hand" in steward_browser.get(f"/o/customer/{number}?tab=history").text


def test_a_record_without_a_title_is_called_by_its_number(steward_browser, store, steward):
    owner = customer(store, steward)
    ticket = create(store, steward, "ticket", customer=owner, number="GD000481", opened_at="2026-05-01T10:00")
    for address in ("/o/ticket", f"/o/ticket/{ticket}", f"/o/ticket/{ticket}/peek", f"/o/customer/{owner}"):
        page = steward_browser.get(address, **{"HX-Request": "true"}).text
        assert "GD000481" in page, address
        assert f"#{ticket}" not in page, address


def test_who_is_kept_out_reads_in_words_what_the_roles_do_not_let(reader_browser):
    page = reader_browser.get("/settings/people")
    assert page.status_code == 403
    assert "Your roles do not let you manage people, settings and the system" in page.text


def test_the_form_is_headed_like_a_sentence(steward_browser):
    assert "New customer" in steward_browser.get("/o/customer/new").text


def test_many_views_are_listed_in_the_menu_of_views_few_are_not(steward_browser):
    assert 'class="all-views"' not in steward_browser.get("/o/customer").text
    for number in range(6):
        given = {"look": "", "act": "keep", "name": f"View {number}"}
        assert steward_browser.post("/o/customer/views", given).status_code == 303
    assert 'class="all-views"' in steward_browser.get("/o/customer").text


def test_the_language_of_signing_in_can_be_changed_before_anybody_is_known(browser):
    somebody = browser()
    page = somebody.get("/sign-in?language=zh&next=/o/customer").text
    assert 'lang="zh-CN"' in page
    assert "/sign-in?language=en&amp;next=/o/customer" in page
    wrong = somebody.post("/sign-in", {"login": "nobody", "password": "wrong", "language": "zh"})
    assert wrong.status_code == 422
    assert 'lang="zh-CN"' in wrong.text
