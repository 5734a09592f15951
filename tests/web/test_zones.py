"""The time zones people choose from."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from guanxi.web.reader import Reader
from guanxi.web.zones import zones

READER = Reader(language="en", zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 11, 22, 6, tzinfo=UTC))


def _labels(reader: Reader, chosen: str = "Asia/Shanghai") -> dict[str, str]:
    return {each.name: each.label for each in zones(reader, chosen)}


def test_a_zone_is_called_by_its_city_in_the_readers_language() -> None:
    chinese = _labels(replace(READER, language="zh"))
    english = _labels(READER)
    assert chinese["Asia/Shanghai"] == "上海 (UTC+08:00)"
    assert chinese["Asia/Kolkata"] == "加尔各答 (UTC+05:30)"
    assert english["America/New_York"] == "New York (UTC-05:00)"
    assert english["America/St_Johns"] == "St John’s (UTC-03:30)"
    assert [each for each in chinese.values() if each[0].isascii()] == ["UTC (UTC+00:00)"]


def test_zones_stand_from_west_to_east() -> None:
    offsets = [READER.now.astimezone(ZoneInfo(each)).utcoffset() for each in _labels(READER)]
    assert offsets == sorted(offsets, key=lambda each: each.total_seconds() if each is not None else 0)


def test_a_zone_chosen_under_an_old_name_stands_there_once_and_keeps_its_name() -> None:
    old, new = _labels(READER, "Asia/Calcutta"), _labels(READER)
    assert old["Asia/Calcutta"] == new["Asia/Kolkata"]
    assert "Asia/Kolkata" not in old
    assert len(old) == len(new)


def test_a_name_that_is_no_zone_is_not_offered() -> None:
    assert "Asia/Nowhere" not in _labels(READER, "Asia/Nowhere")
