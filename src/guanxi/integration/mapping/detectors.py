"""What the values of a column look like, by simple patterns: the share of samples that fit each kind."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
    "倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻"
)
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|"
    "贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_YES_NO = frozenset(("是", "否", "yes", "no", "y", "n", "true", "false", "对", "错", "有", "无", "√", "×"))
_FOR_NOTHING = frozenset(
    ("", "-", "--", "—", "/", "无", "null", "none", "n/a", "na", "nan", "未知", "暂无", "nil")
)


def _shape(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.fullmatch(text) is not None


def _holds(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.search(text) is not None


_DIALLED = re.compile(r"[\s()\-–—+.]")
_MOBILE = _shape(r"(?:0?0?86)?1[3-9]\d{9}(?:0(?=$))?")
_LANDLINE = _shape(r"(?:0?0?86)?(?:0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7})(?:\D{1,3}\d{1,6})?")
_COMPANY = _holds(
    r"公司|集团|厂$|商行|商店|[^\d]店$|门市|经营部|中心$|合作社|事务所|医院|学校|大学|学院|银行|研究[院所]|工作室|"
    r"\b(?:ltd|inc|llc|gmbh|corp|co|plc|company|limited|group)\b\.?"
)
_ADDRESS = _holds(
    r"(?:[省市区县旗镇乡村].*|^[\u4e00-\u9fff]{2,6})(?:路|街|道|巷|弄|号|栋|幢|室|层|村|镇|乡|园|大厦|广场)|"
    r"\d+\s+[\w\s]+\b(?:street|st|road|rd|avenue|ave|lane|drive|place)\b"
)
_LATIN_NAME = _shape(r"[A-Z][a-z'.-]+(?:\s+[A-Z][a-z'.-]*\.?){0,3}")

DETECTORS: Mapping[str, Callable[[str], bool]] = {
    "mobile": lambda text: _MOBILE(_DIALLED.sub("", text.removesuffix(".0"))),
    "landline": lambda text: (
        not _MOBILE(_DIALLED.sub("", text)) and _LANDLINE(re.sub(r"[\s()\-–—+]", "", text))
    ),
    "email": _shape(r"\S+@\S+\.?\S+"),
    "url": _shape(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org)(?:/\S*)?"),
    "credit_code": _shape(r"(?=.*[a-z]|9)[0-9a-z]{2}\d{6}[0-9a-z]{10}"),
    "registration_number": _shape(r"\d{13}|\d{15}"),
    "date": _shape(
        r"(?:19|20)\d\d\s*(?:[-/.年])\s*\d{1,2}(?:\s*[-/.月]\s*\d{1,2}\s*日?)?(?:[T\s]*\d{1,2}[:：时].*)?|"
        r"(?:19|20)\d\d[01]\d[0-3]\d|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d(?:\s.*)?|"
        r"\d{1,2}[-\s][a-z]{3,9}[-\s,]+\d{4}|[二一][〇零九][〇零一二三四五六七八九]{2}年.*"
    ),
    "money": _shape(
        r"[-+(]?\s*(?:[¥$€£]|rmb|cny|usd)\s*[\d,.]+\s*[万亿]?元?\)?|[-+]?[\d,.]+\s*\(?[万亿百千]*(?:元|人民币|美元|\().*"
    ),
    "number": _shape(r"[-+]?\d[\d,]*(?:\.\d+)?"),
    "whole": _shape(r"\d{1,10}(?:\.0)?"),
    "percent": _shape(r"[-+]?[\d.]+\s*%"),
    "yes_no": lambda text: text.lower() in _YES_NO,
    "company": _COMPANY,
    "person": lambda text: (
        (
            2 <= len(text) <= 4
            and text[0] in _SURNAMES
            and not _COMPANY(text)
            and not re.search(r"[^\u4e00-\u9fff]", text)
        )
        or (_LATIN_NAME(text) and not _COMPANY(text))
    ),
    "address": _ADDRESS,
    "province": _shape(rf"(?:{_PROVINCES})(?:省|市|.{{0,3}}自治区|特别行政区)?"),
    "city": _shape(r"[\u4e00-\u9fff]{2,7}(?:市|州|盟|地区)"),
    "district": _shape(r"[\u4e00-\u9fff]{1,9}[区县旗市]"),
    "code": _shape(r"[a-z]{1,6}[-_]?\d[\da-z-]*|\d{4,20}"),
    "structure": _shape(r"[\[{].*[\]}]"),
}
"""For each kind of value, whether one text (half-width, trimmed) looks like it."""


@dataclass(frozen=True)
class Look:
    """What samples look like: how many are filled, the share of each kind, how they vary, their length."""

    filled: int
    shares: Mapping[str, float]
    distinct: tuple[str, ...]
    mean_length: float

    def share(self, *kinds: str) -> float:
        """Return the share of samples of the commonest of *kinds*, 0 to 1."""
        return max((self.shares.get(kind, 0.0) for kind in kinds), default=0.0)

    @property
    def repeats(self) -> bool:
        """Tell whether few values come again and again, as categories do."""
        return (
            bool(self.filled) and len(self.distinct) <= max(3, self.filled * 0.5) and self.mean_length <= 16
        )


def look_at(samples: Sequence[str | None]) -> Look:
    """Return what *samples* look like; words for nothing (``-``, ``无``, ``N/A``) count as empty."""
    texts = [text for text in (_tidy(each) for each in samples) if text.lower() not in _FOR_NOTHING]
    count = len(texts)
    shares = {kind: sum(map(fits, texts)) / count for kind, fits in DETECTORS.items() if count}
    return Look(count, shares, tuple(dict.fromkeys(texts)), sum(map(len, texts)) / count if count else 0.0)


def _tidy(sample: str | None) -> str:
    return unicodedata.normalize("NFKC", sample or "").strip()[:500]
