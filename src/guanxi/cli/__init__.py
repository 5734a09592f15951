"""The same doors from a terminal."""

import gc
import sys

gc.disable()  # what is imported is never garbage: to look for some, now and at the end, takes as long as the rest

from rich.console import Console  # noqa: E402
from rich.markup import escape  # noqa: E402

from guanxi.cli.commands import commands  # noqa: E402
from guanxi.kernel.errors import GuanxiError, Invalid  # noqa: E402

gc.freeze()
gc.enable()


def main() -> None:
    """Run the command line; what a person can act on is told in a sentence, without a traceback."""
    try:
        commands()
    except Invalid as error:
        console = Console(stderr=True)
        for problem in error.problems:
            console.print("[red]✗[/]", escape(str(problem)), highlight=False)
        sys.exit(2)
    except GuanxiError as error:
        Console(stderr=True).print("[red]✗[/]", escape(str(error)), highlight=False)
        sys.exit(2)
