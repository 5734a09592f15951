"""The counts of a run, stage by stage, from whatever its record holds.

Expected is ``{stage: {"label": text or {"en", "zh"}, "numbers": {name: number}}}``; a plain number per stage, or
numbers directly below it, are understood too, and anything else is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guanxi.kernel.text import Message, say
from guanxi.metadata.labels import Label
from guanxi.web.reader import Reader

_STAGES: dict[str, Message] = {
    "read": say("Read"),
    "sources": say("Read"),
    "profile": say("Profile"),
    "map": say("Map"),
    "mapping": say("Map"),
    "standardise": say("Standardise"),
    "standards": say("Standardise"),
    "standard": say("Standardise"),
    "match": say("Find duplicates"),
    "matching": say("Find duplicates"),
    "golden": say("Choose golden records"),
    "merge": say("Merge"),
    "merging": say("Merge"),
    "pilot": say("Pilot"),
    "load": say("Load"),
    "loading": say("Load"),
    "tasks": say("Hand out tasks"),
    "verify": say("Verify"),
    "verification": say("Verify"),
    "roll_back": say("Roll back"),
    "rollback": say("Roll back"),
}
_NUMBERS: dict[str, Message] = {
    "rows_seen": say("rows seen"),
    "blank": say("blank rows"),
    "rows": say("rows"),
    "tables": say("tables"),
    "columns": say("columns"),
    "mapped": say("columns mapped"),
    "suspect": say("doubtful"),
    "mentions": say("ways customers are named"),
    "existing": say("customers here before"),
    "review": say("to be decided"),
    "nameless": say("without a name"),
    "gaps": say("gaps"),
    "gaps_left": say("gaps beyond the limit"),
    "reviews_left": say("pairs beyond the limit"),
    "new": say("new"),
    "sampled_rows": say("rows in the sample"),
    "sampled_cells": say("cells compared"),
    "errors": say("things that do not hold"),
    "in": say("in"),
    "out": say("out"),
    "read": say("read"),
    "rejected": say("rejected"),
    "quarantined": say("set aside"),
    "changed": say("changed"),
    "marked": say("marked"),
    "merged": say("merged"),
    "groups": say("groups"),
    "pairs": say("pairs"),
    "joined": say("joined"),
    "reviews": say("to be decided"),
    "created": say("created"),
    "updated": say("updated"),
    "unchanged": say("unchanged"),
    "refused": say("refused"),
    "loaded": say("loaded"),
    "sampled": say("sampled"),
    "agreed": say("agreed"),
    "differing": say("differing"),
    "reversed": say("taken back"),
    "kept": say("kept"),
    "conflicts": say("conflicts"),
    "sources": say("sources"),
    "customers": say("customers"),
    "customer": say("customers"),
    "contact": say("contacts"),
    "order": say("orders"),
    "order_line": say("order lines"),
    "ticket": say("tickets"),
    "need": say("needs"),
    "activity": say("activities"),
    "pilot": say("customers in the pilot"),
    "total": say("total"),
}


@dataclass(frozen=True, kw_only=True)
class StageCounts:
    """One stage: its name and its numbers, (name, number as read)."""

    name: str
    label: str
    numbers: tuple[tuple[str, str], ...]


def stage_label(name: str, reader: Reader) -> str:
    """Return the name of a stage in the reader's language; an unknown one as it is."""
    known = _STAGES.get(name)
    return reader.say(known) if known else name.replace("_", " ")


def read_counts(counts: Any, reader: Reader) -> tuple[StageCounts, ...]:
    """Return the stages in *counts*, in the order of the run; what is not understood is left out."""
    return tuple(_stages(counts, reader)) if isinstance(counts, Mapping) else ()


def _stages(counts: Mapping[str, Any], reader: Reader) -> Iterator[StageCounts]:
    # JSON in PostgreSQL does not keep the order of names; the pipeline's own order is the one people expect.
    for name, body in sorted(counts.items(), key=lambda pair: _place(pair[0], _STAGES)):
        numbers = body.get("numbers", body) if isinstance(body, Mapping) else {"rows": body}
        label = body.get("label") if isinstance(body, Mapping) else None
        shown = tuple(_numbers(numbers, reader)) if isinstance(numbers, Mapping) else ()
        if shown:
            yield StageCounts(name=name, label=_label(name, label, reader), numbers=shown)


def _place(name: str, known: Mapping[str, Message]) -> int:
    names = list(known)
    return names.index(name) if name in known else len(names)


def _label(name: str, given: Any, reader: Reader) -> str:
    match given:
        case str() if given:
            return reader.translate(given)
        case {"en": str(en), "zh": str(zh)}:
            return reader.label(Label(en=en, zh=zh))
        case _:
            return stage_label(name, reader)


def _numbers(numbers: Mapping[str, Any], reader: Reader) -> Iterator[tuple[str, str]]:
    for name, number in sorted(numbers.items(), key=lambda pair: _place(str(pair[0]), _NUMBERS)):
        if isinstance(number, int | float) and not isinstance(number, bool):
            known = _NUMBERS.get(name)
            yield (reader.say(known) if known else name.replace("_", " ")), reader.number(number)
