"""The proof of a run: what came in, what became of every row, and what the database says now."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import polars as pl

from guanxi.expressions.conditions import equals
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, runs
from guanxi.integration.columns import VERDICT, column_name
from guanxi.integration.fates import PLACE, Mapped, fates_of, keys_of
from guanxi.integration.loading import KNOWN_AS, LINK, ORIGIN
from guanxi.integration.mapping import TableMapping
from guanxi.integration.mentions import CUSTOMER, frame_of
from guanxi.integration.plans import Plan, SourcePlan
from guanxi.integration.recall import UNREAD
from guanxi.integration.staging import RunFolder
from guanxi.integration.standardise import ROW, SPARE_FIELDS
from guanxi.integration.standards import industry_labels
from guanxi.integration.unite import with_lent_names
from guanxi.integration.verification import (
    Claims,
    Loaded,
    RawTable,
    SampleCell,
    SignOff,
    TableRead,
    VerificationReport,
    check_references,
    in_words,
    reader_of,
    verify,
    write_workbook,
)
from guanxi.integration.workshop import Workshop
from guanxi.kernel.text import Message
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.objects import ObjectType
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store import batches, references, users
from guanxi.store.transactions import Transaction

SEED = 7


def prove(shop: Workshop, run: str, phase: str) -> dict[str, Any]:
    """Write the verification of the run's *phase* (``pilot`` or ``all``) as JSON and workbooks; return counts.

    A pilot is proven by its sample and its links; rows add up only when all are loaded.
    """
    folder = shop.folder(run)
    with shop.store.transaction("integration") as tx:
        plan, catalog = runs.plan_of(shop, run), tx.catalog
        report = report_of(tx, folder, plan, run, whole=phase == "all")
    sources = {each.name: each.label for each in plan.sources}
    keep(folder, phase, report, lambda language: in_words(report, catalog, sources, language))
    return {
        "rows_seen": sum(each.seen for each in report.counts),
        "new": sum(each.new for each in report.counts),
        "merged": sum(each.merged for each in report.counts),
        "unchanged": sum(each.unchanged for each in report.counts),
        "refused": sum(each.refused for each in report.counts),
        "sampled_rows": report.sampled_rows,
        "sampled_cells": len(report.sample),
        "differing": sum(each.verdict == "differs" for each in report.sample),
        "errors": len(report.errors),
    }


def keep(
    folder: RunFolder,
    phase: str,
    report: VerificationReport,
    worded: Callable[[str], VerificationReport] | None = None,
) -> None:
    """Write *report* into the run's folder, as JSON and as a workbook per language, *worded* in it."""
    errors = [{"template": each.template, "values": dict(each.values)} for each in report.errors]
    folder.write_json("verification", phase, {**asdict(report), "errors": errors})
    for language in ("zh", "en"):
        file = folder.stage("verification") / f"{phase}.{language}.xlsx"
        write_workbook(worded(language) if worded else report, file, language=language)


def latest(folder: RunFolder) -> dict[str, Any] | None:
    """Return the latest proof as JSON values, its time and its errors as what they are; None while there is none."""
    phase = next(
        (each for each in ("all", "pilot") if (folder.stage("verification") / f"{each}.json").exists()), None
    )
    if phase is None:
        return None
    found = folder.read_json("verification", phase)
    errors = [Message(each["template"], each["values"]) for each in found["errors"]]
    return {**found, "phase": phase, "at": datetime.fromisoformat(found["at"]), "errors": errors}


def workbook(folder: RunFolder, language: str) -> bytes | None:
    """Return the latest proof as an .xlsx file; None while there is none."""
    for phase in ("all", "pilot"):
        file = folder.stage("verification") / f"{phase}.{language}.xlsx"
        if file.exists():
            return file.read_bytes()
    return None


def report_of(tx: Transaction, folder: RunFolder, plan: Plan, run: str, *, whole: bool) -> VerificationReport:
    """Return the verification of a run: of each object its tables, of the whole its links and signatures."""
    mapped = [
        (source, mapping)
        for source in plan.sources
        for mapping in intake.mappings_of(folder, source).values()
    ]
    mains = list(dict.fromkeys(mapping.main for _, mapping in mapped))
    loaded = [_loaded(tx, folder, mapped, run, tx.catalog.object(main)) for main in mains]
    parts = [
        verify(
            run,
            each if whole else _without_counts(each),
            fetch=reader_of(
                tx, each.object_type, runs.batch_of(tx, run), _claims(tx, folder, each.object_type)
            ),
            references=(),
            sign_offs=(),
            share=plan.sample_share,
            seed=SEED,
            now=tx.now,
        )
        for each in loaded
    ]
    people = {str(each.id): each.name for each in users.listed(tx)}
    objects = [tx.catalog.object(name) for name in dict.fromkeys((*mains, CUSTOMER))]
    return replace(
        parts[0],
        sampled_rows=sum(each.sampled_rows for each in parts),
        sample_of=sum(each.sample_of for each in parts),
        counts=tuple(line for each in parts for line in each.counts) if whole else (),
        completeness=tuple(line for each in parts for line in each.completeness),
        sample=tuple(readable(cell, tx.catalog, people) for each in parts for cell in each.sample),
        references=check_references(tx, objects),
        defects=tuple(line for each in parts for line in each.defects),
        sign_offs=tuple(_sign_offs(tx, plan, run)),
    )


def readable(cell: SampleCell, catalog: Catalog, people: Mapping[str, str]) -> SampleCell:
    """Return *cell* with its stored value as a person reads it: the name of an industry or of one of *people*."""
    if cell.stored is None:
        return cell
    kind = catalog.object(cell.object).field(cell.field).type
    names = industry_labels() if kind == "industry" else people if kind == "user" else {}
    return replace(cell, stored=names.get(cell.stored, cell.stored))


def _loaded(tx: Transaction, folder: RunFolder, mapped: Mapped, run: str, object_type: ObjectType) -> Loaded:
    """Return what the run did with the tables whose rows are records of one object.

    A value may have survived from a table about something else (the buyer of an order), so what all tables say
    is given to compare with.
    """
    number = runs.record_id(tx, run)
    own = [each for each in mapped if each[1].main == object_type.name]
    tables = {(source.name, mapping.table) for source, mapping in own}
    return Loaded(
        object_type=object_type,
        read=list(_read(folder, own)),
        raw=[_raw(folder, source, mapping, object_type) for source, mapping in own],
        standardised=_standardised(tx, folder, mapped, object_type, number),
        fates=fates_of(tx, folder, own, run, object_type),
        changes=_changes(folder, own, tables),
        stored=_stored(tx, object_type),
        number=number,
    )


def _claims(tx: Transaction, folder: RunFolder, object_type: ObjectType) -> Claims:
    """Return the function that tells where the run says the values of some records come from."""

    def claimed(record_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        if not record_ids:
            return {}
        crossed = batches.sources_of(tx, record_ids)
        schema = {"source": pl.String, "key": pl.String, "record": pl.Int64}
        names = pl.LazyFrame(
            [(each.source, each.source_key, each.record_id) for each in crossed], schema=schema, orient="row"
        )
        golden = folder.scan("golden", object_type.name).with_row_index("place")
        known = golden.select("place", KNOWN_AS).explode(KNOWN_AS).unnest(KNOWN_AS)
        places = known.join(names, on=["source", "key"]).select("place", "record").unique("record")
        told = golden.select("place", ORIGIN).join(places, on="place").drop_nulls(ORIGIN).collect()
        return {record: json.loads(text) for record, text in told.select("record", ORIGIN).iter_rows()}

    return claimed


def _without_counts(loaded: Loaded) -> Loaded:
    return replace(loaded, read=(), fates=loaded.fates.filter(pl.col("record").is_not_null()))


def _read(folder: RunFolder, mapped: Mapped) -> Iterator[TableRead]:
    for source, mapping in mapped:
        for each in intake.receipt_of(folder, source).tables:
            if each.name == mapping.table:
                yield TableRead(
                    source=source.name,
                    table=each.name,
                    seen=each.rows_seen,
                    blank=each.blank,
                    quarantined=each.quarantined,
                )


def _raw(folder: RunFolder, source: SourcePlan, mapping: TableMapping, object_type: ObjectType) -> RawTable:
    """Return a table as read, with the columns of each field; a number of the source's own is its former number."""
    prefix = object_type.name + "."
    fields = {target: target for target in mapping.targets if target.startswith(prefix)}
    if (own := prefix + object_type.number) in fields and own in SPARE_FIELDS:
        fields = {SPARE_FIELDS[own] if name == own else name: target for name, target in fields.items()}
    return RawTable(
        source=source.name,
        table=mapping.table,
        frame=intake.table(folder, source, mapping.table),
        columns={
            name.removeprefix(prefix): [one.column for one in mapping.taken(target)]
            for name, target in fields.items()
        },
        standards={
            name.removeprefix(prefix): mapping.taken(target)[0].standard for name, target in fields.items()
        },
        spares={
            name.removeprefix(prefix): spare.removeprefix(prefix)
            for name, spare in SPARE_FIELDS.items()
            if name in fields and spare not in mapping.targets
        },
    )


def _standardised(
    tx: Transaction, folder: RunFolder, mapped: Mapped, object_type: ObjectType, number: int
) -> pl.DataFrame:
    """Return what every row says of the object, at its standard; links as the records they lead to.

    Rows of customers that the run with this *number* has not read stand among them.
    """
    prefix = object_type.name + "."
    frames = []
    for source, mapping in mapped:
        frame = intake.scan_of_table(folder, source, mapping.table, "values")
        names = [
            name for name in frame.collect_schema() if name.startswith(prefix) and not name.endswith(VERDICT)
        ]
        frames.append(
            frame.select(
                pl.lit(source.name).alias("source"),
                pl.lit(mapping.table).alias("table"),
                pl.col(ROW).alias("row"),
                *(
                    pl.col(each).alias(column_name(object_type.name, each.removeprefix(prefix)))
                    for each in names
                ),
            ).collect()
        )
    whole = pl.concat(frames, how="diagonal_relaxed").with_columns(run=pl.lit(number, dtype=pl.Int64))
    if object_type.name != CUSTOMER:
        whole = _with_records(tx, folder, mapped, whole, object_type)
    if folder.has_frame("match", unread := frame_of(object_type.name, UNREAD)):
        others = folder.read_frame("match", unread)
        fitting = [name for name, kind in others.schema.items() if whole.schema.get(name) == kind]
        whole = pl.concat([whole, others.select(fitting)], how="diagonal")
    return with_lent_names(whole) if object_type.name == CUSTOMER else whole


def _with_records(
    tx: Transaction, folder: RunFolder, mapped: Mapped, whole: pl.DataFrame, object_type: ObjectType
) -> pl.DataFrame:
    """Return *whole* with the number of the linked record where the source had a key of its own."""
    golden = folder.read_frame("golden", object_type.name)
    rows = keys_of(folder, mapped, object_type.name)
    for field in object_type.live_fields:
        if field.name in whole.columns and (link := field.name + LINK) in golden.columns:
            named = [
                (each["source"], each["key"]) if each else (None, None) for each in golden[link].to_list()
            ]
            found = pl.Series(field.name, batches.resolve(tx, field.target, named), dtype=pl.Int64)
            linked = golden.select(KNOWN_AS).with_columns(found.cast(pl.String)).explode(KNOWN_AS)
            names = linked.unnest(KNOWN_AS).unique(["source", "key"], keep="first", maintain_order=True)
            by_row = rows.join(names, left_on=["of", "key"], right_on=["source", "key"])
            whole = whole.drop(field.name).join(
                by_row.select(*PLACE, field.name), on=PLACE, how="left", maintain_order="left"
            )
    return whole


def _changes(folder: RunFolder, mapped: Mapped, tables: set[tuple[str, str]]) -> pl.DataFrame:
    """Return what was changed in *tables*, as far as defects are counted by it."""
    sources = {source.name: source for source, _ in mapped}
    wanted = pl.LazyFrame(sorted(tables), schema={"source": pl.String, "table": pl.String}, orient="row")
    return pl.concat(
        frame.join(wanted, on=["source", "table"], how="semi").select("verdict", "reason").collect()
        for source in sources.values()
        for frame in intake.scan_standard(folder, source, "changes")
    )


def _stored(tx: Transaction, object_type: ObjectType) -> pl.DataFrame:
    """Return how far the fields are filled in the database, as a column per key field with that many values."""
    keys = [each for each in object_type.live_fields if each.key]
    total, filled = references.count_filled(tx, object_type, keys)
    return pl.DataFrame(
        {
            column_name(object_type.name, each.name): pl.Series(
                ["x"] * filled[each.name] + [None] * (total - filled[each.name]), dtype=pl.String
            )
            for each in keys
        }
    )


def _sign_offs(tx: Transaction, plan: Plan, run: str) -> Iterator[SignOff]:
    """Yield every department's word on the run, the awaited ones empty."""
    asked = Asked(
        object="sign_off",
        fields=("department", "person", "signed_at", "verdict", "comment"),
        where=equals("run", runs.record_id(tx, run)),
    )
    signed = {each.values["department"]: each for each in reading.find(tx, SYSTEM, asked).records}
    for department in dict.fromkeys(
        (*(each.department for each in plan.sources if each.department), *signed)
    ):
        given = signed.get(department)
        if given is None:
            yield SignOff(department=department)
        else:
            yield SignOff(
                department=department,
                person=given.titles["person"],
                signed_at=given.values["signed_at"].isoformat(timespec="minutes"),
                verdict=given.values["verdict"] or "",
                comment=given.values["comment"] or "",
            )
