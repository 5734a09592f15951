"""The proof of a run: what came in, what became of it, and what the database says now."""

from typing import Any

from guanxi.integration import runs
from guanxi.integration.workshop import Workshop


def prove(shop: Workshop, run: str, phase: str) -> dict[str, Any]:
    """Write the verification of the run's *phase* (``pilot`` or ``all``); return its counts."""
    return {"refused": len(runs.refusals(shop.folder(run)))}
