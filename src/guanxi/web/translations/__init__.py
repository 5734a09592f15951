"""The tables of sentences: collected from the code, completed by people, checked before a change is merged."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from guanxi.web.texts import TRANSLATED, table_of

SOURCE = Path(__file__).resolve().parents[2]
_METHODS = [("**.py", "python"), ("**/web/**.html", "jinja2.ext:babel_extract")]
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "translate": None}
_OPTIONS = {"**/web/**.html": {"trimmed": "true", "silent": "false"}}
_HEAD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=1; plural=0;\n"

"""
_UNTRANSLATABLE = frozenset({"{problems}", "{detail}", "{plural}"})  # nothing but a place


def collect() -> Catalog:
    """Return every sentence that the code and the templates say."""
    catalog = Catalog(project="Guanxi", charset="utf-8", fuzzy=False)
    found = extract_from_dir(SOURCE, _METHODS, _OPTIONS, _KEYWORDS, comment_tags=())
    for _file, _line, text, _comments, context in found:
        first = text if isinstance(text, str) else text[0]
        if first and first not in _UNTRANSLATABLE:
            catalog.add(text, context=context)
    return catalog


def update() -> None:
    """Bring every table up to date: new sentences are added empty, those nobody says any more leave."""
    for language in TRANSLATED:
        table_of(language).parent.mkdir(parents=True, exist_ok=True)
        table_of(language).write_bytes(_written(_renewed(language)))


def check() -> Iterator[str]:
    """Yield what is wrong with the tables: missing, doubtful and superfluous sentences, lost or unknown places."""
    wanted = collect()
    for language in TRANSLATED:
        table = _read(language)
        known = {message.id for message in table if message.id}
        said = {message.id for message in wanted if message.id}
        yield from (f"{language}: nobody says {text!r} any more" for text in sorted(map(str, known - said)))
        yield from (f"{language}: {text!r} is not in the table" for text in sorted(map(str, said - known)))
        for message in table:
            if not message.id or message.id not in said:
                continue
            if not message.string or message.fuzzy:
                yield f"{language}: {message.id!r} is not translated"
            elif _places(message.id) != _places(message.string):
                yield f"{language}: {message.id!r} and {message.string!r} name different places"


def _places(text: object) -> set[str]:
    return set(re.findall(r"\{\w+\}|%\(\w+\)s", str(text)))


def _renewed(language: str) -> Catalog:
    wanted, table = collect(), _read(language)
    renewed = Catalog(locale=language, project="Guanxi", charset="utf-8", fuzzy=False)
    for message in wanted:
        if message.id:
            before = table.get(message.id)
            renewed.add(message.id, before.string if before else None)
    return renewed


def _read(language: str) -> Catalog:
    if not table_of(language).is_file():
        return Catalog(locale=language)
    with table_of(language).open("rb") as file:
        return read_po(file, locale=language)


def _written(catalog: Catalog) -> bytes:
    text = BytesIO()
    write_po(text, catalog, no_location=True, omit_header=True, sort_output=True, width=0)
    return _HEAD.encode() + text.getvalue()
