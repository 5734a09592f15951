"""What a data standard is: a column of raw text in, a column of judged values out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from guanxi.integration.standards.reasons import SHARED
from guanxi.integration.standards.tidying import is_nothing, tidied
from guanxi.kernel.text import Message

Reasons = Mapping[str, Message]
_ROUNDS = 5
_REPEATED = 0.7  # with fewer distinct texts than this share of its rows a column is judged text by text
EMPTY, KEPT, CHANGED, SUSPECT, REJECTED = "empty", "kept", "changed", "suspect", "rejected"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One value after judgement; *note* is the datum that the sentence of *reason* names."""

    value: Any
    verdict: str
    reason: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Rows where *when* is true get *verdict* for *reason*; *note* fills the sentence's ``{note}``."""

    when: pl.Expr
    verdict: str
    reason: str
    note: pl.Expr | None = None


class Standard(ABC):
    """One way of spelling one kind of value; each member is one small file.

    A verdict is one of: ``empty`` (nothing was there), ``kept`` (already right), ``changed`` (same meaning,
    standard spelling), ``suspect`` (kept, but a person should look), ``rejected`` (no value; the caller keeps
    the raw text). Standardising the ``written`` form of a value again changes nothing.
    """

    name: ClassVar[str]
    reasons: ClassVar[Reasons] = {}
    value_type: ClassVar[pl.DataType] = pl.String()
    words_for_nothing: ClassVar[bool] = True
    settles: ClassVar[bool] = False  # True where taking signs off can lay bare more of them

    @abstractmethod
    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows* (columns ``raw`` and ``text``, the tidied raw text); return what `decide` returns.

        Rows without text may be judged in any way: `apply` overrules them.
        """

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt: they are kept, `judge` never sees them.

        Where this is false of a text that is in standard form, only time is lost; so one pattern is enough.
        """
        return pl.lit(value=False)

    def apply(self, column: pl.Series) -> pl.DataFrame:
        """Judge a column of text.

        Returns as many rows in the same order, with the columns ``value`` (of `value_type`, null when empty
        or rejected), ``verdict``, ``reason`` (a key of ``REASONS``, null when empty or kept) and ``note``
        (String or null, a part of the cell that the reason names).
        """
        raw = column.cast(pl.String).alias("raw")
        if raw.to_frame().select(pl.approx_n_unique("raw")).item() > _REPEATED * raw.len():
            return self._every(raw)
        distinct = raw.unique()
        judged = self._every(distinct).with_columns(distinct)
        return (
            raw.to_frame()
            .join(judged, on="raw", how="left", maintain_order="left", nulls_equal=True)
            .drop("raw")
        )

    def _every(self, raw: pl.Series) -> pl.DataFrame:
        """Judge every text, those in standard form without looking further."""
        kept = self._kept(raw)
        judged = self._once(raw.filter(~kept))
        judged = self._settled(judged) if self.settles else judged
        return _among(judged, raw, kept) if kept.any() else judged

    def _kept(self, raw: pl.Series) -> pl.Series:
        """Tell which texts are in standard form; words for nothing never are."""
        told = self.in_standard(pl.col("raw")).fill_null(value=False)
        kept = raw.to_frame("raw").with_columns(kept=told)["kept"]
        return kept & ~is_nothing(raw) if self.words_for_nothing else kept

    def _once(self, raw: pl.Series) -> pl.DataFrame:
        """Judge texts, empty cells and words for nothing first."""
        rows = pl.DataFrame({"raw": raw, "text": tidied(raw)})
        judged = self.judge(rows)
        blank = pl.lit(rows["text"].is_null() | (rows["text"] == ""))
        nothing = pl.lit(is_nothing(rows["text"])) if self.words_for_nothing else pl.lit(value=False)
        nobody = blank | nothing
        return judged.select(
            value=pl.when(~nobody).then(pl.col("value")),
            verdict=pl.when(blank)
            .then(pl.lit(EMPTY))
            .when(nothing)
            .then(pl.lit(REJECTED))
            .otherwise("verdict"),
            reason=pl.when(nothing & ~blank).then(pl.lit("says_nothing")).when(~nobody).then("reason"),
            note=pl.when(~nobody).then(pl.col("note")),
        )

    def _settled(self, judged: pl.DataFrame) -> pl.DataFrame:
        """Judge changed values again until they stay: taking one sign away can lay bare the next."""
        rows = judged.with_row_index("at")
        moving = rows.filter(pl.col("verdict").is_in([CHANGED, SUSPECT])).select("at", old="value")
        for _ in range(_ROUNDS):
            moving = moving.filter(~self._kept(moving["old"]))
            again = pl.concat([moving, self._once(moving["old"]).select("value")], how="horizontal")
            moving = again.filter(pl.col("value").ne_missing(pl.col("old"))).select("at", old="value")
            if moving.is_empty():
                break
            rows = rows.update(moving.select("at", value="old"), on="at", include_nulls=True)
        gone = pl.col("value").is_null() & pl.col("verdict").is_in([CHANGED, SUSPECT])
        return rows.select(
            "value",
            verdict=pl.when(gone).then(pl.lit(REJECTED)).otherwise("verdict"),
            reason=pl.when(gone).then(pl.lit("not_understood")).otherwise("reason"),
            note="note",
        )

    def one(self, text: str | None) -> Judged:
        """Judge one text, for pages and forms."""
        row = self.apply(pl.Series([text], dtype=pl.String)).row(0, named=True)
        return Judged(**row)

    def written(self, values: pl.Series) -> pl.Series:
        """Return *values* (of `value_type`) as text, one String each; compound values join their parts."""
        return values.cast(pl.String)

    def explain(self, judged: Judged) -> Message | None:
        """Return the sentence for a judgement, or None when there is nothing to say."""
        if judged.reason is None:
            return None
        message = {**SHARED, **self.reasons}[judged.reason]
        return Message(message.template, {**message.values, "note": judged.note or ""})


def _among(judged: pl.DataFrame, raw: pl.Series, kept: pl.Series) -> pl.DataFrame:
    """Return the judgements of all texts in their order, when *judged* are those of the texts not *kept*."""
    none = pl.lit(None, dtype=pl.String)
    same = raw.filter(kept).to_frame("value").select("value", verdict=pl.lit(KEPT), reason=none, note=none)
    place = pl.when(kept).then(judged.height + kept.cum_sum()).otherwise((~kept).cum_sum()) - 1
    return pl.concat([judged, same])[pl.select(place).to_series()]


def rejected(reason: str, when: pl.Expr, note: pl.Expr | None = None) -> Rule:
    """Return the rule that refuses a value."""
    return Rule(when=when, verdict=REJECTED, reason=reason, note=note)


def suspect(reason: str, when: pl.Expr, note: pl.Expr | None = None) -> Rule:
    """Return the rule that keeps a value and asks a person to look."""
    return Rule(when=when, verdict=SUSPECT, reason=reason, note=note)


def changed(reason: str, when: pl.Expr, note: pl.Expr | None = None) -> Rule:
    """Return the rule that names why a value is spelt otherwise than it came."""
    return Rule(when=when, verdict=CHANGED, reason=reason, note=note)


def decide(
    rows: pl.DataFrame | pl.LazyFrame,
    value: pl.Expr,
    *rules: Rule,
    same: pl.Expr | None = None,
    otherwise: str = "spelling",
) -> pl.DataFrame:
    """Give every row its verdict: the first rule that holds (refusals first), else kept or changed.

    *same* tells whether the value is the raw text (default: they are equal); a missing value that no rule
    names is rejected as ``not_understood``; *otherwise* is the reason of a plain change.
    """
    refusals = [rule for rule in rules if rule.verdict == REJECTED]
    others = [rule for rule in rules if rule.verdict != REJECTED]
    every = (*refusals, rejected("not_understood", pl.col("value").is_null()), *others)
    held = (
        rows.lazy()
        .with_columns(value=value)
        .with_columns(
            kept=pl.col("value") == pl.col("raw") if same is None else same,
            **{f"rule_{number}": rule.when for number, rule in enumerate(every)},
        )
    )
    return _told(held.with_columns(first=_first(len(every))), every, otherwise).collect()


def _first(rules: int) -> pl.Expr:
    """Return the number of the first rule that holds, null when none does."""
    return pl.coalesce(
        pl.when(pl.col(f"rule_{number}")).then(pl.lit(number, dtype=pl.UInt8)) for number in range(rules)
    )


def _told(held: pl.LazyFrame, rules: tuple[Rule, ...], otherwise: str) -> pl.LazyFrame:
    """Return the four columns of a judgement from the number of the ``first`` rule that held."""
    numbers = range(len(rules))
    verdicts = dict(zip(numbers, (rule.verdict for rule in rules), strict=True))
    reasons = dict(zip(numbers, (rule.reason for rule in rules), strict=True))
    notes = [
        pl.when(pl.col("first") == number).then(rule.note)
        for number, rule in enumerate(rules)
        if rule.note is not None
    ]
    none = pl.lit(None, dtype=pl.String)
    judged = held.select(
        "value",
        verdict=pl.col("first").replace_strict(verdicts, default=None, return_dtype=pl.String),
        reason=pl.col("first").replace_strict(reasons, default=None, return_dtype=pl.String),
        note=pl.coalesce(*notes, none),
        kept="kept",
    )
    plain = pl.when("kept").then(pl.lit(KEPT)).otherwise(pl.lit(CHANGED))
    return judged.select(
        value=pl.when(pl.col("verdict").ne_missing(REJECTED)).then("value"),
        verdict=pl.coalesce("verdict", plain),
        reason=pl.coalesce(
            "reason", pl.when(pl.col("verdict").is_null() & ~pl.col("kept")).then(pl.lit(otherwise))
        ),
        note=pl.when(pl.col("note") != "").then("note"),
    )
