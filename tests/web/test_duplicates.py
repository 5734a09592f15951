"""The stack: what waits, one pair with its evidence, a decision and its way back; merged records and rows."""

import re

import pytest

from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from tests.web.conftest import text_of
from tests.web.stewardship import pair, row

ONE, OTHER, THIRD = "杭州云帆机械有限公司", "杭州云帆机诫有限公司", "杭州青禾机械"
PART = {"HX-Request": "true"}


@pytest.fixture
def numbers(store, steward) -> tuple[int, int]:
    """Return two customers that may be one."""
    first = row(store, steward, "ledger", "1", name=ONE, mobile="13800138000")
    return first, row(store, steward, "desk", "2", name=OTHER, email="a@example.com")


@pytest.fixture
def review(store, steward, numbers) -> int:
    """Return the pair of the two."""
    return pair(store, steward, ("ledger|1", ONE), ("desk|2", OTHER))


def decision(store, steward, review) -> tuple:
    with store.transaction("test") as tx:
        found = reading.get(tx, steward, "review", review, ("decision", "decided_by", "comment"))
    return found.values["decision"], found.titles.get("decided_by") or None, found.values["comment"]


def customers(store, steward) -> list[str]:
    with store.transaction("test") as tx:
        asked = Asked(object="customer", fields=("name",), order=(("id", False),))
        return [each.values["name"] for each in reading.find(tx, steward, asked).records]


def test_a_pair_shows_both_sides_what_differs_why_and_what_a_join_makes(steward_browser, review):
    page = steward_browser.get("/duplicates").text
    assert "<mark>械</mark>" in page
    assert "<mark>诫</mark>" in page
    text = text_of(page)
    assert "the mobile numbers are equal" in text
    assert "in favour 70%" in text
    assert "against 30%" in text
    assert "71%" in text
    assert 'name="choice.name" value="right"' in page


def test_the_pages_of_a_steward_ask_little_of_the_database(steward_browser, review, numbers, queries):
    for address in (
        "/duplicates",
        f"/duplicates/{review}",
        "/duplicates?source=ledger&order=worth",
        "/merged",
        f"/o/customer/{numbers[0]}/rows",
    ):
        steward_browser.get(address)
        with queries() as sent:
            assert steward_browser.get(address).status_code == 200
        assert len(sent) <= 12, "\n".join(sent)


def test_a_join_merges_with_the_values_chosen_and_the_next_pair_comes(
    steward_browser, store, steward, review, numbers
):
    steward_browser.get("/duplicates")
    form = {"decision": "join", "choice.name": "right", "choice.mobile": "proposed", "comment": "同一家"}
    answer = steward_browser.post(f"/duplicates/{review}/decide", form)
    assert answer.headers["location"] == "/duplicates"
    assert customers(store, steward) == [OTHER]
    assert decision(store, steward, review) == ("join", "李数据", "同一家")
    assert "No duplicates wait" in steward_browser.get("/duplicates").text


def test_a_script_gets_a_notice_and_the_settled_pairs(steward_browser, store, steward, review, numbers):
    row(store, steward, "shop", "3", record=numbers[0])
    also = pair(store, steward, ("shop|3", ONE), ("desk|2", OTHER), 60)
    steward_browser.get("/duplicates")
    answer = steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"}, **PART)
    assert answer.status_code == 200
    assert f'data-followed="{also}"' in answer.text
    assert "Joined" in answer.text
    back = steward_browser.post(f"/duplicates/{review}/undo", **PART)
    assert "open again" in back.text
    assert decision(store, steward, also) == ("undecided", None, None)
    assert customers(store, steward) == [ONE, OTHER]


def test_an_apart_is_kept_and_listed_among_the_decided(steward_browser, store, steward, review):
    steward_browser.get("/duplicates")
    steward_browser.post(f"/duplicates/{review}/decide", {"decision": "apart"})
    assert decision(store, steward, review)[0] == "apart"
    page = steward_browser.get("/duplicates?state=decided").text
    assert "Different customers · 李数据" in page
    assert "Take back" in page
    steward_browser.post(f"/duplicates/{review}/undo")
    assert decision(store, steward, review)[0] == "undecided"


def test_the_second_of_two_stewards_reads_who_was_quicker(
    steward_browser, administrator_browser, store, steward, review
):
    for each in (steward_browser, administrator_browser):
        each.get(f"/duplicates/{review}")
    administrator_browser.post(f"/duplicates/{review}/decide", {"decision": "apart"})
    answer = steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"}, **PART)
    assert answer.status_code == 409
    assert "王管理 has decided this pair already" in answer.text
    assert decision(store, steward, review)[:2] == ("apart", "王管理")


def test_who_may_only_read_sees_pairs_and_decides_nothing(reader_browser, store, steward, review, numbers):
    page = reader_browser.get(f"/duplicates/{review}").text
    assert ONE in page
    assert 'value="join"' not in page
    for address, form in (
        (f"/duplicates/{review}/decide", {"decision": "join"}),
        (f"/duplicates/{review}/undo", {}),
        ("/merged/1/take-apart", {}),
        ("/merged/split-x/put-back", {}),
        (f"/o/customer/{numbers[0]}/rows", {"take": "ledger|1"}),
    ):
        assert reader_browser.post(address, form).status_code == 403
    assert customers(store, steward) == [ONE, OTHER]


def test_nothing_is_decided_without_the_token_or_a_known_word(steward_browser, store, steward, review):
    steward_browser.get("/duplicates")
    forged = steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"}, token="forged")
    assert forged.status_code == 403
    assert steward_browser.post(f"/duplicates/{review}/decide", {"decision": "perhaps"}).status_code == 400
    assert decision(store, steward, review)[0] == "undecided"


def test_the_list_is_narrowed_ordered_and_goes_on(steward_browser, store, steward, numbers):
    for place in range(45):
        pair(store, steward, (f"ledger|{place}x", f"甲{place}"), ("desk|2", OTHER), place, worth=100 - place)
    pair(store, steward, ("shop|9", "商城客户"), ("web|9", "网站客户"), 99)
    with store.transaction("test") as tx:
        source = {"name": "shop", "title": "网上商城", "kind": "rest", "department": "电商部"}
        writing.create(tx, steward, "source", source)
    page = steward_browser.get("/duplicates").text
    assert page.index("商城客户") < page.index("甲44")
    assert "甲3<" not in page
    more = re.search(r'hx-get="(/duplicates/more[^"]+)"', page)
    assert "甲3<" in steward_browser.get(more[1].replace("&amp;", "&"), **PART).text
    assert "商城客户" not in steward_browser.get("/duplicates?source=ledger").text
    assert "甲44" not in steward_browser.get("/duplicates?department=电商部").text
    worth = steward_browser.get("/duplicates?order=worth&source=ledger").text
    assert worth.index("甲0<") < worth.index("甲5<")
    assert "No pair fits" in steward_browser.get("/duplicates?source=nobody").text


def test_pairs_that_are_not_loaded_say_when_the_decision_acts(steward_browser, store, steward):
    pair(store, steward, ("ledger|7", ONE), ("desk|8", OTHER))
    assert "acts in the next run" in steward_browser.get("/duplicates").text


def test_what_is_already_here_is_called_so_and_not_by_the_name_of_the_program(
    steward_browser, store, steward
):
    number = row(store, steward, "ledger", "1", name="杭州云帆")
    asked = pair(store, steward, ("ledger|1", "杭州云帆"), (f"guanxi|{number}", "杭州云帆"))
    for page in ("/duplicates", f"/duplicates/{asked}/group"):
        main = steward_browser.get(page).text.partition('id="main"')[2]
        assert "already here" in text_of(main)
        assert "guanxi" not in text_of(main)


def test_the_page_is_in_the_readers_language_and_escapes_what_sources_say(browser, store, steward, numbers):
    pair(store, steward, ("ledger|1", "<script>alert(1)</script>"), ("desk|2", OTHER))
    page = browser().sign_in("steward", "zh").get("/duplicates").text
    assert "<script>alert(1)" not in page
    assert "疑似重复" in page


def test_a_group_shows_all_its_rows_and_decides_pair_by_pair(
    steward_browser, store, steward, review, numbers
):
    third = row(store, steward, "shop", "3", name=THIRD)
    other = pair(store, steward, ("desk|2", OTHER), ("shop|3", THIRD), 60)
    assert "See the whole group" in steward_browser.get(f"/duplicates/{review}").text
    page = steward_browser.get(f"/duplicates/{review}/group").text
    assert "3 rows" in page
    assert f"/o/customer/{third}" in page
    answer = steward_browser.post(f"/duplicates/{other}/decide?group={review}", {"decision": "apart"})
    assert answer.headers["location"] == f"/duplicates/{review}/group"
    assert "Different customers · 李数据" in steward_browser.get(f"/duplicates/{review}/group").text


def test_a_merge_is_taken_apart_from_the_list_of_merges(steward_browser, store, steward, review):
    steward_browser.get("/duplicates")
    steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"})
    page = steward_browser.get("/merged").text
    assert OTHER in page
    assert "customer of its own again" in page
    assert "(before:" not in page
    merge = re.search(r"/merged/(\d+)/take-apart", page)
    assert steward_browser.post(merge[0]).headers["location"] == "/merged"
    assert customers(store, steward) == [ONE, OTHER]
    assert decision(store, steward, review)[0] == "apart"


def test_merges_are_listed_for_those_who_look_and_nothing_says_so(reader_browser, steward_browser, review):
    assert "Nothing was merged yet" in reader_browser.get("/merged").text
    steward_browser.get("/duplicates")
    steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"})
    page = reader_browser.get("/merged").text
    assert "Made of several source rows" in page
    assert "take-apart" not in page


def test_merged_records_are_found_by_the_name_that_stayed_the_one_that_went_and_the_one_of_several_rows(
    steward_browser, store, steward, review
):
    third = row(store, steward, "shop", "3", name=THIRD)
    row(store, steward, "shop", "4", record=third)
    steward_browser.get("/duplicates")
    steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join"})
    for words, is_joined, is_of_several in (
        ("云帆", True, False),
        (OTHER, True, False),
        ("青禾", False, True),
    ):
        page = steward_browser.get(f"/merged?q={words}").text
        assert ("take-apart" in page) is is_joined, words
        assert (f"/o/customer/{third}/rows" in page) is is_of_several, words
    page = steward_browser.get("/merged?q=没有此名").text
    assert "No matches" in page
    assert 'value="没有此名"' in page


def test_a_customer_that_took_the_name_of_the_other_says_what_it_was_called(steward_browser, review):
    steward_browser.get("/duplicates")
    steward_browser.post(f"/duplicates/{review}/decide", {"decision": "join", "choice.name": "right"})
    assert f"(before: {ONE})" in steward_browser.get("/merged").text


def test_a_part_of_an_explanation_that_ends_in_a_colon_announces_the_next(
    steward_browser, store, steward, numbers
):
    said = (
        "they agree, but other records of their groups speak against it:",
        "a steward keeps them apart",
    )
    told = {"sentences": [{"text": each, "values": {}} for each in said], "evidence": []}
    pair(store, steward, ("ledger|1", ONE), ("desk|2", OTHER), evidence=told)
    page = text_of(steward_browser.get("/duplicates").text)
    expected = "They agree, but other records of their groups speak against it: a steward keeps them apart."
    assert expected in page


def test_rows_without_files_are_named_and_cannot_be_taken_apart(steward_browser, store, steward, numbers):
    row(store, steward, "shop", "3", record=numbers[0])
    address = f"/o/customer/{numbers[0]}/rows"
    page = steward_browser.get(address).text
    assert "made of 2 source rows" in page
    assert "files of the run" in page
    assert 'name="take"' not in page
    answer = steward_browser.get(address + "?take=shop|3")
    assert answer.status_code == 422
    assert "bring their source in again" in answer.text
    assert steward_browser.post(address, {"take": "shop|3"}).status_code == 400


def test_a_customer_made_by_hand_has_no_rows_and_other_objects_have_no_such_page(
    steward_browser, store, steward
):
    number = writing_customer(store, steward)
    assert "Made by hand" in steward_browser.get(f"/o/customer/{number}/rows").text
    assert steward_browser.get(f"/o/contact/{number}/rows").status_code == 404


def writing_customer(store, steward) -> int:
    with store.transaction("test") as tx:
        return writing.create(tx, steward, "customer", {"name": THIRD})


def test_the_menu_leads_there(steward_browser, reader_browser):
    for each in (steward_browser, reader_browser):
        page = each.get("/").text
        assert 'href="/duplicates"' in page
        assert 'href="/merged"' in page
