"""Industries left empty or said in everyday words."""

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance
from guanxi.packs.practice.words.trades import Trade


def industry(chance: Chance, trade: Trade) -> Cell:
    """Return the industry of *trade*: its name or code in GB/T 4754-2017, an everyday word, or nothing."""
    kind = chance.weigh({"": 0.42, "code": 0.05, "industry_colloquial": 0.33, "industry_missing": 0.20})
    if kind == "industry_missing":
        return Cell(shown=chance.pick((None, None, "", "无", "其他")), true=trade.code, kind=kind)
    if kind == "industry_colloquial":
        return Cell(shown=chance.pick(trade.colloquial), true=trade.code, kind=kind)
    return Cell(shown=trade.code if kind == "code" else trade.industry, true=trade.code)
