"""Which files of a watched folder are ready to be read, and which are left alone for now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import Message, say

# What browsers, file transfers and Excel call a file that is not whole yet.
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".download")
_TEMPORARY = ("~$", ".", "~")


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """The files to read, by name, and the names of those left out."""

    folder: Path
    files: tuple[Path, ...]
    hidden: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()

    def title(self, file: Path) -> str:
        """Return what a person calls *file*: its path from the folder on."""
        return file.relative_to(self.folder).as_posix()

    def stem(self, file: Path) -> str:
        """Return the title of *file* without its ending."""
        return file.relative_to(self.folder).with_suffix("").as_posix()

    def left_out(self) -> Iterator[tuple[Callable[..., Message], tuple[str, ...]]]:
        """Yield each reason for leaving files out, as a function of their names, and the names."""
        yield _hidden, self.hidden
        yield _unfinished, self.unfinished
        yield _outside, self.outside


def arrivals(
    folder: Path, patterns: Sequence[str], *, recursive: bool, settle_seconds: float, now: float
) -> Arrivals:
    """Return the files of *folder* whose name fits one of *patterns* (capitals or not), sorted by name.

    *now* is in seconds since 1970; a file changed less than *settle_seconds* from it is not finished. Links
    that lead out of the folder are left out. Raises `Refused` when there is no such folder.
    """
    if not folder.is_dir():
        raise Refused(say("there is no folder {name}", name=folder.name))
    groups: dict[str, list[Path]] = {"": [], "hidden": [], "unfinished": [], "outside": []}
    for file in _fitting(folder, patterns, recursive):
        groups[_standing(file, folder, settle_seconds, now)].append(file)
    ready = groups.pop("")
    named = {name: _titles(files, folder) for name, files in groups.items()}
    return Arrivals(folder=folder, files=tuple(ready), **named)


def _fitting(folder: Path, patterns: Sequence[str], recursive: bool) -> list[Path]:
    wanted = [each.casefold() for each in patterns]
    found = folder.rglob("*") if recursive else folder.iterdir()
    fitting = (each for each in found if _fits(each.name.casefold(), wanted) and each.is_file())
    return sorted(fitting, key=lambda each: each.relative_to(folder).as_posix())


def _fits(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether *name*, or what it will be called when it is finished, is wanted."""
    whole = next((name.removesuffix(each) for each in _UNFINISHED if name.endswith(each)), name)
    return any(fnmatchcase(each, pattern) for each in (name, whole) for pattern in patterns)


def _standing(file: Path, folder: Path, settle_seconds: float, now: float) -> str:
    parts = file.relative_to(folder).parts
    if any(part.startswith(_TEMPORARY) for part in parts):
        return "hidden"
    if not file.resolve().is_relative_to(folder.resolve()):
        return "outside"
    # A clock that goes wrong elsewhere may date a file into the future; that does not keep it out for ever.
    fresh = abs(now - file.stat().st_mtime) < settle_seconds
    return "unfinished" if fresh or file.name.casefold().endswith(_UNFINISHED) else ""


def _titles(files: Sequence[Path], folder: Path) -> tuple[str, ...]:
    return tuple(each.relative_to(folder).as_posix() for each in files)


def _hidden(names: Sequence[str]) -> Message:
    return say("left out because they are hidden or temporary: {names}", names=names)


def _unfinished(names: Sequence[str]) -> Message:
    return say("left out because they may still be on their way: {names}", names=names)


def _outside(names: Sequence[str]) -> Message:
    return say("left out because they are links that lead out of the folder: {names}", names=names)
