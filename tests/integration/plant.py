"""A whole running product for tests of the pipeline: its database, its durable work, sources of a few rows."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.database import fresh_database, template_database

from guanxi.app import Guanxi, running
from guanxi.identity.actor import SYSTEM
from guanxi.integration import pipeline, runs
from guanxi.integration.plans import Plan, plan_from
from guanxi.jobs import work
from guanxi.metadata.field_types import columns_of, type_of
from guanxi.settings import load_settings
from guanxi.store.embedded import Lease
from guanxi.store.transactions import Store, Transaction

OBJECTS = ("customer", "contact", "order", "order_line", "ticket", "need", "activity")
PATIENCE_SECONDS = 600
LEDGER_COLUMNS = ("客户编号", "单位名称", "联系人", "手机", "所属行业", "累计金额(万元)")
DESK_COLUMNS = ("工单号", "客户", "来电号码", "问题类型", "描述", "受理时间")
LEDGER = (
    ("K1", "杭州青禾机械有限公司", "张伟明", "13900010001", "通用设备制造业", "12.5"),
    ("K2", "宁波远帆包装有限公司", "李晓芳", "13900010002", "", "8"),
    ("K3", "成都蜀味食品有限公司", "王建军", "13900010003", "食品制造业", "20"),
    ("K4", "苏州云锦纺织有限公司", "陈丽", "13900010004", "纺织业", "3.2"),
    ("K5", "北京恒达电子有限公司", "赵强", "13900010005", "", "66"),
    ("K6", "广州南星塑料有限公司", "黄志远", "13900010006", "橡胶和塑料制品业", "5"),
)
DESK = (
    ("GD1", "杭州青禾机械", "13900010001", "设备故障", "开机后报警", "2026-03-01"),
    ("GD2", "成都蜀味食品有限公司", "13900010003", "备件咨询", "咨询皮带价格", "2026-03-02"),
    ("GD3", "西安秦川仪表有限公司", "13900010007", "安装调试", "预约安装", "2026-03-03"),
    ("GD4", "不详", "", "其他", "没有说清楚", "2026-03-04"),
)


@contextmanager
def product(lease: Lease, home: Path, url: str | None = None) -> Iterator[Guanxi]:
    """Run the product on a database of its own (dropped afterwards), or on the one at *url*."""
    if url is not None:
        with running(settings_of(home, url)) as guanxi:
            yield guanxi
        return
    template = template_database(lease, "pipeline", lambda at: prepare(home / "template", at))
    with fresh_database(lease, template=template) as fresh, running(settings_of(home, fresh)) as guanxi:
        yield guanxi


def settings_of(home: Path, url: str):
    return load_settings({"GUANXI_HOME": str(home), "GUANXI_DATABASE_URL": url})


def sources(
    folder: Path, *, ledger: Sequence[Sequence[str]] = LEDGER, desk: Sequence[Sequence[str]] = DESK
) -> None:
    """Write (again) what the two departments keep."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "ledger.csv", LEDGER_COLUMNS, ledger)
    _write(folder / "desk.csv", DESK_COLUMNS, desk)


def plan_of(folder: Path, **settings: object) -> Plan:
    """Return the plan that brings both together."""
    return plan_from(
        {
            "name": "两个部门",
            "source": [
                {
                    "name": "ledger",
                    "kind": "delimited",
                    "path": "ledger.csv",
                    "department": "销售部",
                    "trust": 60,
                },
                {
                    "name": "desk",
                    "kind": "delimited",
                    "path": "desk.csv",
                    "department": "服务部",
                    "trust": 40,
                },
            ],
            **settings,
        },
        folder=folder,
    )


def run(guanxi: Guanxi, plan: Plan) -> str:
    """Bring *plan* in from beginning to end; return the name of the run."""
    name = runs.start(guanxi.workshop, SYSTEM, plan)
    work.start(pipeline.integrate, name, name)
    work.wait(name, timeout_seconds=PATIENCE_SECONDS)
    return name


def loaded(guanxi: Guanxi, name: str) -> dict[str, dict[str, int]]:
    """Return per object what became of its rows in the run *name*."""
    found = runs.counts(guanxi.workshop, name)["load"]
    wanted = ("created", "updated", "unchanged", "refused")
    return {each: {key: numbers[key] for key in wanted if numbers[key]} for each, numbers in found.items()}


def rows_of(store: Store, table: str) -> list[dict[str, object]]:
    """Return all rows of a table as dictionaries, by number."""
    with store.transaction("test") as tx:
        found = tx.connection.exec_driver_sql(f"SELECT to_jsonb(r) FROM {table} r ORDER BY r.id").scalars()
        return list(found)


def contents(store: Store) -> dict[str, list[str]]:
    """Return what people would see: per object the values of each record, links by the linked record's origin.

    Numbers given by the database (ids, running numbers) and moments are left out: they differ between any two
    runs, whatever happened.
    """
    with store.transaction("test") as tx:
        names = _names(tx)
        return {name: sorted(_told(tx, name, names)) for name in (*OBJECTS, "review", "gap")}


def bytes_of(store: Store) -> dict[str, list[str]]:
    """Return every value of every record, where it came from, what finds it, and which source row it was."""
    with store.transaction("test") as tx:
        ask = tx.connection.exec_driver_sql
        stamps = "- 'version' - 'updated_at' - 'updated_by_id'"
        found = {
            name: list(ask(f'SELECT (to_jsonb(r) {stamps})::text FROM crm."{name}" r ORDER BY id').scalars())
            for name in (*OBJECTS, "review", "gap")
        }
        for name in ("crosswalk", "search_entry"):
            asked = f"SELECT (to_jsonb(r))::text FROM guanxi.{name} r WHERE object = ANY(%(objects)s)"
            found[name] = sorted(ask(asked, {"objects": list(OBJECTS)}).scalars())
        return found


def _names(tx: Transaction) -> dict[int, str]:
    """Return what the source rows of each record are called, joined."""
    found = tx.connection.exec_driver_sql(
        "SELECT record_id, string_agg(source || '|' || source_key, ' ' ORDER BY source, source_key) AS names "
        "FROM guanxi.crosswalk GROUP BY record_id"
    )
    return {row.record_id: row.names for row in found}


def _told(tx: Transaction, object_name: str, names: Mapping[int, str]) -> Iterator[str]:
    object_type = tx.catalog.object(object_name)
    fields = [
        each
        for each in object_type.live_fields
        if each.type != "auto_number"
        and each.target not in ("run", "source")
        and not type_of(each).links_many
    ]
    rows = tx.connection.exec_driver_sql(f'SELECT to_jsonb(r) FROM crm."{object_name}" r').scalars()
    for row in rows:
        values = {column: row[column] for field in fields for column, _ in columns_of(field)}
        links = {columns_of(each)[0][0] for each in fields if each.type == "lookup"}
        values |= {column: names.get(values[column]) for column in links}
        values |= {"origin": _without_run(row["origin"]), "known as": names.get(row["id"])}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True)


def _without_run(origin: Mapping[str, Mapping[str, object]] | None) -> object:
    return json.loads(
        json.dumps(origin or {}), object_hook=lambda each: {**each, "run": None} if "run" in each else each
    )


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def prepare(home: Path, url: str) -> None:
    """Bring the database at *url* up to date."""
    with running(settings_of(home, url)):
        pass
