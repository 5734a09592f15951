"""One stored value as JSON and back: what the journal writes and reads again.

Text, whole numbers, yes/no, lists and JSON stay what they are. Exact numbers become their decimal text (a
JSON number would pass through binary floating point in many readers), days ``2024-05-21`` and moments
ISO 8601 in UTC.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from guanxi.metadata.field_types.base import ColumnType


def to_json(value: Any, column: ColumnType) -> Any:
    """Return the JSON form of *value*, stored in a column of type *column*; None stays None."""
    if value is None:
        return None
    match column:
        case "numeric":
            return format(value, "f")
        case "date":
            return value.isoformat()
        case "timestamptz":
            return value.astimezone(UTC).isoformat()
        case "text[]" | "bigint[]":
            return list(value)
        case _:
            return value


def from_json(stored: Any, column: ColumnType) -> Any:
    """Return the column value that `to_json` made *stored* of.

    Also reads what PostgreSQL's ``to_jsonb`` writes, where exact numbers are JSON numbers.
    """
    if stored is None:
        return None
    match column:
        case "numeric":
            return Decimal(str(stored))
        case "date":
            return date.fromisoformat(stored)
        case "timestamptz":
            return datetime.fromisoformat(stored).astimezone(UTC)
        case "text[]" | "bigint[]":
            return list(stored)
        case _:
            return stored
