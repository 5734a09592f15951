"""The command line, and what it tells people when something is wrong."""

import sys

from rich.console import Console
from rich.markup import escape

from guanxi.cli.commands import commands
from guanxi.kernel.errors import GuanxiError, Invalid


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
