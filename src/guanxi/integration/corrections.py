"""A person's word on single values of a source, applied each time the source is brought to standard.

A correction names its row by the row's own key, else by a fingerprint of all its cells, and holds what the
source said at that time. Where the source says something else by now, the correction sleeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, Literal

import polars as pl

from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM
from guanxi.kernel.text import Message, say
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.transactions import Transaction

ROW = "_row"
CORRECTED, ACCEPTED, LEFT_OUT = "corrected_by_a_person", "accepted_by_a_person", "left_out_by_a_person"
REASONS: Mapping[str, Message] = MappingProxyType(
    {
        CORRECTED: say("corrected by a person"),
        ACCEPTED: say("found to be right by a person"),
        LEFT_OUT: say("left out by a person"),
    }
)
_FIELDS = ("table", "row_key", "target", "before", "kind", "value")
_AT_ONCE = 5_000
_BETWEEN = "\x1f"

Kind = Literal["accept", "correct"]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One value of one row: ``before`` is what the source said, ``value`` the standard text ('': left out)."""

    table: str
    key: str
    target: str
    before: str
    kind: Kind
    value: str = ""


def of_source(tx: Transaction, source: str) -> tuple[Correction, ...]:
    """Return what people said about values of *source*, the oldest first."""
    found: list[Correction] = []
    place: tuple[Any, ...] | None = None
    while True:
        asked = Asked(
            object="correction",
            fields=_FIELDS,
            where=equals("source", source),
            order=(("id", False),),
            after=place,
            limit=_AT_ONCE,
        )
        page = reading.find(tx, SYSTEM, asked)
        found += [
            Correction(
                table=each.values["table"],
                key=each.values["row_key"],
                target=each.values["target"],
                before=each.values["before"] or "",
                kind=each.values["kind"],
                value=each.values["value"] or "",
            )
            for each in page.records
        ]
        place = page.next
        if place is None:
            return tuple(found)


def row_keys(table: pl.LazyFrame, key: str, rows: pl.Series) -> pl.DataFrame:
    """Return ``row, row_key`` of some *rows* (numbers) of a table as read.

    *key* is the column that identifies a row ('' for none); where it is empty or doubled, the fingerprint counts.
    """
    wanted = rows.cast(pl.Int64).unique().implode()
    here = table.filter(pl.col(ROW).cast(pl.Int64).is_in(wanted)).collect()
    names = sorted(name for name in here.columns if name != ROW)
    cells = [pl.concat_str(pl.lit(f"{name}="), pl.col(name).fill_null("")) for name in names]
    prints = here.select(pl.concat_str(cells, separator=_BETWEEN)).to_series() if names else None
    digests = [_digest(text) for text in prints.to_list()] if prints is not None else [""] * here.height
    keyed = here.select(pl.col(ROW).cast(pl.Int64).alias("row")).with_columns(row_key=pl.Series(digests))
    if not key or key not in here.columns:
        return keyed
    own = here[key].cast(pl.String)
    doubled = (
        table.select(pl.col(key).cast(pl.String).alias("key"))
        .filter(pl.col("key").is_in(own.drop_nulls().unique().implode()))
        .group_by("key")
        .len()
        .filter(pl.col("len") > 1)
        .collect()["key"]
    )
    usable = own.is_not_null() & (own.str.strip_chars() != "") & ~own.is_in(doubled.implode())
    return keyed.with_columns(
        row_key=pl.when(pl.lit(usable)).then(pl.concat_str(pl.lit("key:"), pl.lit(own))).otherwise("row_key")
    )


def applied(
    judged: pl.DataFrame, written: pl.DataFrame, values: pl.Series, found: pl.DataFrame
) -> pl.DataFrame:
    """Return *judged* (value, verdict, reason, note; row for row with *written*) after people's word.

    *found* holds ``row, kind, value`` of the cells of this field people spoke about, *values* what their texts
    are in the standard of the field.
    """
    said = found.with_columns(values.alias("said")).select("row", "kind", "said", left=pl.col("value") == "")
    both = judged.with_columns(written["row"]).join(said, on="row", how="left", maintain_order="left")
    corrected = (pl.col("kind") == "correct").fill_null(value=False)
    accepted = (pl.col("kind") == "accept").fill_null(value=False)
    out = (corrected & pl.col("left")) | (accepted & (pl.col("verdict") == "rejected"))
    spoken = corrected | accepted
    return both.select(
        value=pl.when(corrected).then("said").otherwise("value"),
        verdict=pl.when(out)
        .then(pl.lit("rejected"))
        .when(spoken)
        .then(pl.lit("changed"))
        .otherwise("verdict"),
        reason=pl.when(out)
        .then(pl.lit(LEFT_OUT))
        .when(corrected)
        .then(pl.lit(CORRECTED))
        .when(accepted)
        .then(pl.lit(ACCEPTED))
        .otherwise("reason"),
        note=pl.when(~spoken).then("note"),
    )


def spoken_of(
    corrections: Sequence[Correction], target: str, written: pl.DataFrame, raw: pl.DataFrame, key: str
) -> pl.DataFrame:
    """Return ``row, kind, value`` of the cells of one field that *corrections* speak of and that still say the same.

    *written* holds ``row, before``; the later of two words on one cell counts.
    """
    told = [(each.before, each.key, each.kind, each.value) for each in corrections if each.target == target]
    names = pl.DataFrame(
        told, schema=dict.fromkeys(("before", "row_key", "kind", "value"), pl.String), orient="row"
    ).unique(("before", "row_key"), keep="last", maintain_order=True)
    texts = written.select(pl.col("row").cast(pl.Int64), pl.col("before").fill_null(""))
    near = texts.join(names, on="before", how="semi")
    if near.is_empty():
        return pl.DataFrame(schema={"row": pl.Int64, "kind": pl.String, "value": pl.String})
    keyed = near.join(row_keys(raw.lazy(), key, near["row"]), on="row")
    return keyed.join(names, on=["before", "row_key"]).select("row", "kind", "value")


def _digest(text: str) -> str:
    return "row:" + blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()
