"""Files people bring: kept under a name that can do no harm, judged by their content, never by their ending."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guanxi.integration.sources import SOURCE_KINDS, kind_for, safe_file_name
from guanxi.integration.sources.database import DatabaseOptions, tables_of
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import Refused
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import say

FOLDER = "uploads"
SQLITE = "sqlite:///"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was kept: what its sender called it, the kind of source it is and how that kind reads it."""

    name: str
    kind: str
    options: Mapping[str, Any]

    @property
    def stem(self) -> str:
        """Return the name without its ending."""
        return Path(self.name).stem or self.name


def keep(shop: Workshop, name: str, save: Callable[[Path], None]) -> Upload:
    """Keep a file that *save* writes; raise `Refused` for what holds no table, and keep nothing of it."""
    called = safe_file_name(name)
    folder = shop.home / FOLDER / new_id()
    folder.mkdir(parents=True)
    path = folder / called.stored
    try:
        save(path)
        kind = kind_for(path)
        options = options_for(kind, path, Path(called.display).stem)
        _refuse_unusable(kind, options, called.display)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Upload(name=called.display, kind=kind, options=options)


def options_for(kind: str, path: Path, table: str) -> dict[str, Any]:
    """Return the options with which *kind* reads the file at *path*; *table* names what is in a text file."""
    if kind == "database":
        return {"url": f"{SQLITE}{path}"}
    if kind == "delimited":
        return {"path": str(path), "table": table}
    return {"path": str(path)}


def replaced(options: Mapping[str, Any], newer: Upload) -> dict[str, Any]:
    """Return *options* pointing to the *newer* file; how it is read and what its table is called stay."""
    place = {name: newer.options[name] for name in ("path", "url") if name in newer.options}
    return {**options, **place}


def forget(shop: Workshop, options: Mapping[str, Any]) -> None:
    """Delete the uploaded file that *options* name; any other file stays."""
    path = file_of(options)
    if path is not None and is_upload(shop, options):
        shutil.rmtree(path.parent, ignore_errors=True)


def is_upload(shop: Workshop, options: Mapping[str, Any]) -> bool:
    """Tell whether *options* name a file that was uploaded."""
    path, home = file_of(options), (shop.home / FOLDER).resolve()
    return path is not None and path.parent.parent.resolve() == home


def file_of(options: Mapping[str, Any]) -> Path | None:
    """Return the file that *options* name, None where they name none."""
    url = str(options.get("url", ""))
    if url.startswith(SQLITE):
        return Path(url.removeprefix(SQLITE))
    return Path(str(options["path"])) if options.get("path") else None


def _refuse_unusable(kind: str, options: Mapping[str, Any], name: str) -> None:
    """Open the file once, so that a bomb or a cut-off workbook is told now and not when it is used."""
    if kind == "database":
        asked = SOURCE_KINDS[kind].options(options)
        is_empty = isinstance(asked, DatabaseOptions) and not tables_of(asked)
    else:
        reader = SOURCE_KINDS[kind]
        is_empty = all(each.empty for each in reader.inspect(reader.options(options), rows=1))
    if is_empty:
        raise Refused(say("{name} holds no table", name=name))
