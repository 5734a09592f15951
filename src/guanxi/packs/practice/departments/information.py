"""The old CRM: a SQLite file with accounts, contacts and orders, some of which belong to nobody."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell, Entry, Placed, Scalar, clean
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.customers import Contact
from guanxi.packs.practice.departments.repeats import Repeats
from guanxi.packs.practice.dirt import credit, strangers
from guanxi.packs.practice.dirt.addresses import province_cell, where
from guanxi.packs.practice.dirt.amounts import order_amount
from guanxi.packs.practice.dirt.dates import as_text
from guanxi.packs.practice.dirt.industries import industry
from guanxi.packs.practice.dirt.mails import mail
from guanxi.packs.practice.dirt.names import customer_name
from guanxi.packs.practice.dirt.phones import landline_number, mobile_number
from guanxi.packs.practice.words.trades import PRODUCTS

SOURCE = "old_crm"
FILE = "old_crm.sqlite"
# Every column is text or a number, as old systems keep them: nothing refuses 待定 in an amount.
SCHEMA = {
    "account": (
        "id INTEGER PRIMARY KEY, cust_name TEXT, cust_type TEXT, tel TEXT, mobile_phone TEXT, uscc TEXT, "
        "industry_name TEXT, addr_prov TEXT, addr_city TEXT, addr_street TEXT, created TEXT, owner TEXT, "
        "level TEXT"
    ),
    "contact_person": (
        "id INTEGER PRIMARY KEY, account_id INTEGER, name TEXT, title TEXT, mobile TEXT, email TEXT"
    ),
    "order_head": (
        "id INTEGER PRIMARY KEY, order_no TEXT, account_id INTEGER, ordered TEXT, amount TEXT, status TEXT"
    ),
    "order_line": (
        "id INTEGER PRIMARY KEY, order_id INTEGER, product TEXT, quantity INTEGER, price TEXT, amount TEXT"
    ),
}
_ORDER_STATES = {"已完成": 0.75, "已发货": 0.1, "待付款": 0.08, "已取消": 0.07}


def crm_rows(chance: Chance, appearances: Sequence[Appearance]) -> list[Placed]:
    """Return the rows of all four tables; a row's number is its id."""
    accounts = _accounts(chance, appearances)
    by_id = {seen.customer.id: seen for seen in appearances}
    people: list[Entry] = []
    heads: list[Entry] = []
    lines: list[Entry] = []
    for account_id, account in enumerate(accounts, 1):
        if account.customer is None:
            continue
        people.extend(_people(chance, by_id[account.customer], account_id))
        for _ in range(chance.weigh({0: 0.3, 1: 0.35, 2: 0.25, 3: 0.1})):
            _add_order(chance, heads, lines, clean(account_id), account.customer)
    for number in range(max(12, len(heads) // 22)):
        # The accounts of these orders were deleted, or never entered.
        missing = len(accounts) + 100 + number if chance.often(0.7) else None
        _add_order(chance, heads, lines, Cell(shown=missing, true=None, kind="order_orphaned"), None)
    tables = {"account": accounts, "contact_person": people, "order_head": heads, "order_line": lines}
    return [
        Placed(source=SOURCE, table=table, row=row, entry=entry)
        for table, entries in tables.items()
        for row, entry in enumerate(entries, 1)
    ]


def write_crm(path: Path, placed: Sequence[Placed]) -> None:
    """Write the SQLite file anew; an older one is removed."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, columns in SCHEMA.items():
            rows = [_row(item) for item in placed if item.table == table]
            connection.execute(f"CREATE TABLE {table} ({columns})")
            places = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our own names


def _row(item: Placed) -> tuple[Scalar, ...]:
    return (item.row, *item.entry.shown().values())


def _accounts(chance: Chance, appearances: Sequence[Appearance]) -> list[Entry]:
    bodies = [*appearances, *[None] * 4]
    repeats = Repeats()
    entries = []
    for number, seen in enumerate(chance.shuffled(bodies), 1):
        entries.append(_trial(chance, number) if seen is None else _account(chance, seen, number, repeats))
    return entries


def _account(chance: Chance, seen: Appearance, number: int, repeats: Repeats) -> Entry:
    customer = seen.customer
    address, moved = where(chance, seen)
    name = customer_name(chance, seen)
    created = chance.day(date(2021, 1, 4), date(2025, 12, 30))
    city = address.city
    cells = {
        "cust_name": name,
        "cust_type": clean("企业" if customer.is_company else "个人"),
        "tel": landline_number(chance, seen) if customer.is_company else clean(None),
        "mobile_phone": mobile_number(chance, seen, seen.contact(chance)),
        "uscc": credit.code(chance, customer, certain=customer.trap),
        "industry_name": industry(chance, customer.trade),
        "addr_prov": province_cell(chance, address),
        "addr_city": Cell(shown=city.short if chance.often(0.3) else city.name, true=city.name),
        "addr_street": Cell(
            shown=address.district + address.street,
            true=customer.address.district + customer.address.street,
            kind=moved,
        ),
        "created": as_text(chance, created, dirty=0.3),
        "owner": clean(customer.owner),
        "level": clean(customer.level if chance.often(0.9) else None),
    }
    key = str(number)
    flaws = repeats.flaws(customer, "cust_name", name, key)
    return Entry(cells=cells, key=key, role="customer", customer=customer.id, flaws=flaws)


def _trial(chance: Chance, number: int) -> Entry:
    shown = {"cust_name": strangers.trial_name(chance), "mobile_phone": strangers.trial_number(chance)}
    fields = [column.split()[0] for column in SCHEMA["account"].split(", ")][1:]
    return Entry(
        cells={field: shown.get(field, clean(None)) for field in fields}, key=str(number), role="stray"
    )


def _people(chance: Chance, seen: Appearance, account_id: int) -> list[Entry]:
    if not seen.customer.is_company:
        return []
    return [
        _part(seen.customer.id, f"{account_id}/{contact.mobile}", _person(chance, seen, contact, account_id))
        for contact in seen.customer.contacts
    ]


def _person(chance: Chance, seen: Appearance, contact: Contact, account_id: int) -> dict[str, Cell]:
    anchor = Appearance(customer=seen.customer, source=SOURCE, level="anchor")
    return {
        "account_id": clean(account_id),
        "name": clean(contact.name),
        "title": clean(contact.title),
        "mobile": mobile_number(chance, anchor, contact),
        "email": mail(chance, contact.email),
    }


def _part(customer: str | None, key: str, cells: dict[str, Cell]) -> Entry:
    return Entry(cells=cells, key=key, role="part" if customer else "stray", customer=customer)


def _add_order(
    chance: Chance, heads: list[Entry], lines: list[Entry], account: Cell, customer: str | None
) -> None:
    order_id = len(heads) + 1
    total = Decimal(0)
    for product, price in chance.shuffled(PRODUCTS)[: chance.number(1, 3)]:
        quantity = chance.number(1, 12)
        total += quantity * price
        line = {
            "order_id": clean(order_id),
            "product": clean(product),
            "quantity": clean(quantity),
            "price": clean(f"{price}.00"),
            "amount": clean(f"{quantity * price}.00"),
        }
        lines.append(_part(customer, str(len(lines) + 1), line))
    ordered = chance.day(date(2021, 2, 1), date(2026, 8, 30))
    number = f"SO{ordered:%Y%m%d}{order_id:04d}"
    head = {
        "order_no": clean(number),
        "account_id": account,
        "ordered": as_text(chance, ordered, dirty=0.3),
        "amount": order_amount(chance, total.quantize(Decimal("0.01"))),
        "status": clean(chance.weigh(_ORDER_STATES)),
    }
    heads.append(_part(customer, number, head))
