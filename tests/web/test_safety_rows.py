"""Laws of raw rows: who may not read a field finds its values nowhere a source's own rows are shown."""

import io
import zipfile
from dataclasses import replace

import pytest

from guanxi.customisation import structure
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.integration import filling, inventory
from guanxi.integration.seeing import require_rows, sees_rows
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotAllowed, NotFound, Refused
from guanxi.metadata.labels import Label
from guanxi.metadata.roles import Grant, Role
from guanxi.records import writing
from tests.web.records import create, customer
from tests.web.studies import studied
from tests.world import PASSWORD

MOBILE = "13777770001"
LEDGER = (("单位名称", "联系电话"), ("杭州青禾机械有限公司", MOBILE), ("宁波远帆包装有限公司", "13777770002"))
CENSOR = Role(
    name="censor",
    label=Label(en="Censor", zh="受限"),
    grants={"*": Grant(read="all")},
    fields={"customer.mobile": "masked", "customer.phone": "hidden"},
)


@pytest.fixture
def censor(store, browser):
    """Return a browser of somebody who reads every record, but no telephone number."""
    with store.transaction("test") as tx:
        ready = structure.apply(tx, SYSTEM, tx.catalog.live_objects, [CENSOR])
        person = users.NewUser(login="censor", name="陈", password=PASSWORD, roles=("censor",))
        users.create(ready, SYSTEM, person)
    return browser().sign_in("censor")


def test_no_page_of_a_source_shows_its_rows_to_who_may_not_read_every_field(store, settings, censor):
    number = studied(store, settings.home, LEDGER)
    page = censor.get(f"/sources/{number}")
    assert page.status_code == 200
    assert MOBILE not in page.text
    assert "every field they become" in page.text
    for part in ("preview", "profile", "profile?column=1", "mapping", "mapping/values?column=1"):
        answer = censor.get(f"/sources/{number}/{part}")
        assert answer.status_code == 403, part
        assert MOBILE not in answer.text
    assert censor.post(f"/sources/{number}/preview", {}).status_code == 403


def test_who_may_read_everything_sees_the_rows_of_a_source(store, settings, reader_browser):
    number = studied(store, settings.home, LEDGER)
    for part in ("", "/profile", "/mapping"):
        assert MOBILE in reader_browser.get(f"/sources/{number}{part}").text, part


def test_what_a_gap_found_is_hidden_from_who_may_not_read_the_field(store, steward, censor, reader_browser):
    given = {"title": "mobile", "customer": customer(store, steward), "object": "customer", "field": "mobile"}
    create(store, steward, "gap", **given, kind="wrong", found=MOBILE, department="销售部", state="open")
    assert MOBILE in reader_browser.get("/gaps").text
    assert MOBILE not in censor.get("/gaps").text
    with zipfile.ZipFile(io.BytesIO(censor.get("/gaps.xlsx").content)) as book:
        assert not any(MOBILE.encode() in book.read(each) for each in book.namelist())


def test_whoever_sees_some_records_only_sees_no_raw_rows(store, reader):
    with store.transaction("test") as tx:
        own = replace(CENSOR, fields={}, grants={"*": Grant(read="all"), "contact": Grant(read="own")})
        ready = structure.apply(tx, SYSTEM, tx.catalog.live_objects, [own])
        assert sees_rows(reader, ready.catalog)
        with pytest.raises(NotAllowed):
            require_rows(replace(reader, roles=("censor",)), ready.catalog)


def test_nobody_writes_a_signature_but_the_page_of_the_proof(store, steward, administrator):
    for actor in (steward, administrator):
        with store.transaction("test") as tx, pytest.raises(NotAllowed):
            writing.create(tx, actor, "sign_off", {"department": "销售部", "person": SYSTEM.id})


@pytest.mark.parametrize("name", ["..", ".", "", "../../home", "/etc", "a\\b", "a\0b"])
def test_no_name_of_a_run_leads_out_of_the_folder_of_runs(store, tmp_path, name):
    with pytest.raises(NotFound):
        Workshop(store, tmp_path).folder(name)


def test_no_name_of_a_source_leads_out_of_the_folder_of_its_run(store, settings, steward):
    number = studied(store, settings.home, LEDGER)
    with store.transaction("test") as tx:
        writing.update(tx, steward, "source", number, {"name": "../../elsewhere"})
        name = inventory.source_plan(inventory.load_source(tx, steward, number)).name
    assert "/" not in name
    assert ".." not in name


def test_an_answer_to_a_gap_writes_customer_data_only(store, settings, steward, reader):
    number = studied(store, settings.home, LEDGER)
    given = {"title": "x", "object": "source", "record": number, "field": "options", "department": "销售部"}
    gap = create(store, steward, "gap", **given, kind="missing", state="open")
    contact = replace(reader, roles=("contact",), department="销售部")
    with store.transaction("test") as tx, pytest.raises(Refused, match="customer data"):
        filling.fill(tx, contact, Workshop(store, settings.home), gap, '{"path": "/etc/passwd"}')
