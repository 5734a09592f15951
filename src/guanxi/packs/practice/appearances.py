"""Decides which customer appears in which source, and how much evidence each appearance carries."""

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Contact, Customer

# Best evidence first: the first of these a customer appears in becomes its anchor.
SOURCES = ("old_crm", "sales_ledger", "shop", "followers", "service_tickets")

# Mean 2.5 appearances for each customer: 3,000 rows for 1,200 customers.
_COUNTS = {1: 0.25, 2: 0.30, 3: 0.25, 4: 0.12, 5: 0.05, 6: 0.03}
_COMPANY_SOURCES = {
    "old_crm": 0.28,
    "sales_ledger": 0.36,
    "shop": 0.12,
    "followers": 0.10,
    "service_tickets": 0.14,
}
_SOURCES_WITH_ADDRESS = frozenset({"old_crm", "sales_ledger", "shop"})
_PERSON_SOURCES = {"old_crm": 0.15, "shop": 0.40, "followers": 0.30, "service_tickets": 0.15}


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """One row of a customer in one source.

    *level* says what may be dirty. ``anchor`` and ``strong``: a name with its place and the right mobile;
    ``weak_name``: perhaps only the brand, but the right mobile; ``weak_phone``: another or a wrong number,
    but a name with its place; ``nameless``: no company at all, but the contact with the right mobile;
    ``hard``: neither name nor number is right, but contact or landline and the whole address are.
    Every customer has one anchor, so every other row of it shares enough with that one for a person to tell.
    """

    customer: Customer
    source: str
    level: str

    def contact(self, chance: Chance) -> Contact:
        """Return the person this row names: the first contact, or now and then the second."""
        contacts = self.customer.contacts
        second = self.level == "weak_phone" and len(contacts) > 1 and chance.often(0.4)
        return contacts[1] if second else contacts[0]


def appear(chance: Chance, customers: Sequence[Customer]) -> dict[str, list[Appearance]]:
    """Return the appearances by source, in an order that hides which rows belong together."""
    by_source: dict[str, list[Appearance]] = {source: [] for source in SOURCES}
    for customer in customers:
        for appearance in _appearances(chance, customer):
            by_source[appearance.source].append(appearance)
    return {source: chance.shuffled(found) for source, found in by_source.items()}


def _appearances(chance: Chance, customer: Customer) -> list[Appearance]:
    found: list[Appearance] = []
    sources = _draw_sources(chance, customer)
    for place, source in enumerate(sources):
        level = "anchor" if place == 0 else _level(chance, customer, source)
        found.append(Appearance(customer=customer, source=source, level=level))
    return found


def _draw_sources(chance: Chance, customer: Customer) -> list[str]:
    weights = _COMPANY_SOURCES if customer.is_company else _PERSON_SOURCES
    drawn = [chance.weigh(weights) for _ in range(chance.weigh(_COUNTS))]
    if customer.trap and "old_crm" not in drawn:
        # A trap can be told apart because the old CRM knows its credit code.
        drawn.append("old_crm")
    return sorted(drawn, key=SOURCES.index)


def _level(chance: Chance, customer: Customer, source: str) -> str:
    if customer.trap:
        return "strong"
    if not customer.is_company:
        return chance.weigh({"strong": 0.8, "weak_name": 0.2})
    if source == "followers" and chance.often(0.08):
        return "nameless"
    if source in _SOURCES_WITH_ADDRESS and chance.often(0.025):
        return "hard"
    return chance.weigh({"strong": 0.35, "weak_name": 0.35, "weak_phone": 0.30})
