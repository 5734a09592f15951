"""What a run knows: its plan, its actor, its parts, its counts; and the record people see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from guanxi.access.roles import require
from guanxi.expressions.conditions import equals, is_one_of
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import intake, inventory, recall, tidings
from guanxi.integration.columns import column_name
from guanxi.integration.loading import LINK, OURSELVES, PartReceipt
from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.plans import Plan, SourcePlan, options_to_data, plan_from, plan_to_data
from guanxi.integration.staging import RunFolder
from guanxi.integration.standards import STANDARDS
from guanxi.integration.standing import FORMER, SOURCED, about_ours
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import NotFound
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import say
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types.address import Address
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.objects import OWNER, Field, ObjectType
from guanxi.records import reading, writing
from guanxi.records.reading import Asked
from guanxi.store import batches
from guanxi.store.transactions import Transaction


@dataclass(frozen=True, kw_only=True)
class PartPlan:
    """A slice of one golden frame, loaded in one transaction."""

    name: str
    object: str
    start: int
    length: int

    def as_data(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)


def start(shop: Workshop, actor: Actor, plan: Plan) -> str:
    """Make a run of *plan* with its folder and its record; return its name. Raises `NotAllowed`."""
    run = new_id()
    folder = shop.folder(run)
    folder.path.mkdir(parents=True)
    folder.write_json("read", "plan", plan_to_data(plan))
    folder.write_json("read", "actor", asdict(actor))
    with shop.store.transaction("integration") as tx:
        require(actor, tx.catalog, "integrate")
        sources = [inventory.note_source(tx, SYSTEM, each) for each in plan.sources]
        given = {
            "name": plan.name,
            "folder": run,
            "state": "waiting",
            "plan": plan_to_data(plan),
            "sources": sources,
        }
        writing.create(tx, actor, "run", given)
        batches.begin(tx, run)
    return run


def plan_of(shop: Workshop, run: str) -> Plan:
    """Return the plan of a run; one that was begun before there were several stops is read as well."""
    data = shop.folder(run).read_json("read", "plan")
    if data.pop("stop_after_pilot", False):
        data["stop_after"] = ["pilot"]
    return plan_from(data, folder=Path("/"))


def renew_plan(tx: Transaction, shop: Workshop, run: str) -> None:
    """Take the sources of the run's plan as the inventory describes them now: their files, mappings, trust."""
    plan = plan_of(shop, run)
    names = tuple(each.name for each in plan.sources)
    asked = Asked(object="source", fields=inventory.FIELDS, where=is_one_of("name", names), limit=len(names))
    now = {each.values["name"]: each for each in reading.find(tx, SYSTEM, asked).records}
    sources = tuple(
        inventory.source_plan(now[each.name]) if each.name in now else each for each in plan.sources
    )
    data = plan_to_data(replace(plan, sources=sources))
    shop.folder(run).write_json("read", "plan", data)
    change(tx, run, plan=data)


def actor_of(shop: Workshop, run: str) -> Actor:
    """Return in whose name the run works."""
    data = shop.folder(run).read_json("read", "actor")
    return Actor(**{**data, "roles": tuple(data["roles"])})


def record_id(tx: Transaction, run: str) -> int:
    """Return the number of the run's record; raise `NotFound`."""
    found = reading.find(
        tx, SYSTEM, Asked(object="run", where=equals("folder", run), fields=("name",), limit=1)
    )
    if not found.records:
        raise NotFound(say("there is no run {run}", run=run))
    return found.records[0].id


def change(tx: Transaction, run: str, **given: Any) -> None:
    """Change the run's record; whoever a new state concerns is told."""
    number = record_id(tx, run)
    if "state" in given:
        tidings.tell_state(tx, number, given["state"])
    writing.update(tx, SYSTEM, "run", number, given)


def note(shop: Workshop, run: str, stage: str, name: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the counts of a stage (for one source or part) in the run's folder; return them."""
    shop.folder(run).write_json(
        stage if stage in _FOLDERS else "verification", f"counts.{stage}.{_safe(name)}", dict(counts)
    )
    return dict(counts)


_FOLDERS = ("read", "profile", "mapping", "standard", "match", "golden", "load")


def counts(shop: Workshop, run: str) -> dict[str, Any]:
    """Return all counts of the run: stage -> source or part -> numbers."""
    found: dict[str, Any] = {}
    for file in sorted(shop.folder(run).path.glob("*/counts.*.json")):
        _, stage, name, _ = file.name.split(".", 3)
        values = RunFolder(file.parent.parent).read_json(
            file.parent.name[3:], file.name.removesuffix(".json")
        )
        if stage == "load":
            _add(found.setdefault(stage, {}).setdefault(name.split("~")[1], {}), values)
        else:
            found.setdefault(stage, {})[name] = values
    return found


def _add(total: dict[str, int], values: Mapping[str, int]) -> None:
    for key, value in values.items():
        total[key] = total.get(key, 0) + value


def _safe(name: str) -> str:
    return name.replace("/", "~") or "all"


def parts(folder: RunFolder, plan: Plan, catalog: Catalog, *, pilot: bool) -> list[PartPlan]:
    """Return the parts of one phase, the objects that others point to first."""
    planned = []
    for object_name in catalog.parents_first:
        if not folder.has_frame("golden", object_name):
            continue
        in_pilot = folder.scan("golden", object_name).select(pl.col("pilot").fill_null(value=False))
        flags = in_pilot.collect().to_series()
        first, last = (0, int(flags.sum())) if pilot else (int(flags.sum()), len(flags))
        for number, begin in enumerate(range(first, last, plan.batch_rows)):
            name = f"{'pilot' if pilot else 'rest'}/{object_name}/{number:05d}"
            length = min(plan.batch_rows, last - begin)
            planned.append(PartPlan(name=name, object=object_name, start=begin, length=length))
    return planned


def slice_of(folder: RunFolder, part: PartPlan) -> pl.DataFrame:
    """Return the rows of one part."""
    return folder.scan("golden", part.object).slice(part.start, part.length).collect()


def note_refusals(folder: RunFolder, part: PartPlan, receipt: PartReceipt) -> None:
    """Keep what was refused, with the reasons."""
    if receipt.refusals:
        name = f"refused.{_safe(part.name)}"
        folder.write_json(
            "load", name, [{"object": part.object, **asdict(each)} for each in receipt.refusals]
        )


def refusals(folder: RunFolder) -> list[dict[str, Any]]:
    """Return everything that loading refused."""
    found = []
    for file in sorted(folder.stage("load").glob("refused.*.json")):
        found += folder.read_json("load", file.name.removesuffix(".json"))
    return found


def batch_of(tx: Transaction, run: str) -> int:
    """Return the batch all changes of the run belong to."""
    return batches.begin(tx, run)


def decisions(tx: Transaction) -> list[tuple[str, str, bool]]:
    """Return what stewards decided about pairs: (one mention, another, same)."""
    asked = Asked(
        object="review",
        fields=("left_key", "right_key", "decision"),
        where=is_one_of("decision", ("join", "apart")),
        order=(("decided_at", False),),
        limit=100_000,
    )
    found = reading.find(tx, SYSTEM, asked).records
    return [
        (each.values["left_key"], each.values["right_key"], each.values["decision"] == "join")
        for each in found
    ]


def known_rows(tx: Transaction, object_name: str = CUSTOMER) -> pl.DataFrame:
    """Return which rows of earlier runs became which record of an object: ``source, key, record``."""
    schema = {"source": pl.String, "key": pl.String, "record": pl.String}
    rows = [(source, key, str(number)) for source, key, number in batches.crossed(tx, object_name)]
    return pl.DataFrame(rows, schema=schema, orient="row")


def existing_records(tx: Transaction, object_name: str = CUSTOMER) -> pl.DataFrame:
    """Return the records that are here already as mentions of the source ``guanxi``, known by their number.

    What belongs to a record of another object names it as loading does: ``customer__link``.
    """
    object_type = tx.catalog.object(object_name)
    fields = [each for each in object_type.open_fields if each.type in _COMPARABLE or each.name == OWNER]
    names = tuple(each.name for each in fields)
    parent = object_type.parent
    asked_fields = (*names, parent) if parent else names
    rows: list[dict[str, Any]] = []
    place = None
    while True:
        asked = Asked(
            object=object_name,
            fields=asked_fields,
            order=(("id", False),),
            after=place,
            limit=5_000,
            origins=True,
        )
        page = reading.find(tx, SYSTEM, asked)
        rows += [
            {"source": OURSELVES, "table": object_name, "row": each.id, "key": str(each.id)}
            | {column_name(object_name, name): _plain(each.values[name]) for name in names}
            | about_ours(each.origins)
            | ({parent + LINK: _ours(each.values[parent])} if parent else {})
            for each in page.records
        ]
        place = page.next
        if place is None:
            return pl.DataFrame(rows, schema=_schema(object_type, fields))


def _ours(record_id: int | None) -> dict[str, str] | None:
    return None if record_id is None else {"source": OURSELVES, "key": str(record_id)}


def _schema(object_type: ObjectType, fields: Sequence[Field]) -> dict[str, pl.DataType]:
    """Return the types of the columns, as the standards give them, also where no record has a value."""
    columns = {
        column_name(object_type.name, each.name): STANDARDS[each.type].value_type
        if each.type in _COMPOUND
        else pl.String()
        for each in fields
    }
    ours = {"source": pl.String(), "table": pl.String(), "row": pl.Int64(), "key": pl.String()}
    parent = {object_type.parent + LINK: _NAME} if object_type.parent else {}
    return {**ours, **columns, SOURCED: pl.List(pl.String()), FORMER: pl.String(), **parent}


_NAME = pl.Struct({"source": pl.String(), "key": pl.String()})
_COMPOUND = ("address", "money")
_COMPARABLE = (
    *("text", "company_name", "person_name", "mobile", "phone", "email", "credit_code", "industry", "url"),
    *("date", "date_time", "single_select", "multi_select", "tags", "checkbox", "long_text"),
    *("whole_number", "decimal", "percent", *_COMPOUND),
)


def _plain(value: Any) -> Any:
    if isinstance(value, Address):
        return asdict(value)
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, tuple):
        return ",".join(value)
    return None if value is None else str(value)


def note_source(tx: Transaction, shop: Workshop, run: str, name: str, counts: Mapping[str, Any]) -> None:
    """Write down that a source was read: into the inventory how much it held, with the run when and which file."""
    source, number = plan_of(shop, run).source(name), record_id(tx, run)
    receipt = intake.receipt_of(shop.folder(run), source)
    inventory.note_reading(tx, SYSTEM, inventory.note_source(tx, SYSTEM, source), receipt, counts)
    readings = {**recall.readings_of(tx, [number])[number], name: recall.reading_of(source, receipt, tx.now)}
    told = {each: one.as_data() for each, one in readings.items()}
    writing.update(tx, SYSTEM, "run", number, {"readings": told})


def note_place(shop: Workshop, run: str, source: SourcePlan) -> None:
    """Keep where a source was read from."""
    shop.folder(run).write_json("read", f"place.{source.name}", options_to_data(source.options))


def read_before(shop: Workshop, run: str, source: SourcePlan) -> dict[str, Any] | None:
    """Return the counts of a source the run has read; None when it has not, or read it from another place."""
    folder, place, known = shop.folder(run), f"place.{source.name}", f"counts.read.{_safe(source.name)}"
    if not (folder.has_json("read", place) and folder.has_json("read", known)):
        return None
    same = folder.read_json("read", place) == options_to_data(source.options)
    return dict(folder.read_json("read", known)) if same else None


def summary(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the counts of each stage as one set of numbers, in the order of the stages.

    A pilot proves a share only: its numbers stand beside, under ``pilot``, until the whole is proven.
    """
    totals: dict[str, Any] = {}
    for stage in ("read", "profile", "mapping", "standard", "match", "golden", "load", "tasks", "verify"):
        if stage in found:
            numbers: dict[str, int] = {}
            parts = found[stage].items() if stage != "verify" else [("all", found[stage].get("all", {}))]
            for _, values in parts:
                _add(
                    numbers,
                    {k: v for k, v in values.items() if isinstance(v, int) and not isinstance(v, bool)},
                )
            totals[stage] = {"numbers": numbers}
    if "verify" in found and "all" not in found["verify"]:
        totals["verify"]["pilot"] = dict(found["verify"].get("pilot", {}))
    if "load" in found:
        totals["load"]["objects"] = found["load"]
    return totals
