"""Where a host of a source is: looked up once, judged, and asked at the very addresses that were judged."""

import ipaddress
import socket

import httpx

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TOLD_HERE = (ipaddress.ip_address("fd00:ec2::254"), ipaddress.ip_address("100.100.100.200"))
"""Where clouds tell a machine its secrets, besides the addresses of its own link."""


def addresses_of(url: httpx.URL) -> tuple[httpx.URL, ...]:
    """Return *url* once for each address of its host, in the order the system gives them.

    A host that is looked up again could answer another time with another address. Raises `Refused` when one of them
    is where a machine in a cloud is told its own secrets (RFC 3927, 169.254.169.254), and `httpx.ConnectError`.
    """
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(str(error)) from error
    places = dict.fromkeys(str(place[0]) for *_, place in found)
    for each in places:
        _refuse_own_machine(ipaddress.ip_address(each.partition("%")[0]), url.host)
    return tuple(url.copy_with(host=f"[{each}]" if ":" in each else each) for each in places)


def asked_as(url: httpx.URL) -> dict[str, str]:
    """Return the header that tells a server reached by its address which host is asked."""
    return {"Host": url.netloc.decode("ascii")}


def known_as(url: httpx.URL) -> dict[str, str]:
    """Return the name the certificate of a server reached by its address has to be for."""
    return {"sni_hostname": url.raw_host.decode("ascii")}


def _refuse_own_machine(address: Address, host: str) -> None:
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_link_local or plain in _TOLD_HERE:
        raise Refused(say("{host} is an address of this machine itself, which no source has", host=host))
