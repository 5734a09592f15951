"""One source's way in: read, profiled, mapped, brought to standard. Each step leaves files and a receipt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from guanxi.integration.belongings import belongings_of, gather
from guanxi.integration.corrections import REASONS as BY_PEOPLE
from guanxi.integration.corrections import Correction
from guanxi.integration.mapping import Memory, TableMapping, suggest, with_words
from guanxi.integration.mapping.mappings import mapping_from_data, mapping_to_data
from guanxi.integration.mapping.memory import NOTHING_REMEMBERED
from guanxi.integration.mentions import Mentions, mentions_of
from guanxi.integration.nested import linked, with_nested
from guanxi.integration.plans import SourcePlan
from guanxi.integration.plausibility import SUMS, differing_sums, doubtful_cells
from guanxi.integration.profiling import TableProfile, profile
from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.base import QUARANTINE_FILE, ReadReceipt, TableReceipt, receipt_from_json
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import ROW, changes_from, standardise
from guanxi.integration.standards import STANDARDS
from guanxi.integration.totals import totals_in
from guanxi.metadata.catalog import Catalog

SAMPLE_ROWS = 1000
_SUGGESTED = ".suggested"
_SET_ASIDE = {"table": pl.String, "row": pl.Int64, "text": pl.String, "reason": pl.String}


def read(folder: RunFolder, source: SourcePlan) -> dict[str, Any]:
    """Read everything the source holds into Parquet; return counts."""
    kind = SOURCE_KINDS[source.kind]
    into = folder.stage("read") / source.name
    into.mkdir(exist_ok=True)
    receipt = with_nested(kind.read(kind.options(source.options), into), into)
    (into / "receipt.json").write_bytes(receipt.to_json())
    return {
        "tables": len(receipt.tables),
        "rows": sum(each.rows for each in receipt.tables),
        "rows_seen": sum(each.rows_seen for each in receipt.tables),
        "blank": sum(each.blank for each in receipt.tables),
        "quarantined": receipt.quarantined,
        "complete": receipt.complete,
        **({"unread": len(receipt.unread)} if receipt.unread else {}),
    }


def receipt_of(folder: RunFolder, source: SourcePlan) -> ReadReceipt:
    """Return what reading the source left behind."""
    return receipt_from_json((folder.stage("read") / source.name / "receipt.json").read_bytes())


def profile_tables(folder: RunFolder, source: SourcePlan) -> dict[str, Any]:
    """Profile every table of the source; return counts."""
    receipt = receipt_of(folder, source)
    profiles = [profile(folder.stage("read") / source.name / each.path) for each in receipt.tables]
    folder.write_json("profile", source.name, [asdict(each) for each in profiles])
    return {"tables": len(profiles), "columns": sum(len(each.columns) for each in profiles)}


def profiles_of(folder: RunFolder, source: SourcePlan) -> tuple[TableProfile, ...]:
    """Return the profile of each table, in the order of the receipt's tables."""
    return msgspec.convert(folder.read_json("profile", source.name), tuple[TableProfile, ...])


def table_file(folder: RunFolder, source: SourcePlan, receipt: TableReceipt) -> Path:
    """Return the Parquet file that holds a table as read."""
    return folder.stage("read") / source.name / receipt.path


def map_tables(
    folder: RunFolder, source: SourcePlan, catalog: Catalog, memory: Memory = NOTHING_REMEMBERED
) -> dict[str, Any]:
    """Map every table of the source: suggestions, then what was accepted before, then the word on this source."""
    suggested = suggest_tables(folder, source, catalog, memory)
    folder.write_json("mapping", source.name + _SUGGESTED, [mapping_to_data(each) for each in suggested])
    found = [worded(each, folder, source, catalog) for each in suggested]
    folder.write_json("mapping", source.name, [mapping_to_data(each) for each in found])
    return {
        "columns": sum(len(each.columns) for each in found),
        "mapped": sum(1 for each in found for column in each.columns if column.target),
    }


def suggest_tables(
    folder: RunFolder, source: SourcePlan, catalog: Catalog, memory: Memory
) -> list[TableMapping]:
    """Return the mapping of every table before anybody's word on this very source."""
    mappings: dict[str, TableMapping] = {}
    for each in receipt_of(folder, source).tables:
        suggested = suggest(
            each.name,
            samples_of(folder, source, each),
            catalog,
            source=source.name,
            memory=memory,
            main=source.rows_are.get(each.name) or each.object,
            told=each.fields,
        )
        mappings[each.name] = linked(suggested, mappings, catalog)
    return list(mappings.values())


def worded(suggested: TableMapping, folder: RunFolder, source: SourcePlan, catalog: Catalog) -> TableMapping:
    """Return a suggested mapping with the word that people put on this source."""
    name = suggested.table
    words, values = source.mapping.get(name, {}), source.value_maps.get(name, {})
    table = next(each for each in receipt_of(folder, source).tables if each.name == name)
    samples = samples_of(folder, source, table, set(words)) if words else {}
    return with_words(suggested, words, catalog, values=values, samples=samples)


def samples_of(
    folder: RunFolder, source: SourcePlan, table: TableReceipt, only: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Return the values of the first rows of a table, by column (*only* these, None for all)."""
    wanted = [name for name in table.columns if only is None or name in only]
    sample = pl.scan_parquet(table_file(folder, source, table)).select(wanted).head(SAMPLE_ROWS).collect()
    return {name: sample[name].drop_nulls().to_list() for name in wanted}


def suggested_of(folder: RunFolder, source: SourcePlan) -> dict[str, TableMapping]:
    """Return the mapping of each table as it was suggested, without the word on this source."""
    found = (mapping_from_data(each) for each in folder.read_json("mapping", source.name + _SUGGESTED))
    return {each.table: each for each in found}


def has_suggestions(folder: RunFolder, source: SourcePlan) -> bool:
    """Tell whether the mapping was kept as it was suggested; studies before that was done have none."""
    return folder.has_json("mapping", source.name + _SUGGESTED)


def mappings_of(folder: RunFolder, source: SourcePlan) -> dict[str, TableMapping]:
    """Return the mapping of each table of the source."""
    found = (mapping_from_data(each) for each in folder.read_json("mapping", source.name))
    return {each.table: each for each in found}


@dataclass
class _Table:
    """One table on its way: as mapped, as read without its totals, what was changed, what belongs to customers."""

    mapping: TableMapping
    raw: pl.DataFrame
    values: pl.DataFrame
    changes: pl.DataFrame
    named: Mentions
    belongings: dict[str, pl.DataFrame]


def standardise_tables(
    folder: RunFolder,
    source: SourcePlan,
    catalog: Catalog,
    people: Mapping[str, int],
    corrected: Sequence[Correction] = (),
) -> dict[str, Any]:
    """Bring every table to standard and find out who and what its rows speak of; return counts of verdicts.

    A row that is a total of others is no value and so not counted here.
    *corrected* is what people said about single values of this source.
    """
    mappings = mappings_of(folder, source).values()
    tables = [_standardised(folder, source, each, catalog, people, corrected) for each in mappings]
    _doubt_sums(tables, source.name)
    for place, each in enumerate(tables):
        name = f"{source.name}.{place}"
        folder.write_frame("standard", f"{name}.values", each.values)
        folder.write_frame("standard", f"{name}.changes", each.changes)
        folder.write_frame("standard", f"{name}.rows", each.named.rows)
        folder.write_frame("standard", f"{name}.mentions", each.named.mentions)
        for object_name, here in each.belongings.items():
            folder.write_frame("standard", f"{name}.{object_name}", here)
        for object_name in catalog.objects.keys() - each.belongings.keys():
            folder.forget_frame("standard", f"{name}.{object_name}")
    values = pl.concat([each.changes for each in tables]).filter(pl.col("target") != "")
    counted = values.group_by("verdict").len()
    return dict(counted.sort("verdict").iter_rows())


def _standardised(
    folder: RunFolder,
    source: SourcePlan,
    mapping: TableMapping,
    catalog: Catalog,
    people: Mapping[str, int],
    corrected: Sequence[Correction],
) -> _Table:
    whole = table(folder, source, mapping.table)
    totals = totals_in(whole)
    raw = whole.filter(~pl.col(ROW).is_in(totals["row"].implode()))
    done = standardise(raw, mapping, catalog, people, source=source.name, corrected=corrected)
    keys = raw[mapping.key] if mapping.key else None
    changed = changed_in(raw, mapping)
    return _Table(
        mapping=mapping,
        raw=raw,
        values=done.frame,
        changes=pl.concat([done.changes, _left_out(totals, source.name, mapping.table)]),
        named=mentions_of(done.frame, mapping, catalog, source=source.name, keys=keys, changed=changed),
        belongings=belongings_of(
            done.frame, mapping, catalog, source=source.name, keys=keys, changed=changed
        ),
    )


def changed_in(raw: pl.DataFrame, mapping: TableMapping) -> pl.Series | None:
    """Return when each row was last changed in its source, None where no column says so."""
    if mapping.changed_at not in raw.columns:
        return None
    return STANDARDS["date_time"].apply(raw[mapping.changed_at])["value"]


def _left_out(totals: pl.DataFrame, source: str, table: str) -> pl.DataFrame:
    """Return the changes that say which rows are totals and so no records."""
    return changes_from(
        totals.with_columns(verdict=pl.lit("rejected"), reason=pl.lit("total_row"), target=pl.lit("")),
        source,
        table,
    )


def _doubt_sums(tables: Sequence[_Table], source: str) -> None:
    """Mark the amounts of records that are not the sum of their lines, in whichever table these are."""
    for rule in SUMS:
        wholes, parts = (
            gather([{name: each.belongings[name]} for each in tables if name in each.belongings]).get(name)
            for name in (rule.whole, rule.part)
        )
        if wholes is None or parts is None:
            continue
        doubts, target = differing_sums(wholes, parts, rule), f"{rule.whole}.{rule.total}"
        for each in tables:
            columns = tuple(column.column for column in each.mapping.taken(target))
            here = doubts.filter(pl.col("table") == each.mapping.table)
            if columns and here.height:
                spoken = each.changes.filter((pl.col("target") == target) & pl.col("reason").is_in(BY_PEOPLE))
                here = here.join(spoken, on="row", how="anti")
                told = doubtful_cells(each.changes, each.raw, here, target=target, columns=columns)
                fresh = changes_from(told, source, each.mapping.table)
                settled = each.changes.join(fresh, on=["row", "target"], how="anti")
                each.changes = pl.concat([settled, fresh])


def table(folder: RunFolder, source: SourcePlan, name: str) -> pl.DataFrame:
    """Return one table of the source as read."""
    return scan_table(folder, source, name).collect()


def scan_table(folder: RunFolder, source: SourcePlan, name: str) -> pl.LazyFrame:
    """Return one table of the source, not yet read."""
    found = next(each for each in receipt_of(folder, source).tables if each.name == name)
    return pl.scan_parquet(table_file(folder, source, found))


def scan_quarantine(folder: RunFolder, source: SourcePlan) -> pl.LazyFrame:
    """Return the rows that reading set aside (``table, row, text, reason``), not yet read."""
    file = folder.stage("read") / source.name / QUARANTINE_FILE
    return pl.scan_parquet(file) if file.is_file() else pl.LazyFrame(schema=_SET_ASIDE)


def standard_frames(folder: RunFolder, source: SourcePlan, what: str) -> list[pl.DataFrame]:
    """Return what `standardise_tables` wrote under the name *what*, one frame per table that has it."""
    names = [f"{source.name}.{place}.{what}" for place in range(len(mappings_of(folder, source)))]
    return [folder.read_frame("standard", name) for name in names if folder.has_frame("standard", name)]


def scan_standard(folder: RunFolder, source: SourcePlan, what: str) -> list[pl.LazyFrame]:
    """Return the same as `standard_frames`, not yet read: a caller that needs little of it reads little."""
    names = [f"{source.name}.{place}.{what}" for place in range(len(mappings_of(folder, source)))]
    return [folder.scan("standard", name) for name in names if folder.has_frame("standard", name)]


def standard_frame(folder: RunFolder, source: SourcePlan, table_name: str, what: str) -> pl.DataFrame:
    """Return what `standardise_tables` wrote of one table under the name *what*."""
    return scan_of_table(folder, source, table_name, what).collect()


def scan_of_table(folder: RunFolder, source: SourcePlan, table_name: str, what: str) -> pl.LazyFrame:
    """Return the same as `standard_frame`, not yet read."""
    place = list(mappings_of(folder, source)).index(table_name)
    return folder.scan("standard", f"{source.name}.{place}.{what}")
