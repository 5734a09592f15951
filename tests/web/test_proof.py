"""Laws of the proof page: it tells what was proven, sends the workbook, and takes each department's word once."""

import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from guanxi.integration import proof as proofs
from guanxi.integration.staging import RunFolder
from guanxi.integration.verification import (
    FieldCompleteness,
    ReferenceCheck,
    SampleCell,
    SignOff,
    SourceCounts,
    VerificationReport,
)
from guanxi.records import reading
from guanxi.records.reading import Asked
from tests.web.conftest import text_of
from tests.web.records import create

FORMULA = '=HYPERLINK("http://evil.example","click")'
CELL = SampleCell(
    source="ledger",
    table="华东",
    row=7,
    object="customer",
    record=12,
    field="name",
    said=FORMULA,
    stored=FORMULA,
    verdict="equal",
)
SOUND = VerificationReport(
    run="first",
    at="2026-03-01T10:00:00+00:00",
    seed=7,
    sampled_rows=1,
    sample_of=20,
    counts=(SourceCounts(source="ledger", table="华东", seen=25, blank=1, quarantined=1, new=20, merged=3),),
    completeness=(
        FieldCompleteness(
            object="customer",
            field="mobile",
            label={"en": "Mobile", "zh": "手机号码"},
            rows_before=20,
            filled_before=5,
            records_after=20,
            filled_after=15,
        ),
    ),
    sample=(CELL,),
    references=(
        ReferenceCheck(
            object="ticket", field="customer", target="customer", records=4, linked=4, missing=0, to_deleted=0
        ),
    ),
    sign_offs=(SignOff(department="销售部"), SignOff(department="信息部")),
)
BROKEN = replace(
    SOUND,
    counts=(replace(SOUND.counts[0], new=19),),
    sample=(replace(CELL, stored="另一家公司", verdict="differs"),),
    references=(replace(SOUND.references[0], linked=3, to_deleted=1),),
)


@pytest.fixture
def folder(settings) -> RunFolder:
    """Return the folder of the run whose proof is shown; it holds a sound one."""
    made = RunFolder(settings.home / "runs" / "first")
    proofs.keep(made, "all", SOUND)
    return made


@pytest.fixture
def proof(store, steward, folder) -> str:
    """Return the address of the proof of a run."""
    number = create(store, steward, "run", name="First run", state="finished", folder="first")
    return f"/runs/{number}/proof"


def words_given(store, steward) -> list[tuple[str, str, str]]:
    """Return who signed for which department, and what was said."""
    fields = ("department", "person", "verdict", "comment")
    with store.transaction("test") as tx:
        found = reading.find(tx, steward, Asked(object="sign_off", fields=fields)).records
        return [(each.values["department"], each.titles["person"], each.values["comment"]) for each in found]


def test_a_proof_that_holds_shows_its_counts_completeness_sample_and_links(steward_browser, proof):
    page = text_of(steward_browser.get(proof).text)
    assert "Everything adds up" in page
    assert "ledger 华东 25 1 1 20 3 0 0 0 adds up" in page
    assert "25%" in page
    assert "75%" in page
    assert "ledger · 华东 · 7" in page
    assert "sound" in page


def test_what_does_not_hold_is_told_first_and_marked_where_it_is(steward_browser, folder, proof):
    proofs.keep(folder, "all", BROKEN)
    page = text_of(steward_browser.get(proof).text)
    assert "3 things do not hold" in page
    assert "rows read: 25, accounted for: 24, difference: 1" in page
    assert "另一家公司" in page
    for mark in ("does not add up", "differs", "broken"):
        assert mark in page
    assert "Everything adds up" not in page


def test_the_proof_is_in_the_readers_language(browser, proof):
    page = text_of(browser().sign_in("steward", "zh").get(proof).text)
    assert "行数核对" in page
    assert "手机号码" in page
    assert "Rows in" not in page


def test_the_workbook_is_sent_in_the_readers_language_and_keeps_formulas_as_text(browser, proof):
    sent = browser().sign_in("steward", "zh").get(proof + ".xlsx")
    assert sent.headers["content-disposition"].startswith("attachment")
    book = openpyxl.load_workbook(BytesIO(sent.content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [each.data_type for each in cells if each.value == FORMULA] == ["s", "s"]
    assert not [each for each in cells if each.data_type == "f"]
    assert "来源" in {each.value for each in cells}


def test_what_the_sources_say_is_never_markup(steward_browser, folder, proof):
    proofs.keep(folder, "all", replace(SOUND, sample=(replace(CELL, said="<script>alert(1)</script>"),)))
    page = steward_browser.get(proof).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_run_without_a_proof_says_so(steward_browser, store, steward):
    number = create(store, steward, "run", name="Unproven", state="running")
    for address in (f"/runs/{number}/proof", f"/runs/{number}/proof.xlsx"):
        answer = steward_browser.get(address)
        assert answer.status_code == 404
        assert "no proof yet" in answer.text


def test_nobody_reads_a_proof_without_signing_in(browser, proof):
    for address in (proof, proof + ".xlsx"):
        assert browser().get(address).status_code == 303


def test_a_department_signs_once_and_the_page_tells_who_when_and_what(steward_browser, store, steward, proof):
    form = {"department": "信息部", "verdict": "accepted_with_remarks", "comment": "两处地址待补"}
    steward_browser.get(proof)
    assert steward_browser.post(proof + "/sign", form).headers["location"] == proof + "#signatures"
    page = steward_browser.get(proof).text
    signs = text_of(page[page.index('id="signatures"') :])
    assert re.search(r"信息部 Accepted with remarks 李数据 .*20\d\d.* 两处地址待补", signs)
    assert 'name="department" value="信息部"' not in page
    assert 'name="department" value="销售部"' in page
    assert words_given(store, steward) == [("信息部", "李数据", "两处地址待补")]


def test_a_second_word_of_the_same_department_is_refused(
    steward_browser, administrator_browser, store, steward, proof
):
    form = {"department": "信息部", "verdict": "accepted", "comment": "first"}
    steward_browser.get(proof)
    steward_browser.post(proof + "/sign", form)
    administrator_browser.get(proof)
    again = administrator_browser.post(proof + "/sign", {**form, "verdict": "refused", "comment": "second"})
    assert again.status_code == 409
    assert words_given(store, steward) == [("信息部", "李数据", "first")]


@pytest.mark.parametrize("department", ["", "没有这个部门"])
def test_only_a_department_of_the_run_can_be_signed_for(steward_browser, store, steward, proof, department):
    steward_browser.get(proof)
    answer = steward_browser.post(
        proof + "/sign", {"department": department, "verdict": "accepted", "comment": ""}
    )
    assert 400 <= answer.status_code < 500
    assert words_given(store, steward) == []


@pytest.mark.parametrize("verdict", ["", "perhaps"])
def test_a_word_needs_a_verdict_that_there_is(steward_browser, store, steward, proof, verdict):
    steward_browser.get(proof)
    typed = {"department": "信息部", "verdict": verdict, "comment": "两处地址待补"}
    answer = steward_browser.post(proof + "/sign", typed)
    assert answer.status_code == 422
    assert words_given(store, steward) == []
    own, others = (form_of(answer.text, each) for each in ("信息部", "销售部"))
    assert 'class="problem"' in own
    assert 'value="两处地址待补"' in own
    assert "problem" not in others
    assert "两处地址待补" not in others


def form_of(page: str, department: str) -> str:
    """Return the form in which a department gives its word."""
    return page.partition(f'name="department" value="{department}"')[2].partition("</form>")[0]


def test_no_verdict_is_chosen_beforehand(steward_browser, proof):
    form = form_of(steward_browser.get(proof).text, "信息部")
    assert "required" in form
    assert "selected" not in form
    assert form.index('<option value="">') < form.index('<option value="accepted">')


@pytest.mark.parametrize(
    ("verdict", "colour"), [("accepted", "green"), ("accepted_with_remarks", "yellow"), ("refused", "red")]
)
def test_a_refusal_does_not_look_like_consent(steward_browser, proof, verdict, colour):
    steward_browser.get(proof)
    steward_browser.post(proof + "/sign", {"department": "信息部", "verdict": verdict, "comment": ""})
    page = steward_browser.get(proof).text
    assert f'class="choice choice-{colour}"' in page[page.index('id="signatures"') :]


def test_the_cells_that_agree_are_all_of_them_only_when_none_differs(steward_browser, folder, proof):
    proofs.keep(folder, "all", replace(SOUND, sample=(CELL,) * 2999 + BROKEN.sample))
    assert "99.9%" in text_of(steward_browser.get(proof).text)
    proofs.keep(folder, "all", SOUND)
    assert "cells that agree 100%" in text_of(steward_browser.get(proof).text)


def test_no_signature_counts_without_the_token_of_its_browser(steward_browser, store, steward, proof):
    steward_browser.get(proof)
    answer = steward_browser.post(
        proof + "/sign", {"department": "信息部", "verdict": "accepted"}, token="forged"
    )
    assert answer.status_code == 403
    assert words_given(store, steward) == []


def test_who_may_only_read_sees_the_proof_and_cannot_sign_for_the_own_department(
    reader_browser, store, steward, proof
):
    page = reader_browser.get(proof)
    assert "awaited" in page.text
    assert proof + "/sign" not in page.text
    answer = reader_browser.post(proof + "/sign", {"department": "销售部", "verdict": "accepted"})
    assert answer.status_code == 403
    assert words_given(store, steward) == []


@pytest.fixture
def pilot(store, steward, settings) -> str:
    """Return the address of the proof of a run whose pilot alone is loaded."""
    proofs.keep(RunFolder(settings.home / "runs" / "second"), "pilot", replace(SOUND, counts=()))
    number = create(store, steward, "run", name="Second run", state="pilot", folder="second")
    return f"/runs/{number}/proof"


def test_the_proof_of_a_pilot_says_so_and_counts_no_rows(steward_browser, pilot):
    page = text_of(steward_browser.get(pilot).text)
    assert "Proof of the pilot" in page
    assert "Every compared cell agrees" in page
    assert "rows read" not in page


def test_nobody_signs_for_all_customers_while_only_the_pilot_is_loaded(
    steward_browser, store, steward, pilot
):
    assert "/proof/sign" not in steward_browser.get(pilot).text
    answer = steward_browser.post(pilot + "/sign", {"department": "销售部", "verdict": "accepted"})
    assert answer.status_code == 400
    assert "departments sign when everything is loaded" in answer.text
    assert words_given(store, steward) == []
