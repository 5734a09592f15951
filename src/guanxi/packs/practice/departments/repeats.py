"""Notices the second row a customer has in one table: a duplicate to be found."""

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.customers import Customer


class Repeats:
    """Remembers which row of a table named a customer first."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def first_key(self, customer: Customer, key: str) -> str:
        """Return the key of the row that named *customer* first; that is *key* itself the first time."""
        return self._first.setdefault(customer.id, key)

    def flaws(self, customer: Customer, field: str, name: Cell, key: str) -> tuple[tuple[str, Cell], ...]:
        """Return the flaw ``duplicate_row`` at *field*, with the first row's key as truth, or nothing."""
        first = self.first_key(customer, key)
        if first == key:
            return ()
        return ((field, Cell(shown=name.shown, true=first, kind="duplicate_row")),)
