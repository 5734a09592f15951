"""Laws of copied values on pages: no list, record, file or search tells what a role hides of customers."""

import io
import zipfile
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from guanxi.customisation import structure
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Grant, Role
from guanxi.records import reading, writing
from guanxi.web.lists.filters import ALL, Group, Rule, write_filter
from tests.web.records import create
from tests.web.stewardship import pair, row
from tests.world import PASSWORD

MOBILE = "13777770001"
ONE, OTHER = "杭州青禾机械有限公司", "宁波远帆包装有限公司"
PART = {"HX-Request": "true"}
ALL_OF_IT = Grant(read="all", create=True, write="all", delete="all")
CENSOR = Role(
    name="censor",
    label=Label(en="Censor", zh="受限"),
    grants={"*": Grant(read="all")},
    fields={"customer.mobile": "masked"},
)
WATCHED = replace(CENSOR, name="watched", grants={"*": ALL_OF_IT}, abilities=("integrate", "answer"))
COPIES = {
    "gap": ("title", "found", "given"),
    "review": ("title", "left_key", "right_key"),
    "correction": ("title", "row_key", "before", "value"),
}


@pytest.fixture
def copies(store, steward):
    """Return, by object, the number of a record that repeats a mobile number; and the customer's."""
    one = row(store, steward, "ledger", MOBILE, name=ONE, mobile=MOBILE)
    row(store, steward, "desk", "2", name=OTHER)
    given = {"title": f"手机：{MOBILE}", "customer": one, "object": "customer", "field": "mobile"}
    gap = create(
        store,
        steward,
        "gap",
        **given,
        kind="wrong",
        found=MOBILE,
        given=MOBILE,
        cells={"reason": "too_short", "note": MOBILE, "target": "customer.mobile", "places": []},
        department="销售部",
        state="open",
    )
    told = {"text": "the mobile numbers are equal: {left}", "values": {"left": MOBILE}}
    evidence = {"sentences": [], "evidence": [{"field": "mobile", "says": told, "weight": 5.0, "share": 1.0}]}
    review = pair(
        store,
        steward,
        (f"ledger|{MOBILE}", ONE),
        ("desk|2", OTHER),
        left={"source": "ledger", "key": MOBILE, "table": "t", "row": "3", "name": ONE, "mobile": MOBILE},
        title=f"{MOBILE} ↔ {OTHER}",
        evidence=evidence,
    )
    word = {"kind": "accept", "source": "ledger", "table": "t", "target": "customer.mobile"}
    texts = {"title": f"mobile: {MOBILE} ✓", "row_key": f"key:{MOBILE}", "before": MOBILE, "value": MOBILE}
    correction = create(store, steward, "correction", **word, **texts)
    with store.transaction("test") as tx:
        writing.update(tx, steward, "gap", gap, {"found": f"{MOBILE} "})
    return {"gap": gap, "review": review, "correction": correction, "customer": one}


def hired(store, browser, role):
    """Return a browser of somebody with that role."""
    with store.transaction("test") as tx:
        ready = structure.apply(tx, SYSTEM, tx.catalog.live_objects, [role])
        person = users.NewUser(login=role.name, name="陈", password=PASSWORD, roles=(role.name,))
        users.create(ready, SYSTEM, person)
    return browser().sign_in(role.name)


@pytest.fixture(params=[CENSOR, WATCHED], ids=lambda each: each.name)
def guest(request, store, browser):
    """Return a browser of somebody to whom mobile numbers are masked: a reader, a steward."""
    return hired(store, browser, request.param)


def asked_by(name: str, fields: tuple[str, ...]) -> list[str]:
    """Return addresses of lists that ask by copies, by name and by filter."""
    rules = [
        Group(word=ALL, members=(Rule(path=each, operator="contains", values=("1377",)),)) for each in fields
    ]
    return [
        f"/o/{name}?{urlencode({'columns': ','.join(fields)})}",
        *(f"/o/{name}?{urlencode({'sort': each})}" for each in fields),
        *(f"/o/{name}?{urlencode({'where': write_filter(each)})}" for each in rules),
        f"/o/{name}?{urlencode({'q': '1377777'})}",
    ]


@pytest.mark.parametrize("name", COPIES)
def test_no_page_of_a_copy_tells_what_it_copies(guest, copies, name):
    number = copies[name]
    record = f"/o/{name}/{number}"
    pages = [f"/o/{name}", *asked_by(name, COPIES[name]), record, f"{record}?tab=history", f"{record}/peek"]
    pages += [f"/o/{name}/filter", f"/o/{name}/columns", f"/o/{name}/foot", f"/pick/{name}?q=1377777"]
    for field in COPIES[name]:
        pages += [f"{record}/fact/{field}", f"{record}/edit/{field}"]
    for address in pages:
        answer = guest.get(address, **PART)
        assert answer.status_code in (200, 403, 404), address
        assert MOBILE not in answer.text.replace(f'value="{MOBILE}"', ""), address
    assert f"#{number}" in guest.get(f"/o/{name}").text
    assert guest.get(record).status_code == 200


@pytest.mark.parametrize("name", COPIES)
def test_a_list_asked_by_a_hidden_copy_finds_nothing(guest, copies, name):
    for field in COPIES[name]:
        rule = Group(word=ALL, members=(Rule(path=field, operator="contains", values=("1377",)),))
        answer = guest.get(f"/o/{name}?{urlencode({'where': write_filter(rule)})}")
        assert f"/o/{name}/{copies[name]}" not in answer.text, field
    assert f"/o/{name}/{copies[name]}" not in guest.get(f"/o/{name}?q=1377777").text


@pytest.mark.parametrize("name", COPIES)
def test_no_file_of_a_list_tells_what_it_copies(guest, copies, name):
    for query in ("", f"?columns={','.join(COPIES[name])}"):
        answer = guest.get(f"/o/{name}/export{query}")
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            assert not any(MOBILE.encode() in book.read(each) for each in book.namelist())


def test_nothing_is_found_and_nothing_beside_a_customer_tells(guest, copies):
    number = copies["customer"]
    pages = ["/search?q=1377777", f"/o/customer/{number}", f"/o/customer/{number}/peek", "/notices", "/"]
    pages += [f"/o/customer/{number}?tab=gap.customer", f"/o/customer/{number}?tab=history"]
    for address in pages:
        answer = guest.get(address, **PART)
        assert answer.status_code == 200, address
        assert MOBILE not in answer.text, address


def test_the_pages_of_pairs_weigh_each_value(guest, copies):
    number = copies["review"]
    for address in (
        "/duplicates",
        "/duplicates?order=worth",
        "/duplicates?source=ledger",
        f"/duplicates/{number}",
        f"/duplicates/{number}/group",
        "/merged",
    ):
        answer = guest.get(address)
        assert answer.status_code == 200, address
        assert MOBILE not in answer.text, address
    page = guest.get(f"/duplicates/{number}").text
    assert ONE in page
    assert OTHER in page


def test_who_reads_all_sees_every_copy(reader_browser, copies):
    assert MOBILE in reader_browser.get("/o/gap").text
    assert MOBILE in reader_browser.get(f"/o/correction/{copies['correction']}").text
    assert MOBILE in reader_browser.get(f"/duplicates/{copies['review']}").text
    assert MOBILE in reader_browser.get("/gaps?q=1377777").text


def test_the_page_of_gaps_is_not_searched_by_what_it_hides(store, browser, copies):
    guest = hired(store, browser, CENSOR)
    assert ONE in guest.get("/gaps").text
    assert ONE not in guest.get("/gaps?q=1377777").text
    assert ONE in guest.get(f"/gaps?{urlencode({'q': '青禾'})}").text


def test_a_steward_who_reads_no_mobile_numbers_still_decides(store, browser, steward, copies):
    guest = hired(store, browser, WATCHED)
    guest.get("/duplicates")
    answer = guest.post(f"/duplicates/{copies['review']}/decide", {"decision": "apart"})
    assert answer.status_code == 303
    guest.get("/gaps")
    assert guest.post(f"/gaps/{copies['gap']}", {"act": "unknown"}).status_code == 303
    with store.transaction("test") as tx:
        assert reading.get(tx, steward, "review", copies["review"]).values["decision"] == "apart"
        assert reading.get(tx, steward, "gap", copies["gap"]).values["state"] == "unknown"


def test_lists_are_not_sorted_by_links_whose_titles_are_hidden(store, browser, steward, copies):
    guest = hired(
        store, browser, replace(CENSOR, fields={"customer.name": "hidden", "activity.happened_at": "hidden"})
    )
    number = create(store, steward, "contact", name="陈工", customer=copies["customer"])
    page = guest.get("/o/contact?sort=customer")
    assert page.status_code == 200
    assert ONE not in page.text
    assert guest.get("/o/customer").status_code == 200
    assert guest.get(f"/o/customer/{copies['customer']}").status_code == 200
    assert guest.get(f"/o/contact/{number}").status_code == 200
