"""A run whose one source was read, mapped and brought to standard, without anything loaded."""

import csv
from pathlib import Path

from guanxi.identity.actor import Actor
from guanxi.integration import intake, runs
from guanxi.integration.plans import plan_from
from guanxi.integration.workshop import Workshop
from guanxi.store.transactions import Store

HEADER = ("客户编号", "单位名称", "联系人", "手机", "所属行业", "累计金额(万元)")
ROWS = (
    ("K1", "杭州青禾机械有限公司", "张伟明", "139000100", "通用设备制造业", "12.5"),
    ("K2", "宁波远帆包装有限公司", "李晓芳", "139 0001 0002", "做家具的", "8"),
    ("K3", "成都蜀味食品有限公司", "王建军", "+8613900010003", "食品制造业", "20"),
    ("K4", "苏州云锦纺织有限公司", "陈丽", "13900010004", "做家具的", "3.2"),
    ("K5", "<script>alert(1)</script>有限公司", "赵强", "138", "", "66"),
)


def cleaned_run(store: Store, home: Path, actor: Actor, rows=ROWS) -> int:
    """Return the number of a run over *rows* of the sales department."""
    folder = home / "practice"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    source = {
        "name": "ledger",
        "label": {"en": "Ledger", "zh": "台账"},
        "kind": "delimited",
        "path": "ledger.csv",
    }
    plan = plan_from({"name": "台账", "source": [{**source, "department": "销售部"}]}, folder=folder)
    shop = Workshop(store, home)
    run = runs.start(shop, actor, plan)
    files, ledger = shop.folder(run), plan.source("ledger")
    intake.read(files, ledger)
    intake.profile_tables(files, ledger)
    with store.transaction("test") as tx:
        intake.map_tables(files, ledger, tx.catalog)
        intake.standardise_tables(files, ledger, tx.catalog, {})
        return runs.record_id(tx, run)
