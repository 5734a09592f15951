"""The service desk's tickets: a GBK file with short customer names and descriptions of several lines."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell, Entry, Placed, clean
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.codes import mobile
from guanxi.packs.practice.dirt import strangers
from guanxi.packs.practice.dirt.dates import as_text
from guanxi.packs.practice.dirt.names import customer_name
from guanxi.packs.practice.dirt.phones import mobile_number
from guanxi.packs.practice.words.lists import listed
from guanxi.packs.practice.words.people import ENGINEERS
from guanxi.packs.practice.words.trades import PRODUCTS

SOURCE = TABLE = "service_tickets"
FILE = "service_tickets.csv"
ENCODING = "gbk"
HEADERS = listed("工单号 客户 来电号码 问题类型 描述 受理时间 状态 工程师 满意度")
_KINDS = ("设备故障", "安装调试", "备件咨询", "投诉", "保养", "其他")
_STATES = {"已关闭": 0.7, "处理中": 0.15, "待派单": 0.08, "已解决": 0.07}
_STORIES = (
    "{product}开机后报警，代码E0{n}",
    "{product}封口不牢，已调温度仍不行\n客户要求本周内上门",
    '客户说"上次修完没两天又坏了"，情绪较大\n需主管回电',
    "咨询{product}备件价格，含税价",
    "新到{product}，预约安装，地址同合同",
    "皮带断，备件已寄\n快递单号SF{n}{n}{n}\n到货后电话指导更换",
    "年度保养，共{n}台",
)


def ticket_rows(chance: Chance, appearances: Sequence[Appearance]) -> list[Placed]:
    """Return the tickets with the line each one starts on: those of customers, of strangers and trials."""
    strays = max(12, len(appearances) // 11)
    entries = [_ticket(chance, seen) for seen in appearances]
    entries += [_orphan(chance) for _ in range(strays)]
    entries += [_trial(chance) for _ in range(3)]
    entries = chance.shuffled(entries)
    placed, line = [], 2
    for number, entry in enumerate(entries, 1):
        numbered = _numbered(entry, f"GD{number:06d}")
        placed.append(Placed(source=SOURCE, table=TABLE, row=line, entry=numbered))
        line += _text([list(numbered.shown().values())]).count("\n")
    return placed


def write_tickets(path: Path, placed: Sequence[Placed]) -> None:
    """Write the file in GBK, with a header in line 1."""
    rows = [list(item.entry.shown().values()) for item in placed]
    path.write_bytes(_text([list(HEADERS), *rows]).encode(ENCODING))


def _text(rows: Sequence[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _numbered(entry: Entry, number: str) -> Entry:
    cells = {"工单号": clean(number), **entry.cells}
    return Entry(cells=cells, key=number, role=entry.role, customer=entry.customer, flaws=entry.flaws)


def _ticket(chance: Chance, seen: Appearance) -> Entry:
    phone = mobile_number(chance, seen, seen.contact(chance))
    cells = _cells(chance, customer_name(chance, seen), phone)
    return Entry(cells=cells, key="", role="customer", customer=seen.customer.id)


def _orphan(chance: Chance) -> Entry:
    caller = chance.pick(strangers.UNKNOWN_CALLERS)
    phone = Cell(shown=mobile(chance) if chance.often(0.7) else "未显示", true=None)
    cells = _cells(chance, Cell(shown=caller, true=None, kind="ticket_orphaned"), phone)
    return Entry(cells=cells, key="", role="stray")


def _trial(chance: Chance) -> Entry:
    cells = _cells(chance, strangers.trial_name(chance), strangers.trial_number(chance))
    return Entry(cells=cells, key="", role="stray")


def _cells(chance: Chance, name: Cell, phone: Cell) -> dict[str, Cell]:
    product = chance.pick(PRODUCTS)[0]
    values = (
        name,
        phone,
        clean(chance.pick(_KINDS)),
        clean(chance.pick(_STORIES).format(product=product, n=chance.number(2, 99))),
        as_text(chance, chance.day(date(2023, 1, 3), date(2026, 10, 15)), dirty=0.35),
        clean(chance.weigh(_STATES)),
        clean(chance.pick(ENGINEERS)),
        clean(chance.pick(("", "5", "4", "5分", "满意", "3", "一般"))),
    )
    return dict(zip(HEADERS[1:], values, strict=True))
