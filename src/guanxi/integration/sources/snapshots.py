"""The pages of a web service exactly as they came, kept beside the table and used to go on after a stop."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from guanxi.integration.sources.endpoint import RestOptions
from guanxi.integration.sources.flattening import dig, parse
from guanxi.integration.sources.paging import Place
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

PAGES_FILE = "pages.jsonl"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: its 1-based number, its records, the place of the next page and the answer as it came."""

    number: int
    records: list[Any]
    next_place: Place | None
    text: str

    @property
    def digest(self) -> str:
        """Return what tells this page's content from that of other pages."""
        return hashlib.sha256(self.text.encode(errors="surrogatepass")).hexdigest()


class Snapshots:
    """The file pages.jsonl of one reading: one line per page, a broken last line is dropped."""

    def __init__(self, into: Path, options: RestOptions) -> None:
        self.path = into / PAGES_FILE
        self._records = options.records
        self._fingerprint = _fingerprint(options)
        self._digests: set[str] = set()
        self._last: Page | None = None
        self._mend()
        for page in self.pages():
            self._digests.add(page.digest)
            self._last = page
        self.resumed_at = self._last.number if self._last else 0

    def last(self) -> Page | None:
        """Return the last page kept, None when nothing was."""
        return self._last

    def holds(self, page: Page) -> bool:
        """Tell whether a page with records was kept before with the same content."""
        return bool(page.records) and page.digest in self._digests

    def keep(self, page: Page) -> None:
        """Write one page to the end of the file."""
        following = asdict(page.next_place) if page.next_place else None
        line = {"page": page.number, "plan": self._fingerprint, "next": following, "answer": page.text}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
        self._digests.add(page.digest)
        self._last = page

    def pages(self) -> Iterator[Page]:
        """Yield every page kept, in order."""
        if not self.path.is_file():
            return
        with self.path.open(encoding="utf-8") as file:
            for text in file:
                yield self._page(text)

    def _page(self, text: str) -> Page:
        line = json.loads(text)
        if line["plan"] != self._fingerprint:
            raise Refused(say("this folder holds pages of another plan; read into a new folder"))
        following = Place(**line["next"]) if line["next"] else None
        records = dig(parse(line["answer"]), self._records)
        return Page(number=line["page"], records=records, next_place=following, text=line["answer"])

    def _mend(self) -> None:
        """Cut off a line that was being written when the process died."""
        if self.path.is_file():
            content = self.path.read_bytes()
            whole = content[: content.rfind(b"\n") + 1]
            if whole != content:
                self.path.write_bytes(whole)


def _fingerprint(options: RestOptions) -> str:
    patience = {
        "timeout_seconds",
        "attempts",
        "longest_wait_seconds",
        "max_pages",
        "max_page_mib",
        "max_columns",
    }
    asked = {name: value for name, value in asdict(options).items() if name not in patience}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
