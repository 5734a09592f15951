"""Laws of the help: every page has one, in both languages, safe as it stands."""

import re

import pytest

from guanxi.web.pages.help import OTHERWISE, TOPICS, topic_of
from guanxi.web.templates import WEB

NAMES = sorted({topic for _, topic in TOPICS} | {OTHERWISE})


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_both_languages_with_the_same_shape(name):
    tags = [
        re.findall(r"</?[a-z0-9]+", (WEB / "help" / f"{name}.{language}.html").read_text("utf-8"))
        for language in ("en", "zh")
    ]
    assert tags[0] == tags[1]


def test_no_text_lies_about_without_a_page():
    assert {each.name.split(".")[0] for each in (WEB / "help").glob("*.html")} == set(NAMES)


@pytest.mark.parametrize(
    ("address", "topic"),
    [
        ("/", "home"),
        ("/o/customer", "lists"),
        ("/o/customer/12", "record"),
        ("/runs/7", "runs"),
        ("/runs/7/proof", "proof"),
        ("/runs/7/cleaning", "cleaning"),
        ("/sources/3/mapping", "mapping"),
        ("/sources/new", "sources"),
        ("/duplicates", "duplicates"),
        ("/gaps", "gaps"),
        ("/o/gap", "gaps"),
        ("/settings/people/4", "people"),
        ("/somewhere", OTHERWISE),
        ("/o/../../etc/passwd", "record"),
    ],
)
def test_each_page_has_its_own_help(address, topic):
    assert topic_of(address) == topic


def test_the_drawer_gets_the_text_alone_and_a_browser_without_scripts_a_page(reader_browser):
    part = reader_browser.get("/help?of=/o/customer", **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert "<h2>Lists</h2>" in part
    page = reader_browser.get("/help?of=/o/customer").text
    assert "<html" in page
    assert "<h2>Lists</h2>" in page
    reader_browser.post("/habits/language", {"language": "zh"})
    assert "<h2>列表</h2>" in reader_browser.get("/help?of=/o/customer").text
