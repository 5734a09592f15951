"""What people say about columns counts from then on, for this source and for others with the same column."""

import pytest
from tests.web.studies import LEDGER, studied, study_again
from tests.world import administrator, database_server, reader, steward, store

from guanxi.integration import intake, inventing, inventory, study, wording
from guanxi.integration.people import people
from guanxi.integration.trying import try_out, words_of
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import Invalid, NotAllowed, Refused, UnknownName
from guanxi.metadata.labels import Label

__all__ = ["administrator", "database_server", "reader", "steward", "store"]
TABLE = "ledger"


class Desk:
    """One studied source and what can be asked of it."""

    def __init__(self, store, home, actor, name="ledger", rows=LEDGER):
        self.store, self.home, self.actor, self.name = store, home, actor, name
        self.number = studied(store, home, rows, name=name)

    @property
    def folder(self):
        return study.folder(Workshop(self.store, self.home), self.name)

    def source(self):
        with self.store.transaction("test") as tx:
            return inventory.source_plan(inventory.load_source(tx, self.actor, self.number))

    def says(self, done, *what):
        with self.store.transaction("test") as tx:
            return done(tx, self.actor, self.number, self.folder, *what)

    def read_again(self):
        study_again(self.store, self.home, self.number)

    def mapped(self):
        return intake.mappings_of(self.folder, self.source())[self.name]

    def now(self):
        with self.store.transaction("test") as tx:
            return wording.mapping_now(self.folder, self.source(), tx.catalog)[self.name]

    def tried(self, *columns):
        source, table = self.source(), intake.receipt_of(self.folder, self.source()).tables[0]
        with self.store.transaction("test") as tx:
            mapping = wording.mapping_now(self.folder, source, tx.catalog)[self.name]
            return try_out(
                self.folder, source, table, mapping, tx.catalog, people(tx), columns=columns or None
            )

    def words(self, column):
        source, table = self.source(), intake.receipt_of(self.folder, self.source()).tables[0]
        with self.store.transaction("test") as tx:
            mapping = wording.mapping_now(self.folder, source, tx.catalog)[self.name]
            found = words_of(self.folder, source, table, mapping, column, tx.catalog, people(tx))
            return {each.text: (each.after, each.rows, each.verdict) for each in found}


@pytest.fixture
def desk(store, tmp_path, steward):
    return Desk(store, tmp_path / "home", steward)


def test_a_corrected_column_is_what_the_next_reading_uses(desk):
    assert desk.mapped().column("热线").target == ""
    desk.says(wording.say_field, TABLE, "热线", "customer.mobile")
    assert desk.now().column("热线").target == "customer.mobile"
    desk.read_again()
    assert desk.mapped().column("热线").target == "customer.mobile"
    assert desk.mapped().column("热线").standard == "mobile"


def test_a_word_taken_back_lets_the_suggestion_count_again(desk):
    before = desk.mapped().column("热线")
    desk.says(wording.say_field, TABLE, "热线", "")
    assert desk.now().column("热线").target == ""
    desk.says(wording.take_back, TABLE, "热线")
    assert desk.now().column("热线") == before


def test_a_correction_is_offered_to_another_source_with_the_same_column(desk, store, tmp_path, steward):
    desk.says(wording.say_field, TABLE, "区域经理备注", "customer.business_scope")
    rows = (("公司", "区域经理备注"), ("杭州青禾机械有限公司", "很好"), ("宁波远帆包装有限公司", "一般"))
    other = Desk(store, tmp_path / "home", steward, "other", rows)
    found = other.mapped().column("区域经理备注")
    assert found.target == "customer.business_scope"
    assert str(found.reason) == "accepted for the source ledger before"
    other.says(wording.say_field, "other", "区域经理备注", "customer.description")
    other.read_again()
    assert other.mapped().column("区域经理备注").target == "customer.description"
    desk.read_again()
    assert desk.mapped().column("区域经理备注").target == "customer.business_scope"


def test_a_value_said_once_is_kept_and_stored_from_then_on(desk):
    assert desk.words("客户等级")["铁杆"] == ("", 2, "rejected")
    assert desk.words("客户等级")["A类"] == ("A", 1, "kept")
    desk.says(wording.say_value, TABLE, "客户等级", " 铁杆 ", "A")
    assert desk.words("客户等级")["铁杆"][0] == "A"
    assert desk.mapped().column("客户等级").unmapped == ("铁杆",)
    desk.read_again()
    level = desk.mapped().column("客户等级")
    assert (level.values["铁杆"], level.unmapped) == ("A", ())
    assert desk.tried("客户等级")["客户等级"].verdicts == {"kept": 5}
    desk.says(wording.say_value, TABLE, "客户等级", "铁杆", None)
    assert desk.words("客户等级")["铁杆"] == ("", 2, "rejected")


def test_a_value_can_be_said_to_mean_nothing(desk):
    desk.says(wording.say_value, TABLE, "客户等级", "铁杆", "")
    assert desk.words("客户等级")["铁杆"] == ("", 2, "empty")


def test_samples_show_what_is_refused_and_why_first(desk):
    found = desk.tried("联系电话")["联系电话"]
    assert [(each.before, each.after, each.verdict) for each in found.samples] == [
        ("不详", "", "rejected"),
        ("139-0001-0002", "13900010002", "changed"),
        ("１３９00010005", "13900010005", "changed"),
        ("13900010001", "13900010001", "kept"),
    ]
    assert str(found.samples[0].reason)
    assert found.samples[0].row == 5
    assert found.verdicts == {"rejected": 1, "changed": 2, "kept": 2}


def test_a_number_that_another_field_keeps_is_not_called_refused(desk):
    found = desk.tried("客户编号")["客户编号"]
    assert found.verdicts == {"spared": 5}
    assert (found.samples[0].before, found.samples[0].after) == ("K1", "K1")


def test_a_column_left_out_still_shows_its_values(desk):
    desk.says(wording.say_field, TABLE, "单位名称", "")
    found = desk.tried()["单位名称"]
    assert found.samples[0].before == "杭州青禾机械有限公司"
    assert found.samples[0].verdict == ""


def test_an_accepted_mapping_stays_whatever_is_suggested_later(desk):
    desk.says(wording.accept)
    source, mapped = desk.source(), desk.mapped()
    assert set(source.mapping[TABLE]) == set(LEDGER[0])
    assert source.rows_are == {TABLE: "customer"}
    desk.read_again()
    assert {each.column: each.path for each in desk.mapped().columns} == {
        each.column: each.path for each in mapped.columns
    }


def test_what_rows_are_can_be_said(desk):
    desk.says(wording.say_rows, TABLE, "contact")
    assert desk.now().main == "contact"
    desk.read_again()
    assert desk.mapped().main == "contact"


def test_a_new_field_appears_holds_values_and_is_mapped(desk, store, administrator):
    profile = intake.profiles_of(desk.folder, desk.source())[0].column("区域经理备注")
    with store.transaction("test") as tx:
        proposal = inventing.propose(profile, "customer", tx.catalog)
        assert proposal.name == "quyujinglibeizhu"
        assert proposal.label == Label(zh="区域经理备注")
        steps = inventing.preview(tx, proposal)
        assert [str(each.describe()) for each in steps] == [
            "add the field quyujinglibeizhu (区域经理备注, text) to customer"
        ]
        ready = inventing.make(tx, administrator, proposal)
        wording.say_field(
            ready, administrator, desk.number, desk.folder, TABLE, profile.name, "customer.quyujinglibeizhu"
        )
    desk.read_again()
    assert desk.mapped().column("区域经理备注").target == "customer.quyujinglibeizhu"
    assert desk.tried("区域经理备注")["区域经理备注"].verdicts == {"kept": 2}


def test_a_proposal_is_judged_whole(store):
    with store.transaction("test") as tx, pytest.raises(Invalid) as wrong:
        inventing.preview(
            tx,
            inventing.Proposal(object="customer", name="mobile", type="rocket", label=Label(), choices=()),
        )
    assert {each.field for each in wrong.value.problems} == {"label", "type", "name"}


def test_readers_change_nothing_and_only_who_may_customise_makes_fields(desk, store, reader, steward):
    desk.actor = reader
    for done, what in (
        (wording.say_field, (TABLE, "热线", "")),
        (wording.take_back, (TABLE, "热线")),
        (wording.say_value, (TABLE, "客户等级", "铁杆", "A")),
        (wording.say_rows, (TABLE, "contact")),
        (wording.accept, ()),
    ):
        with pytest.raises(NotAllowed):
            desk.says(done, *what)
    profile = intake.profiles_of(desk.folder, desk.source())[0].column("热线")
    with store.transaction("test") as tx, pytest.raises(NotAllowed):
        inventing.make(tx, steward, inventing.propose(profile, "customer", tx.catalog))


def test_what_is_not_there_cannot_be_spoken_of(desk):
    with pytest.raises(Refused, match="no column 没有 any more"):
        desk.says(wording.say_field, TABLE, "没有", "customer.name")
    with pytest.raises(UnknownName):
        desk.says(wording.say_field, TABLE, "热线", "customer.nothing")
    with pytest.raises(UnknownName):
        desk.says(wording.say_rows, TABLE, "source")
