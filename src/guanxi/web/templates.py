"""Templates: one environment per language, values shown by the widget of their kind."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from guanxi.web.texts import translations
from guanxi.web.widgets import widget_of

WEB = Path(__file__).parent
STATIC = WEB / "static"
_SPRITE = STATIC / "vendor" / "icons.svg"


@cache
def environment(language: str) -> Environment:
    """Return the templates in *language*; an undefined name is an error, every value is escaped."""
    made = Environment(
        loader=FileSystemLoader(WEB),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]

    def widget(macro: str, cell: Any) -> Any:
        template = made.get_template(f"widgets/{widget_of(cell.field)}.html")
        return getattr(template.module, macro)(cell)

    made.globals["show"] = lambda cell: widget("show", cell)
    made.globals["edit"] = lambda cell: widget("edit", cell)
    made.globals["icon"] = icon
    made.globals["asset"] = asset
    return made


def render(language: str, name: str, values: dict[str, Any], *, block: str | None = None) -> str:
    """Return the template *name* filled with *values*, or only one *block* of it."""
    template = environment(language).get_template(name)
    if block is None:
        return template.render(values)
    return "".join(template.blocks[block](template.new_context(values)))


def icon(name: str, extra: str = "") -> Markup:
    """Return an icon of the sprite; one that is not in it is shown as a table."""
    known = name if name in _icons() else "table"
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        extra, asset("vendor/icons.svg"), known
    )


@cache
def asset(path: str) -> str:
    """Return the address of a static file, with a mark that changes with its content."""
    file = STATIC / path
    mark = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "missing"
    return f"/static/{path}?{mark}"


@cache
def _icons() -> frozenset[str]:
    if not _SPRITE.is_file():
        return frozenset()
    parts = _SPRITE.read_text().split('<symbol id="')[1:]
    return frozenset(part.partition('"')[0] for part in parts)
