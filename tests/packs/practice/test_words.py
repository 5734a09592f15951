"""The hand-typed word lists agree with the published tables and with each other."""

import csv
import unicodedata

from opencc import OpenCC

from guanxi.packs.practice.words.brands import BRAND_FIRST, LOOK_ALIKES, TRADITIONAL, traditional
from guanxi.packs.practice.words.people import split_pinyin
from guanxi.packs.practice.words.places import CITIES, SALES_REGIONS
from guanxi.packs.practice.words.trades import TRADES


def test_every_city_and_district_exists_under_its_code(shared_data):
    folder = shared_data / "divisions"
    with (folder / "areas.csv").open(encoding="utf-8") as lines:
        districts = {(row["cityCode"], row["name"]) for row in csv.DictReader(lines)}
    with (folder / "cities.csv").open(encoding="utf-8") as lines:
        cities = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    for city in CITIES:
        assert cities[city.code[:4]] in {city.name, "市辖区"}
        for district in city.districts:
            assert (city.code[:4], district) in districts, (city.name, district)


def test_every_area_code_is_the_one_of_its_city(shared_data):
    text = (shared_data / "names" / "landline_phone_area_code.txt").read_text(encoding="utf-8")
    published = dict(line.split()[:2] for line in text.splitlines() if line.strip())
    # The table gives 0431 to 吉林市 and forgets 长春; 株洲 has shared 0731 with 长沙 since 2009.
    differently_listed = {"长春", "株洲"}
    for city in CITIES:
        assert city.short in published[city.area_code] or city.short in differently_listed, city.name


def test_every_industry_is_a_division_of_the_standard(shared_data):
    with (shared_data / "industry" / "gbt4754_2017.csv").open(encoding="utf-8") as lines:
        divisions = {
            row["section"] + row["division"]: row["name"].strip()
            for row in csv.DictReader(lines)
            if row["level"] == "2"
        }
    for trade in TRADES:
        assert divisions[trade.code] == trade.industry


def test_every_sales_region_has_cities():
    assert {city.sales_region for city in CITIES} == set(SALES_REGIONS)
    assert len(CITIES) >= 60
    assert len({city.short for city in CITIES}) == len(CITIES)


def test_traditional_characters_come_back_as_the_simplified_ones():
    back = OpenCC("t2s")
    assert {han: form for han, form in TRADITIONAL.items() if back.convert(form) != han or han == form} == {}
    assert traditional("广东华联") == "廣東華聯"


def test_every_brand_character_has_pinyin_and_a_look_alike():
    for word in BRAND_FIRST:
        han, pinyin = split_pinyin(word)
        assert len(han) == 1
        assert pinyin.isascii()
        assert LOOK_ALIKES[han] != han
        assert unicodedata.category(LOOK_ALIKES[han]) == "Lo"
