"""Takes a source's table over into our fields: one text column for each field, nothing judged yet."""

from collections.abc import Mapping, Sequence

import polars as pl

from guanxi.integration.mapping.assigning import field_at
from guanxi.integration.mapping.mappings import ColumnMapping, TableMapping
from guanxi.integration.mapping.units import in_unit
from guanxi.integration.mapping.values import value_map
from guanxi.metadata.catalog import Catalog

_HAN = r"[\x{3400}-\x{9FFF}]"
_ADDRESS_PARTS = ("province", "city", "district", "detail", "number", "more", "")
_LATIN_PARTS = (
    "province",
    "city",
    "district",
    "more",
    "number",
    "detail",
    "",
)  # 8 Stanley Street, but 文三路8号


def map_columns(raw: pl.DataFrame, mapping: TableMapping, catalog: Catalog) -> pl.DataFrame:
    """Return *raw* with a String column for each target of *mapping* (``customer.name``), row for row.

    Columns whose name begins with ``_`` (the row number) stay. Values are mapped to choices, numbers without a
    unit get the header's, parts of a name or an address become one text. What was empty is null.
    """
    kept = [pl.col(name) for name in raw.columns if name.startswith("_")]
    return raw.select(*kept, *(_target(raw, mapping, target, catalog) for target in mapping.targets))


def _target(raw: pl.DataFrame, mapping: TableMapping, target: str, catalog: Catalog) -> pl.Expr:
    cells = {each.part: _cell(raw, each, catalog) for each in mapping.taken(target)}
    if set(cells) == {""}:
        return cells[""].alias(target)
    if cells.keys() & {"family", "given"}:
        return _name(cells).alias(target)
    return _address(cells).alias(target)


def _cell(raw: pl.DataFrame, column: ColumnMapping, catalog: Catalog) -> pl.Expr:
    """Return the cells of one column as text, null where empty, with choices and units put in."""
    text = pl.col(column.column).cast(pl.String).str.strip_chars()
    text = pl.when(text != "").then(text)
    if column.unit:
        return in_unit(text, column.unit)
    tidy = text.str.normalize("NFKC").str.strip_chars()
    known = _known(raw, column, tidy, catalog)
    if not known:
        return text
    return pl.coalesce(tidy.replace_strict(known, default=None, return_dtype=pl.String), text)


def _known(raw: pl.DataFrame, column: ColumnMapping, tidy: pl.Expr, catalog: Catalog) -> dict[str, str]:
    """Return what each distinct value means; a person's word goes before ours."""
    field, _ = field_at(catalog, column.path)
    if not column.values and field.type not in ("single_select", "industry"):
        return {}
    distinct = raw.select(tidy.unique().drop_nulls()).to_series().to_list()
    return {**value_map(column.target, field, distinct)[0], **column.values}


def _name(cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return family and given name as one: 张伟, but Mary Lee."""
    whole, family, given = (cells.get(part, pl.lit(None, pl.String)) for part in ("", "family", "given"))
    chinese = pl.concat_str(family, given, ignore_nulls=True)
    other = pl.concat_str(given, family, separator=" ", ignore_nulls=True)
    joined = pl.when(chinese.str.contains(_HAN)).then(chinese).otherwise(other)
    return pl.coalesce(whole, pl.when(joined != "").then(joined))


def _address(cells: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the parts of an address as one text, from the largest to the smallest.

    A part the next one already begins with is not said twice: 成都 before 成都市锦江区.
    """
    chinese = _joined([cells[name] for name in _ADDRESS_PARTS if name in cells], "")
    latin = _joined([cells[name] for name in _LATIN_PARTS if name in cells], " ")
    return pl.when(chinese.str.contains(_HAN)).then(chinese).otherwise(latin)


def _joined(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    whole = parts[-1]
    for part in reversed(parts[:-1]):
        both = pl.concat_str(part, whole, separator=separator, ignore_nulls=True)
        said = whole.str.starts_with(part).fill_null(value=False)
        whole = pl.when(said).then(whole).otherwise(pl.when(both != "").then(both))
    return whole
