"""What time it is: an argument, never ambient, so that tests and replays can say."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present moment, with its zone (UTC)."""
    return datetime.now(UTC)
