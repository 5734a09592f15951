"""The web shop's orders, as its API tells them: one JSON object for each order, with a nested buyer."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell, Entry, Placed, clean
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.dirt import credit, strangers
from guanxi.packs.practice.dirt.addresses import province_cell, where
from guanxi.packs.practice.dirt.amounts import order_amount
from guanxi.packs.practice.dirt.mails import mail
from guanxi.packs.practice.dirt.names import customer_name
from guanxi.packs.practice.dirt.phones import mobile_number
from guanxi.packs.practice.words.people import TITLES
from guanxi.packs.practice.words.trades import PRODUCTS

SOURCE = "shop"
TABLE = "orders"
FILE = "shop_orders.json"
_STATES = {"completed": 0.7, "shipped": 0.12, "paid": 0.1, "cancelled": 0.08}


def shop_rows(chance: Chance, appearances: Sequence[Appearance]) -> list[Placed]:
    """Return the orders in the order the shop tells them: by day, then by number."""
    entries = [_order(chance, seen) for seen in appearances] + [_trial(chance) for _ in range(3)]
    entries.sort(key=lambda entry: str(entry.cells["created_at"].shown))
    return [
        Placed(source=SOURCE, table=TABLE, row=row, entry=_numbered(entry, f"WD{row:07d}"))
        for row, entry in enumerate(entries, 1)
    ]


def write_orders(path: Path, placed: Sequence[Placed]) -> None:
    """Write the orders as the JSON list the shop serves from."""
    orders = [_nested(item.entry) for item in placed]
    path.write_text(json.dumps(orders, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _nested(entry: Entry) -> dict[str, Any]:
    order: dict[str, Any] = {}
    for name, value in entry.shown().items():
        head, _, rest = name.partition(".")
        if rest:
            order.setdefault(head, {})[rest] = value
        else:
            order[head] = json.loads(str(value)) if head == "items" else value
    return order


def _numbered(entry: Entry, number: str) -> Entry:
    cells = {"order_no": clean(number), **entry.cells}
    return Entry(cells=cells, key=number, role=entry.role, customer=entry.customer)


def _order(chance: Chance, seen: Appearance) -> Entry:
    customer, contact = seen.customer, seen.contact(chance)
    if customer.is_company:
        person, company = clean(contact.name), customer_name(chance, seen)
    else:
        person, company = customer_name(chance, seen), clean("")
    buyer = {
        "buyer.name": person,
        "buyer.company": company,
        "buyer.phone": mobile_number(chance, seen, contact),
        "buyer.email": mail(chance, contact.email),
        **_place(chance, seen),
        "buyer.tax_number": credit.code(chance, customer, certain=customer.trap),
    }
    return Entry(cells=_cells(chance, buyer), key="", role="customer", customer=customer.id)


def _place(chance: Chance, seen: Appearance) -> dict[str, Cell]:
    customer = seen.customer
    address, moved = where(chance, seen)
    complete = seen.level == "hard" or chance.often(0.9)
    district = Cell(
        shown=address.district if complete else "",
        true=customer.address.district,
        kind=moved if complete else "address_incomplete",
    )
    return {
        "buyer.province": province_cell(chance, address),
        "buyer.city": clean(address.city.name),
        "buyer.district": district,
        "buyer.street": Cell(shown=address.street, true=customer.address.street, kind=moved),
    }


def _trial(chance: Chance) -> Entry:
    name = strangers.trial_name(chance)
    fields = ("company", "phone", "email", "province", "city", "district", "street", "tax_number")
    buyer = {"buyer.name": name, **{f"buyer.{field}": clean("") for field in fields}}
    buyer["buyer.phone"] = strangers.trial_number(chance)
    return Entry(cells=_cells(chance, buyer), key="", role="stray")


def _cells(chance: Chance, buyer: dict[str, Cell]) -> dict[str, Cell]:
    moment = datetime.combine(
        chance.day(date(2023, 6, 1), date(2026, 10, 18)), time(chance.number(0, 23), chance.number(0, 59))
    )
    changed = moment + timedelta(hours=chance.number(1, 200))
    bought = [
        (product, price, chance.number(1, 5))
        for product, price in chance.shuffled(PRODUCTS)[: chance.number(1, 3)]
    ]
    items = [{"name": product, "quantity": count, "price": price} for product, price, count in bought]
    total = Decimal(sum(price * count for _, price, count in bought))
    return {
        "created_at": clean(moment.isoformat()),
        "updated_at": clean(changed.isoformat()),
        "status": clean(chance.weigh(_STATES)),
        **buyer,
        "items": clean(json.dumps(items, ensure_ascii=False)),
        "total": order_amount(chance, total.quantize(Decimal("0.01"))),
        "remark": clean(chance.pick(("", "", "加急", "开专票", f"联系{chance.pick(TITLES)}"))),
    }
