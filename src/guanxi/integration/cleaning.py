"""What cleaning did to every value of a run, before → after with the reason: one page of it, and its counts.

The lines stay in the run's Parquet files and are read lazily; only the page asked for becomes values. Every line
is of one *kind*: changed, suspect, rejected, or aside (a row in quarantine, or a total of other rows).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from guanxi.expressions.conditions import is_one_of
from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake
from guanxi.integration.cells import Place, RunFiles
from guanxi.integration.corrections import REASONS as BY_PEOPLE
from guanxi.integration.corrections import row_keys
from guanxi.integration.sources.quarantine import REASONS as QUARANTINE
from guanxi.integration.standardise import (
    CHANGE_COLUMNS,
    HARMLESS,
    OWN_REASONS,
    SPARE_FIELDS,
    SPARED_REASONS,
)
from guanxi.integration.standards import REASONS
from guanxi.kernel.text import Message
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store.transactions import Transaction

KINDS = ("changed", "suspect", "rejected", "aside")
OPEN, DECIDED = "open", "decided"
PAGE = 60
_SENTENCES: Mapping[str, Message] = {**QUARANTINE, **REASONS, **OWN_REASONS}
_MOST_WORDS = 20_000
_EXAMPLES = 3
_CELL = ["source", "table", "row", "target"]
_ALIKE = ["source", "target", "reason"]
_SAME = ["source", "target", "before"]


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a person said about a value: the number of the correction, who, when, and the value given."""

    id: int
    kind: str
    value: str
    person: str
    at: Any
    comment: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One value (or one row set aside) and what became of it."""

    place: Place
    kind: str
    column: str
    before: str
    after: str
    reason: str
    note: str
    standard: str
    alike: int
    same: int
    said: Said | None
    kept_as: str = ""
    """The field that keeps the value in place of its own, ``customer.former_number``."""

    @property
    def sentence(self) -> Message:
        """Return in words why the value is not as it came."""
        return sentence(self.reason, self.note)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which lines: each attribute narrows, '' does not. ``state`` is ``open`` (a person is needed) or ``decided``."""

    kind: str = ""
    state: str = ""
    source: str = ""
    sources: tuple[str, ...] = ()
    target: str = ""
    reason: str = ""
    words: str = ""
    start: int = 0


@dataclass(frozen=True, kw_only=True)
class Group:
    """Open lines of one field with one reason: how many they are, and some of what they say."""

    target: str
    reason: str
    kind: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of lines, how many there are, and what they could be narrowed to."""

    lines: tuple[Line, ...]
    total: int
    kinds: Mapping[str, int]
    open: int
    decided: int
    targets: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]


def look(tx: Transaction, files: RunFiles, wanted: Wanted) -> Found:
    """Return the lines *wanted* asks for, and the counts of what it could ask for instead."""
    words = _words(tx, files)
    every = _marked(files, _lines(files), words)
    within = every.filter(_narrowed(wanted))
    chosen = within.filter(_of_kind(wanted))
    kinds, targets, reasons, groups, page = pl.collect_all(
        [
            within.group_by("kind", "state").len(),
            every.filter(_narrowed(wanted, but="target"), _of_kind(wanted)).group_by("target").len(),
            every.filter(_narrowed(wanted, but="reason"), _of_kind(wanted)).group_by("reason").len(),
            within.filter(pl.col("state") == OPEN)
            .group_by("target", "reason", "kind")
            .agg(pl.len(), pl.col("before").drop_nulls().unique(maintain_order=True).head(_EXAMPLES))
            .sort("len", "target", "reason", descending=[True, False, False]),
            chosen.slice(wanted.start, PAGE),
        ]
    )
    counted = {kind: int(kinds.filter(pl.col("kind") == kind)["len"].sum()) for kind in KINDS}
    states = {state: int(kinds.filter(pl.col("state") == state)["len"].sum()) for state in (OPEN, DECIDED)}
    return Found(
        lines=_spared(
            files, [_line(each, words) for each in _with_alikes(every, page).iter_rows(named=True)]
        ),
        total=int(targets["len"].sum()) if not wanted.target else chosen.select(pl.len()).collect().item(),
        kinds=counted,
        open=states[OPEN],
        decided=states[DECIDED],
        targets=_counted(targets, "target"),
        reasons=_counted(reasons, "reason"),
        groups=tuple(
            Group(target=target, reason=reason or "", kind=kind, count=int(count), examples=tuple(said))
            for target, reason, kind, count, said in groups.iter_rows()
        ),
    )


def one(tx: Transaction, files: RunFiles, place: Place) -> Line | None:
    """Return the line of one place, None when the run has none there."""
    words = _words(tx, files)
    every = _marked(files, _lines(files), words)
    here = every.filter(*(pl.col(name) == getattr(place, name) for name in _CELL)).head(1).collect()
    lines = _spared(files, [_line(each, words) for each in _with_alikes(every, here).iter_rows(named=True)])
    return lines[0] if lines else None


def alike(tx: Transaction, files: RunFiles, line: Line, *, same: bool) -> list[Place]:
    """Return the open places with the reason of *line*, or (*same*) with its very words, its own first."""
    every = _marked(files, _lines(files), _words(tx, files)).filter(pl.col("state") == OPEN)
    names = _SAME if same else _ALIKE
    values = {
        **{name: getattr(line.place, name) for name in _CELL},
        "before": line.before,
        "reason": line.reason,
    }
    here = (
        every.filter(*(pl.col(name).fill_null("") == values[name] for name in names)).select(_CELL).collect()
    )
    others = [Place(**each) for each in here.iter_rows(named=True)]
    return [line.place, *(each for each in others if each != line.place)]


def places(tx: Transaction, files: RunFiles, wanted: Wanted) -> list[Place]:
    """Return the places of all open lines *wanted* asks for."""
    every = _marked(files, _lines(files), _words(tx, files))
    here = every.filter(_narrowed(wanted), pl.col("state") == OPEN).select(_CELL).collect()
    return [Place(**each) for each in here.iter_rows(named=True)]


def sentence(reason: str, note: str | None) -> Message:
    """Return the words for a *reason*; one nobody knows is shown as it is."""
    known = _SENTENCES.get(reason)
    return (
        Message(known.template, {**known.values, "note": note or ""})
        if known
        else Message("{reason}", {"reason": reason})
    )


def is_standard(files: RunFiles, source: str) -> bool:
    """Tell whether a source of the run has been brought to standard."""
    return files.folder.has_frame("standard", f"{source}.0.changes")


def _lines(files: RunFiles) -> pl.LazyFrame:
    """Return everything cleaning said, source by source in the order of the plan."""
    frames = [frame for source in files.plan.sources for frame in _of_source(files, source.name)]
    return pl.concat(frames) if frames else pl.LazyFrame(schema={**CHANGE_COLUMNS, "kind": pl.String})


def _of_source(files: RunFiles, source: str) -> Iterator[pl.LazyFrame]:
    plan = files.plan.source(source)
    if not is_standard(files, source):
        return
    for place in range(len(intake.mappings_of(files.folder, plan))):
        frame = files.folder.scan("standard", f"{source}.{place}.changes")
        aside = pl.col("target").fill_null("") == ""
        yield frame.with_columns(kind=pl.when(aside).then(pl.lit("aside")).otherwise("verdict"))
    told = intake.scan_quarantine(files.folder, plan).rename({"text": "before"})
    yield told.select(
        pl.lit(source).alias("source"),
        *(
            (pl.col(name) if name in ("table", "row", "before", "reason") else pl.lit(None).alias(name)).cast(
                kind
            )
            for name, kind in CHANGE_COLUMNS.items()
            if name != "source"
        ),
    ).with_columns(target=pl.lit(""), verdict=pl.lit("quarantined"), kind=pl.lit("aside"))


def _words(tx: Transaction, files: RunFiles) -> pl.DataFrame:
    """Return what people said about values of the run's sources, the newest words last."""
    asked = Asked(
        object="correction",
        fields=(
            "source",
            "table",
            "row_key",
            "target",
            "before",
            "kind",
            "value",
            "comment",
            "created_by",
            "created_at",
        ),
        where=is_one_of("source", [each.name for each in files.plan.sources]),
        order=(("id", True),),
        limit=_MOST_WORDS,
    )
    rows = [
        (
            each.id,
            *(each.values[name] or "" for name in asked.fields[:8]),
            each.titles.get("created_by", ""),
            each.values["created_at"],
        )
        for each in reversed(reading.find(tx, SYSTEM, asked).records)
    ]
    text = dict.fromkeys(
        ("source", "table", "row_key", "target", "before", "said", "given", "comment", "person"), pl.String
    )
    return pl.DataFrame(rows, schema={"correction": pl.Int64, **text, "at": pl.Object}, orient="row")


def _marked(files: RunFiles, lines: pl.LazyFrame, words: pl.DataFrame) -> pl.LazyFrame:
    """Return *lines* with the ``correction`` that speaks of each, and their ``state``."""
    spoken = _spoken(files, lines, words.drop("at"))
    marked = lines.join(spoken.lazy(), on=_CELL, how="left", maintain_order="left")
    settled = pl.col("reason").is_in([*HARMLESS, *BY_PEOPLE])
    doubted = pl.col("kind").is_in(["suspect", "rejected"]) & ~settled
    state = (
        pl.when(pl.col("correction").is_not_null())
        .then(pl.lit(DECIDED))
        .when(doubted)
        .then(pl.lit(OPEN))
        .otherwise(pl.lit(""))
    )
    return marked.with_columns(state=state)


def _spoken(files: RunFiles, lines: pl.LazyFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return ``source, table, row, target, correction`` of the lines people spoke of."""
    none = pl.DataFrame(
        schema={
            "source": pl.String,
            "table": pl.String,
            "row": pl.Int64,
            "target": pl.String,
            "correction": pl.Int64,
        }
    )
    if words.is_empty():
        return none
    near = (
        lines.select(*_CELL, pl.col("before").fill_null(""))
        .join(words.lazy(), on=["source", "table", "target", "before"], how="semi")
        .collect()
    )
    found = [none]
    for (source, table), here in near.group_by("source", "table"):
        plan = files.plan.source(str(source))
        key = intake.mappings_of(files.folder, plan)[str(table)].key
        keyed = here.join(
            row_keys(intake.scan_table(files.folder, plan, str(table)), key, here["row"]), on="row"
        )
        told = keyed.join(words, on=["source", "table", "target", "before", "row_key"])
        found.append(told.select(none.columns).unique(_CELL, keep="last"))
    return pl.concat(found)


def _narrowed(wanted: Wanted, *, but: str = "") -> pl.Expr:
    """Return the condition of everything a person narrowed by, kind and state apart (and *but* one name)."""
    conditions = [
        pl.col(name) == getattr(wanted, name)
        for name in ("source", "target", "reason")
        if getattr(wanted, name) and name != but
    ]
    if wanted.sources:
        conditions.append(pl.col("source").is_in(wanted.sources))
    if wanted.words:
        text = pl.concat_str(
            pl.col("before", "after", "table").fill_null(""), separator="\n"
        ).str.to_lowercase()
        conditions.append(text.str.contains(wanted.words.lower(), literal=True))
    return pl.all_horizontal(conditions) if conditions else pl.lit(value=True)


def _of_kind(wanted: Wanted) -> pl.Expr:
    conditions = [
        pl.col(name) == getattr(wanted, name) for name in ("kind", "state") if getattr(wanted, name)
    ]
    return pl.all_horizontal(conditions) if conditions else pl.lit(value=True)


def _with_alikes(every: pl.LazyFrame, page: pl.DataFrame) -> pl.DataFrame:
    """Return *page* with how many open lines have the same reason (``alike``) and the same words (``same``)."""
    waiting = every.filter(pl.col("state") == OPEN)
    for name, keys in (("alike", _ALIKE), ("same", _SAME)):
        wanted = page.lazy().select(keys).unique()
        counted = (
            waiting.join(wanted, on=keys, how="semi", nulls_equal=True).group_by(keys).len(name).collect()
        )
        page = page.join(counted, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return page


def _line(row: Mapping[str, Any], words: pl.DataFrame) -> Line:
    said = None
    if row["correction"] is not None:
        word = words.row(by_predicate=pl.col("correction") == row["correction"], named=True)
        said = Said(
            id=word["correction"],
            kind=word["said"],
            value=word["given"],
            person=word["person"],
            at=word["at"],
            comment=word["comment"],
        )
    return Line(
        place=Place(**{name: row[name] for name in _CELL}),
        kind=row["kind"],
        column=row["column"] or "",
        before=row["before"] or "",
        after=row["after"] or "",
        reason=row["reason"] or "",
        note=row["note"] or "",
        standard=row["standard"] or "",
        alike=row["alike"] or 0,
        same=row["same"] or 0,
        said=said,
    )


def _spared(files: RunFiles, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return *lines*, those whose value another field keeps with its name."""
    return tuple(
        replace(each, kept_as=SPARE_FIELDS[each.place.target]) if _is_kept(files, each) else each
        for each in lines
    )


def _is_kept(files: RunFiles, line: Line) -> bool:
    target, place = line.place.target, line.place
    if (
        line.kind != "rejected"
        or line.said
        or line.reason not in SPARED_REASONS
        or target not in SPARE_FIELDS
    ):
        return False
    mappings = intake.mappings_of(files.folder, files.plan.source(place.source))
    return SPARE_FIELDS[target] not in mappings[place.table].targets


def _counted(frame: pl.DataFrame, name: str) -> tuple[tuple[str, int], ...]:
    ordered = frame.filter(pl.col(name).fill_null("") != "").sort("len", name, descending=[True, False])
    return tuple((value, int(count)) for value, count in ordered.select(name, "len").iter_rows())
