"""What belongs to customers: contacts, orders with their lines, tickets, needs, activities found in the rows.

Each becomes a row with ``source``, ``table``, ``row``, ``key`` (what the crosswalk remembers it by), the fields
of its object, the ``names`` its source knows it by, and per link to another of these objects (order line ->
order) the name of that one under ``<link>__reference``. Whose it is follows from its row, which names a customer.
"""

from collections.abc import Sequence
from hashlib import blake2b

import polars as pl

from guanxi.integration.columns import CHANGED, VERDICT, column_name
from guanxi.integration.loading import LINK
from guanxi.integration.mapping import TableMapping
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.standardise import ROW
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType

NAMES = "names"  # all words the source knows a record by: its number and its row's key
REFERENCE = "__reference"  # behind a link's name: the word by which the row names the record it links to
_SEPARATOR = "\x1f"


def belongings_of(
    frame: pl.DataFrame,
    mapping: TableMapping,
    catalog: Catalog,
    *,
    source: str,
    keys: pl.Series | None,
    changed: pl.Series | None = None,
) -> dict[str, pl.DataFrame]:
    """Return, per object, what the rows of a standardised table hold besides customers.

    *keys* and *changed* as for `mentions.mentions_of`.
    """
    if changed is not None:
        frame = frame.with_columns(changed.alias(CHANGED))
    found = {}
    for name in mapping.objects:
        if name != CUSTOMER:
            object_type = catalog.object(name)
            here = _of_object(frame, mapping, object_type, source=source, keys=keys)
            if here is not None:
                found[name] = here
    return {name: _with_references(here, found, catalog.object(name)) for name, here in found.items()}


def gather(parts: Sequence[dict[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Return one frame per object; rows of a source that name the same record become one, first value first."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    return {
        name: _united(pl.concat([part[name] for part in parts if name in part], how="diagonal_relaxed"))
        for name in names
    }


def with_links(frame: pl.DataFrame, object_type: ObjectType) -> pl.DataFrame:
    """Return gathered rows with {source, key} of the records they link to, as loading reads it, for the words."""
    for lookup in object_type.live_fields:
        if lookup.type == "lookup" and (reference := lookup.name + REFERENCE) in frame.columns:
            link = pl.when(pl.col(reference).is_not_null()).then(
                pl.struct("source", pl.col(reference).alias("key"))
            )
            frame = frame.with_columns(link.alias(lookup.name + LINK)).drop(reference)
    return frame


def names_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``id, source, key`` of every name that rows (``id, source, key``) are known by, their keys first."""
    named = rows.select("id", "source", "key")
    if NAMES not in rows.columns:
        return named
    others = rows.select("id", "source", pl.col(NAMES).alias("key")).explode("key").drop_nulls("key")
    return pl.concat([named, others]).unique(maintain_order=True)


def _of_object(
    frame: pl.DataFrame,
    mapping: TableMapping,
    object_type: ObjectType,
    *,
    source: str,
    keys: pl.Series | None,
) -> pl.DataFrame | None:
    prefix = object_type.name + "."
    columns = [name for name in frame.columns if name.startswith(prefix)]
    fields = [
        column_name(object_type.name, name.removeprefix(prefix))
        for name in columns
        if not name.endswith(VERDICT)
    ]
    if not fields:
        return None
    main = mapping.main == object_type.name
    here = frame.select(
        ROW,
        *([CHANGED] if CHANGED in frame.columns else []),
        *(pl.col(name).alias(column_name(object_type.name, name.removeprefix(prefix))) for name in columns),
    )
    number = pl.col(object_type.number) if object_type.number in fields else pl.lit(None, dtype=pl.String)
    own = (
        keys.cast(pl.String).alias("own")
        if main and keys is not None
        else pl.Series("own", [None] * len(here), dtype=pl.String)
    )
    here = here.with_columns(own, number.cast(pl.String).alias("number_"))
    here = here.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in fields))
    here = here.with_columns(_keys(here, fields, mapping.table, spoken=main))
    return (
        here.with_columns(
            pl.lit(source).alias("source"),
            pl.lit(mapping.table).alias("table"),
            pl.concat_list("own", "number_").list.drop_nulls().alias(NAMES),
        )
        .rename({ROW: "row"})
        .drop("own", "number_")
    )


def _with_references(
    here: pl.DataFrame, found: dict[str, pl.DataFrame], object_type: ObjectType
) -> pl.DataFrame:
    """Return *here* with the word by which each row names the records it links to, where the table says one.

    A link's own column holds it (order_id); else the same row holds the other record itself. Whom a row
    belongs to is found from what it says about the customer, so a link to one is dropped here.
    """
    for field in object_type.live_fields:
        if field.type != "lookup":
            continue
        reference = field.name + REFERENCE
        if field.name in here.columns:
            here = here.rename({field.name: reference}).drop(field.name + VERDICT)
        elif field.target in found and field.target != object_type.name:
            named = found[field.target].select("row", pl.col("key").alias(reference))
            here = here.join(named, on="row", how="left")
        if field.target == CUSTOMER and reference in here.columns:
            here = here.drop(reference)
    return here


def _keys(here: pl.DataFrame, fields: Sequence[str], table: str, *, spoken: bool) -> pl.Series:
    """Return a key per row: its number, else its row's key, else a digest of what it says and how often before."""
    texts = here.select(
        pl.concat_str(
            [
                (
                    pl.col(name).struct.json_encode()
                    if isinstance(here.schema[name], pl.Struct)
                    else pl.col(name).cast(pl.String)
                ).fill_null("")
                for name in fields
            ],
            separator=_SEPARATOR,
        ).alias("text")
    ).with_columns(nth=pl.int_range(pl.len()).over("text"))
    known = (
        here.select(pl.coalesce("number_", pl.concat_str(pl.lit(f"{table}/"), pl.col("own"))))
        .to_series()
        .to_list()
    )
    return pl.Series(
        "key",
        [
            key if key is not None else _digest(table, text, nth if spoken else 0)
            for key, text, nth in zip(known, texts["text"].to_list(), texts["nth"].to_list(), strict=True)
        ],
        dtype=pl.String,
    )


def _digest(table: str, text: str, nth: int) -> str:
    said = f"{text}{_SEPARATOR}{nth}"
    return f"{table}#{blake2b(said.encode(), digest_size=10).hexdigest()}"


def _united(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row per (source, key): of each field the first value that is there."""
    if not frame.select(pl.struct("source", "key").is_duplicated().any()).item():
        return frame
    return frame.group_by("source", "key", maintain_order=True).agg(pl.all().drop_nulls().first())
