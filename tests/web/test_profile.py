"""Laws of the profile page: every column has its figures, every figure leads to its rows, for readers too."""

import re

import pytest

from tests.web.studies import LEDGER, source, studied, write

MOST_QUERIES = 12


def test_every_column_stands_there_with_what_it_holds_and_the_worst_first(reader_browser, ledger):
    page = reader_browser.get(f"/sources/{ledger}/profile").text
    for name in LEDGER[0]:
        assert name in page
    columns = re.findall(r'class="column-name">([^<]+)<', page)
    assert columns[0] == "传真机"  # nearly empty
    assert "80% of the rows are empty" in page
    assert "full-width digits or letters" in page


def test_columns_are_sorted_as_asked(reader_browser, ledger):
    page = reader_browser.get(f"/sources/{ledger}/profile?sort=place").text
    assert re.findall(r'class="column-name">([^<]+)<', page) == list(LEDGER[0])
    page = reader_browser.get(f"/sources/{ledger}/profile?sort=-place").text
    assert re.findall(r'class="column-name">([^<]+)<', page) == list(reversed(LEDGER[0]))


def test_a_column_opens_with_values_ways_of_writing_and_its_mapping(reader_browser, ledger):
    page = reader_browser.get(f"/sources/{ledger}/profile?column=3").text
    assert "139-0001-0002" in page
    assert "9{3}-9{4}-9{4}" in page
    assert f"/sources/{ledger}/mapping?table=0#column-3" in page


def test_a_part_is_sent_alone_when_a_script_asks_for_it(reader_browser, ledger):
    asked = {"hx-request": "true", "hx-target": "panel"}
    part = reader_browser.get(f"/sources/{ledger}/profile?column=3", **asked).text
    assert "9{3}-9{4}-9{4}" in part
    assert "<html" not in part


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("column=3&finding=stand_in", ["5"]),
        ("column=9&finding=empty", ["3", "4", "5", "6"]),
        ("column=5&finding=value&place=0", ["4", "5"]),
        ("column=3&finding=value&place=99", []),
    ],
)
def test_a_figure_leads_to_its_rows_by_their_line_in_the_file(reader_browser, ledger, query, rows):
    asked = {"hx-request": "true", "hx-target": "rows"}
    part = reader_browser.get(f"/sources/{ledger}/profile?{query}", **asked).text
    assert re.findall(r'<tr><td class="numeral quiet">([^<]*)<', part) == rows
    assert ("No row answers" in part) is not rows or not rows


def test_every_link_of_the_page_answers(reader_browser, ledger):
    page = reader_browser.get(f"/sources/{ledger}/profile?column=3").text
    links = set(re.findall(r'hx-get="(/sources/[^"]+)"', page))
    assert len(links) > 20
    for link in links:
        assert reader_browser.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_page_needs_few_queries(reader_browser, ledger, queries):
    reader_browser.get("/")
    with queries() as sent:
        reader_browser.get(f"/sources/{ledger}/profile?column=3&finding=empty")
    assert len(sent) <= MOST_QUERIES, sent


def test_a_source_that_was_not_studied_says_what_to_do(reader_browser, store, settings):
    number = source(store, write(settings.home / "new.csv"), "new")
    page = reader_browser.get(f"/sources/{number}/profile")
    assert page.status_code == 200
    assert "Nothing to see yet" in page.text
    assert f'href="/sources/{number}"' in page.text


@pytest.mark.parametrize("query", ["table=7", "table=x", "column=99", "column=-1", "column=" + "9" * 30])
def test_what_is_not_there_is_not_found(reader_browser, ledger, query):
    assert reader_browser.get(f"/sources/{ledger}/profile?{query}").status_code == 404


def test_what_a_source_holds_is_never_markup(reader_browser, store, settings):
    rows = (("<b>列</b>", "乙"), ("<script>alert(1)</script>", "x"), ("'\"><img src=x>", "y"))
    number = studied(store, settings.home, rows, name="evil")
    page = reader_browser.get(f"/sources/{number}/profile?column=0&finding=value").text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>" not in page
