"""One source's way in: read, profiled, mapped, brought to standard. Each step leaves files and a receipt."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl

from guanxi.integration.belongings import belongings_of
from guanxi.integration.mapping import Memory, TableMapping, suggest
from guanxi.integration.mapping.mappings import mapping_from_data, mapping_to_data
from guanxi.integration.mapping.memory import NOTHING_REMEMBERED
from guanxi.integration.mentions import mentions_of
from guanxi.integration.plans import SourcePlan
from guanxi.integration.profiling import profile
from guanxi.integration.sources import SOURCE_KINDS
from guanxi.integration.sources.base import ReadReceipt, receipt_from_json
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import standardise
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog

SAMPLE_ROWS = 1000


def read(folder: RunFolder, source: SourcePlan) -> dict[str, Any]:
    """Read everything the source holds into Parquet; return counts."""
    kind = SOURCE_KINDS[source.kind]
    into = folder.stage("read") / source.name
    into.mkdir(exist_ok=True)
    receipt = kind.read(kind.options(source.options), into)
    (into / "receipt.json").write_bytes(receipt.to_json())
    return {
        "tables": len(receipt.tables),
        "rows": sum(each.rows for each in receipt.tables),
        "rows_seen": sum(each.rows_seen for each in receipt.tables),
        "blank": sum(each.blank for each in receipt.tables),
        "quarantined": receipt.quarantined,
        "complete": receipt.complete,
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


def map_tables(
    folder: RunFolder, source: SourcePlan, catalog: Catalog, memory: Memory = NOTHING_REMEMBERED
) -> dict[str, Any]:
    """Map every table of the source: a person's word first, then what was accepted before, then suggestions."""
    mappings = []
    for each in receipt_of(folder, source).tables:
        sample = table(folder, source, each.name).head(SAMPLE_ROWS)
        columns = {name: sample[name].drop_nulls().to_list() for name in each.columns}
        mapping = suggest(each.name, columns, catalog, source=source.name, memory=memory)
        for column, target in source.mapping.get(each.name, {}).items():
            path, _, part = target.partition(":")
            mapping = mapping.corrected(column, target=path, part=part, reason=say("written in the plan"))
        mappings.append(mapping)
    folder.write_json("mapping", source.name, [mapping_to_data(each) for each in mappings])
    return {
        "columns": sum(len(each.columns) for each in mappings),
        "mapped": sum(1 for each in mappings for column in each.columns if column.target),
    }


def mappings_of(folder: RunFolder, source: SourcePlan) -> dict[str, TableMapping]:
    """Return the mapping of each table of the source."""
    found = (mapping_from_data(each) for each in folder.read_json("mapping", source.name))
    return {each.table: each for each in found}


def standardise_tables(
    folder: RunFolder, source: SourcePlan, catalog: Catalog, people: Mapping[str, int]
) -> dict[str, Any]:
    """Bring every table to standard and find out who and what its rows speak of; return counts."""
    verdicts: dict[str, int] = {}
    for place, mapping in enumerate(mappings_of(folder, source).values()):
        name = f"{source.name}.{place}"
        raw = table(folder, source, mapping.table)
        done = standardise(raw, mapping, catalog, people, source=source.name)
        keys = raw[mapping.key] if mapping.key else None
        named = mentions_of(done.frame, mapping, catalog, source=source.name, keys=keys)
        folder.write_frame("standard", f"{name}.changes", done.changes)
        folder.write_frame("standard", f"{name}.rows", named.rows)
        folder.write_frame("standard", f"{name}.mentions", named.mentions)
        for object_name, here in belongings_of(
            done.frame, mapping, catalog, source=source.name, keys=keys
        ).items():
            folder.write_frame("standard", f"{name}.{object_name}", here)
        for verdict, count in done.changes.group_by("verdict").len().iter_rows():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
    return verdicts


def table(folder: RunFolder, source: SourcePlan, name: str) -> pl.DataFrame:
    """Return one table of the source as read."""
    found = next(each for each in receipt_of(folder, source).tables if each.name == name)
    return pl.read_parquet(folder.stage("read") / source.name / found.path)


def standard_frames(folder: RunFolder, source: SourcePlan, what: str) -> list[pl.DataFrame]:
    """Return what `standardise_tables` wrote under the name *what*, one frame per table that has it."""
    names = [f"{source.name}.{place}.{what}" for place in range(len(mappings_of(folder, source)))]
    return [folder.read_frame("standard", name) for name in names if folder.has_frame("standard", name)]
