"""A company in which every page has something to show, and the address of each of its pages.

A page that is new and not in `addresses` fails `test_every_page`, so no page escapes the laws of all pages.
"""

from pathlib import Path

import polars as pl

from guanxi.identity import notices
from guanxi.identity.actor import SYSTEM, Actor
from guanxi.integration import inventory
from guanxi.integration import proof as proofs
from guanxi.integration.plans import SourcePlan
from guanxi.integration.sources.base import QUARANTINE_FILE
from guanxi.integration.staging import RunFolder
from guanxi.kernel.text import say
from guanxi.metadata.labels import Label
from guanxi.records import files, writing
from guanxi.store.transactions import Store
from tests.web.cleaned import cleaned_run
from tests.web.records import NAME, create
from tests.web.stewardship import pair, row, run_files
from tests.web.studies import studied
from tests.web.test_proof import BROKEN
from tests.web.test_run import LOADED, SOURCES

LONG = "上海青禾云帆精密机械设备制造（集团）股份有限公司乌鲁木齐高新技术产业开发区第一分公司"
CROWD = 13
"""More lines than a page may ask questions."""
STREAMS = ("/runs/{record_id:int}/events",)
"""Answers that go on as long as a run: `test_run` has their laws."""
BEFORE_SIGNING_IN = ("/set-up", "/sign-in")
"""Whoever has signed in is led away from these."""
PARTS = (
    *(
        "/duplicates/more",
        "/gaps.xlsx",
        "/notices/count",
        "/notices/{notice_id:int}",
        "/pick/{object_name:str}",
    ),
    *(f"/o/{{object_name:str}}/{each}" for each in ("export", "foot", "resembling/{field_name:str}")),
    *(
        f"/o/{{object_name:str}}/{{record_id:int}}/{each}"
        for each in ("cell/{field_name:str}", "edit/{field_name:str}", "fact/{field_name:str}")
    ),
    *(
        "/o/{object_name:str}/{record_id:int}/file/{field_name:str}",
        "/o/{object_name:str}/{record_id:int}/peek",
    ),
    *(f"/runs/{{record_id:int}}/{each}" for each in ("cleaning/standard", "proof.xlsx", "state")),
    *("/search", "/settings/objects/dictionary.xlsx", "/sources/{source_id:int}/state"),
)
"""What is put into a page that is there, saved as a file, or leads elsewhere: no page of its own."""
_CELL = "source=ledger&table=ledger&row=2&target=customer.mobile"


def full_company(store: Store, actor: Actor, home: Path) -> dict[str, int]:
    """Fill an empty company; return the numbers of what stands in it."""
    number = row(store, actor, "ledger", "1", name=NAME, mobile="13800138000", level="B")
    row(store, actor, "desk", "2", name=LONG, email="a@example.com")
    row(store, actor, "ledger", "3", record=number)
    review = pair(store, actor, ("ledger|1", NAME), ("desk|2", LONG))
    _crowd(store, actor, number)
    return {
        "customer": number,
        "ticket": _belongings(store, actor, number, home),
        "review": review,
        "run": _run(store, home),
        "cleaned": cleaned_run(store, home, actor),
        "source": studied(store, home),
        **_connections(store),
        "notice": _notice(store, actor),
        "user": actor.id or 0,
    }


def addresses(at: dict[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the path of every page and where to look at it in the company that `full_company` made."""
    record, run, source = f"/o/customer/{at['customer']}", f"/runs/{at['run']}", f"/sources/{at['source']}"
    cleaned, of_record = f"/runs/{at['cleaned']}/cleaning", "/o/{object_name:str}/{record_id:int}"
    of_source, of_run = "/sources/{source_id:int}", "/runs/{record_id:int}"
    tabs = (
        *("contact.customer", "order.customer", "ticket.customer", "activity.customer"),
        *("history", "history&field=mobile"),
    )
    return {
        "/": ("/",),
        "/cleaning": ("/cleaning",),
        "/duplicates": ("/duplicates", "/duplicates?state=decided", "/duplicates?order=worth"),
        "/duplicates/more": ("/duplicates/more",),
        "/duplicates/{review_id:int}": (f"/duplicates/{at['review']}",),
        "/duplicates/{review_id:int}/group": (f"/duplicates/{at['review']}/group",),
        "/gaps": ("/gaps",),
        "/gaps.xlsx": ("/gaps.xlsx",),
        "/habits": ("/habits",),
        "/habits/password": ("/habits/password",),
        "/help": ("/help?of=/duplicates",),
        "/merged": ("/merged", "/merged?q=nobody"),
        "/notices": ("/notices",),
        "/notices/count": ("/notices/count",),
        "/notices/{notice_id:int}": (f"/notices/{at['notice']}",),
        "/o/{object_name:str}": ("/o/customer", "/o/customer?q=nothing", "/o/ticket", "/o/customer?bin=1"),
        "/o/{object_name:str}/columns": ("/o/customer/columns",),
        "/o/{object_name:str}/export": ("/o/customer/export",),
        "/o/{object_name:str}/filter": ("/o/customer/filter",),
        "/o/{object_name:str}/foot": ("/o/customer/foot",),
        "/o/{object_name:str}/new": ("/o/customer/new", "/o/activity/new", "/o/ticket/new"),
        "/o/{object_name:str}/resembling/{field_name:str}": (f"/o/customer/resembling/name?name={NAME}",),
        of_record: (record, *(f"{record}?tab={tab}" for tab in tabs)),
        f"{of_record}/cell/{{field_name:str}}": (f"{record}/cell/mobile", f"{record}/cell/address?open=1"),
        f"{of_record}/edit/{{field_name:str}}": (f"{record}/edit/mobile", f"{record}/edit/industry"),
        f"{of_record}/fact/{{field_name:str}}": (f"{record}/fact/mobile",),
        f"{of_record}/file/{{field_name:str}}": (f"/o/ticket/{at['ticket']}/file/attachment",),
        f"{of_record}/peek": (f"{record}/peek",),
        f"{of_record}/rows": (f"{record}/rows", f"{record}/rows?take=ledger|3"),
        "/pick/{object_name:str}": ("/pick/customer?q=yunfan",),
        "/runs": ("/runs",),
        "/runs/new": ("/runs/new",),
        of_run: (run,),
        f"{of_run}/cleaning": (cleaned, f"{cleaned}?tab=all"),
        f"{of_run}/cleaning/line": (
            f"{cleaned}/line?{_CELL}",
            f"{cleaned}/line?{_CELL}&open=1",
        ),
        f"{of_run}/cleaning/standard": (f"{cleaned}/standard?{_CELL}&mobile=138",),
        f"{of_run}/end": (f"{run}/end",),
        f"{of_run}/left-out": (f"{run}/left-out",),
        f"{of_run}/proof": (f"{run}/proof",),
        f"{of_run}/proof.xlsx": (f"{run}/proof.xlsx",),
        f"{of_run}/quarantine": (f"{run}/quarantine",),
        f"{of_run}/roll-back": (f"{run}/roll-back",),
        f"{of_run}/state": (f"{run}/state",),
        "/search": ("/search?q=yunfan", "/search?q="),
        "/set-up": ("/set-up",),
        "/settings/objects": ("/settings/objects", "/settings/objects?object=gap"),
        "/settings/objects/dictionary.xlsx": ("/settings/objects/dictionary.xlsx",),
        "/settings/packs": ("/settings/packs",),
        "/settings/people": ("/settings/people",),
        "/settings/people/{user_id:int}": (f"/settings/people/{at['user']}",),
        "/settings/roles": ("/settings/roles",),
        "/settings/system": ("/settings/system",),
        "/sign-in": ("/sign-in",),
        "/sources": ("/sources",),
        "/sources/new": ("/sources/new",),
        "/sources/new/database": ("/sources/new/database",),
        "/sources/new/folder": ("/sources/new/folder",),
        "/sources/new/rest": ("/sources/new/rest",),
        of_source: (source,),
        f"{of_source}/database": (f"/sources/{at['database']}/database",),
        f"{of_source}/folder": (f"/sources/{at['folder']}/folder",),
        f"{of_source}/mapping": (f"{source}/mapping",),
        f"{of_source}/mapping/field": (f"{source}/mapping/field?table=0&column=7",),
        f"{of_source}/mapping/values": (f"{source}/mapping/values?table=0&column=5",),
        f"{of_source}/preview": (f"{source}/preview",),
        f"{of_source}/profile": (f"{source}/profile", f"{source}/profile?column=3&finding=value"),
        f"{of_source}/rest": (f"/sources/{at['rest']}/rest",),
        f"{of_source}/state": (f"{source}/state",),
        "/{address:path}": ("/nowhere",),
    }


def _belongings(store: Store, actor: Actor, number: int, home: Path) -> int:
    """Give the customer something of every kind; return the number of the ticket, which holds a file."""
    person = create(store, actor, "contact", name="张伟", customer=number)
    create(
        store, actor, "activity", subject="电话", customer=number, participants=[person], next_on="2026-12-01"
    )
    create(store, actor, "order", customer=number, number="DD1", amount="12.50 CNY")
    create(
        store, actor, "gap", title="缺口", customer=number, field="email", department="信息部", kind="missing"
    )
    kept = files.keep(home, "照片.pdf", lambda path: path.write_bytes(b"%PDF-1.7") and None)
    return create(store, actor, "ticket", customer=number, subject="主轴异响", attachment=kept)


def _crowd(store: Store, actor: Actor, number: int) -> None:
    """Let every list be long enough that a question asked once per line shows."""
    for each in range(CROWD):
        other = row(store, actor, "ledger", f"{each + 4}", name=f"第{each}远帆", mobile=f"1390000{each:04d}")
        pair(store, actor, ("ledger|1", NAME), (f"ledger|{each + 4}", f"第{each}远帆"))
        create(
            store,
            actor,
            "gap",
            title="缺口",
            customer=other,
            field="address",
            department="销售部",
            kind="wrong",
        )
        person = create(store, actor, "contact", name=f"李{each}", customer=number)
        create(store, actor, "activity", subject=f"拜访{each}", customer=number, participants=[person])
        create(store, actor, "order", customer=number, number=f"X{each}", amount="12.50 CNY")
        create(
            store, actor, "run", name=f"夜间{each}", state="finished", plan={"source": SOURCES}, counts=LOADED
        )
        _notice(store, actor)


def _run(store: Store, home: Path) -> int:
    """Write what the run that made the customers would have left: files, rows set aside, a proof."""
    folder = RunFolder(home / "runs" / "first")
    run_files(
        folder,
        [("ledger", "1", {"name": NAME}), ("desk", "2", {"name": LONG}), ("ledger", "3", {"name": NAME})],
    )
    (folder.stage("read") / "ledger").mkdir(parents=True)
    set_aside = {"table": ["t"], "row": [7], "text": [LONG * 3], "reason": ["too_many_columns"]}
    pl.DataFrame(set_aside).write_parquet(folder.stage("read") / "ledger" / QUARANTINE_FILE)
    proofs.keep(folder, "all", BROKEN)
    with store.transaction("test") as tx:
        number = tx.connection.exec_driver_sql("SELECT id FROM crm.run WHERE folder = 'first'").scalar()
        writing.update(tx, SYSTEM, "run", int(number or 0), {"plan": {"source": SOURCES}, "counts": LOADED})
    return int(number or 0)


def _connections(store: Store) -> dict[str, int]:
    """Note a source of each kind that has a form of its own."""
    options = {
        "database": {"url": "postgresql://reader@127.0.0.1/crm", "password_environment": "GUANXI_SOURCE_ERP"},
        "rest": {"url": "http://127.0.0.1:9/orders"},
        "folder": {"path": "weekly"},
    }
    with store.transaction("test") as tx:
        return {
            kind: inventory.note_source(
                tx,
                SYSTEM,
                SourcePlan(name=f"a-{kind}", kind=kind, label=Label(en=kind, zh=kind), options=given),
            )
            for kind, given in options.items()
        }


def _notice(store: Store, actor: Actor) -> int:
    message = say("{run} is finished: everything is loaded and checked", run=LONG)
    with store.transaction("test") as tx:
        notices.notify(tx, [actor.id or 0], message, "/o/customer", kind="run_finished")
        return int(tx.connection.exec_driver_sql("SELECT max(id) FROM guanxi.notice").scalar() or 0)
