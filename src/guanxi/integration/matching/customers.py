"""The model for Chinese customers, companies and persons, as data.

What equality of names proves was counted in 1,101,272 registered companies: the name without legal form,
brackets and width belongs to two companies in 0.02 % of cases while it keeps its place, and in 10 % once
the place is gone. So the core with its place is a key, and without it only evidence: two records that
share nothing but such a core (客户A and 客户A有限公司) are put before a steward however long the list is, and
any second agreement (telephone, e-mail, person, address, city) lets the model join them.
"""

from functools import partial

import polars as pl

from guanxi.integration.matching.agreement import Alike, Either, Equal, Every, Has, Known, Not, Unopposed
from guanxi.integration.matching.customer_evidence import COMPARISONS
from guanxi.integration.matching.pinyin import in_pinyin
from guanxi.integration.matching.settings import (
    Block,
    ExactKey,
    Feature,
    MatchSettings,
    Veto,
)
from guanxi.kernel.text import say

MOST_BEARERS = 10
"""How many rows may bear a name so that the name alone is worth a steward's look."""

_PERSONS = Has("kind", "person", both=True)
_NO_PERSON = Not(Has("kind", "person"))
_SAME_PERSON = Every(  # names of two or three characters are soon similar, and a household shares a mobile
    (
        Equal("core_sound"),
        Either((Equal("mobile"), Equal("phone"), Equal("email"), Every((Equal("address"), Known("city"))))),
    )
)
_SAME_LINE = Either(tuple(map(Equal, ("mobile", "phone", "email", "registration_number", "address"))))
_SAME_COMPANY = Every(  # one contact person serves many companies, and neighbours share a street
    (
        _NO_PERSON,
        Either(
            (
                Not(Known("core")),
                *map(Equal, ("core_bare", "core_sound", "brand")),
                Alike("core_bare", 0.6),
                _SAME_LINE,
            )
        ),
    )
)

_FACTS = (
    *("credit_code", "registration_number", "mobile", "phone", "email", "person"),
    *("address", "district", "city", "province"),
)
_SAME_BARE_NAME = Every((Equal("few_core"), Not(_PERSONS), *map(Unopposed, _FACTS)))


def _first_known(rows: pl.DataFrame, *, columns: tuple[str, ...]) -> pl.Series:
    return rows.select(pl.coalesce(columns)).to_series()


def _area(rows: pl.DataFrame) -> pl.Series:
    """Return the city, or the place in the name where no city is known, without 省 and 市."""
    return rows.select(pl.coalesce("city", "region").str.replace(r"[省市]$", "")).to_series()


def _few_core(rows: pl.DataFrame) -> pl.Series:
    """Return the core where few rows bear it: a name that dozens bear says nothing about two of them."""
    return rows.select(pl.when(pl.len().over("core") <= MOST_BEARERS).then("core")).to_series()


def _sound(rows: pl.DataFrame, *, column: str) -> pl.Series:
    return in_pinyin(rows[column])


def _family_name(rows: pl.DataFrame) -> pl.Series:
    """Return the first character of the person's name: what 李先生 and 李世萍 share."""
    return rows["person"].str.head(1)


def _part(rows: pl.DataFrame, *, start: int, length: int) -> pl.Series:
    return rows["core_bare"].str.slice(start, length)


def _prefecture_in_name(rows: pl.DataFrame) -> pl.Series:
    """Return the prefecture (GB/T 2260, 4 digits) of the place in the name; a province alone says none.

    Where only the place as written is known, that, without 市.
    """
    code = pl.col("region_code")
    return rows.select(
        pl.when(code.str.len_bytes() >= 4)
        .then(code.str.slice(0, 4))
        .when(code.is_null())
        .then(pl.col("region").str.strip_suffix("市"))
    ).to_series()


def _address_numbers(rows: pl.DataFrame) -> pl.Series:
    """Return the digits of the address where there are at least two: one digit alone says too little."""
    digits = pl.col("address").str.replace_all(r"[^0-9]", "")
    return rows.select(pl.when(digits.str.len_bytes() > 1).then(digits)).to_series()


def _email_digits(rows: pl.DataFrame) -> pl.Series:
    """Return the digits of the e-mail address: sales1@ and sales2@ are two addresses, not one mistyped."""
    return rows.select(pl.col("email").str.replace_all(r"[^0-9]", "")).to_series()


def _family_number(rows: pl.DataFrame) -> pl.Series:
    """Return the customer number within its family of sources: the source's name up to the first "/"."""
    family = pl.col("source").str.split("/").list.first()
    return rows.select(pl.concat_str(family, "customer_number", separator="/")).to_series()


_FEATURES = (
    Feature(
        name="core", reads=("name_core", "name"), make=partial(_first_known, columns=("name_core", "name"))
    ),
    Feature(
        name="core_bare",
        reads=("name_core_bare", "name_core", "name"),
        make=partial(_first_known, columns=("name_core_bare", "name_core", "name")),
    ),
    Feature(name="few_core", reads=("core",), make=_few_core),
    Feature(name="core_sound", reads=("core",), make=partial(_sound, column="core")),
    Feature(name="family_name", reads=("person",), make=_family_name),
    Feature(name="person_sound", reads=("person",), make=partial(_sound, column="person")),
    Feature(name="area", reads=("city", "region"), make=_area),
    Feature(name="beginning", reads=("core_bare",), make=partial(_part, start=0, length=2)),
    Feature(name="prefecture_in_name", reads=("region", "region_code"), make=_prefecture_in_name),
    Feature(name="middle", reads=("core_bare",), make=partial(_part, start=1, length=3)),
    Feature(name="address_numbers", reads=("address",), make=_address_numbers),
    Feature(name="email_digits", reads=("email",), make=_email_digits),
    Feature(name="family_number", reads=("source", "customer_number"), make=_family_number),
)

_BLOCKS = (
    Block(name="credit code", columns=("credit_code",), chained=True),
    Block(name="registration number", columns=("registration_number",), chained=True),
    Block(name="customer number in the same source", columns=("family_number",), chained=True),
    Block(name="mobile", columns=("mobile",), split_by=("core", "person")),
    Block(name="telephone", columns=("phone",), split_by=("core", "person")),
    Block(name="e-mail", columns=("email",), split_by=("core", "person")),
    Block(name="name core", columns=("core",), split_by=("mobile", "city"), chained=True),
    Block(name="name core without place", columns=("core_bare",), split_by=("area", "district")),
    Block(name="sound of the name", columns=("core_sound",), split_by=("area", "district")),
    Block(
        name="beginning of the name and place", columns=("beginning", "area"), split_by=("district", "middle")
    ),
    Block(name="middle of the name and place", columns=("middle", "area"), split_by=("district", "person")),
    Block(name="person and place", columns=("person", "area"), split_by=("district", "beginning")),
    Block(
        name="house number and place", columns=("address_numbers", "area"), split_by=("district", "person")
    ),
)

_EXACT_KEYS = (
    ExactKey(name="credit_code", when=Equal("credit_code"), says=say("the valid credit codes are equal")),
    ExactKey(
        name="customer_number",
        when=Equal("family_number"),
        says=say("the customer numbers of the same kind of source are equal"),
    ),
    ExactKey(
        name="mobile_and_name",
        when=Every((Equal("mobile"), Equal("core"), _NO_PERSON)),
        says=say("mobile number and name are equal"),
    ),
    ExactKey(
        name="name_with_place",
        when=Every((Equal("core"), Known("region"), _NO_PERSON)),
        says=say("the names are equal, with their place, apart from the legal form"),
    ),
    ExactKey(
        name="email_and_name",
        when=Every(
            (Equal("email"), _NO_PERSON, Either((Equal("core_bare"), Equal("brand"), Alike("core", 0.8))))
        ),
        says=say("the e-mail addresses are equal and the names similar"),
    ),
    ExactKey(
        name="mobile_and_person",
        when=Every((_PERSONS, Equal("mobile"), Equal("core_sound"))),
        says=say("the same person by mobile number and name"),
    ),
    ExactKey(
        name="mobile_and_contact",
        when=Every((Equal("mobile"), Equal("family_name"), Not(Known("core")))),
        says=say("the mobile number and the person are equal, and one side names nobody else"),
    ),
)

_VETOES = (
    Veto(  # of 54 such pairs among 20,308 registered companies, neighbours and branches all, none was one customer
        name="credit_codes_differ",
        column="credit_code",
        says=say("two different valid credit codes"),
        conclusive=True,
    ),
    Veto(name="branch", column="branch", unknown_counts=True, says=say("one is a branch of the other")),
    Veto(
        name="numerals_differ",
        column="numerals",
        unknown_counts=True,
        says=say("the numerals in the names differ"),
    ),
    Veto(  # 客户A reads like a person's name until its legal form is there
        name="kinds_differ", column="kind", says=say("one is a company, the other a person"), guessed=True
    ),
    Veto(
        name="cities_differ",
        column="city",
        unless_equal=("credit_code", "mobile"),
        says=say("the cities differ"),
    ),
    Veto(
        name="places_in_names_differ",
        column="prefecture_in_name",
        unless_equal=("credit_code", "address"),
        says=say("the places in the names differ"),
    ),
)

CUSTOMERS = MatchSettings(
    name="customers",
    comparisons=COMPARISONS,
    blocks=_BLOCKS,
    exact_keys=_EXACT_KEYS,
    vetoes=_VETOES,
    features=_FEATURES,
    training_blocks=(("mobile",), ("core",), ("email",), ("person", "area")),
    needed_to_join=Either((_SAME_COMPANY, _SAME_PERSON)),
    worth_a_look=_SAME_BARE_NAME,
    least_agreeing=2,
)
