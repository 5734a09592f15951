"""Reading divisions off the front of an address, level by level, for whole columns at once."""

from functools import cache

import polars as pl

from guanxi.integration.standards.tables import built

BETWEEN = " -_—,，、/|·:：>;.?"
# A stem before one of these is the name of something else: 杭州路, 南京东路, 平湖街道, 朝阳医院. Provinces
# and cities are doubted before a road only (路桥, 镇海 and 镇江 are places themselves).
_TURNS = "[东西南北中一二三四五六七八九十新老]{0,2}"
_ROAD = rf"^{_TURNS}(?:路(?:[^桥]|$)|街|大道|巷|弄|公路|高速)|^(?:村|乡|镇(?:[^海江]|$))"
_THING = (
    rf"^{_TURNS}(?:路|街|道|大道|巷|弄|公路|高速)|^(?:里|立交|大桥|村|镇|乡|"
    r"小区|花园|花苑|家园|公寓|广场|大厦|大楼|酒店|宾馆|饭店|医院|大学|学院|中学|小学|银行|公司|"
    r"商城|商厦|市场|中心|机场|火车|车站|港|湾|山|河|湖|桥|门|城|苑|店|馆)"
)
_STEPS = 10  # 省市区, said twice, with placeholders between


@cache
def _moves() -> pl.DataFrame:
    """Return the moves of each context by the first two characters of their names, the longest name first."""
    return (
        built("moves")
        .sort(pl.col("name").str.len_chars(), descending=True)
        .group_by(key=pl.col("context") + "|" + pl.col("name").str.head(2), maintain_order=True)
        .agg("name", "target", "sure")
    )


def read_chain(text: pl.Series) -> pl.DataFrame:
    """Return for each text the division it begins with (``code``, "" when none) and the ``rest`` behind it.

    A text that begins with none is its own rest, unchanged.
    """
    start = text.fill_null("").str.strip_chars_start(BETWEEN).str.replace(r"^(?:中国|中华人民共和国)", "")
    rows = pl.DataFrame({"rest": start}).with_row_index("at").with_columns(code=pl.lit(""))
    finished = []
    for _ in range(_STEPS):
        moved = _step(rows)
        finished.append(rows.join(moved, on="at", how="anti"))
        rows = moved
        if rows.is_empty():
            break
    rest = (
        pl.when(pl.col("code") == "")
        .then(pl.lit(text))
        .otherwise(pl.col("rest").str.strip_chars_start(BETWEEN))
    )
    return pl.concat([*finished, rows]).sort("at").select("code", rest.alias("rest"))


def _step(rows: pl.DataFrame) -> pl.DataFrame:
    """Take one name off the front of each rest; return only the rows where there was one."""
    bare = pl.col("rest").str.strip_chars_start(BETWEEN)
    return (
        rows.with_columns(bare=bare)
        .with_columns(key=pl.col("code") + "|" + pl.col("bare").str.head(2))
        .join(_moves(), on="key", how="inner", maintain_order="left")
        .explode("name", "target", "sure")
        .filter(pl.col("bare").str.starts_with(pl.col("name")))
        .with_columns(after=pl.col("bare").str.slice(pl.col("name").str.len_chars()))
        .filter(pl.col("sure") | ~_named_after())
        .unique("at", keep="first", maintain_order=True)
        .select("at", rest="after", code="target")
    )


def _named_after() -> pl.Expr:
    """Tell whether what follows a stem shows that a road or a house is named after the place."""
    city = pl.col("target").str.len_chars() <= 4
    after = pl.when(~pl.col("sure")).then("after")
    return pl.when(city).then(after.str.contains(_ROAD)).otherwise(after.str.contains(_THING))
