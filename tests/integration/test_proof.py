"""Laws of the proof of a whole run: it counts to the last row, and what was lost or changed on purpose is told."""

from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from tests.integration import plant

from guanxi.app import Guanxi
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.identity.users import NewUser
from guanxi.integration import proof, runs
from guanxi.integration.verification import VerificationReport
from guanxi.records import writing
from guanxi.store.transactions import Transaction

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("proof")]


class _LeaveAsItWasError(Exception):
    """Ends a transaction whose changes nobody is to see."""


@pytest.fixture(scope="module")
def proven(database_server, tmp_path_factory) -> Iterator[tuple[Guanxi, str]]:
    """Return a product with one run; tests change it only inside `spoilt`."""
    home = tmp_path_factory.mktemp("proof")
    desk = [*plant.DESK, ("GD1", *plant.DESK[0][1:4], "同一张工单又记了一次", "2026-03-01")]
    plant.sources(home / "sources", desk=desk)
    with plant.product(database_server, home / "home") as guanxi:
        yield guanxi, plant.run(guanxi, plant.plan_of(home / "sources", sample_share=0.1))


@contextmanager
def unseen(proven: tuple[Guanxi, str]) -> Iterator[Transaction]:
    """Yield a transaction whose changes nobody is to see."""
    try:
        with proven[0].store.transaction("test") as tx:
            yield tx
            raise _LeaveAsItWasError
    except _LeaveAsItWasError:
        return


def report(proven: tuple[Guanxi, str], tx: Transaction) -> VerificationReport:
    """Verify the run again, as the database is inside *tx*."""
    guanxi, run = proven
    folder = guanxi.workshop.folder(run)
    return proof.report_of(tx, folder, runs.plan_of(guanxi.workshop, run), run, whole=True)


def spoilt(proven: tuple[Guanxi, str], statement: str) -> VerificationReport:
    """Verify the run after *statement*, and leave the database as it was."""
    with unseen(proven) as tx:
        tx.connection.exec_driver_sql(statement)
        return report(proven, tx)


def test_counts_add_up_to_the_last_row_and_a_row_said_twice_is_merged(proven):
    found = proof.latest(proven[0].workshop.folder(proven[1]))
    counts = {each["table"]: each for each in found["counts"]}
    ledger, desk = counts["ledger"], counts["desk"]
    assert (ledger["seen"], ledger["new"], ledger["refused"]) == (6, 6, 0)
    assert (desk["seen"], desk["new"], desk["merged"], desk["refused"]) == (5, 3, 1, 1)
    assert found["errors"] == []


def test_the_proof_holds_what_the_requirement_asks_for(proven):
    found = proof.latest(proven[0].workshop.folder(proven[1]))
    filled = {(each["object"], each["field"]): each for each in found["completeness"]}
    assert filled["customer", "name"]["filled_after"] == 7
    assert filled["customer", "industry"]["filled_before"] == 4
    assert found["sampled_rows"] >= 1
    for cell in found["sample"]:
        assert {"source", "table", "row", "field", "said", "stored", "verdict"} <= cell.keys()
        assert cell["verdict"] != "differs"
    assert all(each["missing"] == each["to_deleted"] == 0 for each in found["references"])
    assert ("ticket", "customer") in {(each["object"], each["field"]) for each in found["references"]}
    assert [each["department"] for each in found["sign_offs"]] == ["销售部", "服务部"]


@pytest.mark.parametrize(("language", "sheets"), [("zh", 7), ("en", 7)])
def test_the_workbook_lies_beside_it_in_both_languages(proven, tmp_path, language, sheets):
    content = proof.workbook(proven[0].workshop.folder(proven[1]), language)
    (tmp_path / "proof.xlsx").write_bytes(content)
    book = openpyxl.load_workbook(tmp_path / "proof.xlsx")
    assert len(book.sheetnames) == sheets
    cells = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert {"销售部", "服务部", "ledger", "desk"} <= cells
    assert {"客户", "工单"} <= cells if language == "zh" else {"Customer", "Ticket"} <= cells
    assert not {"customer", "ticket", "contact_name", "person_name"} & cells


def test_a_row_that_vanished_on_the_way_is_told_with_its_table(proven):
    found = spoilt(
        proven, "DELETE FROM guanxi.crosswalk WHERE object = 'ticket' AND right(source_key, 3) = 'GD2'"
    )
    assert [str(each) for each in found.errors if "accounted" in str(each)] == [
        "desk/desk: rows read: 5, accounted for: 4, difference: 1"
    ]


def test_a_stored_value_that_was_changed_is_told_with_both(proven):
    found = spoilt(proven, "UPDATE crm.customer SET contact_name = '别人'")
    told = [each for each in found.sample if each.verdict == "differs"]
    assert told
    assert {(each.field, each.stored) for each in told} == {("contact_name", "别人")}
    assert {each.said for each in told} <= {row[2] for row in plant.LEDGER}


def test_a_link_to_a_deleted_record_is_told(proven):
    found = spoilt(proven, "UPDATE crm.customer SET deleted_at = now() WHERE former_number = 'K1'")
    assert any("linked to a deleted customer" in str(each) for each in found.errors)


def test_a_signature_stands_beside_its_department(proven):
    person = NewUser(login="li", name="李敏", roles=("steward",), password="a quiet green river")
    with unseen(proven) as tx:
        given = {
            "run": runs.record_id(tx, proven[1]),
            "department": "销售部",
            "person": users.create(tx, SYSTEM, person),
            "signed_at": tx.now,
            "verdict": "accepted",
            "comment": "抽查无误",
        }
        writing.create(tx, SYSTEM, "sign_off", given)
        signs = {each.department: each for each in report(proven, tx).sign_offs}
    assert (signs["销售部"].person, signs["销售部"].comment) == ("李敏", "抽查无误")
    assert signs["服务部"].person == ""
