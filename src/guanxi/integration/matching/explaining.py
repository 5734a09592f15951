"""Why two records were joined, put to review or kept apart, in a steward's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

from guanxi.integration.matching.comparing import UNKNOWN
from guanxi.integration.matching.customers import CUSTOMERS
from guanxi.integration.matching.settings import Comparison, MatchSettings
from guanxi.kernel.text import Message, say


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What one comparison found: its weight in bits (negative speaks against), its share of all evidence."""

    comparison: str
    says: Message
    weight: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Sentences that say what was decided and by what, then the evidence, the weightiest first."""

    sentences: tuple[Message, ...]
    evidence: tuple[Evidence, ...]


def explain(
    pair: Mapping[str, Any],
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    settings: MatchSettings = CUSTOMERS,
) -> Explanation:
    """Explain one row of `Matches.pairs` with the two rows it is about, as they were given.

    Comparisons where a side is unknown are left out; the shares of the others add up to 1.
    """
    known = [one for one in settings.comparisons if pair[f"level_{one.name}"] != UNKNOWN]
    total = sum(abs(pair[f"weight_{one.name}"]) for one in known) or 1.0
    evidence = [
        Evidence(
            comparison=one.name,
            says=_words(one, pair[f"level_{one.name}"], left, right),
            weight=pair[f"weight_{one.name}"],
            share=abs(pair[f"weight_{one.name}"]) / total,
        )
        for one in known
    ]
    return Explanation(
        sentences=(_decided(pair), *_reason(pair["rule"], settings)),
        evidence=tuple(sorted(evidence, key=lambda one: -one.share)),
    )


def _decided(pair: Mapping[str, Any]) -> Message:
    percent = f"{100 * pair['probability']:.1f}"
    if pair["decision"] == "join":
        return say("the same customer (probability by the evidence: {percent}%)", percent=percent)
    if pair["decision"] == "review":
        return say("a person must decide (probability by the evidence: {percent}%)", percent=percent)
    return say("different customers (probability by the evidence: {percent}%)", percent=percent)


_PLAIN_REASONS: Mapping[str, Message] = {
    "steward": say("a steward decided so"),
    "worth_a_look": say("the names are equal apart from the legal form, and nothing speaks against it"),
    "group": say("other records of the group belong to both"),
    "model": say("weighed by the evidence below"),
}


def _reason(rule: str, settings: MatchSettings) -> tuple[Message, ...]:
    kind, _, name = rule.partition(":")
    keys = {key.name: key.says for key in settings.exact_keys}
    vetoes = {veto.name: veto.says for veto in settings.all_vetoes}
    if kind in _PLAIN_REASONS:
        return (_PLAIN_REASONS[kind],)
    if kind == "key":
        return (keys[name],)
    if kind == "veto":
        return (say("never joined without a person:"), vetoes[name])
    if kind == "refused":
        against = vetoes.get(name, say("a steward keeps them apart"))
        return (say("they agree, but other records of their groups speak against it:"), against)
    return (_PLAIN_REASONS["model"],)


def _words(comparison: Comparison, level: int, left: Mapping[str, Any], right: Mapping[str, Any]) -> Message:
    """Return the sentence of a level with the values of the first column both rows show."""
    template = comparison.otherwise
    if level > 0:
        template = comparison.levels[len(comparison.levels) - level].says
    shown = next((name for name in comparison.shows if left.get(name) and right.get(name)), None)
    one, other = (str(left[shown]), str(right[shown])) if shown else ("", "")
    return Message(
        template.template, {"left": one, "right": other, "edits": Levenshtein.distance(one, other)}
    )
