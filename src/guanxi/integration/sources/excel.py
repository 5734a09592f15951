"""Excel workbooks (.xlsx and .xls): every sheet a table, as a person sees it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import python_calamine
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from guanxi.integration.sources.archives import ArchiveLimits, refuse_unsafe_workbook
from guanxi.integration.sources.base import (
    FIRST_ROWS,
    NumberedRow,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    remark,
)
from guanxi.integration.sources.cells import Cell, cell_text, cell_texts, numbers_that_lost_digits
from guanxi.integration.sources.filled import FilledTemplate, filled_template
from guanxi.integration.sources.headers import ROWS_TO_LOOK_AT, find_header, unique_names
from guanxi.integration.sources.judging import Sample
from guanxi.integration.sources.merged import MergedCells
from guanxi.integration.sources.sniffing import kind_for
from guanxi.integration.sources.writing import Quarantine, TableFile, checksum
from guanxi.kernel.errors import Refused, UnknownName
from guanxi.kernel.text import by_number, say

_ROWS_AT_ONCE = 500  # fewer lists than wake the garbage collector (700); more of them take a third longer


@dataclass(frozen=True, kw_only=True)
class ExcelOptions:
    """How to read a workbook; what is left out is found out from the content.

    ``sheets`` are the names of the sheets wanted (all that hold something when empty; of a template of ours
    the one to fill in), ``header_row`` the 1-based row of names for all of them (0 for none). The limits
    guard against files made to fill the memory: unpacked size in MiB, unpacked by packed size,
    and cells in the rectangle of one sheet.
    """

    path: Path
    sheets: tuple[str, ...] = ()
    header_row: int | None = None
    with_hidden: bool = True
    max_columns: int = 10_000
    max_unpacked_mib: int = 1024
    max_ratio: int = 200
    max_cells: int = 40_000_000


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """One sheet with everything decided before its rows are read; ``header`` is a 0-based row."""

    name: str
    sheet: CalamineSheet
    merged: MergedCells
    hidden: bool
    header: int | None
    columns: tuple[str, ...]
    template: FilledTemplate | None = None

    @property
    def first_row(self) -> int:
        """Return the 1-based number of the first row below the header."""
        return 1 if self.header is None else self.header + 2

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the cells of every row below the header, as wide as the header."""
        return itertools.islice(_rows(self.sheet, self.merged), self.first_row - 1, None)


class Excel(SourceKind[ExcelOptions]):
    """A workbook of Excel: .xlsx, or .xls as written by Excel 97 and later."""

    name = "excel"
    options_type = ExcelOptions

    def inspect(self, options: ExcelOptions, *, rows: int = FIRST_ROWS) -> tuple[TableOutline, ...]:
        """Return one outline per sheet, empty ones marked."""
        return look(options, rows=rows)[0]

    def read(self, options: ExcelOptions, into: Path) -> ReadReceipt:
        """Write one Parquet file per sheet that holds something.

        A value merged over several cells belongs to each of them. A formula gives the value Excel stored
        for it; an error value such as #N/A counts as nothing.
        """
        receipts: list[TableReceipt] = []
        skipped: list[str] = []
        with _open(options) as book, Quarantine(into) as quarantine:
            for sheet in _sheets(book, options):
                if sheet.columns:
                    receipts.append(_read_sheet(sheet, into, len(receipts) + 1, quarantine))
                else:
                    skipped.append(sheet.name)
        return ReadReceipt(
            kind=self.name,
            tables=tuple(receipts),
            quarantine_path=str(quarantine.path),
            quarantined=quarantine.count,
            skipped=tuple(skipped),
            source_sha256=checksum(options.path),
        )


def look(
    options: ExcelOptions, *, rows: int = FIRST_ROWS
) -> tuple[tuple[TableOutline, ...], tuple[str, ...]]:
    """Return the outlines of the sheets wanted and the names of all sheets, wanted or not."""
    with _open(options) as book:
        outlines = tuple(_outline(each, rows) for each in _sheets(book, options))
        return outlines, tuple(_worksheets(book))


def _open(options: ExcelOptions) -> CalamineWorkbook:
    path = options.path
    if kind_for(path) != "excel":
        raise Refused(say("{name} is no Excel workbook", name=path.name))
    with path.open("rb") as file:
        is_archive = file.read(2) == b"PK"
    if is_archive:
        limits = ArchiveLimits(
            unpacked_mib=options.max_unpacked_mib, ratio=options.max_ratio, cells=options.max_cells
        )
        refuse_unsafe_workbook(path, limits)
    try:
        return CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        raise Refused(
            say("{name} is protected with a password; save it without one", name=path.name)
        ) from None
    except CalamineError as error:
        raise _damaged(path.name, error) from error


def _damaged(name: str, error: CalamineError) -> Refused:
    return Refused(
        say("the workbook {name} is damaged ({problem}); export it again", name=name, problem=str(error))
    )


def _sheets(book: CalamineWorkbook, options: ExcelOptions) -> Iterator[_Sheet]:
    known = _worksheets(book)
    for name in options.sheets:
        if name not in known:
            raise UnknownName("sheet", name, known)
    template = filled_template(book)
    wanted = options.sheets or ((template.sheet,) if template else known)
    for each in book.sheets_metadata:
        hidden = each.visible != SheetVisibleEnum.Visible
        if each.name not in known or each.name not in wanted:
            continue
        if hidden and not options.with_hidden:
            continue
        try:
            told = template if template and each.name == template.sheet else None
            yield _decide(each.name, book.get_sheet_by_name(each.name), hidden, options, told)
        except CalamineError as error:
            raise _damaged(f"{options.path.name} ({each.name})", error) from error


def _worksheets(book: CalamineWorkbook) -> list[str]:
    return [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]


def _decide(
    name: str, sheet: CalamineSheet, hidden: bool, options: ExcelOptions, template: FilledTemplate | None
) -> _Sheet:
    merged = MergedCells(sheet.merged_cell_ranges or [])
    first = _first_rows(sheet, merged)
    if sheet.start is None or not first:
        return _Sheet(name=name, sheet=sheet, merged=merged, hidden=hidden, header=None, columns=())
    if options.header_row is None:
        header = template.header_in(first) if template else find_header(first)
        if header is not None and header + 1 < len(first) and merged.heads_groups(header):
            header += 1
    else:
        header = options.header_row - 1 if options.header_row else None
    if header is not None and header >= len(first):
        raise Refused(
            say("the sheet {name} has no row {row} to take the column names from", name=name, row=header + 1)
        )
    width = (sheet.end or (0, 0))[1] + 1
    names: Sequence[str | None] = [None] * width if header is None else merged.names(first, header, width)
    return _Sheet(
        name=name,
        sheet=sheet,
        merged=merged,
        hidden=hidden,
        header=header,
        columns=unique_names(names, limit=options.max_columns),
        template=template,
    )


def _first_rows(sheet: CalamineSheet, merged: MergedCells) -> list[list[str | None]]:
    return list(map(cell_texts, itertools.islice(_rows(sheet, merged), ROWS_TO_LOOK_AT)))


def _rows(sheet: CalamineSheet, merged: MergedCells) -> Iterable[list[Cell]]:
    """Return every row from the first of the sheet, from its column A, merged values repeated."""
    if sheet.start is None:
        return ()
    left: list[Cell] = [""] * sheet.start[1]
    rows = sheet.iter_rows()
    return merged.fill((left + cells for cells in rows) if left else rows)


def _outline(sheet: _Sheet, rows: int) -> TableOutline:
    sample = Sample(rows)
    for number, cells in enumerate(sheet.rows(), start=sheet.first_row):
        sample.take(number, cell_texts(cells))
        if sample.is_full:
            break
    above = itertools.islice(_rows(sheet.sheet, sheet.merged), sheet.header or 0)
    last = sheet.sheet.end[0] + 1 if sheet.sheet.end else 0
    return TableOutline(
        name=sheet.name,
        columns=sheet.columns,
        first_rows=sample.kept,
        numbered=tuple(sample.rows),
        above=tuple(
            NumberedRow(number=number, values=tuple(cell_text(cell) or None for cell in cells))
            for number, cells in enumerate(above, start=1)
        ),
        header_row=None if sheet.header is None else sheet.header + 1,
        rows=last - sheet.first_row + 1,
        hidden=sheet.hidden,
        empty=not sheet.columns,
        remarks=tuple(_doubts(sheet)),
    )


def _read_sheet(sheet: _Sheet, into: Path, number: int, quarantine: Quarantine) -> TableReceipt:
    too_long, first, rows = 0, sheet.first_row, sheet.rows()
    with TableFile(into, number, sheet.name, sheet.columns, quarantine) as table:
        while several := list(itertools.islice(rows, min(_ROWS_AT_ONCE, table.rows_at_once))):
            columns = list(zip(*several, strict=True))
            table.take_columns(first, [cell_texts(cells) for cells in columns])
            too_long += sum(map(numbers_that_lost_digits, columns))
            first += len(several)
    remarks = list(_doubts(sheet))
    if too_long:
        remarks.append(
            remark(
                by_number(
                    too_long,
                    say(
                        "1 cell holds a number of more than 15 digits; Excel replaced the digits after "
                        "the 15th by zeros, so card and identity numbers must be typed as text"
                    ),
                    say(
                        "{count} cells hold numbers of more than 15 digits; Excel replaced the digits after "
                        "the 15th by zeros, so card and identity numbers must be typed as text",
                        count=too_long,
                    ),
                )
            )
        )
    header_row = None if sheet.header is None else sheet.header + 1
    said = sheet.template
    told = {} if said is None else {each: said.fields[each] for each in sheet.columns if each in said.fields}
    object_name = said.object if said and told else ""
    return table.receipt(remarks, header_row=header_row, hidden=sheet.hidden, object=object_name, fields=told)


def _doubts(sheet: _Sheet) -> Iterator[Remark]:
    if sheet.hidden:
        yield remark(say("the sheet {name} is hidden in Excel", name=sheet.name))
    if sheet.columns and sheet.header is None:
        yield remark(say("no row names the columns; they were numbered"))
