"""What joining two customers would make of them, field by field, and what else a steward may choose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from guanxi.integration.mentions import CUSTOMER
from guanxi.integration.merging import EXISTING, rules_for
from guanxi.integration.merging.names import BETWEEN
from guanxi.integration.stewardship.members import GoldenValues, Members, golden_of, members_of
from guanxi.integration.stewardship.pairs import Pair, rows_of
from guanxi.integration.workshop import Workshop
from guanxi.kernel.errors import UnknownName
from guanxi.metadata.field_types import columns_of
from guanxi.metadata.objects import Field
from guanxi.records.validation import values_of
from guanxi.store import rows
from guanxi.store.rows import Stored
from guanxi.store.transactions import Transaction

Side = Literal["proposed", "left", "right"]
NOTHING_KNOWN = GoldenValues(values={}, origins={})


@dataclass(frozen=True, kw_only=True)
class Option:
    """A value a field may become, and whose it is."""

    side: Side
    value: Any


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one field becomes: the proposal first among its options, and why; what both sides hold of it now.

    ``why``: the name of a rule of survivorship, ``person`` for what somebody wrote by hand, ``only`` where
    nothing else is known.
    """

    field: Field
    options: tuple[Option, ...]
    left: Any
    right: Any
    why: str
    origin: Mapping[str, Any] | None

    @property
    def proposed(self) -> Any:
        """Return the value the field becomes unless somebody chooses another."""
        return self.options[0].value

    def chosen(self, side: str) -> Option:
        """Return the option of *side*; raise `UnknownName`."""
        found = next((each for each in self.options if each.side == side), None)
        if found is None:
            raise UnknownName("choice", side, [each.side for each in self.options])
        return found


@dataclass(frozen=True, kw_only=True)
class JoinPlan:
    """What a join makes: the customer that stays (None while one is not loaded), the one that goes, every field."""

    winner_id: int | None
    loser_id: int | None
    outcomes: tuple[Outcome, ...]
    members: Members

    def given(self, chosen: Mapping[str, str]) -> dict[str, Any]:
        """Return the value of every field, for the sides *chosen*; names not chosen stay as other spellings."""
        given = {each.field.name: self._option(each, chosen).value for each in self.outcomes}
        return {**given, **self._spellings(chosen)}

    def origins(self, chosen: Mapping[str, str]) -> dict[str, Mapping[str, Any] | None]:
        """Return where each value comes from; a value a person chose against the proposal is theirs from now on."""
        found = {
            each.field.name: each.origin if self._option(each, chosen).side == "proposed" else None
            for each in self.outcomes
        }
        return {**found, **dict.fromkeys(self._spellings(chosen))}

    def _spellings(self, chosen: Mapping[str, str]) -> dict[str, str | None]:
        """Return the other spellings beside a name somebody chose against the proposal."""
        rules, known = rules_for(self.members.object_type), {each.field.name: each for each in self.outcomes}
        found: dict[str, str | None] = {}
        for name, kept_in in rules.names.items():
            if {name, kept_in} <= known.keys() and chosen.get(name, "proposed") != "proposed":
                if kept_in in chosen:
                    continue
                taken = self._option(known[name], chosen).value
                proposed = (known[name].proposed, *str(known[kept_in].proposed or "").split(BETWEEN))
                others = [each for each in dict.fromkeys(proposed) if each and each != taken]
                while others and len(BETWEEN.join(others)) > rules.longest_names:
                    others.pop()
                found[kept_in] = BETWEEN.join(others) or None
        return found

    def _option(self, outcome: Outcome, chosen: Mapping[str, str]) -> Option:
        return outcome.chosen(chosen.get(outcome.field.name, "proposed"))


def plan_join(tx: Transaction, shop: Workshop, pair: Pair) -> JoinPlan:
    """Return what joining the two customers of *pair* would make; before a load, what their rows would make."""
    object_type = tx.catalog.object(CUSTOMER)
    ids = [each for each in (pair.left_id, pair.right_id) if each is not None]
    names = rows_of(tx, *ids) if ids else ()
    members = members_of(tx, shop, [*names, pair.left, pair.right])
    known = [each.name for each in members.rows]
    complete = not any(name in members.lost for name in names)
    golden = golden_of(members, [known], tx.catalog)[0] if complete else NOTHING_KNOWN
    stored = rows.fetch(tx, object_type, set(ids)) if ids else {}
    left, right = (_held(members, stored, name, number) for name, number in _sides(pair))
    winner_first = (right, left) if _wins(pair.right_id, pair.left_id) else (left, right)
    outcomes = tuple(
        _outcome(field, left=left, right=right, in_order=winner_first, golden=golden)
        for field in object_type.live_fields
        if columns_of(field) and field.type != "auto_number"
    )
    winner, loser = (min(ids), max(ids)) if pair.are_two else (None, None)
    return JoinPlan(winner_id=winner, loser_id=loser, outcomes=outcomes, members=members)


def without(plan: JoinPlan, hidden: set[str]) -> JoinPlan:
    """Return the plan as somebody sees it who may not see the fields *hidden*."""
    return replace(plan, outcomes=tuple(each for each in plan.outcomes if each.field.name not in hidden))


@dataclass(frozen=True)
class _Held:
    """What one side holds: its values, their origins, whether a person may have written some."""

    values: Mapping[str, Any]
    origins: Mapping[str, Mapping[str, Any]]
    is_record: bool

    def person_wrote(self, name: str) -> bool:
        origin = self.origins.get(name)
        by_hand = origin is None or (origin.get("source") == EXISTING and origin.get("rule") == "person")
        return self.is_record and self.values.get(name) is not None and by_hand


def _sides(pair: Pair) -> Iterator[tuple[tuple[str, str], int | None]]:
    yield pair.left, pair.left_id
    yield pair.right, pair.right_id


def _held(members: Members, stored: Mapping[int, Stored], name: tuple[str, str], number: int | None) -> _Held:
    if number is not None and number in stored:
        here = stored[number]
        return _Held(_values(here, members), here.origin or {}, is_record=True)
    row = members.row(name)
    return _Held(row.values if row else {}, {}, is_record=False)


def _values(stored: Stored, members: Members) -> Mapping[str, Any]:
    return values_of(members.object_type, stored.columns)


def _wins(one: int | None, other: int | None) -> bool:
    """Tell whether *one* stays: the older customer does, as when rows of both were loaded again."""
    return one is not None and (other is None or one < other)


def _outcome(
    field: Field, *, left: _Held, right: _Held, in_order: tuple[_Held, _Held], golden: GoldenValues
) -> Outcome:
    name = field.name
    proposed, why, origin = _proposal(name, in_order, golden)
    options = [Option(side="proposed", value=proposed)]
    for side, held in (("left", left), ("right", right)):
        value = held.values.get(name)
        if all(value != each.value for each in options):
            options.append(Option(side=side, value=value))  # type: ignore[arg-type]
    return Outcome(
        field=field,
        options=tuple(options),
        left=left.values.get(name),
        right=right.values.get(name),
        why=why,
        origin=origin,
    )


def _proposal(
    name: str, in_order: tuple[_Held, _Held], golden: GoldenValues
) -> tuple[Any, str, Mapping[str, Any] | None]:
    """Return value, reason and origin: what a person wrote, else what the rules choose, else what is there."""
    for held in in_order:
        if held.person_wrote(name):
            return held.values[name], "person", None
    if golden.values.get(name) is not None:
        origin = golden.origins.get(name)
        return golden.values[name], str((origin or {}).get("rule") or "only"), origin
    for held in in_order:
        if held.values.get(name) is not None:
            return held.values[name], "only", held.origins.get(name)
    return None, "only", None
