"""Laws of people's words on single values: they last, they sleep when the source changes, they can be taken back."""

from pathlib import Path

import polars as pl
import pytest
from tests.integration import plant
from tests.integration.finished import Finished, Kept, keep

from guanxi.app import Guanxi
from guanxi.identity.actor import SYSTEM
from guanxi.integration import asking, cleaning, correcting, filling, intake, runs, tally
from guanxi.integration.cells import Place, RunFiles, open_run, source_cells
from guanxi.integration.cleaning import OPEN, Line, Wanted
from guanxi.integration.corrections import ACCEPTED, CORRECTED, LEFT_OUT, row_keys
from guanxi.integration.settling import settle
from guanxi.kernel.errors import Invalid
from guanxi.records import reading, writing
from guanxi.store.embedded import Lease
from guanxi.store.transactions import Transaction

pytestmark = pytest.mark.slow

WRONG = ("K1", "杭州青禾机械有限公司", "张伟明", "139000100", "通用设备制造业", "12.5")
VAGUE = [
    ("K2", "宁波远帆包装有限公司", "李晓芳", "13900010002", "做家具的", "8"),
    ("K4", "苏州云锦纺织有限公司", "陈丽", "13900010004", "做家具的", "3.2"),
]
LEDGER = (WRONG, VAGUE[0], plant.LEDGER[2], VAGUE[1], *plant.LEDGER[4:])
DESK = plant.DESK[1:]
MOBILE, INDUSTRY = "customer.mobile", "customer.industry"


@pytest.fixture(scope="module")
def kept(database_server: Lease, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return what a run left whose sources hold wrong and vague values."""
    return keep(database_server, tmp_path_factory.mktemp("dirty"), ledger=LEDGER, desk=DESK)


def files_of(tx: Transaction, guanxi: Guanxi, run: str) -> RunFiles:
    return open_run(tx, SYSTEM, guanxi.workshop, runs.record_id(tx, run))


def lines(tx: Transaction, files: RunFiles, target: str) -> list[Line]:
    return list(cleaning.look(tx, files, Wanted(source="ledger", target=target)).lines)


def customers(guanxi: Guanxi) -> dict[str, dict]:
    return {str(each["name"]): each for each in plant.rows_of(guanxi.store, "crm.customer")}


def standard(files: RunFiles, target: str) -> dict[int, tuple]:
    source = files.plan.source("ledger")
    frame = intake.standard_frames(files.folder, source, "values")[0]
    return {
        row: (value, verdict)
        for row, value, verdict in frame.select("_row", target, target + "__verdict").iter_rows()
    }


def test_a_corrected_value_reaches_the_record_at_once_and_survives_the_next_run(finished: Finished):
    guanxi, plan, run = finished.guanxi, finished.plan, finished.run
    assert customers(guanxi)[WRONG[1]]["mobile"] is None
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        (line,) = lines(tx, files, MOBILE)
        assert (line.kind, line.before, line.reason) == ("rejected", "139000100", "mobile_length")
        done = correcting.correct(tx, SYSTEM, files, [line.place], "13900010001")
        assert (done.values, done.records) == (1, 1)
    assert customers(guanxi)[WRONG[1]]["mobile"] == "13900010001"
    again = plant.run(guanxi, plan)
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, again)
        (line,) = lines(tx, files, MOBILE)
        assert (line.kind, line.after, line.reason) == ("changed", "13900010001", CORRECTED)
        assert line.said is not None
        assert standard(files, MOBILE)[line.place.row] == ("13900010001", "changed")
    assert customers(guanxi)[WRONG[1]]["mobile"] == "13900010001"


def test_a_correction_sleeps_once_the_source_says_something_else(finished: Finished):
    guanxi, plan, run = finished.guanxi, finished.plan, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        (line,) = lines(tx, files, MOBILE)
        correcting.correct(tx, SYSTEM, files, [line.place], "13900010001")
    mended = (*WRONG[:3], "13911112222", *WRONG[4:])
    plant.sources(finished.folder, ledger=(mended, *LEDGER[1:]), desk=DESK)
    again = plant.run(guanxi, plan)
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, again)
        assert lines(tx, files, MOBILE) == []
        assert standard(files, MOBILE)[2] == ("13911112222", "kept")


def test_taking_a_correction_back_gives_the_record_exactly_what_it_had(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    before = customers(guanxi)
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        doubtful = [each for each in lines(tx, files, INDUSTRY) if each.kind == "suspect"]
        assert {each.before for each in doubtful} == {"做家具的"}
        places = cleaning.alike(tx, files, doubtful[0], same=True)
        assert len(places) == 2
        done = correcting.correct(tx, SYSTEM, files, places, "C22")
        assert (done.values, done.records) == (2, 2)
    changed = customers(guanxi)
    assert {changed[each[1]]["industry"] for each in VAGUE} == {"C22"}
    assert "industry" not in changed[VAGUE[0][1]]["origin"]
    with guanxi.store.transaction("test") as tx:
        correcting.undo(tx, SYSTEM, done.ids)
        assert cleaning.look(tx, files_of(tx, guanxi, run), Wanted()).decided == 0
    after = customers(guanxi)
    stamps = {"version", "updated_at", "updated_by_id"}
    for name, row in before.items():
        assert {key: value for key, value in after[name].items() if key not in stamps} == {
            key: value for key, value in row.items() if key not in stamps
        }


def test_what_a_person_changed_since_is_not_taken_back(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        (line,) = lines(tx, files, MOBILE)
        done = correcting.correct(tx, SYSTEM, files, [line.place], "13900010001")
    number = customers(guanxi)[WRONG[1]]["id"]
    with guanxi.store.transaction("test") as tx:
        writing.update(tx, SYSTEM, "customer", number, {"mobile": "13955556666"})
        assert correcting.undo(tx, SYSTEM, done.ids).records == 0
    assert customers(guanxi)[WRONG[1]]["mobile"] == "13955556666"


def test_an_accepted_value_is_doubted_no_more_and_a_refused_one_that_is_accepted_stays_out(
    finished: Finished,
):
    guanxi, plan, run = finished.guanxi, finished.plan, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        found = cleaning.look(tx, files, Wanted(source="ledger", state=OPEN))
        assert found.open == found.total == len(found.lines)
        correcting.accept(tx, SYSTEM, files, [each.place for each in found.lines])
        left = cleaning.look(tx, files, Wanted(source="ledger"))
        assert (left.open, left.decided) == (0, found.total)
    again = plant.run(guanxi, plan)
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, again)
        assert {each.reason for each in lines(tx, files, INDUSTRY) if each.before == "做家具的"} == {ACCEPTED}
        assert [(each.kind, each.reason) for each in lines(tx, files, MOBILE)] == [("rejected", LEFT_OUT)]
        assert cleaning.look(tx, files, Wanted(source="ledger")).open == 0


def test_the_counts_add_up_to_every_cell_and_row_and_to_the_profile(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        found = cleaning.look(tx, files, Wanted())
    sums = tally.totals(files)
    assert sums.cells == sums.empty + sums.kept + sums.changed + sums.suspect + sums.rejected
    assert sums.rows_seen == sums.rows + sums.totals + sums.quarantined + sums.blank
    assert (sums.changed, sums.suspect, sums.rejected) == tuple(
        found.kinds[kind] for kind in ("changed", "suspect", "rejected")
    )
    assert found.kinds["aside"] == sums.totals + sums.quarantined
    assert sum(found.kinds.values()) == found.total
    filled = 0
    for source in files.plan.sources:
        mapped = {
            each.column
            for table in intake.mappings_of(files.folder, source).values()
            for each in table.columns
            if each.target
        }
        profiles = files.folder.read_json("profile", source.name)
        filled += sum(
            each["filled"] for table in profiles for each in table["columns"] if each["name"] in mapped
        )
    assert sums.cells - sums.empty == filled


def test_a_total_and_a_row_in_quarantine_stand_in_the_table_too(guanxi: Guanxi, folder: Path):
    plant.sources(folder, ledger=LEDGER, desk=DESK)
    with (folder / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write("合计,,,,,114.7\n坏行,�\n")
    run = plant.run(guanxi, plant.plan_of(folder))
    with guanxi.store.transaction("test") as tx:
        found = cleaning.look(tx, files_of(tx, guanxi, run), Wanted(kind="aside"))
    assert {each.reason for each in found.lines} == {"total_row", "damaged_text"}
    assert all(each.sentence.template for each in found.lines)


def test_words_narrow_the_table_and_counts_follow(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        found = cleaning.look(tx, files, Wanted(words="家具"))
        assert {each.before for each in found.lines} == {"做家具的"}
        assert found.total == 2
        assert cleaning.look(tx, files, Wanted(sources=("desk",), words="家具")).total == 0


def test_a_department_answers_for_all_rows_that_say_the_same(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        asked = reading.Asked(object="gap", fields=filling.FIELDS, limit=100)
        gaps = {
            (each.values["field"], each.values["kind"]): each
            for each in reading.find(tx, SYSTEM, asked).records
        }
        doubted, wrong = gaps["industry", "suspect"], gaps["mobile", "wrong"]
        question = filling.question(tx.catalog, doubted)
        assert (len(question.places), question.understood) == (2, "C21")
        assert filling.question(tx.catalog, wrong).understood == ""
        filling.fill(tx, SYSTEM, guanxi.workshop, doubted.id, "家具制造业")
        filling.fill(tx, SYSTEM, guanxi.workshop, wrong.id, "139 0001 0001")
        with pytest.raises(Invalid, match="11 digits"):
            filling.fill(tx, SYSTEM, guanxi.workshop, _ask_again(tx, wrong.id), "139")
    after = customers(guanxi)
    assert {after[each[1]]["industry"] for each in VAGUE} == {"C21"}
    assert after[WRONG[1]]["mobile"] == "13900010001"
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        assert all(each.said for each in lines(tx, files, MOBILE))


def test_a_value_can_be_given_to_a_department(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
        (line,) = lines(tx, files, MOBILE)
        number = asking.give(
            tx, SYSTEM, files, line, [line.place], department="服务部", due_on=None, comment="请核对"
        )
        gap = reading.get(tx, SYSTEM, "gap", number, filling.FIELDS)
    assert (gap.values["department"], gap.values["found"], gap.values["kind"]) == (
        "服务部",
        "139000100",
        "wrong",
    )
    assert gap.titles["customer"] == WRONG[1]


def test_a_row_is_known_by_its_key_and_by_all_its_cells_where_the_key_is_doubled_or_missing():
    table = pl.LazyFrame({"_row": [1, 2, 3, 4], "no": ["a", "b", "b", None], "x": ["1", "2", "3", "4"]})
    keys = dict(row_keys(table, "no", pl.Series([1, 2, 3, 4])).iter_rows())
    assert keys[1] == "key:a"
    assert all(keys[row].startswith("row:") for row in (2, 3, 4))
    assert len(set(keys.values())) == 4
    moved = table.with_columns(_row=pl.col("_row") + 10)
    assert set(dict(row_keys(moved, "no", pl.Series([11, 12, 13, 14])).iter_rows()).values()) == set(
        keys.values()
    )


def test_what_is_typed_is_settled_by_the_standard_of_its_field(guanxi: Guanxi):
    with guanxi.store.transaction("test") as tx:
        customer = tx.catalog.object("customer")
    assert settle(customer.field("mobile"), "138 0013 8000").text == "13800138000"
    assert (
        settle(
            customer.field("address"),
            {"province": "浙江", "city": "杭州", "district": "西湖", "detail": "文三路1号"},
        ).text
        == "浙江省-杭州市-西湖区-文三路1号"
    )
    assert settle(customer.field("total_amount"), "12万").text == "120000 CNY"
    assert settle(customer.field("level"), "A").value == "A"
    for name, typed in (("mobile", ""), ("level", "Z"), ("email", "nobody")):
        with pytest.raises(Invalid):
            settle(customer.field(name), typed)


def test_a_place_no_column_became_says_nothing(finished: Finished):
    guanxi, run = finished.guanxi, finished.run
    with guanxi.store.transaction("test") as tx:
        files = files_of(tx, guanxi, run)
    assert (
        source_cells(files, [Place(source="ledger", table="ledger", row=2, target="customer.website")]) == []
    )
    assert source_cells(files, [Place(source="nowhere", table="x", row=2, target=MOBILE)]) == []


def _ask_again(tx: Transaction, number: int) -> int:
    filling.ask_again(tx, SYSTEM, number)
    return number
