"""A run in the terminal: one bar per stage while it works, then its counts."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from guanxi.integration import runs, steering
from guanxi.integration.workshop import Workshop
from guanxi.jobs import progress, work
from guanxi.kernel.errors import Failed
from guanxi.kernel.text import say


def watch(console: Console, shop: Workshop, run: str) -> None:
    """Show the run's progress until it ends; raise the error that stopped it."""
    with shop.store.transaction("cli") as tx:
        now = steering.standing(tx, run).work
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("{task.fields[said]}", markup=False), console=console) as bars:
        tasks = {}
        for event in progress.follow(now):
            if event.stage not in tasks:
                tasks[event.stage] = bars.add_task(event.stage, total=event.total, said="")
            bars.update(
                tasks[event.stage], completed=event.done, total=event.total, said=str(event.message or "")
            )
    ended = work.status(now)
    if ended.error is not None:
        raise ended.error
    if ended.state is not work.State.DONE:
        raise Failed(say("the run {run} was stopped: {state}", run=run, state=ended.state.value))
    show_counts(console, shop, run)


def show_counts(console: Console, shop: Workshop, run: str) -> None:
    """Print what became of the rows, stage by stage."""
    table = Table("stage", "what", "numbers")
    for stage, parts in runs.counts(shop, run).items():
        for name, numbers in parts.items():
            shown = ", ".join(
                f"{key} {value:,}" for key, value in numbers.items() if isinstance(value, int) and value
            )
            table.add_row(stage, "" if name == "all" else escape(name), shown)
    console.print(table)
