"""Requests to a web service: patient with a busy server, strict about where the token may go."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx
import stamina

from guanxi.integration.sources.endpoint import RestOptions
from guanxi.integration.sources.flattening import parse
from guanxi.integration.sources.options import fill_from_environment
from guanxi.integration.sources.resolving import addresses_of, asked_as, known_as
from guanxi.kernel.errors import Refused, Transient
from guanxi.kernel.text import Message, by_number, say

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 5
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: its text, the JSON in it and the address of the next page from its header Link."""

    text: str
    body: Any
    links: str | None


class _BusyError(Exception):
    """The server asks for patience; ``wait_seconds`` is what it asked for, None when it named no time."""

    def __init__(self, status: int, wait_seconds: float | None) -> None:
        super().__init__(f"HTTP {status}")
        self.wait_seconds = wait_seconds


class WebClient:
    """A client of one host; the token never leaves for another one."""

    def __init__(self, options: RestOptions) -> None:
        self._options = options
        headers = {name: fill_from_environment(value) for name, value in (options.headers or {}).items()} | {
            "Accept": "application/json"
        }
        if options.token:
            headers[options.token_header] = options.token_prefix + fill_from_environment(options.token)
        self._origin = httpx.URL(options.url)
        self._client = httpx.Client(
            headers=headers, timeout=options.timeout_seconds, follow_redirects=False, trust_env=False
        )

    def __enter__(self) -> Self:
        """Return the open client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, url: str, parameters: dict[str, str]) -> Answer:
        """Return the answer of *url*; retry a busy or silent server, then raise `Transient`.

        The waits grow (0.2 s, 0.4 s …) up to ``longest_wait_seconds``; a header Retry-After is obeyed when
        it asks for no more than that.
        """
        filled = {name: fill_from_environment(value) for name, value in parameters.items()}
        try:
            for attempt in stamina.retry_context(
                on=self._patience,
                attempts=self._options.attempts,
                timeout=None,
                wait_initial=0.2,
                wait_max=self._options.longest_wait_seconds,
                wait_jitter=0.1,
            ):
                with attempt:
                    return self._follow(httpx.URL(url), filled)
        except (_BusyError, httpx.TransportError) as error:
            attempts, problem = self._options.attempts, _plain(error)
            several = say(
                "no answer after {attempts} attempts: {problem}", attempts=attempts, problem=problem
            )
            raise Transient(
                by_number(attempts, say("no answer: {problem}", problem=problem), several)
            ) from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _patience(self, error: Exception) -> bool | float:
        """Tell whether to try again, or after how many seconds."""
        if not isinstance(error, _BusyError):
            return isinstance(error, httpx.TransportError)
        if error.wait_seconds is None:
            return True
        return error.wait_seconds if error.wait_seconds <= self._options.longest_wait_seconds else False

    def _follow(self, url: httpx.URL, parameters: dict[str, str]) -> Answer:
        """Follow redirects on the same host only."""
        asked = url.copy_merge_params(parameters) if parameters else url
        for _ in range(_REDIRECTS + 1):
            self._refuse_foreign(asked)
            with closing(self._sent(asked)) as response:
                if response.has_redirect_location:
                    asked = asked.join(response.headers["Location"])
                    continue
                return self._answer(asked, response)
        raise Refused(say("the source redirects in circles"))

    def _sent(self, url: httpx.URL) -> httpx.Response:
        """Return what the first address of *url* that can be reached answers; its content is still to come."""
        places = addresses_of(url)
        for each in places:
            request = self._client.build_request("GET", each, headers=asked_as(url), extensions=known_as(url))
            try:
                return self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if each is places[-1]:
                    raise
        raise AssertionError("unreachable: a host that was found has an address")

    def _refuse_foreign(self, url: httpx.URL) -> None:
        if (url.scheme, url.host, url.port) != (self._origin.scheme, self._origin.host, self._origin.port):
            raise Refused(
                say(
                    "the source points to another host ({host}), which is not followed; "
                    "enter that address as the source if you trust it",
                    host=f"{url.scheme}://{url.netloc.decode(errors='replace').rpartition('@')[2]}",
                )
            )

    def _answer(self, asked: httpx.URL, response: httpx.Response) -> Answer:
        if response.status_code in _BUSY:
            raise _BusyError(response.status_code, _retry_after(response))
        if response.status_code in (401, 403):
            raise Refused(
                say("the source refuses access (HTTP {status}); check the token", status=response.status_code)
            )
        if not response.is_success:
            raise Refused(
                say("the source answers HTTP {status}; check the address", status=response.status_code)
            )
        content = self._content(response)
        link = response.links.get("next", {}).get("url")
        text = content.decode("utf-8-sig", errors="replace")
        return Answer(text=text, body=parse(text), links=str(asked.join(link)) if link else None)

    def _content(self, response: httpx.Response) -> bytes:
        """Return the unpacked content, stopping at the limit so that a packed bomb cannot grow."""
        content = bytearray()
        for piece in response.iter_bytes(chunk_size=65_536):
            content += piece
            if len(content) > self._options.max_page_mib * _MIB:
                raise Refused(
                    say(
                        "a page of the source is larger than {limit} MiB; ask for smaller pages",
                        limit=self._options.max_page_mib,
                    )
                )
        return bytes(content)


def _retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of the header Retry-After (RFC 9110, 10.2.3), as seconds or as a date."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    # A date of the zone -0000 comes without one; RFC 9110 knows only dates in UTC.
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _plain(error: Exception) -> Message | str:
    """Return what went wrong: in words where it is common, else as the connection words it."""
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return say("the service took too long")
    if isinstance(error, httpx.ConnectError) and "refused" in text:
        return say("nothing runs at this address; check the address and that the service is on")
    return text
