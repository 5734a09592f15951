import pytest

from guanxi.web.downloads import headers_of


@pytest.mark.parametrize("address", ["/gaps.xlsx", "/o/customer/export", "/settings/objects/dictionary.xlsx"])
def test_a_file_is_saved_not_opened_and_kept_by_no_browser(administrator_browser, address):
    headers = administrator_browser.get(address).headers
    assert headers["content-disposition"].startswith("attachment; filename=")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_name_of_a_file_ends_its_header():
    told = headers_of("plain.xlsx", '云帆"; x="\r\nSet-Cookie: a=b/../c.xlsx')["Content-Disposition"]
    assert told.count('"') == 2
    assert not set(told) & {"\r", "\n", "/"}
