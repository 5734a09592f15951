"""Laws of the bell and the page of notices."""

from datetime import timedelta

from guanxi.identity import notices
from guanxi.kernel.text import say

MOST_QUERIES = 12


def tell(store, person, number=1):
    with store.transaction("test") as tx:
        for each in range(number):
            notices.notify(
                tx,
                [person.id],
                say("{run} is finished: everything is loaded and checked", run=f"夜间 {each}"),
                "/o/run",
                kind="run_finished",
            )


def test_the_bell_counts_what_is_unread_and_the_panel_tells_it(reader_browser, store, reader):
    assert 'data-count="0"' in reader_browser.get("/o/customer").text
    tell(store, reader, 2)
    assert 'data-count="2"' in reader_browser.get("/o/customer").text
    panel = reader_browser.get("/notices", **{"HX-Request": "true"}).text
    assert "<html" not in panel
    assert "夜间 1 is finished" in panel


def test_following_a_notice_leads_to_its_page_and_counts_as_reading_it(reader_browser, store, reader):
    tell(store, reader)
    with store.transaction("test") as tx:
        number = notices.latest(tx, reader)[0].id
    assert reader_browser.get(f"/notices/{number}").headers["location"] == "/o/run"
    assert 'data-count="0"' in reader_browser.get("/notices").text


def test_all_are_read_at_once_and_the_page_goes_back_in_time(reader_browser, store, reader, queries):
    tell(store, reader, 60)
    with queries() as sent:
        page = reader_browser.get("/notices").text
    assert len(sent) <= MOST_QUERIES
    assert page.count('<li class="news-unread') == 50
    older = page.split('href="/notices?before=')[1].split('"')[0]
    assert reader_browser.get(f"/notices?before={older}").text.count('<li class="news-unread') == 10
    assert reader_browser.post("/notices/read", {"next": "/"}).headers["location"] == "/"
    assert 'data-count="0"' in reader_browser.get("/").text


def test_nobody_follows_the_notice_of_another_person(reader_browser, store, steward):
    tell(store, steward)
    with store.transaction("test") as tx:
        number = notices.latest(tx, steward)[0].id
    assert reader_browser.get(f"/notices/{number}").status_code == 404


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(reader_browser, store):
    def seen():
        with store.transaction("test") as tx:
            return tx.connection.exec_driver_sql("SELECT max(seen_at) FROM guanxi.session").scalar()

    with store.transaction("test") as tx:
        tx.connection.exec_driver_sql("UPDATE guanxi.session SET seen_at = seen_at - interval '1 hour'")
    before = seen()
    assert reader_browser.get("/notices/count").status_code == 200
    assert seen() == before
    reader_browser.get("/o/customer")
    assert seen() - before > timedelta(minutes=50)
