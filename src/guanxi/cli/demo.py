"""The practice company, played: its people, its five sources, one clean customer view, and the score of it."""

import os

from rich.console import Console
from rich.table import Table

from guanxi.app import Guanxi
from guanxi.cli.watching import watch
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.identity.users import NewUser
from guanxi.integration import steering, unite
from guanxi.integration.plans import read_plan
from guanxi.integration.staging import RunFolder
from guanxi.packs.practice import TOKEN_ENVIRONMENT, World, build_world, open_shop, score, write_plan
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.store import users as people

PASSWORD = "guanxi-demo-2026"  # noqa: S105 (told to everybody in the terminal)
PEOPLE = (
    ("admin", "王管理", "administrator", "信息部"),
    ("li.min", "李敏", "steward", "信息部"),
    ("liu.yang", "刘洋", "steward", "销售部"),
    ("chen.jing", "陈静", "steward", "服务部"),
    ("zhao.min", "赵敏", "steward", "市场部"),
    ("sun.qian", "孙倩", "steward", "电商部"),
    ("zhou.ting", "周婷", "contact", "销售部"),
    ("wu.lei", "吴磊", "contact", "服务部"),
    ("zheng.jie", "郑洁", "contact", "市场部"),
    ("wang.lei", "王磊", "contact", "信息部"),
    ("feng.tao", "冯涛", "contact", "电商部"),
    ("he.fang", "何芳", "reader", "管理层"),
    ("gu.xiaofeng", "顾晓峰", "reader", "销售部"),
    ("qian.liqun", "钱立群", "reader", "销售部"),
    ("ma.liping", "马丽萍", "reader", "销售部"),
    ("he.zhiqiang", "何志强", "reader", "销售部"),
    ("lin.chunmei", "林春梅", "reader", "销售部"),
    ("guo.yonggang", "郭永刚", "reader", "销售部"),
    ("tang.wenjie", "唐文杰", "reader", "销售部"),
)
"""Login, name, role, department. The salespeople are those whom the sources name as owners of customers."""


def play(console: Console, guanxi: Guanxi) -> None:
    """Build and integrate the practice company once; say who can sign in."""
    _hire(guanxi)
    if not _integrated(guanxi):
        folder = guanxi.settings.home / "practice"
        folder.mkdir(parents=True, exist_ok=True)
        world = build_world(folder)
        with open_shop(folder, failing_page=2) as shop:
            os.environ[TOKEN_ENVIRONMENT] = shop.token
            plan = read_plan(write_plan(folder, shop_url=shop.url))
            run = steering.begin(guanxi.workshop, SYSTEM, plan, here=True)
            watch(console, guanxi.workshop, run)
        _show_score(console, world, guanxi.workshop.folder(run))
    table = Table("sign in as", "name", "role", "department", title=f"password: {PASSWORD}")
    for login, name, role, department in PEOPLE:
        table.add_row(login, name, role, department)
    console.print(table)


def _hire(guanxi: Guanxi) -> None:
    with guanxi.store.transaction("demo") as tx:
        for login, name, role, department in PEOPLE:
            if people.by_login(tx, login) is None:
                person = NewUser(
                    login=login, name=name, roles=(role,), department=department, password=PASSWORD
                )
                users.create(tx, SYSTEM, person)


def _integrated(guanxi: Guanxi) -> bool:
    with guanxi.store.transaction("demo") as tx:
        return bool(reading.find(tx, SYSTEM, Asked(object="customer", fields=("name",), limit=1)).records)


def _show_score(console: Console, world: World, folder: RunFolder) -> None:
    """Hold the run against the truth that only a practice company has."""
    scored = {row.place for row in world.truth.rows if row.role != "part"}
    assignment = {place: group for place, group in unite.grouped_rows(folder) if place in scored}
    result = score(world.truth, assignment)
    console.print(
        f"against the truth: {len(world.truth.customers):,} customers behind {len(world.truth.customer_rows):,} rows; "
        f"pairs F1 {result.pairs.f1:.3f} (precision {result.pairs.precision:.3f}, recall {result.pairs.recall:.3f}); "
        f"traps joined {sum(each.joined for each in result.traps)} of {sum(each.planted for each in result.traps)}"
    )
