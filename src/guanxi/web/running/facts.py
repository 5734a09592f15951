"""Everything the page of a run asks the database, in few questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guanxi.access.roles import grant_of, may
from guanxi.expressions.conditions import after, all_of, differs, equals, is_one_of
from guanxi.integration import steering
from guanxi.integration.steering import Action, Standing
from guanxi.integration.tidings import departments_of
from guanxi.records import reading
from guanxi.records.reading import Asked, Record
from guanxi.web.visit import Visit

FIELDS = (
    *("name", "state", "stage", "folder", "work", "plan", "counts", "problem"),
    *("started_at", "finished_at", "prepared_at", "created_by", "created_at"),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A run, where it stands, what may be done, and how much people have decided or still owe."""

    run: Record
    stands: Standing
    possible: tuple[Action, ...] = ()
    undecided: int = 0
    """Pairs of this run that no steward has decided."""
    decided_since: int = 0
    """Pairs decided and values corrected since the run was prepared; preparing again takes them in."""
    open_gaps: int = 0
    departments: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()

    @classmethod
    def of_record(cls, run: Record, stands: Standing) -> "Facts":
        """Return what the record alone tells."""
        return cls(run=run, stands=stands)

    @property
    def id(self) -> int:
        """Return the number of the run."""
        return self.run.id

    @property
    def address(self) -> str:
        """Return the address of its page."""
        return f"/runs/{self.run.id}"

    def number(self, stage: str, name: str) -> int:
        """Return one count of a stage, 0 while there is none."""
        return whole(_at(self.run.values["counts"], stage, "numbers", name))

    def has(self, stage: str) -> bool:
        """Tell whether a stage has counts."""
        return bool(_at(self.run.values["counts"], stage, "numbers"))

    @property
    def has_proof(self) -> bool:
        """Tell whether something was proven: the whole run, or its pilot."""
        return _at(self.run.values["counts"], "verify") is not None

    @property
    def pilot_errors(self) -> int:
        """Return how many things the proof of the pilot found wrong."""
        return whole(_at(self.run.values["counts"], "verify", "pilot", "errors"))

    def loaded(self, object_name: str, what: str) -> int:
        """Return how many records of an object were ``created``, ``updated``, left ``unchanged`` or ``refused``."""
        return whole(_at(self.run.values["counts"], "load", "objects", object_name, what))

    @property
    def in_base(self) -> int:
        """Return how many customers of this run are in the database."""
        return sum(self.loaded("customer", each) for each in ("created", "updated", "unchanged"))

    @property
    def customers(self) -> int:
        """Return how many customers the run would load in all."""
        return self.number("golden", "customer")

    @property
    def pilot(self) -> int:
        """Return how many of them the pilot holds."""
        share = float((self.run.values["plan"] or {}).get("pilot_share", 0.1))
        return self.number("golden", "pilot") or (
            max(1, round(self.customers * share)) if self.customers else 0
        )

    @property
    def joined(self) -> int:
        """Return how many mentions were found to be a customer that another one names too."""
        return max(0, self.number("match", "mentions") - self.number("match", "customers"))

    def titles(self, language: str) -> list[str]:
        """Return what the sources are called."""
        return [title_of(each, language) for each in self.sources]

    @property
    def sources(self) -> tuple[Mapping[str, Any], ...]:
        """Return the sources of the plan."""
        return tuple((self.run.values["plan"] or {}).get("source", ()))


def title_of(source: Mapping[str, Any], language: str) -> str:
    """Return what a source of a plan is called in *language* (``zh`` or ``en``)."""
    label = source.get("label")
    named = label.get(language) or label.get("en") if isinstance(label, Mapping) else label
    return str(named or source.get("name") or "")


def whole(value: Any) -> int:
    """Return a count as it stands in JSON, 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _at(value: Any, *names: str) -> Any:
    """Return what stands below *names* in JSON, None where one of them is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def facts_of(visit: Visit, run_id: int) -> Facts:
    """Return the facts of one run; raise `NotFound`."""
    run = reading.get(visit.tx, visit.actor, "run", run_id, FIELDS)
    stands = steering.judged(visit.tx, steering.standing_of(run))
    counts = _counted(visit, run)
    departments = departments_of(run.values["plan"])
    return Facts(
        run=run,
        stands=stands,
        possible=steering.possible(stands) if may(visit.actor, visit.catalog, "integrate") else (),
        undecided=counts.get("undecided", 0),
        decided_since=counts.get("decided", 0) + counts.get("corrected", 0),
        open_gaps=counts.get("gaps", 0),
        departments=departments,
        signed=_signed(visit, run) if run.values["state"] == "finished" else (),
    )


def _counted(visit: Visit, run: Record) -> dict[str, int]:
    """Return what people owe or have done, in one question; what the person may not read is left out."""
    since: datetime | None = run.values["prepared_at"]
    own = equals("run", run.id)
    asked = {
        "undecided": Asked(object="review", where=all_of(own, equals("decision", "undecided"))),
        "gaps": Asked(object="gap", where=all_of(own, equals("state", "open"))),
    }
    if since is not None and run.values["state"] == "prepared":
        names = tuple(each["name"] for each in (run.values["plan"] or {}).get("source", ()))
        decided = all_of(own, differs("decision", "undecided"), after("decided_at", since))
        asked["decided"] = Asked(object="review", where=decided)
        corrected = all_of(is_one_of("source", names), after("created_at", since))
        asked["corrected"] = Asked(object="correction", where=corrected)
    open_to = {
        name: each
        for name, each in asked.items()
        if each.object in visit.catalog.objects
        and grant_of(visit.actor, visit.catalog, each.object).read != "none"
    }
    found = reading.count_each(visit.tx, visit.actor, list(open_to.values()), cap=100_000)
    return {name: each.number for name, each in zip(open_to, found, strict=True)}


def _signed(visit: Visit, run: Record) -> tuple[str, ...]:
    """Return the departments that gave their word."""
    if grant_of(visit.actor, visit.catalog, "sign_off").read == "none":
        return ()
    asked = Asked(object="sign_off", fields=("department",), where=equals("run", run.id), limit=200)
    found = reading.find(visit.tx, visit.actor, asked).records
    return tuple(dict.fromkeys(each.values["department"] for each in found))
