"""Bring the tables of sentences up to date; ``--check`` only looks, and fails when something is missing."""

import sys

from guanxi.web.translations import check, update


def main(arguments: list[str]) -> int:
    """Return 0 when the tables are complete."""
    if "--check" not in arguments:
        update()
    problems = list(check())
    sys.stdout.writelines(f"{each}\n" for each in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
