"""Options of a source: a table of the plan (TOML) becomes a frozen value, or all of its problems are told."""

import os
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.text import Message, say
from guanxi.settings import is_for_sources

Options = TypeVar("Options")

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def parse_options(options_type: type[Options], table: Mapping[str, Any]) -> Options:
    """Return *table* as *options_type*, a frozen dataclass; raise `Invalid` with every problem."""
    hints = get_type_hints(options_type)
    known: dict[str, Field[Any]] = {each.name: each for each in fields(cast(Any, options_type))}
    problems = [Problem(name, _unknown(known)) for name in table if name not in known]
    values: dict[str, Any] = {}
    for name, each in known.items():
        if name in table:
            try:
                values[name] = _convert(table[name], hints[name])
            except _UnfitError as error:
                problems.append(Problem(name, error.message))
        elif each.default is MISSING and each.default_factory is MISSING:
            problems.append(Problem(name, say("a value is needed here")))
    if problems:
        raise Invalid(problems)
    return options_type(**values)


def fill_from_environment(text: str, quote: Callable[[str], str] = str) -> str:
    """Return *text* with every ``${NAME}`` replaced by that environment variable; refuse one not set.

    *quote* is applied to each value, for a text in which some characters have a meaning (a URL).

    Secrets reach a source this way only: the plan and the logs hold the placeholder. Only variables that are meant
    for sources are given to one.
    """
    if closed := sorted({name for name in _PLACEHOLDER.findall(text) if not is_for_sources(name)}):
        raise Refused(not_for_sources(closed))
    missing = sorted({name for name in _PLACEHOLDER.findall(text) if name not in os.environ})
    if missing:
        raise Refused(say("set the environment variable {names} before reading this source", names=missing))
    return _PLACEHOLDER.sub(lambda found: quote(os.environ[found.group(1)]), text)


def not_for_sources(names: Sequence[str]) -> Message:
    """Return the words for environment variables that no source is given."""
    return say(
        "{names} is given to no source: name a variable that begins with GUANXI_SOURCE_, or let whoever runs this "
        "server list it in GUANXI_SOURCE_TOKENS",
        names=list(names),
    )


def is_placeholder(text: str) -> bool:
    """Tell whether *text* is one ``${NAME}`` and nothing else."""
    return _PLACEHOLDER.fullmatch(text) is not None


class _UnfitError(Exception):
    def __init__(self, message: Message) -> None:
        self.message = message


def _unknown(known: Mapping[str, Any]) -> Message:
    return say("unknown option; known: {known}", known=tuple(sorted(known)))


def _convert(value: Any, wanted: Any) -> Any:
    """Return *value* as the type *wanted*: the few types options use."""
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return _convert(value, next(each for each in arguments if each is not type(None)))
    if origin is Literal:
        if value not in arguments:
            raise _UnfitError(say("write one of: {known}", known=arguments))
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise _UnfitError(say("write a list"))
        return tuple(_convert(each, arguments[0]) for each in value)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise _UnfitError(say("write a table of names and values"))
        return {str(name): _convert(each, arguments[1]) for name, each in value.items()}
    return _plain(value, wanted)


def _plain(value: Any, wanted: type[Any]) -> Any:
    if wanted is Path and isinstance(value, str | Path):
        return Path(value)
    if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if wanted is int and isinstance(value, bool):
        raise _UnfitError(say("write a whole number"))
    if isinstance(value, wanted):
        return value
    wording = {
        str: say("write a text in quotes"),
        int: say("write a whole number"),
        float: say("write a number"),
        bool: say("write true or false"),
        Path: say("write a path in quotes"),
    }
    raise _UnfitError(wording[wanted])
