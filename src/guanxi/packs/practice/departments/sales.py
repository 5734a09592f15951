"""The sales ledger: a workbook with one hand-typed sheet for each sales region."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell, Entry, Placed, Scalar, clean
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.departments.repeats import Repeats
from guanxi.packs.practice.dirt import strangers
from guanxi.packs.practice.dirt.addresses import in_one_cell
from guanxi.packs.practice.dirt.amounts import turnover
from guanxi.packs.practice.dirt.dates import in_workbook
from guanxi.packs.practice.dirt.industries import industry
from guanxi.packs.practice.dirt.names import customer_name
from guanxi.packs.practice.dirt.phones import mobile_number
from guanxi.packs.practice.words.lists import listed
from guanxi.packs.practice.words.people import SALESPEOPLE

SOURCE = "sales_ledger"
FILE = "sales_ledger.xlsx"
COMPANY = "澜川智能装备股份有限公司"
_FIELDS = listed("number name person phone industry address ordered turnover level owner remark")
_REMARKS = (
    "",
    "",
    "",
    "",
    "月底催款",
    "要开专票",
    "老客户介绍",
    "周三前联系",
    "已换联系人，旧号停用",
    "价格敏感",
)


@dataclass(frozen=True, kw_only=True)
class Region:
    """One sheet: its name, the prefix of its customer numbers, the header's row and its own spellings."""

    name: str
    prefix: str
    header_row: int
    headers: tuple[str, ...]

    def header(self, field: str) -> str:
        """Return how this sheet calls *field*."""
        return self.headers[_FIELDS.index(field)]


REGIONS = (
    Region(
        name="华东",
        prefix="HD",
        header_row=3,
        headers=listed(
            "客户编号 单位名称 联系人 手机 所属行业 地址 最近下单 累计金额(万元) 客户等级 负责人 备注"
        ),
    ),
    Region(
        name="华南",
        prefix="HN",
        header_row=2,
        headers=listed(
            "客户ID 客户名称 联系人 联系电话 行业 通讯地址 最近订单日期 累计金额(万元) 客户等级 负责人 备注"
        ),
    ),
    Region(
        name="华北",
        prefix="HB",
        header_row=4,
        headers=listed(
            "客户编号 公司名称 联系人 电话 所属行业 地址 最近下单日期 累计金额（万元） 等级 业务员 备注"
        ),
    ),
)


def ledger_rows(chance: Chance, appearances: Sequence[Appearance]) -> list[Placed]:
    """Return all rows of the three sheets with their places, titles and totals included."""
    placed: list[Placed] = []
    for region in REGIONS:
        here = [seen for seen in appearances if seen.customer.address.city.sales_region == region.name]
        placed.extend(_sheet(chance, region, here))
    return placed


def write_ledger(path: Path, placed: Sequence[Placed]) -> None:
    """Write the workbook; the same rows give the same bytes."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "客户台账", "company": COMPANY, "created": datetime(2026, 9, 30)})  # noqa: DTZ001
        bold = book.add_format({"bold": True, "align": "center"})
        as_date = book.add_format({"num_format": "yyyy/m/d"})
        for region in REGIONS:
            sheet = book.add_worksheet(region.name)
            title = f"{COMPANY} {region.name}区客户台账（截至2026年9月）"
            sheet.merge_range(0, 0, 0, len(region.headers) - 1, title, bold)
            sheet.set_column(1, 1, 32)
            for item in placed:
                if item.table == region.name and item.row > 1:
                    _write_row(sheet, item, region, as_date)


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, item: Placed, region: Region, as_date: object) -> None:
    for header, value in item.entry.shown().items():
        column = region.headers.index(header)
        if isinstance(value, date):
            sheet.write_datetime(item.row - 1, column, value, as_date)
        elif isinstance(value, int | float):
            sheet.write_number(item.row - 1, column, value)
        elif value:
            sheet.write_string(item.row - 1, column, value)


def _sheet(chance: Chance, region: Region, appearances: Sequence[Appearance]) -> Iterator[Placed]:
    row = 1
    for entry in _entries(chance, region, appearances):
        yield Placed(source=SOURCE, table=region.name, row=row, entry=entry)
        row += 1


def _entries(chance: Chance, region: Region, appearances: Sequence[Appearance]) -> Iterator[Entry]:
    yield _frame("title")
    for _ in range(region.header_row - 2):
        yield _frame("note", {region.headers[0]: "单位：万元；电话请填手机"})
    yield _frame("header", dict(zip(region.headers, region.headers, strict=True)))
    repeats = Repeats()
    body = [_customer(chance, region, seen, number, repeats) for number, seen in enumerate(appearances, 1)]
    total = Decimal(0)
    for place, entry in enumerate(_with_trials(chance, region, body)):
        if place and chance.often(0.012):
            yield _frame("empty line")
        yield entry
        amount = entry.cells[region.header("turnover")].shown
        total += Decimal(str(amount)) if isinstance(amount, float) else 0
    yield _frame("empty line")
    yield _frame("total", {region.headers[0]: "合计", region.header("turnover"): float(total)})


def _frame(key: str, shown: Mapping[str, Scalar] | None = None) -> Entry:
    return Entry(cells={name: clean(value) for name, value in (shown or {}).items()}, key=key, role="frame")


def _customer(chance: Chance, region: Region, seen: Appearance, place: int, repeats: Repeats) -> Entry:
    customer = seen.customer
    contact = seen.contact(chance)
    own_number = f"{region.prefix}{place:04d}"
    first_number = repeats.first_key(customer, own_number)
    # Every third duplicate was at least given the number it already had.
    number = first_number if chance.often(0.33) else own_number
    name = customer_name(chance, seen)
    phone = mobile_number(chance, seen, contact)
    cells = (
        clean(number),
        name,
        clean(contact.name if seen.level == "hard" or chance.often(0.94) else None),
        _as_number(phone) if chance.often(0.4) else phone,
        industry(chance, customer.trade),
        in_one_cell(chance, seen),
        in_workbook(chance, chance.day(date(2021, 1, 4), date(2026, 9, 30))),
        turnover(chance, Decimal(chance.number(30, 9000)) * 100),
        clean(customer.level if chance.often(0.85) else None),
        clean(customer.owner),
        clean(chance.pick(_REMARKS)),
    )
    return Entry(
        cells=dict(zip(region.headers, cells, strict=True)),
        key=own_number,
        role="customer",
        customer=customer.id,
        flaws=repeats.flaws(customer, region.header("name"), name, own_number),
    )


def _as_number(phone: Cell) -> Cell:
    """Return the number as Excel keeps what looks like one: as a number."""
    if isinstance(phone.shown, str) and phone.shown.isdecimal() and phone.shown.isascii():
        return Cell(shown=int(phone.shown), true=phone.true, kind=phone.kind)
    return phone


def _with_trials(chance: Chance, region: Region, body: list[Entry]) -> list[Entry]:
    for place in range(2):
        name = strangers.trial_name(chance)
        shown = {
            "number": clean(f"{region.prefix}T{place + 1:03d}"),
            "name": name,
            "phone": strangers.trial_number(chance),
            "turnover": clean(float(chance.number(0, 1))),
            "owner": clean(chance.pick(SALESPEOPLE)),
        }
        cells = {region.header(field): shown.get(field, clean(None)) for field in _FIELDS}
        trial = Entry(cells=cells, key=f"{region.prefix}T{place + 1:03d}", role="stray")
        body.insert(chance.number(0, len(body)), trial)
    return body
