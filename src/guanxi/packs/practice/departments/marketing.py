"""The marketing follower list: nicknames first, companies only now and then."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from guanxi.packs.practice.appearances import Appearance
from guanxi.packs.practice.cells import Cell, Entry, Placed, clean
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.departments.repeats import Repeats
from guanxi.packs.practice.dirt import strangers
from guanxi.packs.practice.dirt.dates import as_text
from guanxi.packs.practice.dirt.mails import mail
from guanxi.packs.practice.dirt.names import customer_name
from guanxi.packs.practice.dirt.phones import mobile_number
from guanxi.packs.practice.foundry import Foundry
from guanxi.packs.practice.words.lists import listed
from guanxi.packs.practice.words.people import NICKNAMES

SOURCE = TABLE = "followers"
FILE = "followers.csv"
ENCODING = "utf-8-sig"
HEADERS = listed("昵称 姓名 公司 手机号 邮箱 关注时间 来源渠道 标签")
_CHANNELS = ("公众号", "展会扫码", "抖音", "官网", "朋友推荐", "视频号")
_TAGS = ("", "潜在客户", "老客户", "关注价格", "展会2025", "潜在客户;关注价格", "已加群")


def follower_rows(chance: Chance, foundry: Foundry, appearances: Sequence[Appearance]) -> list[Placed]:
    """Return the followers: customers, people who stay unknown, suppliers and trials."""
    repeats = Repeats()
    entries = [_customer(chance, seen) for seen in appearances]
    entries += [_unknown(chance) for _ in range(max(10, len(appearances) // 6))]
    entries += [_supplier(chance, foundry) for _ in range(max(10, len(appearances) // 20))]
    entries += [_trial(chance) for _ in range(3)]
    placed = []
    by_id = {seen.customer.id: seen.customer for seen in appearances}
    for line, entry in enumerate(chance.shuffled(entries), 2):
        customer = by_id.get(entry.customer or "")
        key = f"line {line}"
        flaws = repeats.flaws(customer, "姓名", entry.cells["姓名"], key) if customer else ()
        numbered = Entry(cells=entry.cells, key=key, role=entry.role, customer=entry.customer, flaws=flaws)
        placed.append(Placed(source=SOURCE, table=TABLE, row=line, entry=numbered))
    return placed


def write_followers(path: Path, placed: Sequence[Placed]) -> None:
    """Write the list in UTF-8 with a byte order mark, as spreadsheets export it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows(item.entry.shown().values() for item in placed)
    path.write_bytes(buffer.getvalue().encode(ENCODING))


def _customer(chance: Chance, seen: Appearance) -> Entry:
    customer, contact = seen.customer, seen.contact(chance)
    if customer.is_company:
        person, company = clean(contact.name), customer_name(chance, seen)
        if seen.level == "nameless":
            company = Cell(shown="", true=customer.name, kind="company_missing")
    else:
        person, company = customer_name(chance, seen), clean(chance.pick(("", "", "", "个体", "无")))
    cells = {
        "姓名": person,
        "公司": company,
        "手机号": mobile_number(chance, seen, contact),
        "邮箱": mail(chance, contact.email),
        "标签": clean(chance.pick(_TAGS)),
    }
    return Entry(cells=_complete(chance, cells), key="", role="customer", customer=customer.id)


def _unknown(chance: Chance) -> Entry:
    return Entry(cells=_complete(chance, {"标签": clean(chance.pick(_TAGS))}), key="", role="stray")


def _supplier(chance: Chance, foundry: Foundry) -> Entry:
    company = foundry.company()
    contact = company.contacts[0]
    cells = {
        "姓名": clean(contact.name),
        "公司": clean(company.name),
        "手机号": clean(contact.mobile),
        "邮箱": clean(contact.email),
        "标签": clean(chance.pick(("供应商", "同行", "媒体"))),
    }
    return Entry(cells=_complete(chance, cells), key="", role="stray")


def _trial(chance: Chance) -> Entry:
    cells = {"姓名": strangers.trial_name(chance), "手机号": strangers.trial_number(chance)}
    return Entry(cells=_complete(chance, cells), key="", role="stray")


def _complete(chance: Chance, known: dict[str, Cell]) -> dict[str, Cell]:
    day = chance.day(date(2022, 3, 1), date(2026, 10, 20))
    always = {
        "昵称": clean(chance.pick(NICKNAMES)),
        "关注时间": as_text(chance, day, dirty=0.3),
        "来源渠道": clean(chance.pick(_CHANNELS)),
    }
    cells = {**always, **known}
    return {header: cells.get(header, clean("")) for header in HEADERS}
