"""Where data comes from: spreadsheets, delimited files, databases and web services, each in one file.

Every kind looks cheaply (`inspect`) and reads fully (`read`) into Parquet, all columns as text exactly as
understood. Every row of the source is either in a table or in quarantine with its row number and a reason.
"""

import sys
from typing import Any

from guanxi.integration.sources.base import (
    QUARANTINE_FILE,
    ROW_COLUMN,
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    receipt_from_json,
)
from guanxi.integration.sources.filenames import FileName, safe_file_name
from guanxi.integration.sources.quarantine import REASONS
from guanxi.integration.sources.sniffing import kind_for
from guanxi.kernel.registry import Registry, collect

# The family itself is abstract; collect makes its concrete children only.
SOURCE_KINDS: Registry[SourceKind[Any]] = collect(
    "source kind",
    sys.modules[__name__],
    SourceKind,  # type: ignore[type-abstract]
)

__all__ = [
    "QUARANTINE_FILE",
    "REASONS",
    "ROW_COLUMN",
    "SOURCE_KINDS",
    "FileName",
    "ReadReceipt",
    "Remark",
    "SourceKind",
    "TableOutline",
    "TableReceipt",
    "kind_for",
    "receipt_from_json",
    "safe_file_name",
]
