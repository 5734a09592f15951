"""Which column of a source is which field of ours: suggested, explained, corrected once and remembered."""

from guanxi.integration.mapping.applying import map_columns
from guanxi.integration.mapping.mappings import ColumnMapping, TableMapping
from guanxi.integration.mapping.memory import Memory, Remembered, fingerprint
from guanxi.integration.mapping.suggesting import suggest
from guanxi.integration.mapping.values import value_map
from guanxi.integration.mapping.words import with_words

__all__ = [
    "ColumnMapping",
    "Memory",
    "Remembered",
    "TableMapping",
    "fingerprint",
    "map_columns",
    "suggest",
    "value_map",
    "with_words",
]
