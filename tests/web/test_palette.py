"""Laws of the palette: records, pages and actions in one place, by right."""


def test_pages_are_found_by_their_name_in_either_language(administrator_browser):
    for words in ("roles", "角色", "权限"):
        assert 'href="/settings/roles"' in administrator_browser.get(f"/search?q={words}").text
    assert 'href="/notices"' in administrator_browser.get("/search?q=通知").text


def test_an_action_is_found_by_what_it_makes_and_offered_to_those_who_may(steward_browser, reader_browser):
    for words in ("create", "new cust", "新建客户"):
        assert 'href="/o/customer/new"' in steward_browser.get(f"/search?q={words}").text
        assert 'href="/o/customer/new"' not in reader_browser.get(f"/search?q={words}").text


def test_nobody_finds_a_page_that_is_closed_to_them(reader_browser):
    assert "/settings/" not in reader_browser.get("/search?q=settings").text
