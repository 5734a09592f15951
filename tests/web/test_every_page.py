"""The laws that every page keeps, whatever it shows; a page that is new is judged without a new test."""

import gzip
import re

from guanxi.web.site import find_pages
from guanxi.web.templates import STATIC
from tests.web.walk import BEFORE_SIGNING_IN, PARTS, STREAMS, addresses, full_company

MOST_QUERIES = 12
MOST_SCRIPT_BYTES = 300_000
PATHS = {page.path for page in find_pages() if page.method == "GET"} - set(STREAMS)
FORBIDDEN = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! src=)")


def compressed(scripts: list[str]) -> int:
    """Return how many bytes travel for *scripts*, compressed as the site compresses them."""
    files = [STATIC / each.removeprefix("/static/").partition("?")[0] for each in scripts]
    return sum(len(gzip.compress(file.read_bytes(), 5)) for file in files)


def test_every_page_answers_with_few_questions_few_scripts_and_nothing_inline(
    administrator_browser, store, administrator, settings, queries
):
    places = addresses(full_company(store, administrator, settings.home))
    assert set(places) == PATHS
    with store.transaction("test") as tx:  # no page of the walk is the one that notes the session as used
        tx.connection.exec_driver_sql("UPDATE guanxi.session SET seen_at = seen_at + interval '1 hour'")
    administrator_browser.get("/")  # the catalog is read once per process, not once per page
    wrong = []
    for path, address in ((path, each) for path, given in places.items() for each in given):
        with queries() as sent:
            answer = administrator_browser.get(address)
        if answer.status_code >= 400 and address != "/nowhere":
            wrong.append(f"{address} answered {answer.status_code}")
        if len(sent) > MOST_QUERIES:
            wrong.append(f"{address} asked {len(sent)} questions")
        if ("<html" in answer.text) != (path not in (*PARTS, *BEFORE_SIGNING_IN)):
            wrong.append(f"{address} is a page, or is none, against what the walk says")
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        if answer.headers["content-type"] != "text/html; charset=utf-8":
            wrong.append(f"{address} is of type {answer.headers['content-type']}")
        wrong += [f"{address} holds {found}" for found in FORBIDDEN.findall(answer.text)]
        scripts = re.findall(r'<script src="([^"]+)"', answer.text)
        if compressed(scripts) > MOST_SCRIPT_BYTES:
            wrong.append(f"{address} loads {compressed(scripts)} bytes of scripts")
    assert wrong == []
