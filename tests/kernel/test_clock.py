"""The law of the clock: a moment always knows its zone."""

from datetime import UTC, timedelta

from guanxi.kernel.clock import system_clock


def test_a_moment_knows_its_zone_and_time_goes_on():
    first, second = system_clock(), system_clock()
    assert first.tzinfo is UTC
    assert second - first >= timedelta(0)
