"""What packs and plug-ins may import; whatever is not named here may change without notice.

A pack is TOML first. Where it needs code, the code imports from this module alone: the words of the product
(messages, errors, labels), the contracts of the kinds one can add (field types, functions, kinds of sources,
data standards), and the data door with the values it takes and gives.
"""

from guanxi.expressions.function import Function, Meaning, Moment
from guanxi.expressions.kinds import Kind
from guanxi.expressions.syntax import EVERYTHING, Expression
from guanxi.identity.actor import Actor
from guanxi.integration.sources.base import (
    ReadReceipt,
    Remark,
    SourceKind,
    TableOutline,
    TableReceipt,
    remark,
)
from guanxi.integration.sources.writing import Quarantine, TableFile
from guanxi.integration.standards.base import Judged, Rule, Standard, changed, decide, rejected, suspect
from guanxi.kernel.errors import (
    Conflict,
    Failed,
    GuanxiError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Refused,
    Terminal,
    Transient,
    UnknownName,
)
from guanxi.kernel.text import Message, say
from guanxi.metadata.field_types.base import FieldType, Part, Unacceptable, is_blank, unacceptable
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Choice, Field, ObjectType
from guanxi.records.reading import Asked, Count, Page, Record, count, find, get
from guanxi.records.writing import create, delete, restore, update
from guanxi.store.transactions import Transaction

__all__ = [
    "EVERYTHING",
    "Actor",
    "Asked",
    "Choice",
    "Conflict",
    "Count",
    "Expression",
    "Failed",
    "Field",
    "FieldType",
    "Function",
    "GuanxiError",
    "Invalid",
    "Judged",
    "Kind",
    "Label",
    "Meaning",
    "Message",
    "Moment",
    "NotAllowed",
    "NotFound",
    "ObjectType",
    "Page",
    "Part",
    "Problem",
    "Quarantine",
    "ReadReceipt",
    "Record",
    "Refused",
    "Remark",
    "Rule",
    "SourceKind",
    "Standard",
    "TableFile",
    "TableOutline",
    "TableReceipt",
    "Terminal",
    "Transaction",
    "Transient",
    "Unacceptable",
    "UnknownName",
    "changed",
    "count",
    "create",
    "decide",
    "delete",
    "find",
    "get",
    "is_blank",
    "rejected",
    "remark",
    "restore",
    "say",
    "suspect",
    "unacceptable",
    "update",
]
