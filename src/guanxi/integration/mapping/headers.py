"""Headers brought to one spelling, so that ``custName``, ``CUST_NAME`` and ``Customer name`` are one word."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

_BRACKETS = re.compile(r"[(\[{【<《〈「『][^)\]}】>》〉」』]*[)\]}】>》〉」』]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_./\\|:;,*#?!'\"、，。：；？！·\-—]+")
_TRAILING_DIGITS = re.compile(r"(?<=[^\d\s])\d+$")
_TYPE_LETTERS = re.compile(r"^(?:[a-z] )+(?=.)")  # cCusName, dCusDate: old systems put the type in front
_HAN = re.compile(r"[\u3400-\u9fff]")
_UNIT = re.compile(r"(亿元|千万元|百万元|万元|千元|亿|万)(?:人民币)?[)）\]】]?$")

_ABBREVIATIONS = {
    "acc": "account", "acct": "account", "add": "address", "addr": "address", "adr": "address",
    "amt": "amount", "biz": "business", "cat": "category", "cd": "code", "clt": "client",
    "cntct": "contact", "co": "company", "comp": "company", "cont": "contact", "corp": "company",
    "crt": "created", "cus": "customer", "cust": "customer", "dept": "department", "desc": "description",
    "dist": "district", "dt": "date", "emp": "employees", "eng": "engineer", "fname": "first name",
    "ind": "industry", "lname": "last name", "lst": "last", "lvl": "level", "mgr": "manager",
    "mob": "mobile", "nbr": "number", "nm": "name", "no": "number", "nr": "number", "num": "number",
    "ord": "order", "org": "organization", "ph": "phone", "phn": "phone", "pos": "position",
    "prod": "product", "prov": "province", "qty": "quantity", "reg": "registration", "rem": "remark",
    "rmk": "remark", "src": "source", "stat": "status", "sts": "status", "tckt": "ticket",
    "tel": "telephone", "tkt": "ticket", "tot": "total", "ttl": "total", "typ": "type", "upd": "updated",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def normal(header: str) -> str:
    """Return *header* in one spelling: small letters, words in full, no brackets, marks or numbering."""
    text = _BRACKETS.sub(" ", unicodedata.normalize("NFKC", header))
    text = _SEPARATORS.sub(" ", _CAMEL.sub(" ", text)).strip().casefold()
    text = _TYPE_LETTERS.sub("", text)
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in text.split())
    if _HAN.search(text):
        text = text.replace(" ", "")
    return _TRAILING_DIGITS.sub("", text) or text


def unit_of(header: str) -> str:
    """Return the unit of money a header names (``累计金额(万元)`` → ``万元``), '' for none."""
    found = _UNIT.search(unicodedata.normalize("NFKC", header).strip())
    if found is None:
        return ""
    return found[1] if found[1].endswith("元") else found[1] + "元"


@lru_cache(maxsize=20_000)  # every column mapped asks for the same words of the catalog
def romanised(word: str) -> tuple[str, str]:
    """Return the pinyin of *word* and its initials: 客户名称 → ``kehumingcheng``, ``khmc``."""
    syllables = lazy_pinyin(word)
    return "".join(syllables), "".join(each[:1] for each in syllables)


def has_han(text: str) -> bool:
    """Tell whether *text* holds a Chinese character."""
    return _HAN.search(text) is not None
