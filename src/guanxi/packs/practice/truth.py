"""What is true about the practice world: who is behind each row, and every defect that was planted."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say
from guanxi.packs.practice.cells import Cell, Entry, Placed, Scalar
from guanxi.packs.practice.customers import Customer, Trap

FILE = "truth.json"
Place = tuple[str, str, int]
Line = TypeVar("Line")


@dataclass(frozen=True, kw_only=True)
class TrueRow:
    """One source row: its place, its own key, its role (see `Entry`) and the true customer, if any."""

    source: str
    table: str
    row: int
    key: str
    role: str
    customer: str | None

    @property
    def place(self) -> Place:
        """Return source, table and row: how an assignment names this row."""
        return self.source, self.table, self.row


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One planted defect: where it is, what the source shows and what is true."""

    kind: str
    source: str
    table: str
    row: int
    field: str
    shown: str | None
    true: str | None

    @property
    def place(self) -> Place:
        """Return source, table and row."""
        return self.source, self.table, self.row


@dataclass(frozen=True, kw_only=True)
class TrueCustomer:
    """The true values of one customer, as text."""

    id: str
    kind: str
    name: str
    credit_code: str | None
    industry: str
    province: str
    city: str
    district: str
    street: str
    landline: str
    mobiles: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything that is known about one world; readable and writable as JSON."""

    seed: int
    customers: tuple[TrueCustomer, ...]
    rows: tuple[TrueRow, ...]
    defects: tuple[Defect, ...]
    traps: tuple[Trap, ...]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return the number of planted defects and traps by kind, sorted by kind."""
        kinds = Counter(defect.kind for defect in self.defects) + Counter(trap.kind for trap in self.traps)
        return dict(sorted(kinds.items()))

    @property
    def customer_rows(self) -> tuple[TrueRow, ...]:
        """Return the rows that name a customer: those a matching must put together."""
        return tuple(row for row in self.rows if row.role == "customer")


def tell_truth(
    seed: int, customers: Sequence[Customer], traps: Sequence[Trap], placed: Sequence[Placed]
) -> Truth:
    """Return the truth about a world of these customers, traps and rows."""
    return Truth(
        seed=seed,
        customers=tuple(_true_customer(customer) for customer in customers),
        rows=tuple(_true_row(item) for item in placed),
        defects=tuple(defect for item in placed for defect in _defects(item)),
        traps=tuple(traps),
    )


def save_truth(truth: Truth, path: Path) -> None:
    """Write *truth* as JSON, one line for each customer, row, defect and trap."""
    sections = [f'"seed": {truth.seed}', f'"counts": {_json(truth.counts)}']
    for name in ("customers", "rows", "defects", "traps"):
        lines = ",\n".join(_json(asdict(item)) for item in getattr(truth, name))
        sections.append(f'"{name}": [\n{lines}\n]')
    path.write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


def load_truth(path: Path) -> Truth:
    """Read what `save_truth` wrote; raise `Refused` when the file is not a truth file."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Truth(
            seed=found["seed"],
            customers=_items(TrueCustomer, found["customers"]),
            rows=_items(TrueRow, found["rows"]),
            defects=_items(Defect, found["defects"]),
            traps=_items(Trap, found["traps"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise Refused(
            say("{file} is not a truth file of the practice company; build the world again", file=path.name)
        ) from problem


def _items(kind: type[Line], found: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in item.items()})
        for item in found
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _true_customer(customer: Customer) -> TrueCustomer:
    address = customer.address
    return TrueCustomer(
        id=customer.id,
        kind=customer.kind,
        name=customer.name,
        credit_code=customer.credit_code,
        industry=customer.trade.code,
        province=address.city.province,
        city=address.city.name,
        district=address.district,
        street=address.street,
        landline=customer.landline,
        mobiles=tuple(contact.mobile for contact in customer.contacts),
        people=tuple(contact.name for contact in customer.contacts),
    )


def _true_row(item: Placed) -> TrueRow:
    entry = item.entry
    return TrueRow(
        source=item.source,
        table=item.table,
        row=item.row,
        key=entry.key,
        role=entry.role,
        customer=entry.customer,
    )


def _defects(item: Placed) -> Iterator[Defect]:
    for field, cell in _flawed(item.entry):
        yield Defect(
            kind=str(cell.kind),
            source=item.source,
            table=item.table,
            row=item.row,
            field=field,
            shown=_text(cell.shown),
            true=_text(cell.true),
        )


def _flawed(entry: Entry) -> Iterator[tuple[str, Cell]]:
    yield from ((field, cell) for field, cell in entry.cells.items() if cell.kind)
    yield from entry.flaws


def _text(value: Scalar) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
