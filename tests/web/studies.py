"""Sources that were studied, to look at their pages; studied here, without durable work."""

import csv
from collections.abc import Sequence
from pathlib import Path

from guanxi.identity.actor import SYSTEM
from guanxi.integration import intake, inventory, study
from guanxi.integration.plans import SourcePlan
from guanxi.integration.remembering import memory
from guanxi.integration.staging import RunFolder
from guanxi.integration.workshop import Workshop
from guanxi.metadata.labels import Label
from guanxi.store.transactions import Store

LEDGER = (
    ("客户编号", "单位名称", "联系人", "联系电话", "热线", "客户等级",
     "来源渠道", "区域经理备注", "累计金额(万元)", "传真机"),
    ("K1", "杭州青禾机械有限公司", "张伟明", "13900010001", "0571-88886601", "A类", "朋友推荐", "老客户", "12.5", "无"),
    ("K2", "宁波远帆包装有限公司", "李晓芳", "139-0001-0002", "", "B级", "展会扫码", "", "8", ""),
    ("K3", "成都蜀味食品有限公司", "王建军", "13900010003", "028-66660003", "铁杆", "地推", "要票", "20", ""),
    ("K4", "苏州云锦纺织有限公司", "陈丽", "不详", "", "铁杆", "", "", "3.2", ""),
    ("K5", "北京恒达电子有限公司", "赵强", "１３９00010005", "", "普通", "官网", "", "一百万", ""),
)  # fmt: skip


def write(path: Path, rows: Sequence[Sequence[str]] = LEDGER) -> Path:
    """Write *rows* as CSV; return the file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def source(store: Store, path: Path, name: str = "ledger", **more) -> int:
    """Put the file *path* into the inventory; return the number of the source."""
    plan = SourcePlan(
        name=name,
        kind="delimited",
        label=Label(en=f"Source {name}", zh=f"来源 {name}"),
        options={"path": str(path)},
        **more,
    )
    with store.transaction("test") as tx:
        return inventory.note_source(tx, SYSTEM, plan)


def studied(
    store: Store, home: Path, rows: Sequence[Sequence[str]] = LEDGER, *, name: str = "ledger", **more
) -> int:
    """Return the number of a source that holds *rows* and was studied."""
    home.mkdir(exist_ok=True)
    number = source(store, write(home / f"{name}.csv", rows), name, **more)
    study_again(store, home, number)
    return number


def study_again(store: Store, home: Path, number: int) -> None:
    """Study a source from beginning to end, as the durable work does."""
    with store.transaction("test") as tx:
        plan = inventory.source_plan(inventory.load_source(tx, SYSTEM, number))
        kept = RunFolder(home / "sources" / plan.name)
        kept.write_json("read", "current", {"work": "first"})
        into = study.folder(Workshop(store, home), plan.name)
        counts = intake.read(into, plan)
        intake.profile_tables(into, plan)
        intake.map_tables(into, plan, tx.catalog, memory(tx))
        inventory.note_reading(tx, SYSTEM, number, intake.receipt_of(into, plan), counts)
        inventory.note_study(tx, SYSTEM, number)
