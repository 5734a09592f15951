"""Sentences for people can be collected, translated and filled: plain literals whose places are all named."""

import ast
import re
import string
from collections.abc import Iterator
from functools import lru_cache

from tests.house.code import Module, modules

# Some sentences are declared once and filled where they are used; these places are what their users fill in.
FILLED_LATER = {
    "src/guanxi/integration/": {"note"},
    "src/guanxi/integration/matching/": {"left", "right", "edits"},
}


def sentences(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the place and the call of every sentence in *module*."""
    for call in module.calls("say"):
        yield f"{module.name}:{call.lineno}", call


def template_of(call: ast.Call) -> str | None:
    """Return the literal template of a call, None when it is computed."""
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def places_of(template: str) -> set[str]:
    """Return the names of the places in *template*."""
    return {
        name.split(".")[0].split("[")[0]
        for _, name, _, _ in string.Formatter().parse(template)
        if name is not None
    }


def deferred(module: Module) -> set[str]:
    """Return the places that may stay open in this module."""
    return {
        name for prefix, names in FILLED_LATER.items() if module.name.startswith(prefix) for name in names
    }


@lru_cache
def everywhere() -> list[tuple[Module, str, ast.Call]]:
    """Return every sentence of the package."""
    return [(module, place, call) for module in modules() for place, call in sentences(module)]


def test_every_sentence_is_a_plain_literal():
    computed = [place for _, place, call in everywhere() if template_of(call) is None or len(call.args) != 1]
    assert computed == [], "say() takes one literal, so that the translation tools find it"


def test_every_place_of_a_sentence_is_filled_and_nothing_is_left_over():
    wrong = []
    for module, place, call in everywhere():
        given = {each.arg for each in call.keywords}
        if None in given:
            continue  # **values: known only when it runs
        places = places_of(template_of(call) or "")
        if (places - given) - deferred(module) or given - places:
            wrong.append(f"{place} names {sorted(places)}, is given {sorted(given)}")
    assert wrong == []


def test_no_place_is_filled_by_order():
    numbered = [
        place
        for _, place, call in everywhere()
        if any(not name.isidentifier() for name in places_of(template_of(call) or ""))
    ]
    assert numbered == []


def test_every_sentence_can_be_filled():
    for *_, call in everywhere():
        template = template_of(call) or ""
        assert template.format(**dict.fromkeys(places_of(template), "值"))


COUNTED = re.compile(
    r"(?<!at most )(?<!at least )(?<!up to )(?<!more than )(?<!the first )(?<!the newest )(?<!of )(?<!After )"
    r"(?<!after )(?<!most )"
    r"\{\w+\} (?:\w+ )?(?:rows|columns|tables|values|cells|characters|records|customers|pairs|facts|sources|days|"
    r"decisions|things|duplicates|defects|ids|departments|fields|parts|choices|attempts|tables)\b"
)
"""A number that may be 1 before the name of several things; limits and shares of a whole are never 1 alone."""
ALWAYS_SEVERAL = {
    # of all the values of a column, told only where there are more than the product takes at once
    "{count} values are too many for one word ({most} at most); is the column mapped to the right field?",
    "{count} characters are too many; at most {longest} fit",
    "{done} of {total} parts loaded",
    "the table has {columns} columns, more than the {limit} allowed; "
    "check the separator, or raise the option max_columns",
}


def test_a_sentence_with_a_number_is_there_for_one_thing_as_well():
    wrong = []
    for module in modules():
        chosen = {
            id(part)
            for call in module.calls("by_number")
            for each in call.args
            for part in ast.walk(each)
            if isinstance(part, ast.Call)
        }
        named = {
            each.id for call in module.calls("by_number") for each in call.args if isinstance(each, ast.Name)
        }
        chosen |= {
            id(line.value)
            for line in ast.walk(module.tree)
            if isinstance(line, ast.Assign) and {getattr(each, "id", "") for each in line.targets} & named
        }
        wrong += [
            f"{place}: {template_of(call)}"
            for place, call in sentences(module)
            if COUNTED.search(template_of(call) or "")
            and template_of(call) not in ALWAYS_SEVERAL
            and id(call) not in chosen
        ]
    assert wrong == [], "write by_number(count, say(one), say(several))"


def test_no_sentence_stands_inside_another_where_the_translation_tools_do_not_see_it():
    inside = [
        place
        for _, place, call in everywhere()
        for part in call.keywords
        for each in ast.walk(part.value)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "say"
    ]
    assert inside == [], "give the inner sentence a name first"
