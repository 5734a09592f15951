"""What the house tests read: the files of the repository, and the modules of the package as trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "guanxi"
TESTS = ROOT / "tests"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file and what it says."""

    path: Path

    @property
    def name(self) -> str:
        """Return the path from the top of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        """Return what is written."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.text, filename=self.name)

    @property
    def lines(self) -> int:
        """Return how many lines there are."""
        return self.text.count("\n")

    def functions(self) -> Iterator[FunctionNode]:
        """Yield every function and method."""
        yield from (each for each in ast.walk(self.tree) if isinstance(each, FunctionNode))

    def calls(self, function: str) -> Iterator[ast.Call]:
        """Yield every call of a function by its plain name."""
        for each in ast.walk(self.tree):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == function:
                yield each

    def imports(self) -> Iterator[str]:
        """Yield the full name of everything imported."""
        for each in ast.walk(self.tree):
            if isinstance(each, ast.Import):
                yield from (alias.name for alias in each.names)
            elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
                yield from (f"{each.module}.{alias.name}" for alias in each.names)


@lru_cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package."""
    return _modules_below(PACKAGE)


@lru_cache
def modules_of_tests() -> tuple[Module, ...]:
    """Return every module of the tests."""
    return _modules_below(TESTS)


@lru_cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that Git keeps, as they lie here; a file about to be deleted is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def _modules_below(folder: Path) -> tuple[Module, ...]:
    return tuple(Module(path) for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)
