"""Rows that belong to nobody: tests somebody left behind, and people who cannot be known."""

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance

TEST_NAMES = ("测试", "测试客户", "test", "aaa", "111", "测试公司123", "勿删测试", "ceshi")
TEST_NUMBERS = ("13800000000", "11111111111", "12345678901", "13888888888")
UNKNOWN_CALLERS = ("不详", "未留名", "客户未报公司名", "", "路人", "某厂", "?")


def trial_name(chance: Chance) -> Cell:
    """Return a name somebody typed to try the form."""
    return Cell(shown=chance.pick(TEST_NAMES), true=None, kind="test_row")


def trial_number(chance: Chance) -> Cell:
    """Return a number somebody typed to try the form."""
    return Cell(shown=chance.pick(TEST_NUMBERS), true=None)
