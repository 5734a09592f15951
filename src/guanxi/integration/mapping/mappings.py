"""What a mapping is: for each column of one table, the field it becomes, why, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from guanxi.kernel.errors import UnknownName
from guanxi.kernel.text import Message, say


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """One column and the field it becomes.

    ``target`` is ``object.field``, '' when the column is not taken over. ``part`` names the piece of a
    compound field the column holds (``province`` of an address, ``family`` of a name). ``unit`` is put behind
    numbers without one of their own (万元). ``values`` maps what the source writes to what we keep; ``unmapped``
    lists sample values that have no choice yet. ``confidence`` runs from 0 to 1.
    """

    column: str
    target: str = ""
    part: str = ""
    standard: str = ""
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unmapped: tuple[str, ...] = ()
    confidence: float = 0.0
    reason: Message = field(default_factory=lambda: say("no field is known by this name"))
    alternatives: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return target and part as one word: ``customer.address:province``."""
        return f"{self.target}:{self.part}" if self.part else self.target


@dataclass(frozen=True, kw_only=True)
class TableMapping:
    """All columns of one table.

    ``main`` names the object each row is; ``objects`` all objects a row speaks of, the main one first.
    ``key`` names the column that identifies a row inside the source, ``changed_at`` the one that says when
    the source changed it; '' where there is none.
    """

    table: str
    main: str
    objects: tuple[str, ...]
    columns: tuple[ColumnMapping, ...]
    key: str = ""
    changed_at: str = ""

    def column(self, name: str) -> ColumnMapping:
        """Return the mapping of the column *name*; raise `UnknownName`."""
        for each in self.columns:
            if each.column == name:
                return each
        raise UnknownName(f"column of {self.table}", name, [each.column for each in self.columns])

    def taken(self, target: str) -> tuple[ColumnMapping, ...]:
        """Return the columns that become *target*, several where each holds a part."""
        return tuple(each for each in self.columns if each.target == target)

    @property
    def targets(self) -> tuple[str, ...]:
        """Return every field that gets a value, in the order of the columns, each once."""
        return tuple(dict.fromkeys(each.target for each in self.columns if each.target))

    def corrected(self, name: str, **changes: Any) -> "TableMapping":
        """Return the mapping with a person's word on one column; another with the same field gives way.

        The changes are attributes of `ColumnMapping`: ``corrected("tel", target="customer.mobile")``.
        """
        said = {"confidence": 1.0, "reason": say("chosen by a person"), **changes}
        chosen = replace(self.column(name), **said)
        columns = (chosen if each.column == name else _giving_way(each, chosen) for each in self.columns)
        return replace(self, columns=tuple(columns))


def _giving_way(column: ColumnMapping, to: ColumnMapping) -> ColumnMapping:
    if not to.target or column.path != to.path:
        return column
    reason = say("{field} comes from the column {column}", field=to.path, column=to.column)
    return ColumnMapping(column=column.column, reason=reason, alternatives=(column.path,))


def mapping_to_data(mapping: TableMapping) -> dict[str, Any]:
    """Return *mapping* as plain tables, ready for TOML or JSON; what is empty is left out."""
    return {
        "table": mapping.table,
        "main": mapping.main,
        "objects": list(mapping.objects),
        "key": mapping.key,
        "changed_at": mapping.changed_at,
        "column": [_column_to_data(each) for each in mapping.columns],
    }


def mapping_from_data(data: Mapping[str, Any]) -> TableMapping:
    """Return the mapping that `mapping_to_data` made *data* of."""
    return TableMapping(
        table=data["table"],
        main=data["main"],
        objects=tuple(data["objects"]),
        key=data.get("key", ""),
        changed_at=data.get("changed_at", ""),
        columns=tuple(_column_from_data(each) for each in data["column"]),
    )


def _column_to_data(column: ColumnMapping) -> dict[str, Any]:
    said = {"text": column.reason.template, "values": dict(column.reason.values)}
    whole = {
        "column": column.column,
        "target": column.target,
        "part": column.part,
        "standard": column.standard,
        "unit": column.unit,
        "values": dict(column.values),
        "unmapped": list(column.unmapped),
        "confidence": column.confidence,
        "reason": said,
        "alternatives": list(column.alternatives),
    }
    return {
        name: value for name, value in whole.items() if name == "column" or value not in ("", {}, [], 0.0)
    }


def _column_from_data(data: Mapping[str, Any]) -> ColumnMapping:
    said = data["reason"]
    return ColumnMapping(
        column=data["column"],
        target=data.get("target", ""),
        part=data.get("part", ""),
        standard=data.get("standard", ""),
        unit=data.get("unit", ""),
        values=MappingProxyType(dict(data.get("values", {}))),
        unmapped=tuple(data.get("unmapped", ())),
        confidence=float(data.get("confidence", 0.0)),
        reason=Message(said["text"], MappingProxyType(dict(said["values"]))),
        alternatives=tuple(data.get("alternatives", ())),
    )
