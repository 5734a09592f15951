"""Templates of ours that a department filled in: which sheet holds the rows, and which field each column is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

MARK = "guanxi"
"""The name of the hidden sheet that makes a workbook a template, and the word in its first cell."""

VERSION = "1"
"""The layout of that sheet: mark and version, then object, sheet, and one line per column: header, field."""


@dataclass(frozen=True, kw_only=True)
class FilledTemplate:
    """What the hidden sheet says: the object of the rows, their sheet, and the field of each header."""

    object: str
    sheet: str
    fields: Mapping[str, str]

    def header_in(self, rows: Sequence[Sequence[str | None]]) -> int | None:
        """Return the index of the row of *rows* that holds most of the headers; None where none is."""
        hits = [sum(value in self.fields for value in row if value) for row in rows]
        best = max(hits, default=0)
        return hits.index(best) if best else None


def filled_template(book: CalamineWorkbook) -> FilledTemplate | None:
    """Return what *book* says about itself, None when it is no template of ours that this version knows.

    When somebody gave the sheet another name, its rows are looked for in the first sheet.
    """
    sheets = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    if MARK not in sheets:
        return None
    try:
        lines = [[str(cell) for cell in row[:2]] for row in book.get_sheet_by_name(MARK).to_python()]
    except CalamineError:
        return None
    if len(lines) < 3 or any(len(line) < 2 for line in lines) or lines[0] != [MARK, VERSION]:
        return None
    (_, object_name), (_, sheet) = lines[1], lines[2]
    fields = {header: path for header, path in lines[3:] if header and path}
    return FilledTemplate(object=object_name, sheet=sheet if sheet in sheets else sheets[0], fields=fields)
