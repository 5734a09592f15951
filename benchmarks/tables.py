"""Tables in Markdown, processes of one's own to measure in, and what a process has cost."""

import subprocess
import sys
from collections.abc import Sequence

import psutil


def table(head: Sequence[str], lines: Sequence[Sequence[object]], *, texts: int = 1) -> str:
    """Return a table; its first *texts* columns hold words, the others numbers."""
    rule = ["---"] * texts + ["---:"] * (len(head) - texts)
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in (head, rule, *lines))


def measured_in_own_process(module: str, *arguments: str) -> str:
    """Run *module* as a program and return the last line it prints; its memory and its caches are its own."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return (done.stdout.strip().splitlines() or [""])[-1]


def processor_time(process: psutil.Process) -> float:
    """Return the seconds a process has used, none for one that is gone."""
    try:
        spent = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(spent.user + spent.system)
