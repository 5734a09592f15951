"""Which names may follow which: the small machine that reads 浙江 → 杭州 → 萧山 off the front of an address.

A *move* leads from a context (nothing yet, a province, a city, a district) over a name to a
division. Names are full ones (杭州市), ones with another ending (萧山市 for what is 萧山区 today), stems
(杭州), repetitions of what was said before, and former names of districts that were merged.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import polars as pl

from guanxi.integration.standards.tables import typed

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺|各"
)
_ETHNIC = re.compile(rf"(?:(?:{_PEOPLES})族)+(?=自治)|(?<!内)(?:蒙古|哈萨克|柯尔克孜|维吾尔)(?=自治)")
_ENDING = re.compile(r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|林区|特区|新区|省|市|区|县|旗|盟)$")
_ISLANDS = (
    "台湾省",
    "香港特别行政区",
    "澳门特别行政区",
)  # their districts are read only behind their own names
_PLACEHOLDERS = ("市辖区", "其它区", "其他区", "null", "NULL")
_FULL, _FORMER, _AGAIN, _OTHER_ENDING, _STEM = range(5)  # the smaller the surer


def stem(name: str) -> str:
    """Return *name* without its ending and without the names of peoples: 景宁畲族自治县 becomes 景宁."""
    bare = _ENDING.sub("", _ETHNIC.sub("", name))
    return bare if len(bare) > 1 else name


def moves_between(divisions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the moves (context, name, target, sure) and the extra divisions that they lead to.

    *divisions* has code, level, province, city, district. Extra divisions are former districts (with what
    lies there now in ``present``) and names borne by several districts when the city is not known.
    """
    rows = divisions.to_dicts()
    former = _former(rows)
    extra = [*former, *_shared([*rows, *former])]
    best: dict[tuple[str, str], tuple[int, str]] = {}
    for context, name, target, kind in _all(rows, extra):
        if (len(name) > 1 and (context, name) not in best) or best.get((context, name), (9, ""))[0] > kind:
            best[context, name] = (kind, target)
    table = [
        {"context": context, "name": name, "target": target, "sure": kind != _STEM}
        for (context, name), (kind, target) in best.items()
    ]
    return pl.DataFrame(table), pl.DataFrame(extra, infer_schema_length=None)


def _all(rows: list[dict[str, str]], extra: list[dict[str, str]]) -> Iterator[tuple[str, str, str, int]]:
    contexts = {row["code"]: row for row in rows if row["level"] != "district"}
    provinces = {row["province"]: row["code"] for row in rows if row["level"] == "province"}
    cities = {(row["province"], row["city"]): row["code"] for row in rows if row["level"] == "city"}
    for row in contexts.values():
        name = row["city"] or row["province"]
        above = ["", provinces.get(row["province"], "")] if row["level"] == "city" else [""]
        for context in dict.fromkeys(above):
            yield from _spellings(context, name, row["code"])
    for row in contexts.values():
        yield from _repetitions(row)
    for row in [*rows, *extra]:
        if row["level"] in ("district", "former"):
            city, province = cities.get((row["province"], row["city"] or "")), provinces.get(row["province"])
            yield from _district_moves(row, [place for place in (city, province) if place])
        if row["level"] == "former":
            yield from _successors(row, rows)
        if row["level"] == "shared":
            yield provinces.get(row["province"] or "", ""), row["district"], row["code"], _OTHER_ENDING
    yield from _unique_names(rows, extra)


def _spellings(context: str, name: str, target: str) -> Iterator[tuple[str, str, str, int]]:
    short = stem(name)
    yield context, name, target, _FULL
    yield context, short, target, _STEM
    for ending in ("省", "自治区") if len(target) == 2 else ("市", "地区", "州"):
        yield context, short + ending, target, _OTHER_ENDING
    if name.startswith("内蒙古"):
        yield context, "内蒙", target, _STEM


def _repetitions(row: dict[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """Yield the names that may come again without leading anywhere."""
    for name in {row["province"], row["city"] or row["province"]}:
        yield row["code"], name, row["code"], _AGAIN
        yield row["code"], stem(name), row["code"], _STEM
    for name in _PLACEHOLDERS:
        yield row["code"], name, row["code"], _AGAIN


def _district_moves(row: dict[str, str], contexts: list[str]) -> Iterator[tuple[str, str, str, int]]:
    name, code, former = row["district"], row["code"], row["level"] == "former"
    for context in contexts[:1]:
        yield context, name, code, _FORMER if former else _FULL
        if not former or stem(name) not in (stem(row["city"] or ""), "郊"):
            yield from _district_spellings(context, name, row)
    for again in {row["province"], row["city"], name} - {None}:
        yield code, again, code, _AGAIN
    for _, again, _, kind in _district_spellings("", name, row):
        if kind == _OTHER_ENDING:
            yield code, again, code, kind


def _district_spellings(context: str, name: str, row: dict[str, str]) -> Iterator[tuple[str, str, str, int]]:
    short = stem(name)
    if len(short) < 2 or short == name or short == stem(row["city"] or row["province"]):
        return
    yield context, short, row["code"], _STEM
    for ending in ("市", "县", "区"):
        yield context, short + ending, row["code"], _OTHER_ENDING


def _successors(former: dict[str, str], rows: list[dict[str, str]]) -> Iterator[tuple[str, str, str, int]]:
    """Yield the moves from a former district to those that hold its area today: 绍兴县柯桥区."""
    present = former["present"].split("/")
    for row in rows:
        if row["city"] == former["city"] and row["district"] in present:
            yield former["code"], row["district"], row["code"], _FULL


def _unique_names(
    rows: list[dict[str, str]], extra: list[dict[str, str]]
) -> Iterator[tuple[str, str, str, int]]:
    """Yield the district names that need no city: only one district of the country or province bears them."""
    provinces = {row["province"]: row["code"] for row in rows if row["level"] == "province"}
    owners: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for row in [*rows, *extra]:
        if row["level"] not in ("district", "former") or row["province"] in _ISLANDS:
            continue
        kind = _FULL if row["level"] == "district" else _FORMER
        for context in {"", provinces.get(row["province"], "")}:
            owners[context, row["district"], kind].add(row["code"])
            for _, name, code, other in _district_spellings(context, row["district"], row):
                owners[context, name, other].add(code)
    for (context, name, kind), codes in owners.items():
        if len(codes) == 1:
            yield context, name, next(iter(codes)), kind


def _former(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the districts that are no more, as divisions of their city."""
    cities = {row["city"]: row for row in rows if row["level"] == "city"}
    taken = {(row["city"], row["district"]) for row in rows}
    return [
        {
            **cities[line["city"]],
            "code": f"{cities[line['city']]['code']}:{line['former']}",
            "level": "former",
            "district": line["former"],
            "present": line["present"],
        }
        for line in typed("abolished").to_dicts()
        if (line["city"], line["former"]) not in taken
    ]


def _shared(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the district names that several cities use, once for the country and once for each province."""
    bearers: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for row in rows:
        if row["level"] in ("district", "former") and row["province"] not in _ISLANDS:
            bearers[None, row["district"]].add(row["code"])
            bearers[row["province"], row["district"]].add(row["code"])
    return [
        {
            "code": f"{province or ''}~{name}",
            "level": "shared",
            "province": province,
            "city": None,
            "district": name,
        }
        for (province, name), codes in bearers.items()
        if len(codes) > 1
    ]
