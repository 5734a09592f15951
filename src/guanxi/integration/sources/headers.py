"""Which row names the columns, and names for the columns that are unique."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from guanxi.integration.sources.base import ROW_COLUMN
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import say

ROWS_TO_LOOK_AT = 40
_WORDS = re.compile(
    r"名称|姓名|单位|公司|客户|电话|手机|邮箱|地址|日期|时间|编号|编码|代码|金额|数量|单价|备注|状态|类型|行业|联系|负责|"
    r"部门|区域|省份|城市|序号|"
    r"name|phone|tel|mobile|mail|address|date|time|\bid\b|_id|code|amount|price|status|type|account|company|"
    r"city|contact|customer",
    re.IGNORECASE,
)
_DATUM = re.compile(r"[-+]?[\d.,%:/\-\s¥￥$]+|.*\d{5,}.*|[^@\s]+@[^@\s]+", re.DOTALL)
_LONG = 40  # characters; a heading is shorter

Cells = Sequence[str | None]


def find_header(rows: Sequence[Cells]) -> int | None:
    """Return the index in *rows* of the row that names the columns, or None when the first row is data.

    Each of the first 40 rows is scored: how much of the table's width it fills with distinct short words
    that are no numbers, whether it uses words headers use, and whether what follows looks different.
    """
    rows = rows[:ROWS_TO_LOOK_AT]
    width = max((len(_filled(row)) for row in rows), default=0)
    if not width:
        return None
    first_data = next((index for index in range(len(rows)) if _is_data(rows, index, width)), len(rows))
    scores = [_score(rows, index, width) for index in range(first_data)]
    best = max(range(len(scores)), key=lambda index: scores[index], default=None)
    return best if best is not None and scores[best] > 0 else None


def unique_names(header: Iterable[str | None], *, limit: int) -> tuple[str, ...]:
    """Return one name per column: spaces trimmed, empty ones numbered, repeated ones made ``电话 (2)``.

    More than *limit* columns are refused.
    """
    given = list(header)
    if len(given) > limit:
        raise Refused(
            say(
                "the table has {columns} columns, more than the {limit} allowed; "
                "check the separator, or raise the option max_columns",
                columns=len(given),
                limit=limit,
            )
        )
    used = {ROW_COLUMN.casefold()}  # databases and people do not tell `Name` from `name`
    times: Counter[str] = Counter()
    return tuple(_unique(value, position, used, times) for position, value in enumerate(given, start=1))


def _unique(value: str | None, position: int, used: set[str], times: Counter[str]) -> str:
    plain = " ".join((value or "").replace("\0", "").split()) or f"column {position}"
    name = plain
    while name.casefold() in used:
        times[plain.casefold()] += 1
        name = f"{plain} ({times[plain.casefold()] + 1})"
    used.add(name.casefold())
    return name


def _filled(row: Cells) -> list[str]:
    return [value.strip() for value in row if value and value.strip()]


def _is_data(rows: Sequence[Cells], index: int, width: int) -> bool:
    """Tell whether the row is surely a data row: no header comes after it."""
    return len(_filled(rows[index])) >= 0.6 * width and _data_share(rows, index) > 0.3


def _data_share(rows: Sequence[Cells], index: int) -> float:
    filled, longest = _filled(rows[index]), math.inf if _asks(rows, index) else _LONG
    return sum(1 for value in filled if _DATUM.fullmatch(value) or len(value) > longest) / len(filled)


def _asks(rows: Sequence[Cells], index: int) -> bool:
    """Tell whether the row holds whole questions, as exports of questionnaires do.

    Most of it is longer than a heading and more than twice as long as what stands below.
    """
    below = rows[index + 1 : index + 6]
    long = {place: len(value) for place, value in enumerate(rows[index]) if value and len(value) > _LONG}
    if not below or 2 * len(long) <= len(_filled(rows[index])):
        return False
    answered = sum(
        all(2 * len(row[place] or "") < length for row in below if len(row) > place)
        for place, length in long.items()
    )
    return 2 * answered > len(long)


def _score(rows: Sequence[Cells], index: int, width: int) -> float:
    filled = _filled(rows[index])
    if not filled:
        return -1.0
    distinct = len(set(filled)) / width
    words = sum(1 for value in filled if len(value) <= _LONG and _WORDS.search(value)) / len(filled)
    data = _data_share(rows, index)
    if distinct < 0.5 or data > 0.3:
        return -1.0
    return distinct + words + _contrast(rows, index) - 2 * data - 0.02 * index - (0.8 if not words else 0.0)


def _contrast(rows: Sequence[Cells], index: int) -> float:
    """Return the share of columns that hold words in this row and data in the rows below it."""
    below = rows[index + 1 : index + 6]
    columns = [
        position
        for position, value in enumerate(rows[index])
        if value and any(len(row) > position and _is_datum(row[position]) for row in below)
    ]
    return len(columns) / max(1, len(_filled(rows[index])))


def _is_datum(value: str | None) -> bool:
    return bool(value and _DATUM.fullmatch(value.strip()))
