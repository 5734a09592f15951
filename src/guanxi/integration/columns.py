"""What the columns of a frame of source rows are called, and how its cells read as text.

A frame holds one row per record of a source: ``id``, ``run`` (which read it), ``source``, ``table``, ``row``, and one
column per field. A field called like one of the row's own columns (a customer has a field ``source``) carries the name
of its object in front: ``customer.source``. Any other may.
"""

import polars as pl

PLACE = ("run", "source", "table", "row")
"""Columns that say where a row stands."""

CHANGED = "changed_on"
"""Column: when the row was last changed where it comes from."""
VERDICT = "__verdict"
TRUST = "__trust"
OWN_COLUMNS = frozenset((*PLACE, "id", "key", CHANGED, "group", "members", "record", "place"))
"""Columns that speak of the row, not of the customer."""


def column_name(object_name: str, field_name: str) -> str:
    """Return the name of the column that holds a field, in frames that are handed on."""
    return f"{object_name}.{field_name}" if field_name.removesuffix(VERDICT) in OWN_COLUMNS else field_name


def column_of(frame: pl.DataFrame, object_name: str, field_name: str) -> str | None:
    """Return the column of *frame* that holds a field, None where there is none."""
    full = f"{object_name}.{field_name}"
    if full in frame.columns:
        return full
    return field_name if field_name in frame.columns and field_name not in OWN_COLUMNS else None


def filled(column: str, kind: pl.DataType) -> pl.Expr:
    """Return the cells of *column*, null where a text is blank or no part of a compound value is known."""
    cell = pl.col(column)
    if isinstance(kind, pl.Struct):
        return pl.when(parts_known(column, kind) > 0).then(cell)
    if isinstance(kind, pl.String):
        return pl.when(cell.str.strip_chars() != "").then(cell)
    if isinstance(kind, pl.List):
        return pl.when(cell.list.len() > 0).then(cell)
    return cell


def parts_known(column: str, kind: pl.DataType) -> pl.Expr:
    """Return how many parts of each cell are known: 0 or 1 for a plain value."""
    if not isinstance(kind, pl.Struct):
        return pl.col(column).is_not_null().cast(pl.Int64)
    return pl.sum_horizontal(_known(column, each).cast(pl.Int64) for each in kind.fields)


def as_text(column: str, kind: pl.DataType) -> pl.Expr:
    """Return each cell as one text; the parts of an address are joined by "-", other parts by a space."""
    cell = pl.col(column)
    if isinstance(kind, pl.List):
        return cell.cast(pl.List(pl.String)).list.join("、")
    if not isinstance(kind, pl.Struct):
        return cell.cast(pl.String)
    between = " " if "amount" in (each.name for each in kind.fields) else "-"
    parts = [cell.struct.field(each.name).cast(pl.String).fill_null("") for each in kind.fields]
    return pl.when(cell.is_not_null()).then(pl.concat_str(parts, separator=between))


def _known(column: str, part: pl.Field) -> pl.Expr:
    cell = pl.col(column).struct.field(part.name)
    known = (cell.str.strip_chars() != "") if part.dtype == pl.String else cell.is_not_null()
    return known.fill_null(value=False)
