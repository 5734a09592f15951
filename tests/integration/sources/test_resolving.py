"""Laws of where a host is: it is looked up once, and asked at the addresses that were judged, under its own name."""

import socket

import httpx
import pytest
from tests.integration.sources.test_rest import ORDERS, Shop, ids, read

from guanxi.integration.sources import resolving
from guanxi.kernel.errors import Refused, Transient

NAME = "shop.example.com"


@pytest.fixture
def directory(monkeypatch):
    """Return a directory of hosts that gives one list of addresses after the other, and counts the questions."""
    answers: list[tuple[str, ...]] = []
    real = socket.getaddrinfo

    def look_up(host, port, *more, **options):
        if host != NAME:
            return real(host, port, *more, **options)
        places = answers.pop(0)
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in places
        ]

    monkeypatch.setattr(resolving.socket, "getaddrinfo", look_up)
    return answers


def named(shop: Shop) -> str:
    return shop.url.replace("127.0.0.1", NAME)


def test_a_host_is_looked_up_once_and_asked_by_its_name(tmp_path, directory):
    asked = []

    def answer(_path, _parameters, headers):
        asked.append(headers["Host"])
        return 200, {}, ORDERS

    directory += [("127.0.0.1",), ("169.254.169.254",)]
    with Shop(answer) as shop:
        assert len(ids(read(shop, tmp_path, url=named(shop)))) == len(ORDERS)
        assert asked == [f"{NAME}:{shop.server.server_address[1]}"]
    assert directory == [("169.254.169.254",)]


def test_the_next_page_is_asked_by_name_too(tmp_path, directory):
    def answer(_path, parameters, _headers):
        start = int(parameters.get("from", 0))
        link = {"Link": f'</orders?from={start + 5}>; rel="next"'} if start + 5 < len(ORDERS) else {}
        return 200, link, ORDERS[start : start + 5]

    directory += [("127.0.0.1",)] * 5
    with Shop(answer) as shop:
        assert len(ids(read(shop, tmp_path, url=named(shop), paging="link"))) == len(ORDERS)
    assert directory == []


def test_a_host_that_turns_into_this_machine_between_pages_is_refused(tmp_path, directory):
    directory += [("127.0.0.1",), ("169.254.169.254",)]
    with (
        Shop(lambda *_: (302, {"Location": "/elsewhere"}, {})) as shop,
        pytest.raises(Refused, match="this machine itself"),
    ):
        read(shop, tmp_path, url=named(shop))


def test_one_bad_address_among_good_ones_is_enough_to_refuse(tmp_path, directory):
    directory += [("127.0.0.1", "fd00:ec2::254")]
    with Shop(lambda *_: (200, {}, ORDERS)) as shop:
        with pytest.raises(Refused, match="this machine itself"):
            read(shop, tmp_path, url=named(shop))
        assert not shop.requests


def test_an_address_that_does_not_answer_leaves_it_to_the_next(tmp_path, directory):
    directory += [("::1", "127.0.0.1")]
    with Shop(lambda *_: (200, {}, ORDERS)) as shop:
        assert len(ids(read(shop, tmp_path, url=named(shop)))) == len(ORDERS)


def test_a_host_nobody_knows_is_told_as_no_answer(tmp_path, monkeypatch):
    def nowhere(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(resolving.socket, "getaddrinfo", nowhere)
    with Shop(lambda *_: (200, {}, ORDERS)) as shop, pytest.raises(Transient, match="not known"):
        read(shop, tmp_path, url=named(shop), attempts=1)


def test_the_certificate_has_to_be_for_the_name():
    url = httpx.URL("https://böse.example:8443/a")
    assert resolving.known_as(url) == {"sni_hostname": "xn--bse-sna.example"}
    assert resolving.asked_as(url) == {"Host": "xn--bse-sna.example:8443"}
