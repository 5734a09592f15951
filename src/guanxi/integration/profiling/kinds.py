"""What kind of value a column holds, told from the values alone."""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from guanxi.integration.profiling.findings import Guess

# The family names of 85 of 100 people in China (Ministry of Public Security, name report 2020), and the
# commonest compound ones.
_FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武戚莫孔向汤尤施洪包左"
    "温康殷庞樊兰倪俞章鲁葛齐牛岳辛耿关焦管柳甘祝欧房梅柯聂裴翟童霍凌"
)
_REGION = "(?:省|市|自治区|区|县|旗|州)"
_PLACE = r"(?:路|街|大道|道|巷|弄|村|镇|乡|号|栋|幢|室|楼|园|广场)"

# From the most special to the most general: the first kind that fits nearly as well as the best one wins.
PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "email": r"^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$",
        "url": r"(?i)^(?:https?://|www\.)\S+$",
        "credit_code": r"(?i)^[1-9AHJNY][0-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$",
        "mobile": r"^(?:\+?(?:00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?:\.0)?$",
        "phone": (
            r"^(?:\+?86[- ]?)?(?:[(（]?0[0-9]{2,3}[)）]?[- —]?[0-9]{7,8}|[48]00[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}"
            r"|[0-9]{4}[- ][0-9]{4})(?:[-—转*x#, ]+[0-9]{1,6})?$"
        ),
        "date": (
            r"^(?:(?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?(?:[ T][0-9]{1,2}:[0-9]{2}.*)?"
            r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
            r"|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)?[0-9]{2})$"
        ),
        "money": (
            r"(?i)^-?(?:(?:[¥￥$€]|RMB|CNY|USD)\s?[0-9][0-9,]*(?:\.[0-9]+)?"
            r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
            r"|[0-9]+\.[0-9]{2}|[0-9][0-9,]*(?:\.[0-9]+)?\s?[(（]?(?:元|万元|万|亿|亿元|RMB|CNY|USD|美元|万美元).*)$"
        ),
        "whole_number": r"^[-+]?[0-9]+$",
        "decimal": r"^[-+]?[0-9]*\.?[0-9]+$",
        "address": rf"{_REGION}.*{_PLACE}|{_PLACE}[0-9０-９]+|.(?:路|街|巷|弄|大道).*号",
        "company": (
            r"(?i)(?:公司|集团|厂|合作社|事务所|研究院|研究所|银行|医院|商行|经营部|工作室|分店|门市部)(?:[（(].+[)）])?$"
            r"|\b(?:ltd|inc|llc|gmbh|corp|limited|co)\.?$"
        ),
        "person": (
            rf"^(?:[{_FAMILY_NAMES}]\p{{Han}}{{1,2}}|\p{{Han}}{{1,3}}(?:先生|女士|小姐|经理|老师)|\p{{Han}}总)$"
        ),
        "yes_no": r"(?i)^(?:是|否|有|无|对|错|已|未|√|×|y|n|yes|no|true|false)$",
    }
)

_FITS, _NEARLY = 0.6, 0.1
_SAMPLE = 100_000
_CATEGORIES, _ROWS_PER_CATEGORY = 60, 3


def guess_kinds(counts: pl.DataFrame) -> tuple[Guess, ...]:
    """Return the kinds at least one value fits, best first.

    *counts* holds one row per distinct filled value: ``value`` and ``count``. Of more than 100,000 distinct
    values every n-th is judged, which is exact to about 0.003.
    """
    counts = counts.gather_every(1 + counts.height // _SAMPLE)
    total = counts["count"].sum()
    if not total:
        return ()
    value = pl.col("value").str.strip_chars()
    shares = counts.select(
        [
            (value.str.contains(pattern) * pl.col("count")).sum().truediv(total).alias(kind)
            for kind, pattern in PATTERNS.items()
        ]
    ).row(0, named=True)
    guesses = [Guess(kind=kind, share=round(share, 4)) for kind, share in shares.items() if share]
    return tuple(sorted(guesses, key=lambda guess: -guess.share))


def choose_kind(guesses: tuple[Guess, ...], *, distinct: int, filled: int) -> Guess:
    """Return the kind the column is taken for; *distinct* and *filled* count values and rows.

    A kind must fit 6 of 10 filled rows. Where none does, a few values that repeat are a category, the rest
    is free text.
    """
    best = guesses[0].share if guesses else 0.0
    if best >= _FITS:
        near = {guess.kind: guess for guess in guesses if guess.share >= best - _NEARLY}
        return next(near[kind] for kind in PATTERNS if kind in near)
    if filled and distinct <= _CATEGORIES and distinct * _ROWS_PER_CATEGORY <= filled:
        return Guess(kind="category", share=1.0)
    return Guess(kind="free_text" if filled else "empty", share=1.0)
