"""Laws of the list pages: views, filters in the address, columns, cells, bulk work; obeying permission throughout."""

import re
from urllib.parse import quote

import pytest

from guanxi.identity import notices
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from guanxi.web.lists.filters import Group, Rule, write_filter
from tests.web.records import NAME, create, customer

MOST_QUERIES = 12
LIST = "/o/customer"


def where(*rules: Rule, word: str = "all") -> str:
    return quote(write_filter(Group(word=word, members=rules)))


LEVEL_A = where(Rule(path="level", operator="any_of", values=("A",)))
PART = {"HX-Request": "true"}


def names(page: str) -> list[str]:
    return re.findall(r'class="line-link" href="[^"]+">([^<]+)<', page)


def test_a_filter_travels_in_the_address_and_stands_there_in_words(steward_browser, store, steward):
    customer(store, steward)
    customer(store, steward, name="Acme", level="A")
    page = steward_browser.get(f"{LIST}?where={LEVEL_A}").text
    assert names(page) == ["Acme"]
    assert "<strong>A (key)</strong>" in page
    assert "Remove this filter" in page
    steward_browser.post("/habits/language", {"language": "zh"})
    assert "A级（重点）" in steward_browser.get(f"{LIST}?where={LEVEL_A}").text


def test_old_addresses_that_name_a_field_are_filters_too(steward_browser, store, steward):
    number = customer(store, steward)
    create(store, steward, "contact", name="Ann", customer=number)
    page = steward_browser.get(f"/o/contact?customer={number}&mine=1").text
    assert names(page) == ["Ann"]
    assert f"<strong>{NAME}</strong>" in page
    assert "<strong>me</strong>" in page


@pytest.mark.parametrize("text", ["[", '["&",["level"]]', '["?"]', "x" * 9000])
def test_an_address_nobody_wrote_says_so_and_shows_nothing(steward_browser, store, steward, text):
    customer(store, steward)
    page = steward_browser.get(f"{LIST}?where={quote(text)}")
    assert page.status_code == 200
    assert "cannot be read" in page.text
    assert names(page.text) == []
    assert f'href="{LIST}?view=all"' in page.text


def test_a_wrong_rule_in_an_address_shows_nothing_and_says_why(steward_browser, store, steward):
    customer(store, steward)
    rule = where(Rule(path="total_amount", operator="above", values=("' OR 1=1 --",)))
    page = steward_browser.get(f"{LIST}?where={rule}").text
    assert names(page) == []
    assert "is not an amount of money" in page


def test_the_builder_tells_what_is_wrong_beside_its_row_and_keeps_it(steward_browser, store, steward):
    row = "g0=all&r0.0.path=total_amount&r0.0.operator=above&r0.0.was=number&r0.0.value=much"
    page = steward_browser.get(f"{LIST}/filter?{row}&act=apply")
    assert page.status_code == 422
    assert 'value="much"' in page.text
    assert "is not an amount of money" in page.text
    right = steward_browser.get(f"{LIST}/filter?{row.replace('much', '5000')}&act=apply")
    assert right.status_code == 303
    assert "where=" in right.headers["location"]


def test_the_builder_adds_lines_and_groups_and_takes_them_away(steward_browser):
    first = steward_browser.get(f"{LIST}/filter").text
    assert first.count('class="rule"') == 1
    row = "g0=all&r0.0.path=level&r0.0.operator=any_of&r0.0.was=level+choices&r0.0.value=A"
    grown = steward_browser.get(f"{LIST}/filter?{row}&act=group").text
    assert grown.count('class="rule"') == 2
    assert 'value="A" checked' in grown
    assert "customer.industry" not in grown
    assert "customer.industry" in steward_browser.get("/o/order/filter").text
    dropped = steward_browser.get(f"{LIST}/filter?{row}&act=drop:0:0", **PART).text
    assert 'class="rule"' not in dropped
    other = row.replace("path=level", "path=name")
    assert (
        'value="A"'
        not in steward_browser.get(f"{LIST}/filter?{other}&act=redraw").text.split("rule-value")[1][:200]
    )


def test_columns_are_chosen_moved_and_shown_also_from_behind_a_link(steward_browser, store, steward):
    number = customer(store, steward, industry="C34")
    create(store, steward, "contact", name="Ann", customer=number)
    page = steward_browser.get("/o/contact?columns=name,customer.industry,customer").text
    heads = re.findall(r'<th scope="col" data-path="([^"]+)"', page)
    assert heads == ["name", "customer.industry", "customer"]
    assert "通用设备制造业" in page
    asked = "path=name&path=customer&path=mobile"
    assert "Mobile" in steward_browser.get(f"/o/contact/columns?{asked}&act=up:mobile").text
    applied = steward_browser.get(f"/o/contact/columns?{asked}&act=apply").headers["location"]
    assert applied == "/o/contact?columns=name%2Ccustomer%2Cmobile"
    assert steward_browser.get("/o/contact/columns?path=name&act=usual").headers["location"] == "/o/contact"


def test_a_width_is_remembered_per_person_and_view(steward_browser, administrator_browser, store, steward):
    customer(store, steward)
    steward_browser.get(LIST)
    sent = steward_browser.post(
        f"{LIST}/width", {"look": "view=mine", "path": "mobile", "width": "243"}, **PART
    )
    assert sent.status_code == 204
    assert "w-240" in steward_browser.get(f"{LIST}?view=mine").text
    assert "w-240" not in steward_browser.get(LIST).text
    assert "w-240" not in administrator_browser.get(f"{LIST}?view=mine").text
    assert steward_browser.post(f"{LIST}/width", {"path": "nothing", "width": "9"}).status_code == 303


def keep(browser, name: str, **more: str):
    browser.get(LIST)
    return browser.post(f"{LIST}/views", {"act": "keep", "name": name, "look": f"where={LEVEL_A}", **more})


def test_a_view_is_kept_for_oneself_renamed_begun_with_and_removed(
    steward_browser, reader_browser, store, steward
):
    customer(store, steward)
    customer(store, steward, name="Acme", level="A")
    for browser in (reader_browser, steward_browser):
        kept = keep(browser, "Key accounts")
        assert kept.status_code == 303, "everybody may keep views, also who may only read"
        assert names(browser.get(kept.headers["location"]).text) == ["Acme"]
    address = kept.headers["location"]
    key = address.partition("view=")[2]
    assert reader_browser.get(LIST).text.count("Key accounts") == 1, "nobody sees another person's"
    look = {"look": f"view={key}"}
    steward_browser.post(f"{LIST}/views", {"act": "rename", "name": "Gold <b>", **look})
    assert "Gold &lt;b&gt;" in steward_browser.get(LIST).text
    steward_browser.post(f"{LIST}/views", {"act": "first", **look})
    assert names(steward_browser.get(LIST).text) == ["Acme"]
    assert len(names(steward_browser.get(f"{LIST}?view=all").text)) == 2
    changed = {"look": f"view={key}&where=-&sort=name"}
    steward_browser.post(f"{LIST}/views", {"act": "save", **changed})
    assert names(steward_browser.get(LIST).text) == ["Acme", NAME]
    steward_browser.post(f"{LIST}/views", {"act": "remove", **look})
    assert "Gold &lt;b&gt;" not in steward_browser.get(LIST).text
    assert len(names(steward_browser.get(LIST).text)) == 2


def test_only_who_may_administer_or_customise_shares_a_view(
    steward_browser, administrator_browser, reader_browser
):
    assert keep(steward_browser, "For all", shared="1").status_code == 403
    kept = keep(administrator_browser, "For all", shared="1")
    key = kept.headers["location"].partition("view=")[2]
    assert "For all" in reader_browser.get(LIST).text
    for act in ("rename", "remove", "save"):
        look = {"look": f"view={key}", "name": "Mine now"}
        assert reader_browser.post(f"{LIST}/views", {"act": act, **look}).status_code == 403
    assert keep(administrator_browser, "").status_code == 422
    for act, status in (("remove", 404), ("nonsense", 400)):
        sent = administrator_browser.post(f"{LIST}/views", {"act": act, "look": "view=all"})
        assert sent.status_code == status


def test_views_cannot_be_reached_around_their_door(steward_browser, reader_browser):
    keep(steward_browser, "Secret plans")
    for browser in (reader_browser, steward_browser):
        assert browser.get("/o/view").status_code == 403
        assert "Secret plans" not in browser.get("/search?q=Secret").text
        assert "/o/view" not in browser.get("/").text


def test_a_cell_is_changed_by_the_rules_of_the_record_page(steward_browser, store, steward):
    number = customer(store, steward)
    cell = f"{LIST}/{number}/cell/mobile"
    assert 'name="version" value="1"' in steward_browser.get(f"{cell}?open=1").text
    wrong = steward_browser.post(cell, {"mobile": "12", "version": "1"}, **PART)
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text
    right = steward_browser.post(cell, {"mobile": "13900139000", "version": "1"}, **PART)
    assert right.status_code == 200
    assert "13900139000" in right.text
    late = steward_browser.post(cell, {"mobile": "13700137000", "version": "1"}, **PART)
    assert late.status_code == 409
    assert "13900139000" in late.text
    assert "13700137000" in late.text


def test_who_only_reads_is_offered_no_change(reader_browser, store, steward):
    number = customer(store, steward)
    page = reader_browser.get(LIST).text
    assert NAME in page
    for word in ("data-edit-at", 'value="change"', 'value="delete"', 'value="owner"'):
        assert word not in page
    assert reader_browser.post(f"{LIST}/{number}/cell/name", {"name": "x"}, **PART).status_code == 403
    for act in ("change", "owner", "delete", "restore"):
        form = {"act": act, "id": str(number), "sure": "1", "field": "name", "name": "x"}
        assert reader_browser.post(f"{LIST}/bulk", form).status_code == 403
    with store.transaction("web") as tx:
        assert reading.get(tx, steward, "customer", number).values["name"] == NAME


def test_several_records_are_changed_at_once_and_each_refusal_is_told(steward_browser, store, steward):
    numbers = [customer(store, steward, name=f"Firm {at}", level="ABC"[at]) for at in range(3)]
    steward_browser.get(LIST)
    form = {"act": "change", "id": [str(each) for each in (*numbers, 999_999)], "look": ""}
    assert 'value="stage"' in steward_browser.post(f"{LIST}/bulk", form).text
    asked = steward_browser.post(f"{LIST}/bulk", {**form, "field": "level"}).text
    assert 'name="level"' in asked
    told = steward_browser.post(f"{LIST}/bulk", {**form, "field": "level", "level": "A", "sure": "1"}).text
    assert "2 changed." in told
    assert "1 had this value already." in told
    assert "not there, or not yours to change" in told
    with store.transaction("web") as tx:
        found = reading.find(tx, steward, Asked(object="customer")).records
        assert {each.values["level"] for each in found} == {"A"}
    wrong = steward_browser.post(f"{LIST}/bulk", {**form, "field": "mobile", "mobile": "12", "sure": "1"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.text


def test_everything_that_fits_is_given_to_somebody_deleted_and_restored(
    steward_browser, administrator, store, steward
):
    for at in range(60):
        customer(store, steward, name=f"Firm {at}", level="AB"[at % 2])
    steward_browser.get(LIST)
    form = {"all": "1", "look": f"where={LEVEL_A}", "sure": "1"}
    owner = {**form, "act": "owner", "owner": str(administrator.id)}
    assert "30 changed." in steward_browser.post(f"{LIST}/bulk", owner).text
    with store.transaction("test") as tx:
        (told,) = notices.latest(tx, administrator)
    assert (told.kind, told.message.values["number"], told.address) == ("bulk", 30, f"{LIST}?mine=1")
    assert "30 went into" in steward_browser.post(f"{LIST}/bulk", {**form, "act": "delete"}).text
    assert names(steward_browser.get(f"{LIST}?where={LEVEL_A}").text) == []
    back = {**form, "look": "bin=1", "act": "restore"}
    assert "30 came back." in steward_browser.post(f"{LIST}/bulk", back).text
    for wrong in ({"act": "change", "look": ""}, {"act": "drop table", "id": "1"}):
        assert steward_browser.post(f"{LIST}/bulk", wrong).status_code == 400


def test_nothing_is_done_to_everything_by_a_filter_that_cannot_be_understood(steward_browser, store, steward):
    number = customer(store, steward)
    steward_browser.get(LIST)
    broken = where(Rule(path="level", operator="any_of", values=("Z",)))
    form = {"act": "delete", "all": "1", "sure": "1", "look": f"where={broken}"}
    assert steward_browser.post(f"{LIST}/bulk", form).status_code == 400
    for look in ("where=%5Bnonsense", "view=4711"):
        assert steward_browser.post(f"{LIST}/bulk", {**form, "look": look}).status_code == 400
    with store.transaction("web") as tx:
        assert reading.get(tx, steward, "customer", number).id == number


def test_the_foot_counts_and_adds_up_one_currency_only(steward_browser, store, steward):
    customer(store, steward, total_amount="100.50")
    customer(store, steward, name="Acme", total_amount="200")
    foot = steward_browser.get(f"{LIST}/foot?columns=name,total_amount,employees").text
    assert 'data-count="2"' in foot
    assert "300.50" in foot
    customer(store, steward, name="Abroad", total_amount="USD 5")
    assert "305.50" not in steward_browser.get(f"{LIST}/foot?columns=name,total_amount").text


def test_sorting_a_large_list_is_offered_where_an_index_serves(steward_browser, store, steward):
    customer(store, steward)
    with store.transaction("web") as tx:
        tx.connection.exec_driver_sql(
            "UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'crm.customer'::regclass"
        )
    page = steward_browser.get(f"{LIST}?sort=contact_name").text
    assert "it has no index" in page
    assert "sort=name" in page
    assert "sort=-contact_name" not in page
    assert names(page) == [NAME]


@pytest.mark.parametrize(
    "address",
    [
        f"{LIST}?where={LEVEL_A}&sort=-name&q=yf",
        f"{LIST}?view=recent",
        f"{LIST}/foot",
        f"{LIST}/filter?where={LEVEL_A}",
        f"{LIST}/columns",
        "/o/contact?customer=1&mine=1&columns=name,customer,customer.level,owner,owner.department",
        f"{LIST}/export",
    ],
)
def test_no_page_of_a_list_asks_more_than_twelve_questions(steward_browser, store, steward, queries, address):
    number = customer(store, steward)
    with queries() as sent:
        assert steward_browser.get(address.replace("customer=1", f"customer={number}")).status_code == 200
    assert len(sent) <= MOST_QUERIES, sent


def test_titles_and_views_are_never_markup(steward_browser, store, steward):
    evil = '<img src=x onerror="alert(1)">'
    with store.transaction("web") as tx:
        writing.create(tx, steward, "customer", {"name": evil, "tags": evil})
    keep(steward_browser, evil)
    rule = where(Rule(path="name", operator="contains", values=(evil,)))
    for address in (LIST, f"{LIST}?where={rule}", f"{LIST}/filter?where={rule}", f"{LIST}?q={quote(evil)}"):
        assert "<img src=x" not in steward_browser.get(address).text


def test_what_changed_last_stands_first_however_long_the_list_is(
    steward_browser, store, steward, monkeypatch
):
    monkeypatch.setattr("guanxi.web.lists.desk.SOON_SORTED", -1)
    first, _ = customer(store, steward, name="First"), customer(store, steward, name="Second")
    with store.transaction("test") as tx:
        writing.update(tx, steward, "customer", first, {"level": "A"})
    assert names(steward_browser.get(f"{LIST}?view=recent").text) == ["First", "Second"]
    with store.transaction("test") as tx:
        held = tx.connection.exec_driver_sql(
            "SELECT count(*) FROM pg_indexes WHERE schemaname = 'crm' AND indexdef LIKE '%%(updated_at, id)'"
        ).scalar_one()
        assert held == len(tx.catalog.objects) - ("user" in tx.catalog.objects)
