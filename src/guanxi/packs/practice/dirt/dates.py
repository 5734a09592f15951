"""Dates in the many spellings people and machines use for the same day."""

from datetime import date, datetime, time

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance

EXCEL_FIRST_DAY = date(1899, 12, 30)
_SPELLINGS = (
    "{y}/{m}/{d}",
    "{y}/{m:02}/{d:02}",
    "{y}.{m}.{d}",
    "{y}.{m:02}.{d:02}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
    "{short:02}-{m}-{d}",
    "{y}-{m}-{d}",
)


def serial(day: date) -> int:
    """Return the number Excel keeps for *day* (1900 date system)."""
    return (day - EXCEL_FIRST_DAY).days


def spelled(chance: Chance, day: date) -> Cell:
    """Return *day* as text in one of the spellings of people; only one that is not ISO is a defect."""
    text = chance.pick(_SPELLINGS).format(y=day.year, m=day.month, d=day.day, short=day.year % 100)
    return Cell(shown=text, true=day.isoformat(), kind=None if text == day.isoformat() else "date_spelling")


def impossible(chance: Chance, day: date) -> Cell:
    """Return a day that no calendar has, typed instead of *day*."""
    month = chance.pick((2, 13, 14))
    text = f"{day.year}-{month:02}-{chance.number(30, 31)}"
    return Cell(shown=text, true=day.isoformat(), kind="date_impossible")


def in_workbook(chance: Chance, day: date) -> Cell:
    """Return *day* as a workbook holds it: a real date, text, a bare serial number, or nonsense."""
    kind = chance.weigh({"": 0.5, "date_spelling": 0.38, "date_serial": 0.09, "date_impossible": 0.03})
    if kind == "date_spelling":
        return spelled(chance, day)
    if kind == "date_impossible":
        return impossible(chance, day)
    if kind == "date_serial":
        return Cell(shown=serial(day), true=day.isoformat(), kind=kind)
    return Cell(shown=day, true=day.isoformat())


def as_text(chance: Chance, day: date, *, dirty: float) -> Cell:
    """Return *day* as text; *dirty* is the share (0..1) of other spellings than ``YYYY-MM-DD hh:mm:ss``."""
    if chance.often(dirty):
        return impossible(chance, day) if chance.often(0.05) else spelled(chance, day)
    moment = datetime.combine(day, time(chance.number(8, 18), chance.number(0, 59), chance.number(0, 59)))
    return Cell(shown=moment.strftime("%Y-%m-%d %H:%M:%S"), true=day.isoformat())
