"""Who the rows speak of: each different way a table names a customer is one mention, whatever the row is about.

A ticket, an order and a line of the ledger may all name the same customer in other words. A mention has
``id``, ``source``, ``table``, ``row`` (the first that makes it), ``key`` (what the crosswalk remembers it by),
``rows`` (how many make it) and the customer's fields with their verdicts. A row that holds nothing but a number
of its source (an order of account 4711) is no mention: it is *bare* and follows the mention with that number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from guanxi.integration.columns import CHANGED, VERDICT, column_name
from guanxi.integration.mapping import TableMapping
from guanxi.integration.standardise import ROW
from guanxi.integration.standards import STANDARDS
from guanxi.integration.standards.company_parts import name_parts
from guanxi.metadata.catalog import Catalog

CUSTOMER, CONTACT = "customer", "contact"
NUMBERS = ("former_number", "number")
"""Fields that hold the number a source gives its customers."""
SOURCE_NUMBER = "source_number"
SOURCE_KEY = "source_key"
_PREFIX = CUSTOMER + "."
_TITLED = r"^(.{1,2})(?:先生|女士|小姐|老师|老板|总|经理|师傅)$"
"""A family name with a title: it names a person, but not who."""
_SPEAKING = (
    "name",
    "contact_name",
    "credit_code",
    "registration_number",
    "mobile",
    "phone",
    "email",
    "wechat",
)
"""Fields that say who somebody is, besides a number that means something in one source only."""


def frame_of(object_name: str, what: str) -> str:
    """Return what a frame of the stage of matching is called: ``mentions`` (of customers), ``contact.mentions``."""
    return what if object_name == CUSTOMER else f"{object_name}.{what}"


@dataclass(frozen=True)
class Mentions:
    """The mentions of one table, and per row of it (``source, table, row``) the ``key`` and ``number`` it names."""

    mentions: pl.DataFrame
    rows: pl.DataFrame


def mentions_of(
    frame: pl.DataFrame,
    mapping: TableMapping,
    catalog: Catalog,
    *,
    source: str,
    keys: pl.Series | None,
    changed: pl.Series | None = None,
) -> Mentions:
    """Return who the rows of a standardised table speak of.

    *keys* holds the column that identifies a row in its source, *changed* when each row was changed there, as
    ISO 8601, where there are such.
    """
    here = _with_lent(_customer_columns(frame), frame, catalog)
    fields = [name for name in here.columns if not name.endswith(VERDICT) and name != ROW]
    speaking = [pl.col(name).is_not_null() for name in fields if name in _SPEAKING]
    here = here.with_columns(
        _own_keys(keys if mapping.main == CUSTOMER else None, frame.height),
        **({} if changed is None else {CHANGED: changed}),
        speaks=pl.any_horizontal(speaking) if speaking else pl.lit(value=False),
        number=pl.coalesce(_numbers(fields), _references(frame, catalog)),
        text=_as_one_text(here, fields) if fields else pl.lit(""),
    )
    unkeyed = pl.when(pl.col(SOURCE_KEY).is_null()).then("text")
    spoken = here.filter("speaks").with_columns(
        key=pl.coalesce(
            pl.concat_str(pl.lit(mapping.table + "/"), SOURCE_KEY),
            pl.concat_str(pl.lit(mapping.table + "#"), unkeyed.map_batches(_digests, pl.String)),
        )
    )
    mentions = (
        spoken.group_by("key", maintain_order=True)
        .agg(pl.all().exclude("speaks", "text").first(), pl.len().alias("rows"))
        .rename({ROW: "row", "number": SOURCE_NUMBER})
        .with_columns(source=pl.lit(source), table=pl.lit(mapping.table))
    )
    named = here.select(ROW, "number").join(spoken.select(ROW, "key"), on=ROW, how="left")
    return Mentions(mentions, _rows(named, source, mapping.table))


def gather(tables: Sequence[Mentions]) -> Mentions:
    """Return the mentions of all tables with their ``id``, and all rows with the ``mention`` each names.

    A bare row follows the first mention of its source with the same key or number.
    """
    mentions = (
        pl.concat([each.mentions for each in tables], how="diagonal_relaxed")
        .with_row_index("id", offset=1)
        .with_columns(pl.col("id").cast(pl.Int64))
    )
    known = pl.concat(
        mentions.filter(pl.col(name).is_not_null()).select("source", pl.col(name).alias("number"), "id")
        for name in (SOURCE_KEY, SOURCE_NUMBER)
    ).unique(["source", "number"], keep="first", maintain_order=True)
    rows = (
        pl.concat([each.rows for each in tables], how="diagonal_relaxed")
        .join(mentions.select("source", "table", "key", "id"), on=["source", "table", "key"], how="left")
        .join(known.rename({"id": "followed"}), on=["source", "number"], how="left")
        .with_columns(mention=pl.coalesce("id", "followed"))
        .drop("id", "followed")
    )
    return Mentions(mentions, rows)


def to_match(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions as the rows that matching compares: standard columns, name parts, kind."""
    frame = _with_missing(mentions, ("name", "contact_name", "kind", "credit_code", "registration_number"))
    frame = _with_missing(frame, ("mobile", "phone", "email", SOURCE_NUMBER))
    frame = frame.with_columns(
        contact_name=pl.coalesce("contact_name", pl.when(pl.col("name").str.contains(_TITLED)).then("name")),
        name=pl.when(~pl.col("name").str.contains(_TITLED)).then("name"),
    )
    parts = name_parts(frame["name"])
    kinds = _kinds(frame, parts)
    person = pl.coalesce(
        pl.col("contact_name"), pl.when(pl.lit(kinds).ne_missing("company")).then(pl.col("name"))
    )
    address = _address(frame)
    return frame.select(
        "id",
        "source",
        *(["existing"] if "existing" in frame.columns else []),
        "name",
        kinds.alias("kind"),
        "credit_code",
        "registration_number",
        "mobile",
        "phone",
        "email",
        person.str.replace(_TITLED, "${1}").alias("person"),
        pl.col(SOURCE_NUMBER).alias("customer_number"),
    ).hstack(
        [
            parts["core"].alias("name_core"),
            parts["core_without_region"].alias("name_core_bare"),
            *(parts[name] for name in ("brand", "region", "region_code", "branch", "numerals")),
            *address,
        ]
    )


def kinds_of(frame: pl.DataFrame) -> pl.Series:
    """Return ``company`` or ``person`` for each named customer, null where nothing tells."""
    frame = _with_missing(frame, ("name", "kind", "credit_code", "contact_name"))
    return _kinds(frame, name_parts(frame["name"]))


def _kinds(frame: pl.DataFrame, parts: pl.DataFrame) -> pl.Series:
    """A word of the source counts, then a credit code or a legal form, then whether the name is a person's.

    A name of two characters, or one whose contact has another name, may be a brand (力安): nothing is said.
    """
    plain = pl.col("trade").is_null() & pl.col("region").is_null() & (pl.col("name").str.len_chars() <= 4)
    # Of a million names the others took 4 s, and none of them is a person's.
    may_be_persons = frame.select("name").hstack([parts["trade"], parts["region"]])
    persons = STANDARDS["person_name"].apply(may_be_persons.select(pl.when(plain).then("name")).to_series())
    both = frame.select("name", "kind", "credit_code", "contact_name").hstack(
        [parts["legal_form"], persons["verdict"].alias("as_person")]
    )
    like_a_person = pl.col("as_person").is_in(["kept", "changed"])
    own_contact = pl.col("contact_name").is_null() | (pl.col("contact_name") == pl.col("name"))
    a_person = like_a_person & own_contact & (pl.col("name").str.len_chars() >= 3)
    return both.select(
        pl.when(pl.col("kind").is_not_null())
        .then("kind")
        .when(pl.col("name").is_null())
        .then(None)
        .when(pl.any_horizontal(pl.col("credit_code", "legal_form").is_not_null()))
        .then(pl.lit("company"))
        .when(a_person)
        .then(pl.lit("person"))
        .when(~like_a_person)
        .then(pl.lit("company"))
        .alias("kind")
    ).to_series()


def _address(frame: pl.DataFrame) -> list[pl.Series]:
    if "address" not in frame.columns:
        return []
    parts = frame["address"].struct.unnest()
    return [parts["province"], parts["city"], parts["district"], parts["detail"].alias("address")]


def _customer_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row`` and the customer's columns under the names of its fields."""
    names = [name for name in frame.columns if name.startswith(_PREFIX)]
    return frame.select(
        ROW, *(pl.col(name).alias(column_name(CUSTOMER, name.removeprefix(_PREFIX))) for name in names)
    )


def _with_lent(here: pl.DataFrame, frame: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Return *here* with the telephone of the row's caller or receiver, where it says none of the customer itself."""
    if "mobile" in here.columns or "phone" in here.columns or len(here.columns) == 1:
        return here
    for name in frame.columns:
        object_name, _, field_name = name.partition(".")
        if (
            object_name in (CUSTOMER, CONTACT, ROW)
            or name.endswith(VERDICT)
            or field_name not in catalog.objects[object_name].fields
        ):
            continue
        if catalog.object(object_name).field(field_name).type in ("phone", "mobile"):
            lent, a_mobile = frame[name], frame[name].str.contains(r"^1[3-9]\d{9}$")
            verdict = frame[name + VERDICT]
            return here.with_columns(
                pl.when(a_mobile).then(lent).alias("mobile"),
                verdict.alias("mobile" + VERDICT),
                pl.when(~a_mobile).then(lent).alias("phone"),
                verdict.alias("phone" + VERDICT),
            )
    return here


def _numbers(fields: Sequence[str]) -> pl.Expr:
    known = [pl.col(name).cast(pl.String) for name in NUMBERS if name in fields]
    return pl.coalesce(known) if known else pl.lit(None, dtype=pl.String)


def _references(frame: pl.DataFrame, catalog: Catalog) -> pl.Series:
    """Return by which number the rows refer to a customer, when one of their links holds it (account_id)."""
    for each in catalog.live_objects:
        for lookup in each.lookups_to(CUSTOMER):
            if (name := f"{each.name}.{lookup.name}") in frame.columns:
                return frame[name].cast(pl.String)
    return pl.Series([None] * frame.height, dtype=pl.String)


def _as_one_text(frame: pl.DataFrame, fields: Sequence[str]) -> pl.Expr:
    pieces = []
    for name in fields:
        if isinstance(frame.schema[name], pl.Struct):
            pieces.append(pl.col(name).struct.json_encode())
        else:
            pieces.append(pl.col(name).cast(pl.String))
    return pl.concat_str([piece.fill_null("") for piece in pieces], separator="\x1f")


def _own_keys(keys: pl.Series | None, height: int) -> pl.Series:
    """Return the keys a table gives its rows, null where a key is doubled and so identifies nothing."""
    if keys is None:
        return pl.Series(SOURCE_KEY, [None] * height, dtype=pl.String)
    texts = pl.DataFrame({SOURCE_KEY: keys.cast(pl.String)})
    return texts.select(pl.when(pl.col(SOURCE_KEY).is_unique()).then(SOURCE_KEY))[SOURCE_KEY]


def _digests(texts: pl.Series) -> pl.Series:
    digests = [
        None if text is None else blake2b(text, digest_size=10).digest()
        for text in texts.cast(pl.Binary).to_list()
    ]
    return pl.Series(texts.name, digests, dtype=pl.Binary).bin.encode("hex")


def _rows(frame: pl.DataFrame, source: str, table: str) -> pl.DataFrame:
    wanted = [name for name in ("key", "number") if name in frame.columns]
    return frame.select(
        pl.lit(source).alias("source"), pl.lit(table).alias("table"), pl.col(ROW).alias("row"), *wanted
    )


def _with_missing(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in names if name not in frame.columns
    )
