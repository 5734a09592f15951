"""Every command of ``guanxi``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from guanxi.app import running
from guanxi.cli import demo as practice
from guanxi.cli.serving import do_work, serve_pages
from guanxi.cli.watching import watch
from guanxi.identity import users
from guanxi.identity.actor import SYSTEM
from guanxi.identity.users import NewUser
from guanxi.integration import rollback, steering
from guanxi.integration.plans import read_plan
from guanxi.integration.templates import make_template
from guanxi.kernel import log
from guanxi.records import reading
from guanxi.records.reading import Asked
from guanxi.settings import Settings, load_settings

commands = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Guanxi 关系"
)
console = Console(highlight=False)
RunName = Annotated[str, typer.Argument(help="Name of the run, as `guanxi runs` shows it.")]


@commands.command()
def integrate(
    plan: Annotated[Path, typer.Argument(help="The plan: a TOML file that names the sources.")],
) -> None:
    """Bring the sources of a plan together: read, map, clean, match, merge, load, verify."""
    with running(_settings()) as guanxi:
        run = steering.begin(guanxi.workshop, SYSTEM, read_plan(plan), here=True)
        console.print(f"run [bold]{run}[/]")
        watch(console, guanxi.workshop, run)


@commands.command()
def template(
    object_name: Annotated[
        str, typer.Argument(metavar="OBJECT", help="What to fill in: customer, contact, order …")
    ],
    path: Annotated[Path, typer.Argument(help="The workbook to make (.xlsx).")],
    language: Annotated[str, typer.Option(help="zh or en, for headings, choices and instructions.")] = "zh",
    field: Annotated[
        list[str] | None, typer.Option(help="A column, by the field's name; may be given several times.")
    ] = None,
    rows: Annotated[int, typer.Option(help="How many lines the checks and drop-downs cover.")] = 1000,
) -> None:
    """Make a workbook for a department to fill in, from the fields of an object."""
    with running(_settings(), takes_work=False) as guanxi, guanxi.store.transaction("cli") as tx:
        catalog = tx.catalog
    wanted = catalog.object(object_name)
    make_template(wanted, path, catalog=catalog, language=language, fields=field, rows=rows)
    console.print(f"template {path} made")


@commands.command()
def runs() -> None:
    """List the runs, the latest first."""
    with running(_settings(), takes_work=False) as guanxi, guanxi.store.transaction("cli") as tx:
        # A run is named by its whole name, however narrow the terminal.
        table = Table(
            Column("run", no_wrap=True), "plan", Column("state", no_wrap=True), "started", "finished"
        )
        asked = Asked(object="run", fields=("folder", "name", "state", "started_at", "finished_at"), limit=50)
        for each in reading.find(tx, SYSTEM, asked).records:
            run, plan, state, *moments = (each.values[name] for name in asked.fields)
            shown = (f"{moment.astimezone():%m-%d %H:%M}" if moment else "" for moment in moments)
            table.add_row(run, escape(plan), state, *shown)
        console.print(table)


@commands.command("watch")
def watch_run(run: RunName) -> None:
    """Follow a run that is at work, in whatever process."""
    with running(_settings(), takes_work=False) as guanxi:
        watch(console, guanxi.workshop, run)


@commands.command()
def pause(run: RunName) -> None:
    """Stop a run before its next step; `resume` goes on from there."""
    _act(run, "pause")


@commands.command()
def cancel(run: RunName) -> None:
    """End a run for good; what it loaded stays until it is rolled back."""
    _act(run, "cancel")


@commands.command()
def resume(run: RunName) -> None:
    """Go on with a run that waits for people, was paused, or failed: behind its last finished step."""
    _go_on(run, "go_on", "resume")


@commands.command()
def prepare(run: RunName) -> None:
    """Prepare a run again with the mappings, corrections and decisions made meanwhile, before anything is loaded."""
    _go_on(run, "again")


@commands.command("rollback")
def roll_back(
    run: RunName,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")] = False,
) -> None:
    """Take back everything a run loaded: shows the three lists first, does it with --yes."""
    with running(_settings(), takes_work=False) as guanxi, guanxi.store.transaction("cli") as tx:
        done = steering.take_back(tx, SYSTEM, run) if yes else rollback.preview(tx, SYSTEM, run)
        table = Table("object", "outcome", "records")
        for (name, outcome), number in sorted(done.counts.items()):
            table.add_row(name, outcome, f"{number:,}")
        console.print(table)
        for title, found in (("kept", done.kept), ("conflicting", done.conflicting)):
            for each in found[:20]:
                console.print(
                    f"{title}: {each.object} {each.record_id} {each.title} ({', '.join(each.columns)})",
                    markup=False,
                )
        if not yes:
            console.print("Nothing was changed. Add --yes to do it.")


@commands.command()
def serve() -> None:
    """Serve the pages; other processes beside it do the durable work."""
    serve_pages(console, _settings())


@commands.command("work")
def work_here() -> None:
    """Do durable work in this process until it is told to stop (`guanxi serve` starts such processes)."""
    do_work(_settings())


@commands.command()
def demo(
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")] = True,
) -> None:
    """Build the practice company, bring its five sources together, serve the result."""
    os.environ.setdefault("GUANXI_HOME", str(Path.cwd() / "var" / "demo"))
    os.environ.setdefault("GUANXI_LOG_LEVEL", "ERROR")
    settings = _settings()
    with running(settings) as guanxi:
        practice.play(console, guanxi)
    if serve_it:
        # A fresh process: frames leave threads behind, and web processes are forked from this one.
        os.execv(sys.executable, [sys.executable, "-m", "guanxi.cli", "serve"])


@commands.command("add-user")
def add_user(
    login: str,
    name: str,
    role: Annotated[
        list[str], typer.Option(help="administrator, steward, contact or reader; may be given several times.")
    ],
    department: str = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Create a person who can sign in."""
    with running(_settings(), takes_work=False) as guanxi, guanxi.store.transaction("cli") as tx:
        person = NewUser(login=login, name=name, roles=tuple(role), department=department, password=password)
        console.print(f"person {users.create(tx, SYSTEM, person)} created")


def _act(run: str, action: steering.Action) -> None:
    with running(_settings(), takes_work=False) as guanxi, guanxi.store.transaction("cli") as tx:
        steering.act(tx, SYSTEM, run, action)
        console.print(f"{action}: {run}")


def _go_on(run: str, *wanted: steering.Action) -> None:
    """Do the first of *wanted* that is possible now and follow the run."""
    with running(_settings()) as guanxi:
        with guanxi.store.transaction("cli") as tx:
            possible = steering.actions(tx, SYSTEM, run)
            steering.act(tx, SYSTEM, run, next((each for each in wanted if each in possible), wanted[-1]))
        watch(console, guanxi.workshop, run)


def _settings() -> Settings:
    settings = load_settings()
    log.configure(json_lines=settings.log_json, level=settings.log_level)
    return settings
