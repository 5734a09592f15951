"""How far the work of a run is, stage by stage, as it reported itself."""

from dataclasses import dataclass

from guanxi.integration.steering import Standing
from guanxi.jobs import progress, runtime
from guanxi.kernel.text import Message


@dataclass(frozen=True, kw_only=True)
class StageProgress:
    """How far one stage is: *done* of *total* (None: not known)."""

    stage: str
    done: int
    total: int | None
    message: Message | None = None


def stages(stands: Standing) -> tuple[StageProgress, ...]:
    """Return how far each stage of the latest work is, in the order they began; none where nothing can be watched."""
    if not runtime.is_launched():
        return ()
    latest: dict[str, StageProgress] = {}
    for event in progress.so_far(stands.work):
        latest[event.stage] = StageProgress(
            stage=event.stage, done=event.done, total=event.total, message=event.message
        )
    return tuple(latest.values())
