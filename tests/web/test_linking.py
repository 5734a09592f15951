"""Laws of fields with several links on pages: chosen by typing, named everywhere, never lost."""

import pytest

from guanxi.records import reading, writing
from tests.web.records import create, customer

LONG = "让-皮埃尔·" + "奥古斯丁" * 8


def linked(store, actor, activity):
    with store.transaction("web") as tx:
        found = reading.get(tx, actor, "activity", activity, ("participants", "contact"))
    return found.values["participants"]


def newest(store, actor, name):
    with store.transaction("web") as tx:
        return reading.find(tx, actor, reading.Asked(object=name, limit=1)).records[0].id


@pytest.fixture
def at(store, steward):
    return customer(store, steward)


@pytest.fixture
def people(store, steward, at):
    return [
        create(store, steward, "contact", customer=at, name=name, mobile=f"1380013800{place}")
        for place, name in enumerate(("张三", "李四", LONG))
    ]


@pytest.fixture
def visit(store, steward, at, people):
    return create(store, steward, "activity", customer=at, subject="拜访", participants=people[:2])


def test_a_record_page_names_the_linked_records_and_lets_them_be_changed(steward_browser, visit, people):
    page = steward_browser.get(f"/o/activity/{visit}").text
    assert f'href="/o/contact/{people[0]}">张三</a>' in page
    assert f"/o/activity/{visit}/edit/participants" in page
    form = steward_browser.get(f"/o/activity/{visit}/edit/participants").text
    assert f'value="{people[0]}" checked' in form
    assert 'data-picker="/pick/contact"' in form
    saved = steward_browser.post(
        f"/o/activity/{visit}/edit/participants",
        {"version": "1", "participants": ["", str(people[2])], "participants.title": ""},
        **{"HX-Request": "true"},
    )
    assert LONG in saved.text


def test_without_a_script_names_are_typed(store, steward, steward_browser, visit, people):
    steward_browser.get(f"/o/activity/{visit}")
    form = {"version": "1", "participants": ["", str(people[0])], "participants.title": f"李四、{LONG}"}
    answer = steward_browser.post(f"/o/activity/{visit}/edit/participants", form)
    assert answer.status_code == 303
    assert linked(store, steward, visit) == tuple(people)


def test_a_name_nobody_has_is_told_beside_the_field_and_stays(store, steward, steward_browser, visit, people):
    steward_browser.get(f"/o/activity/{visit}")
    form = {"version": "1", "participants": ["", str(people[0])], "participants.title": "李四, 无名氏"}
    answer = steward_browser.post(f"/o/activity/{visit}/edit/participants", form, **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert "here is no Contact called “无名氏”" in answer.text
    assert 'value="无名氏"' in answer.text
    assert f'value="{people[0]}" checked' in answer.text
    assert f'value="{people[1]}" checked' in answer.text
    assert linked(store, steward, visit) == tuple(people[:2])


def test_a_name_several_have_asks_for_a_choice(store, steward, steward_browser, at, visit, people):
    create(store, steward, "contact", customer=at, name="李四")
    steward_browser.get(f"/o/activity/{visit}")
    form = {"version": "1", "participants": "", "participants.title": "李四"}
    answer = steward_browser.post(f"/o/activity/{visit}/edit/participants", form, **{"HX-Request": "true"})
    assert "everal are called “李四”" in answer.text


def test_the_name_of_a_single_link_that_was_typed_and_not_chosen_counts(
    store, steward, steward_browser, at, people
):
    steward_browser.get("/o/ticket/new")
    form = {
        "subject": "停机",
        "customer": str(at),
        "customer.title": "",
        "contact": "",
        "contact.title": "李四",
    }
    assert steward_browser.post("/o/ticket/new", form).status_code == 303
    with store.transaction("web") as tx:
        ticket = reading.get(tx, steward, "ticket", newest(store, steward, "ticket"), ("contact",))
    assert ticket.values["contact"] == people[1]


def test_a_form_that_comes_back_keeps_the_links_by_name(steward_browser, at, people):
    steward_browser.get("/o/activity/new")
    form = {
        "subject": "",
        "customer": str(at),
        "participants": ["", str(people[0])],
        "participants.title": "李四",
    }
    answer = steward_browser.post("/o/activity/new", form)
    assert answer.status_code == 422
    assert f'value="{people[0]}" checked' in answer.text
    assert f'value="{people[1]}" checked' in answer.text


def test_both_lists_are_shown_when_somebody_was_quicker(store, administrator, steward_browser, visit, people):
    steward_browser.get(f"/o/activity/{visit}")
    with store.transaction("web") as tx:
        writing.update(tx, administrator, "activity", visit, {"participants": people[:1]})
    form = {"version": "1", "participants": ["", str(people[2])]}
    answer = steward_browser.post(f"/o/activity/{visit}/edit/participants", form, **{"HX-Request": "true"})
    assert answer.status_code == 409
    assert "张三" in answer.text
    assert LONG in answer.text


def test_history_names_linked_records_and_takes_a_change_back(store, steward, steward_browser, visit, people):
    steward_browser.get(f"/o/activity/{visit}")
    steward_browser.post(f"/o/activity/{visit}/edit/participants", {"version": "1", "participants": ""})
    history = steward_browser.get(f"/o/activity/{visit}?tab=history").text
    assert "<del>张三, 李四</del>" in history
    undo = history.split(f'action="/o/activity/{visit}/undo/')[1].split('"')[0]
    steward_browser.post(f"/o/activity/{visit}/undo/{undo}")
    assert linked(store, steward, visit) == tuple(people[:2])


def test_a_list_shows_filters_and_exports_linked_records_by_name(
    store, steward, steward_browser, at, visit, people
):
    other = create(store, steward, "activity", customer=at, subject="电话回访", participants=people[2:])
    shown = steward_browser.get("/o/activity?columns=subject,participants").text
    assert "张三" in shown
    assert f'data-edit-at="/o/activity/{other}/cell/participants"' in shown
    narrowed = steward_browser.get(f"/o/activity?participants={people[0]}").text
    assert f"/o/activity/{visit}" in narrowed
    assert f"/o/activity/{other}" not in narrowed
    assert "张三" in narrowed
    rules = "g0=all&r0.0.path=participants&r0.0.operator=has_none"
    values = f"r0.0.value={people[0]}&r0.0.value={people[1]}"
    built = steward_browser.get(f"/o/activity/filter?{rules}&{values}&act=redraw").text
    assert f'value="{people[1]}" checked' in built
    applied = steward_browser.get(f"/o/activity/filter?{rules}&{values}&act=apply")
    left = steward_browser.get(applied.headers["location"]).text
    assert f"/o/activity/{other}" in left
    assert f'href="/o/activity/{visit}"' not in left


def test_several_records_get_the_same_links_at_once(store, steward, steward_browser, at, visit, people):
    other = create(store, steward, "activity", customer=at, subject="电话回访")
    steward_browser.get("/o/activity")
    form = {
        "act": "change",
        "field": "participants",
        "id": [str(visit), str(other)],
        "sure": "1",
        "participants": ["", str(people[0])],
        "participants.title": "李四",
    }
    assert "1 changed" in steward_browser.post("/o/activity/bulk", form).text
    assert linked(store, steward, visit) == tuple(people[:2])
    assert linked(store, steward, other) == tuple(people[:2])


def test_a_visit_is_noted_with_everybody_who_took_part(store, steward, steward_browser, at, people):
    page = steward_browser.get(f"/o/customer/{at}").text
    assert f'name="participants" value="{people[0]}"' in page
    form = {
        "kind": "visit",
        "content": "现场交流",
        "participants": [str(people[1])],
        "participants.title": LONG,
    }
    assert steward_browser.post(f"/o/customer/{at}/activities", form).status_code == 303
    with store.transaction("web") as tx:
        number = newest(store, steward, "activity")
        noted = reading.get(
            tx, steward, "activity", number, ("participants", "contact", "person", "happened_at")
        )
    assert noted.values["participants"] == tuple(people[1:])
    assert noted.values["contact"] == people[1]
    assert noted.values["person"] == steward.id
    assert noted.values["happened_at"] is not None
    timeline = steward_browser.get(f"/o/customer/{at}").text
    assert f'<a href="/o/contact/{people[2]}">{LONG}</a>' in timeline


def test_the_composer_keeps_who_was_chosen_when_something_is_wrong(steward_browser, at, people):
    steward_browser.get(f"/o/customer/{at}")
    form = {"kind": "visit", "content": "", "participants": [str(people[1])], "participants.title": "无名氏"}
    answer = steward_browser.post(f"/o/customer/{at}/activities", form, **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert f'value="{people[1]}" checked' in answer.text
    assert "无名氏" in answer.text


def test_a_contact_sees_what_they_took_part_in(steward_browser, visit, people):
    page = steward_browser.get(f"/o/contact/{people[0]}").text
    assert f'href="/o/activity/{visit}">拜访</a>' in page
    listed = steward_browser.get(f"/o/contact/{people[0]}?tab=activity.participants").text
    assert f"/o/activity/new?participants={people[0]}&amp;customer=" in listed


def test_pages_with_links_ask_few_questions(steward_browser, queries, visit, at, people):
    for address in (
        f"/o/activity/{visit}",
        f"/o/activity/{visit}?tab=history",
        f"/o/contact/{people[0]}",
        f"/o/contact/{people[0]}?tab=history",
        f"/o/customer/{at}",
        "/o/activity?columns=subject,participants",
        "/o/activity/new",
    ):
        with queries() as sent:
            assert steward_browser.get(address).status_code == 200
        assert len(sent) <= 12, address


def test_a_reader_sees_links_and_changes_none(reader_browser, visit, people):
    page = reader_browser.get(f"/o/activity/{visit}").text
    assert "张三" in page
    assert "/edit/participants" not in page
