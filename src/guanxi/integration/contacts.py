"""The people at customers: rows of one customer that are evidently one person become one contact.

They go the way of customers: rows of all sources are compared among those of their golden customer, rows known from
earlier runs stay with their record, and the rules of survivorship choose what each contact says.
"""

from collections.abc import Mapping

import polars as pl

from guanxi.integration import belongings, intake
from guanxi.integration.golden import golden_records, golden_values, spoken_of, with_existing
from guanxi.integration.loading import LINK
from guanxi.integration.matching import PEOPLE, find_matches
from guanxi.integration.mentions import CONTACT, CUSTOMER, frame_of
from guanxi.integration.plans import Plan
from guanxi.integration.recall import NOTHING_UNREAD, UNREAD, Unread
from guanxi.integration.staging import RunFolder
from guanxi.integration.standards import STANDARDS
from guanxi.integration.standards.scripts import simplified
from guanxi.integration.standing import stay, with_unread
from guanxi.metadata.catalog import Catalog

CUSTOMER_LINK = CUSTOMER + LINK
"""Column: {source, key} of the row that names whose contact it is."""
WHOSE = "whose"
"""Column: the group of that customer."""
_MENTIONS, _GROUPS, _UNREAD = (frame_of(CONTACT, what) for what in ("mentions", "groups", UNREAD))
_COMPARED = ("name", "mobile", "email", "birthday")


def gather(folder: RunFolder, plan: Plan) -> pl.DataFrame:
    """Return the rows of all sources that speak of a contact; none without a column where no source has any."""
    tables = [
        {CONTACT: frame}
        for source in plan.sources
        for frame in intake.standard_frames(folder, source, CONTACT)
    ]
    return belongings.gather(tables).get(CONTACT, pl.DataFrame())


def match(
    folder: RunFolder, rows: pl.DataFrame, existing: pl.DataFrame, known: pl.DataFrame, catalog: Catalog
) -> None:
    """Find out which *rows* are the same person, among the contacts of each customer of a matched run.

    *existing*: the contacts that are here already; *known*: which rows became which contact before
    (``source, key, record``): they stay.
    """
    linked = belongings.with_links(rows, catalog.object(CONTACT)).with_row_index("id", offset=1)
    everyone = with_existing(_with_customer(linked.cast({"id": pl.Int64}), folder), existing)
    everyone = _with_whose(everyone, folder)
    groups = find_matches(_to_compare(everyone), settings=PEOPLE).groups
    names = everyone.select("id", "source", "key", "existing")
    folder.write_frame("match", _MENTIONS, everyone)
    folder.write_frame("match", _GROUPS, stay(groups, names, known, pl.Series(dtype=pl.Int64)))


def forget(folder: RunFolder) -> None:
    """Remove what an earlier pass found out where this one has no contacts."""
    for name in (_MENTIONS, _GROUPS, _UNREAD):
        folder.forget_frame("match", name)


def golden_contacts(
    folder: RunFolder,
    customers: pl.DataFrame,
    catalog: Catalog,
    trust: Mapping[str, int],
    *,
    number: int,
    unread: Unread,
) -> pl.DataFrame:
    """Return the golden contacts of a run, those of its pilot's *customers* first, as loading reads them."""
    everyone = folder.read_frame("match", _MENTIONS).with_columns(run=pl.lit(number, dtype=pl.Int64))
    everyone, groups = spoken_of(everyone, folder.read_frame("match", _GROUPS))
    records = golden_people(everyone, groups, catalog, trust, unread=unread)
    return records.join(_places(everyone, groups, customers), on="group", maintain_order="left").sort(
        pl.col("pilot").fill_null(value=False), descending=True, maintain_order=True
    )


def golden_people(
    everyone: pl.DataFrame,
    groups: pl.DataFrame,
    catalog: Catalog,
    trust: Mapping[str, int],
    *,
    unread: Unread = NOTHING_UNREAD,
) -> pl.DataFrame:
    """Return the golden contact of every group with ``known_as`` and ``origin``.

    *everyone*: rows with ``id``, ``run`` and ``existing``; *groups*: ``id, group``; *trust*: 0 to 100 by source.
    """
    object_type = catalog.object(CONTACT)
    golden = golden_values(*with_unread(everyone, groups, unread), object_type, trust)
    return golden_records(golden.records, golden.origins, everyone, groups, object_type)


def _with_customer(rows: pl.DataFrame, folder: RunFolder) -> pl.DataFrame:
    """Return *rows* with the name of the mention that says whose contact each is."""
    mentions = folder.scan("match", "mentions").select(
        pl.col("id").alias("mention"), pl.struct("source", "key").alias(CUSTOMER_LINK)
    )
    owners = folder.scan("match", "rows").drop("key").join(mentions, on="mention")
    places = ["source", "table", "row"]
    return rows.join(
        owners.select(*places, CUSTOMER_LINK).collect(), on=places, how="left", maintain_order="left"
    )


def _with_whose(everyone: pl.DataFrame, folder: RunFolder) -> pl.DataFrame:
    groups = folder.scan("match", "groups").rename({"group": WHOSE})
    mentions = folder.scan("match", "mentions").select("id", pl.struct("source", "key").alias(CUSTOMER_LINK))
    placed = mentions.join(groups, on="id").select(CUSTOMER_LINK, WHOSE).collect()
    return everyone.join(placed.unique(CUSTOMER_LINK), on=CUSTOMER_LINK, how="left", maintain_order="left")


def _to_compare(everyone: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that tell people apart; a name is sure where the standard finds nothing to doubt."""
    given = [
        pl.col(name) if name in everyone.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in _COMPARED
    ]
    frame = everyone.select(
        "id", "source", "existing", pl.col(WHOSE).cast(pl.String).alias("customer"), *given
    )
    name = simplified(frame["name"])
    doubtful = STANDARDS["person_name"].apply(name)["verdict"] == "suspect"
    return frame.with_columns(name, pl.when(~doubtful).then(name).alias("sure_name"))


def _places(everyone: pl.DataFrame, groups: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return per group where its first row stands, what it links to, and whether its customer is in the pilot.

    A customer that nobody names is not loaded, so nothing leads to it.
    """
    rows = everyone.filter(~pl.col("existing")).join(groups, on="id", maintain_order="left")
    links = [name for name in rows.columns if name.endswith(LINK)]
    first = rows.group_by("group", maintain_order=True).agg(
        pl.col("source", "table", "row", "key").first(), pl.col(*links, WHOSE).drop_nulls().first()
    )
    named = customers.filter(pl.col("name").is_not_null()).select(pl.col("group").alias(WHOSE), "pilot")
    placed = first.join(named, on=WHOSE, how="left", maintain_order="left").drop(WHOSE)
    return placed.with_columns(
        pl.when(pl.col("pilot").is_not_null()).then(CUSTOMER_LINK).alias(CUSTOMER_LINK)
    )
