"""The time zones people choose from, by the city each is named after."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from guanxi.web.reader import Reader


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One time zone: its name among the world's; its city and its distance from UTC as the reader reads them."""

    name: str
    label: str


def zones(reader: Reader, chosen: str) -> tuple[Zone, ...]:
    """Return the time zones from west to east; the *chosen* one keeps its name, be it an old one."""
    cities = _cities(reader.locale)
    names = {each: each for each in cities}
    if chosen in available_timezones():
        names[_of_today(chosen)] = chosen
    told = [
        (reader.now.astimezone(ZoneInfo(name)), cities.get(each) or _spelled(each), name)
        for each, name in names.items()
    ]
    told.sort(key=lambda each: (each[0].utcoffset(), each[1]))
    return tuple(
        Zone(name=name, label=f"{city} (UTC{moment.isoformat()[-6:]})") for moment, city, name in told
    )


@cache
def _cities(locale: Locale) -> Mapping[str, str]:
    # Only the tables of other alphabets name every zone; the English one has those spelled otherwise than here.
    known = available_timezones()
    return {
        _of_today(each): str(locale.time_zones.get(each, {}).get("city") or _spelled(_of_today(each)))
        for each in map(str, Locale("zh").time_zones)
        if _of_today(each) in known
    }


def _of_today(name: str) -> str:
    return str(get_global("zone_aliases").get(name, name))


def _spelled(name: str) -> str:
    return name.rpartition("/")[2].replace("_", " ")
