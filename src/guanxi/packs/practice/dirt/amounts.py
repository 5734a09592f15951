"""Amounts of money that are negative, words, a hundred times too large or in another unit."""

from decimal import Decimal

from guanxi.packs.practice.cells import Cell
from guanxi.packs.practice.chance import Chance

_CENT = Decimal("0.01")


def order_amount(chance: Chance, amount: Decimal) -> Cell:
    """Return the total of an order in yuan, as text, sometimes wrong; *amount* is the sum of its lines."""
    kind = chance.weigh(
        {
            "": 0.86,
            "amount_negative": 0.03,
            "amount_text": 0.05,
            "amount_hundredfold": 0.03,
            "amount_total_differs": 0.03,
        }
    )
    off = Decimal(chance.number(1, 9) * 100)
    shown = {
        "": str(amount),
        "amount_negative": str(-amount),
        "amount_text": chance.pick(
            (f"￥{amount:,}", f"{amount}元", f"{amount / 10000:.4f}万", "待定", "见合同")
        ),
        "amount_hundredfold": str(amount * 100),
        "amount_total_differs": str(amount + off),
    }
    return Cell(shown=shown[kind], true=str(amount), kind=kind or None)


def turnover(chance: Chance, yuan: Decimal) -> Cell:
    """Return a turnover for a column in 万元: mostly a number, sometimes text, negative or in yuan."""
    in_ten_thousand = (yuan / 10000).quantize(_CENT)
    kind = chance.weigh(
        {
            "": 0.80,
            "amount_text": 0.11,
            "amount_negative": 0.03,
            "amount_unit": 0.03,
            "amount_hundredfold": 0.03,
        }
    )
    shown: dict[str, str | float] = {
        "": float(in_ten_thousand),
        "amount_text": chance.pick((f"{in_ten_thousand}万", f"约{in_ten_thousand}", f"￥{yuan:,}", "未知")),
        "amount_negative": float(-in_ten_thousand),
        "amount_unit": float(yuan),
        "amount_hundredfold": float(in_ten_thousand * 100),
    }
    return Cell(shown=shown[kind], true=str(in_ten_thousand), kind=kind or None)
