"""Objects and their fields: what tables, forms, lists and mappings are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from guanxi.kernel.errors import UnknownName
from guanxi.metadata.labels import Label


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a select field; a retired one stays readable but is not offered."""

    value: str
    label: Label
    colour: str = ""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """One fact an object keeps.

    ``type`` names a field type; the options below it are read by the types that need them.
    ``length`` is in characters; ``minimum`` and ``maximum`` in the field's own unit. ``repeats`` names the objects
    and fields (``object.field``; ``*``: whatever sources bring) whose values are copied into this one: it is hidden
    from who may not read all of those. ``kept`` says that the product itself keeps the value: no form, cell or list
    changes it.
    """

    name: str
    type: str
    label: Label
    help: Label = Label()
    required: bool = False
    unique: bool = False
    indexed: bool = False
    searchable: bool = False
    key: bool = False  # counted in the completeness of key fields
    standard: str = ""
    default: Any = None
    initial: Any = None  # what a record entered by hand begins with: a value, "today", "now" or "me"
    length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    scale: int | None = None
    currency: str = ""
    choices: tuple[Choice, ...] = ()
    target: str = ""
    pattern: str = ""
    repeats: tuple[str, ...] = ()
    kept: bool = False
    pack: str = ""
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class ObjectType:
    """One kind of record: a real table with a real column per field.

    ``title`` names the field a record is called by, ``number`` the field people quote ('' when there is none).
    ``parent`` names the lookup to the record this one belongs to (order line -> order). ``kept`` says that the product
    itself keeps all its records: people change them where the work is done, and read them everywhere else.
    """

    name: str
    label: Label
    plural: Label
    title: str
    number: str = ""
    parent: str = ""
    icon: str = "table"
    help: Label = Label()
    kept: bool = False
    pack: str = ""
    retired: bool = False
    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))

    def field(self, name: str) -> Field:
        """Return the field called *name*, system fields included; raise `UnknownName`."""
        found = self.fields.get(name) or SYSTEM_FIELDS.get(name)
        if found is None:
            raise UnknownName(f"field of {self.name}", name, [*self.fields, *SYSTEM_FIELDS])
        return found

    @property
    def live_fields(self) -> tuple[Field, ...]:
        """Return the fields in use, in their order, without the system fields."""
        return tuple(each for each in self.fields.values() if not each.retired)

    @property
    def open_fields(self) -> tuple[Field, ...]:
        """Return what people and sources may fill: the fields in use, and who the record belongs to."""
        return (*self.live_fields, SYSTEM_FIELDS[OWNER])

    def lookups_to(self, target: str) -> tuple[Field, ...]:
        """Return the lookup fields that point to the object *target*."""
        return tuple(each for each in self.live_fields if each.type == "lookup" and each.target == target)


def _system(name: str, type_: str, en: str, zh: str, *, indexed: bool = False) -> Field:
    return Field(name=name, type=type_, label=Label(en=en, zh=zh), indexed=indexed, pack="system")


def _by_name(*fields: Field) -> Mapping[str, Field]:
    return MappingProxyType({each.name: each for each in fields})


OWNER = "owner"
"""The one field of the system that people and sources may fill."""
SYSTEM_FIELDS = _by_name(
    _system("id", "whole_number", "Record", "记录号"),
    _system(OWNER, "user", "Owner", "负责人"),
    _system("created_at", "date_time", "Created", "创建时间"),
    _system("created_by", "user", "Created by", "创建人"),
    _system("updated_at", "date_time", "Changed", "更新时间", indexed=True),
    _system("updated_by", "user", "Changed by", "更新人"),
)
"""Fields every record has and nobody writes directly, except its owner."""

USER = ObjectType(
    name="user",
    label=Label(en="Person", zh="人员"),
    plural=Label(en="People", zh="人员"),
    title="name",
    icon="user",
    pack="system",
    fields=_by_name(
        _system("name", "text", "Name", "姓名"),
        _system("login", "text", "Login", "登录名"),
        _system("department", "text", "Department", "部门"),
        _system("email", "email", "E-mail", "邮箱"),
    ),
)
"""The people who work here, as lookups and lists see them; `identity` alone changes them."""
