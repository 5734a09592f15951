"""Merged cells of a sheet: one value that a person reads in every cell it covers."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from guanxi.integration.sources.cells import Cell

Corner = tuple[int, int]


class MergedCells:
    """The merged regions of one sheet, each as its upper left and lower right corner (0-based, inclusive)."""

    def __init__(self, regions: Sequence[tuple[Corner, Corner]]) -> None:
        self._regions = sorted(regions)

    def fill(self, rows: Iterable[list[Cell]]) -> Iterable[list[Cell]]:
        """Return all *rows* of the sheet, from its first, with merged values repeated."""
        return self._filled(rows) if self._regions else rows

    def _filled(self, rows: Iterable[list[Cell]]) -> Iterator[list[Cell]]:
        waiting = deque(self._regions)
        covering: list[tuple[int, int, int, Cell]] = []  # last row, first column, last column, value
        for row, cells in enumerate(rows):
            while waiting and waiting[0][0][0] == row:
                (_, left), (bottom, right) = waiting.popleft()
                if left < len(cells):
                    covering.append((bottom, left, right, cells[left]))
            covering = [region for region in covering if region[0] >= row]
            for _, left, right, value in covering:
                end = min(right + 1, len(cells))
                cells[left:end] = [value] * (end - left)
            yield cells

    def names(self, rows: Sequence[Sequence[str | None]], header: int, width: int) -> list[str | None]:
        """Return the names in the row *header*, told apart by the group above where they repeat.

        Under a merged 注册地址 and a merged 经营地址 the two columns 省 become ``注册地址 省`` and
        ``经营地址 省``. A name that is merged over two rows counts once.
        """
        plain = [*rows[header], *[None] * (width - len(rows[header]))][:width]
        above = [*rows[header - 1], *[None] * width][:width] if header else [None] * width
        times = Counter(plain)
        return [
            f"{group} {name}"
            if name and times[name] > 1 and group and self._groups(header - 1, column)
            else name
            for column, (name, group) in enumerate(zip(plain, above, strict=True))
        ]

    def heads_groups(self, row: int) -> bool:
        """Tell whether some cell of the 0-based *row* is a title over several columns of the row below."""
        columns = [
            left for (top, left), (bottom, right) in self._regions if top == row == bottom and right > left
        ]
        return any(not self._groups(row + 1, column) for column in columns)

    def _groups(self, row: int, column: int) -> bool:
        """Tell whether the cell belongs to a region of this row alone that spans several columns."""
        return any(
            top == row == bottom and left <= column <= right and right > left
            for (top, left), (bottom, right) in self._regions
        )
