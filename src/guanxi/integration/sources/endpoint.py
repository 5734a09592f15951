"""What has to be known about a web service before it is asked: the options of the kind `rest`."""

from dataclasses import dataclass
from typing import Literal

from guanxi.integration.sources.options import is_placeholder
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say


@dataclass(frozen=True, kw_only=True)
class RestOptions:
    """Where the records are, how the pages follow each other and what to ask for.

    ``records`` is the dotted path to the array in each answer (empty: the answer is the array).
    ``token`` is ``${NAME}`` of an environment variable, sent in ``token_header`` after ``token_prefix``.
    ``changed_since`` is sent as ``changed_parameter``; the highest ``changed_field`` comes back in the
    receipt as ``changed_until``. Paging: ``page`` counts pages, ``offset`` counts records, ``cursor``
    sends back the value at the dotted path ``next_cursor``, ``link`` follows the header Link (RFC 8288).
    """

    url: str
    table: str = "records"
    records: str = ""
    paging: Literal["none", "page", "offset", "cursor", "link"] = "none"
    page_parameter: str = "page"
    first_page: int = 1
    offset_parameter: str = "offset"
    size_parameter: str = "limit"
    page_size: int | None = None
    cursor_parameter: str = "cursor"
    next_cursor: str = "next"
    parameters: dict[str, str] | None = None
    headers: dict[str, str] | None = None
    token: str | None = None
    token_header: str = "Authorization"  # noqa: S105 (the name of a header)
    token_prefix: str = "Bearer "  # noqa: S105
    changed_parameter: str | None = None
    changed_field: str | None = None
    changed_since: str | None = None
    timeout_seconds: float = 30.0
    attempts: int = 5
    longest_wait_seconds: float = 60.0
    max_pages: int = 100_000
    max_page_mib: int = 64
    max_columns: int = 2_000

    def __post_init__(self) -> None:
        """Refuse what cannot work, all at once."""
        problems = []
        if not self.url.lower().startswith(("http://", "https://")):
            problems.append(Problem("url", say("write an address that begins with https:// or http://")))
        if self.token is not None and not is_placeholder(self.token):
            problems.append(Problem("token", say("write ${{NAME}} and set that environment variable")))
        if self.changed_since and not self.changed_parameter:
            problems.append(Problem("changed_parameter", say("name the parameter that takes changed_since")))
        problems += [
            Problem(name, say("write a number above 0"))
            for name in ("timeout_seconds", "attempts", "max_pages", "max_page_mib", "max_columns")
            if getattr(self, name) <= 0
        ]
        if self.page_size is not None and self.page_size <= 0:
            problems.append(Problem("page_size", say("write a number above 0")))
        if problems:
            raise Invalid(problems)
