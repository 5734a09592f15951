"""All sources together: who is whom, the golden customers, what belongs to them, what people must look at."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from guanxi.integration import belongings, intake, mentions
from guanxi.integration.columns import PLACE, column_of
from guanxi.integration.contacts import golden_contacts
from guanxi.integration.golden import golden_records, golden_values, spoken_of, with_existing
from guanxi.integration.loading import KNOWN_AS, LINK
from guanxi.integration.matching import find_matches
from guanxi.integration.mentions import CONTACT, CUSTOMER, Mentions, frame_of
from guanxi.integration.merging import Golden
from guanxi.integration.plans import Plan
from guanxi.integration.recall import NOTHING_UNREAD, Unread
from guanxi.integration.staging import RunFolder
from guanxi.integration.standing import (
    KNOWN_BEFORE,
    not_yet_done,
    stay,
    with_unread,
)
from guanxi.metadata.catalog import Catalog

NOTHING: Mapping[str, int] = MappingProxyType({})
ALL_READ: Mapping[str, Unread] = MappingProxyType({})


def gather_mentions(folder: RunFolder, plan: Plan) -> Mentions:
    """Return who all rows of all sources speak of."""
    tables = [
        Mentions(named, rows)
        for source in plan.sources
        for named, rows in zip(
            intake.standard_frames(folder, source, "mentions"),
            intake.standard_frames(folder, source, "rows"),
            strict=True,
        )
    ]
    return mentions.gather(tables)


def match(
    folder: RunFolder,
    plan: Plan,
    existing: pl.DataFrame,
    decided: Sequence[tuple[str, str, bool]],
    known: pl.DataFrame = KNOWN_BEFORE,
) -> dict[str, Any]:
    """Find out which mentions are the same customer; return counts.

    *existing* holds the customers that are here already as mentions of the source ``guanxi``; *decided* holds
    what stewards said: (name of one mention, name of another, same), a name being ``source|key``; *known* which
    mentions became which customer before (``source, key, record``): unless a steward speaks of them, they stay.
    """
    counted = _write_mentions(folder, plan, existing)
    # What is not compared (half of a million wide rows) is not held meanwhile: it is read again from the folder.
    decisions = _decisions(folder, decided)
    matches = find_matches(_to_compare(folder), decisions=decisions)
    names = folder.scan("match", "mentions").select("id", "source", "key", "existing").collect()
    groups = stay(matches.groups, names, known, not_yet_done(decisions, names, known))
    folder.write_frame("match", "pairs", matches.pairs)
    folder.write_frame("match", "groups", groups)
    folder.write_json("match", "summary", matches.summary)
    joined = groups.filter(pl.col("group").is_duplicated())
    return {
        "mentions": counted,
        "existing": existing.height,
        "pairs": matches.summary["candidate_pairs"],
        "joined": joined.height,
        "review": matches.summary["decisions"].get("review", 0),
        "customers": groups.join(names.filter(~pl.col("existing")), on="id")["group"].n_unique(),
    }


def _write_mentions(folder: RunFolder, plan: Plan, existing: pl.DataFrame) -> int:
    """Write who the rows speak of, followed by the customers that are here already; return how many rows speak of."""
    found = gather_mentions(folder, plan)
    folder.write_frame("match", "mentions", with_existing(found.mentions, existing))
    folder.write_frame("match", "rows", found.rows)
    return found.mentions.height


def _to_compare(folder: RunFolder) -> pl.DataFrame:
    return mentions.to_match(folder.read_frame("match", "mentions"))


def _decisions(folder: RunFolder, decided: Sequence[tuple[str, str, bool]]) -> pl.DataFrame:
    """Return what stewards said about mentions of this run: ``left, right, same``."""
    said = pl.DataFrame(
        decided, schema={"left": pl.String, "right": pl.String, "same": pl.Boolean}, orient="row"
    )
    if said.is_empty():
        return said.cast({"left": pl.Int64, "right": pl.Int64})
    names = folder.scan("match", "mentions").select("id", name=pl.concat_str("source", "key", separator="|"))
    known = names.filter(pl.col("name").is_in(pl.concat([said["left"], said["right"]]).implode())).collect()
    known = known.unique("name", keep="last", maintain_order=True)
    return (
        said.join(known, left_on="left", right_on="name", maintain_order="left")
        .join(known, left_on="right", right_on="name", suffix="_right", maintain_order="left")
        .select(pl.col("id").alias("left"), pl.col("id_right").alias("right"), "same")
    )


def make_golden(
    folder: RunFolder,
    plan: Plan,
    catalog: Catalog,
    *,
    number: int,
    trust: Mapping[str, int] = NOTHING,
    unread: Mapping[str, Unread] = ALL_READ,
) -> dict[str, Any]:
    """Choose the values of each golden customer, and give everything else its customer; return counts.

    *number*: that of the run's record; *unread*: by object the rows of these records that the run did not read;
    *trust*: that of sources the plan does not name.
    """
    everyone = folder.read_frame("match", "mentions").with_columns(run=pl.lit(number, dtype=pl.Int64))
    everyone, groups = spoken_of(everyone, folder.read_frame("match", "groups"))
    trusted = {**trust, **plan.trust}
    not_read = unread.get(CUSTOMER, NOTHING_UNREAD)
    customers, conflicts = golden_customers(everyone, groups, catalog, trusted, unread=not_read)
    customers = _pilot_first(customers, plan.pilot_share)
    folder.write_frame("golden", CUSTOMER, customers.filter(pl.col("name").is_not_null()))
    folder.write_frame(
        "golden", "nameless", customers.filter(pl.col("name").is_null()).select("group", KNOWN_AS)
    )
    folder.write_frame("golden", "conflicts", conflicts)
    counts = {CUSTOMER: customers["name"].is_not_null().sum(), "nameless": customers["name"].is_null().sum()}
    counts["pilot"] = customers.filter(pl.col("name").is_not_null())["pilot"].sum()
    if folder.has_frame("match", frame_of(CONTACT, "mentions")):
        not_read = unread.get(CONTACT, NOTHING_UNREAD)
        people = golden_contacts(folder, customers, catalog, trusted, number=number, unread=not_read)
        folder.write_frame("golden", CONTACT, people)
        counts[CONTACT] = people.height
    owners = _owners(folder.read_frame("match", "rows"), everyone, groups, customers)
    parts = [part for source in plan.sources for part in _belongings(folder, source.name, plan, catalog)]
    for name, frame in belongings.gather(parts).items():
        linked = _linked(frame.with_columns(run=pl.lit(number, dtype=pl.Int64)), name, catalog, owners)
        folder.write_frame("golden", name, linked)
        counts[name] = linked.height
    for name in catalog.objects.keys() - counts.keys():
        folder.forget_frame("golden", name)
    return {name: int(count) for name, count in counts.items()}


def golden_customers(
    everyone: pl.DataFrame,
    groups: pl.DataFrame,
    catalog: Catalog,
    trust: Mapping[str, int],
    *,
    unread: Unread = NOTHING_UNREAD,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the golden customer of every group with ``known_as`` and ``origin``, and where its rows differ.

    *everyone*: mentions with ``id``, ``run`` and ``existing``; *groups*: ``id, group``; *trust*: 0 to 100 by source.
    """
    speaking, placed = with_unread(everyone, groups, unread)
    speaking = speaking.with_columns(kind=mentions.kinds_of(speaking))
    object_type = catalog.object(CUSTOMER)
    golden = golden_values(speaking, placed, object_type, trust)
    records, origins = with_lent_names(golden.records), _with_lent_name(golden)
    return golden_records(records, origins, everyone, groups, object_type), golden.conflicts


def _belongings(
    folder: RunFolder, source: str, plan: Plan, catalog: Catalog
) -> list[dict[str, pl.DataFrame]]:
    of = plan.source(source)
    found = []
    for name in (each for each in catalog.objects if each != CONTACT):
        found += [{name: frame} for frame in intake.standard_frames(folder, of, name)]
    return found


def with_lent_names(records: pl.DataFrame) -> pl.DataFrame:
    """Give a customer nobody names the name of the person who speaks for it: a follower is a person."""
    if "contact_name" not in records.columns:
        return records
    if "kind" in records.columns:
        nameless = pl.col("name").is_null() & pl.col("contact_name").is_not_null() & pl.col("kind").is_null()
        records = records.with_columns(kind=pl.when(nameless).then(pl.lit("person")).otherwise("kind"))
    return records.with_columns(name=pl.coalesce("name", "contact_name"))


def _with_lent_name(golden: Golden) -> pl.DataFrame:
    """Return the origins; a name that the contact lends comes from where the contact's name does."""
    if "contact_name" not in golden.origins.columns:
        return golden.origins
    nameless = golden.records["name"].is_null()
    return golden.origins.with_columns(name=pl.when(nameless).then("contact_name").otherwise("name"))


def _pilot_first(customers: pl.DataFrame, share: float) -> pl.DataFrame:
    """Mark a share of the customers, picked at random but always the same, and put them first."""
    count = max(1, round(customers.height * share)) if customers.height else 0
    picked = (
        customers.select("group").sample(count, seed=7)["group"]
        if count
        else pl.Series("group", [], dtype=pl.Int64)
    )
    return customers.with_columns(pilot=pl.col("group").is_in(picked.implode())).sort(
        "pilot", "group", descending=[True, False]
    )


def _owners(
    rows: pl.DataFrame, everyone: pl.DataFrame, groups: pl.DataFrame, customers: pl.DataFrame
) -> pl.DataFrame:
    """Return per source row its customer: {source, key} of the mention it names, and whether it is in the pilot."""
    pilots = customers.filter(pl.col("name").is_not_null()).select("group", "pilot")
    who = (
        everyone.join(groups, on="id")
        .join(pilots, on="group")
        .select(pl.col("id").alias("mention"), "pilot", pl.struct("source", "key").alias(CUSTOMER + LINK))
    )
    return rows.join(who, on="mention", how="left").select("source", "table", "row", "pilot", CUSTOMER + LINK)


def _linked(frame: pl.DataFrame, name: str, catalog: Catalog, owners: pl.DataFrame) -> pl.DataFrame:
    """Return belongings as loading reads them: known as, origin, links to their customer and to each other."""
    object_type = catalog.object(name)
    frame = belongings.with_links(frame, object_type).join(owners, on=["source", "table", "row"], how="left")
    if not any(each.name == CUSTOMER for each in object_type.lookups_to(CUSTOMER)):
        frame = frame.drop(CUSTOMER + LINK)
    where = pl.struct(PLACE).struct.json_encode()
    columns = {each.name: column_of(frame, name, each.name) for each in object_type.live_fields}
    origins = [
        pl.when(pl.col(column).is_not_null()).then(pl.concat_str(pl.lit(f'"{field}":'), where))
        for field, column in columns.items()
        if column is not None
    ]
    names = pl.concat_list(
        pl.col("key").cast(pl.String).implode().over(pl.int_range(pl.len())), pl.col(belongings.NAMES)
    )
    return (
        frame.with_columns(
            known_as=names.list.unique(maintain_order=True),
            origin=pl.concat_str(
                pl.lit("{"), pl.concat_str(origins, separator=",", ignore_nulls=True), pl.lit("}")
            ),
        )
        .with_columns(_structs("source", KNOWN_AS))
        .sort(pl.col("pilot").fill_null(value=False), descending=True, maintain_order=True)
    )


def _structs(source: str, keys: str) -> pl.Expr:
    """Return a list of {source, key} from a list of keys."""
    return (
        pl.struct(source, keys)
        .map_elements(
            lambda both: [{"source": both[source], "key": key} for key in both[keys]],
            return_dtype=pl.List(pl.Struct({"source": pl.String, "key": pl.String})),
        )
        .alias(keys)
    )


def grouped_rows(folder: RunFolder) -> Iterator[tuple[tuple[str, str, int], int]]:
    """Yield, for every row that speaks of a customer, its place (source, table, row) and its group."""
    rows, groups = folder.read_frame("match", "rows"), folder.read_frame("match", "groups")
    found = rows.join(groups, left_on="mention", right_on="id").select("source", "table", "row", "group")
    for source, table, row, group in found.iter_rows():
        yield (source, table, row), group
