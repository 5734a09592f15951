"""The plan of a run: which sources, whose they are, how far each is trusted, and what people decided about them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from guanxi.integration.sources import SOURCE_KINDS, safe_file_name
from guanxi.integration.sources.addresses import writes_a_password
from guanxi.kernel.errors import Invalid, Problem, Refused, UnknownName
from guanxi.kernel.text import say
from guanxi.metadata.labels import Label

_WORDS = (
    "name",
    "label",
    "kind",
    "department",
    "contact",
    "refresh",
    "trust",
    "mapping",
    "value_maps",
    "rows_are",
)

Phase = Literal["prepare", "pilot", "rest"]
PHASES: tuple[Phase, ...] = ("prepare", "pilot", "rest")
"""Everything up to the golden customers; a share of them loaded and checked; all the others."""
Stop = Literal["prepare", "pilot"]
STOPS: tuple[Stop, ...] = ("prepare", "pilot")
_SETTINGS = ("pilot_share", "sample_share", "batch_rows", "stop_after")


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """One source: where it is (``options``, as its kind reads them), who answers for it, how far it is trusted.

    ``refresh`` says in words how often it changes or is read again (每周一), for the inventory. ``trust`` runs from
    0 to 100. ``mapping`` holds a person's word per table: column -> ``object.field``
    ('' for a column that is left out), ``value_maps`` per table and column what the source writes -> what we keep,
    ``rows_are`` per table the object each of its rows is.
    """

    name: str
    kind: str
    label: Label
    department: str = ""
    contact: str = ""
    refresh: str = ""
    trust: int = 50
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    mapping: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    value_maps: Mapping[str, Mapping[str, Mapping[str, str]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    rows_are: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run brings together. *pilot_share* of the customers is loaded and checked before the rest.

    Behind each phase in *stop_after* (``prepare``, ``pilot``) the run waits until a person lets it go on.
    """

    name: str
    sources: tuple[SourcePlan, ...]
    pilot_share: float = 0.1
    sample_share: float = 0.05
    batch_rows: int = 10_000
    stop_after: tuple[Stop, ...] = ()

    @property
    def trust(self) -> dict[str, int]:
        """Return the trust of each source by name."""
        return {each.name: each.trust for each in self.sources}

    def place_of(self, name: str) -> int:
        """Return how many sources come before the one called *name*."""
        return [each.name for each in self.sources].index(name)

    def source(self, name: str) -> SourcePlan:
        """Return the source called *name*; raise `UnknownName`."""
        for each in self.sources:
            if each.name == name:
                return each
        raise UnknownName("source", name, [each.name for each in self.sources])


def read_plan(path: Path) -> Plan:
    """Return the plan in the TOML file *path*; raise `Refused` or `Invalid` with everything that is wrong.

    Relative paths and SQLite files in it start from the plan's own folder.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(
            say("the plan {name} cannot be read: {detail}", name=path.name, detail=str(error))
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            say("the plan {name} is not TOML: {detail}", name=path.name, detail=str(error))
        ) from error
    return plan_from(data, folder=path.parent)


def plan_from(data: Mapping[str, Any], *, folder: Path) -> Plan:
    """Return the plan that *data* describes; raise `Invalid` with everything that is wrong."""
    known = ("name", "source", *_SETTINGS)
    problems = [
        Problem(key, say("unknown key; known: {known}", known=known)) for key in data if key not in known
    ]
    stops = data.get("stop_after", [])
    if not isinstance(stops, list) or not set(stops) <= set(STOPS):
        problems.append(
            Problem("stop_after", say("a list of the phases to wait behind: {known}", known=STOPS))
        )
    given = data.get("source", [])
    if not given:
        problems.append(Problem("source", say("a plan needs at least one [[source]]")))
    for place, each in enumerate(given, 1):
        problems += _problems(each, f"source {each.get('name', place)}")
    names = [each.get("name") for each in given]
    problems += [
        Problem(f"source {name}", say("two sources have this name"))
        for name in {n for n in names if names.count(n) > 1}
    ]
    if problems:
        raise Invalid(problems)
    settings = {key: data[key] for key in _SETTINGS if key in data}
    settings["stop_after"] = tuple(settings.get("stop_after", ()))
    sources = tuple(_source(each, folder.resolve()) for each in given)
    return Plan(name=str(data.get("name", "plan")), sources=sources, **settings)


def plan_to_data(plan: Plan) -> dict[str, Any]:
    """Return *plan* as JSON values; `plan_from` reads it again."""
    sources = [
        {
            "name": each.name,
            "kind": each.kind,
            "label": {"en": each.label.en, "zh": each.label.zh},
            "department": each.department,
            "contact": each.contact,
            "refresh": each.refresh,
            "trust": each.trust,
            "mapping": {table: dict(columns) for table, columns in each.mapping.items()},
            "value_maps": {
                table: {column: dict(words) for column, words in columns.items()}
                for table, columns in each.value_maps.items()
            },
            "rows_are": dict(each.rows_are),
            **options_to_data(each.options),
        }
        for each in plan.sources
    ]
    return {
        "name": plan.name,
        **{key: getattr(plan, key) for key in _SETTINGS},
        "stop_after": list(plan.stop_after),
        "source": sources,
    }


def options_to_data(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a source as JSON values."""
    return {key: str(value) if isinstance(value, Path) else value for key, value in options.items()}


def _problems(given: Mapping[str, Any], where: str) -> list[Problem]:
    found = [
        Problem(where, say("{key} is missing", key=key)) for key in ("name", "kind") if not given.get(key)
    ]
    if given.get("kind") and given["kind"] not in SOURCE_KINDS:
        found.append(Problem(where, UnknownName("kind of source", given["kind"], SOURCE_KINDS).message))
    name = str(given.get("name") or "")
    if name and safe_file_name(name).stored != name:
        found.append(
            Problem(where, say("a source's name is used for its folder; use letters, digits, - and _"))
        )
    if writes_a_password(str(given.get("url", ""))):
        found.append(
            Problem(
                f"{where}.url", say("write ${{NAME}} instead of the secret and set that environment variable")
            )
        )
    trust = given.get("trust", 50)
    if not isinstance(trust, int) or not 0 <= trust <= 100:
        found.append(Problem(where, say("trust is a whole number from 0 to 100")))
    if not isinstance(given.get("refresh", ""), str):
        found.append(Problem(where, say("refresh is a text in quotes, such as every Monday")))
    if not found:
        try:
            SOURCE_KINDS[given["kind"]].options(_options(given, Path()))
        except Invalid as error:
            found += [Problem(f"{where}.{each.field}", each.message) for each in error.problems]
    return found


def _source(given: Mapping[str, Any], folder: Path) -> SourcePlan:
    label = given.get("label", given["name"])
    return SourcePlan(
        name=given["name"],
        kind=given["kind"],
        label=Label(**label) if isinstance(label, Mapping) else Label(en=label, zh=label),
        department=given.get("department", ""),
        contact=given.get("contact", ""),
        refresh=given.get("refresh", ""),
        trust=given.get("trust", 50),
        options=MappingProxyType(_options(given, folder)),
        mapping=MappingProxyType(
            {table: dict(columns) for table, columns in given.get("mapping", {}).items()}
        ),
        value_maps=MappingProxyType(
            {
                table: {column: dict(words) for column, words in columns.items()}
                for table, columns in given.get("value_maps", {}).items()
            }
        ),
        rows_are=MappingProxyType(dict(given.get("rows_are", {}))),
    )


def _options(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    options = {key: value for key, value in given.items() if key not in _WORDS}
    if "path" in options:
        options["path"] = str(folder / str(options["path"]))
    url = str(options.get("url", ""))
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        options["url"] = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    return options
