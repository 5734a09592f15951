"""The unit that a column's header names, put behind the numbers that have none of their own."""

import polars as pl

_OURS = r"(?i)rmb|cny|人民币"
_OWN = r"(?i)\d[)\s]*[十百千万亿萬億块角]|[元圆€£₩円a-df-z]|美金|港币|台币|英镑|法郎"
_LAST_NUMBER = r"(\d\)?)([^\d)]*)$"


def in_unit(text: pl.Expr, unit: str) -> pl.Expr:
    """Return cells of a column whose header names a *unit* (万元) with it behind their last number.

    约5 and ￥12.5 are meant in it as 12.5 is; 3.2万, 500元, 5k and USD 5 say themselves what they are.
    """
    own = text.str.replace_all(_OURS, "").str.contains(_OWN)
    return pl.when(own).then(text).otherwise(text.str.replace(_LAST_NUMBER, f"${{1}}{unit}${{2}}"))
