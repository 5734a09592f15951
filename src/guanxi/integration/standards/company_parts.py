"""What a company's name is made of: place, brand, trade, legal form, branch, numbers."""

from functools import cache

import polars as pl

from guanxi.integration.standards.chains import read_chain
from guanxi.integration.standards.company_words import (
    BRACKETED_FORMS,
    BRANCH_ENDS,
    COMPANY_FORMS,
    LATIN_FORMS,
    LIMITED_FORMS,
    OTHER_FORMS,
    TRADE_PATTERN,
)
from guanxi.integration.standards.numerals import whole_number
from guanxi.integration.standards.tables import built

_COMPANY = "|".join(COMPANY_FORMS)
_ENDS = "|".join(BRANCH_ENDS)
_LIMITED = "|".join(LIMITED_FORMS)
_LIMITED_BRANCH = rf"^(.{{2,}}?(?:{_LIMITED}))([^（）]{{2,}}.*)$"
_COMPANY_BRANCH = rf"^(.{{2,}}?(?:总公司|公司))(.*(?:{_ENDS}))$"
_BANK_BRANCH = r"^(.*银行)(.+(?:分行|支行|分理处|储蓄所|营业部))$"
_NUMBERED_BRANCH = rf"^(.{{4,}}?)(第[一二三四五六七八九十百零〇两\d]+(?:{_ENDS}))$"
_FORM = rf"({_COMPANY}|{'|'.join((*BRACKETED_FORMS, *OTHER_FORMS))})$"
_REMOVED_FORM = rf"（?(?:{_COMPANY}|{'|'.join(BRACKETED_FORMS)})）?$"
_BRACKETED = r"（([^（）]{2,10})）"
_BRANDS = ("东方",)  # a city of Hainan, and the name of thousands of companies elsewhere
_LATIN_FORM = rf"[ ]+((?:(?:{LATIN_FORMS})[., ]*)+)$"
_NUMBER = r"[一二三四五六七八九十百零〇两\d]+"
_COUNTED = "分公司|分店|分厂|支行|分行|门市|店|厂|号|部|院|校|中学|小学|队|站|处|公司|车间|期"
_NUMERAL = rf"第{_NUMBER}|{_NUMBER}(?:{_COUNTED})|\d+"
_DIGITS = "^(?:0|[1-9][0-9]*)(?:,(?:0|[1-9][0-9]*))*$"
_SIGN = r"[\p{L}\p{N}]"
_WITHOUT_BRANCH = "^[^限]*有限公司$"


def name_parts(column: pl.Series) -> pl.DataFrame:
    """Take standard company names apart; *column* holds values of the standard ``company_name``.

    Returns as many rows, all columns String and null where the name has no such part:

    - ``region`` as written (杭州市) and ``region_code`` (GB/T 2260, 2, 4 or 6 digits);
    - ``brand`` (字号), ``trade``, ``legal_form``;
    - ``branch``: what follows the legal form of the parent (第一分公司);
    - ``numerals``: the numbers in the name as digits, joined by commas (第十二门市部 gives 12);
    - ``core``: small letters without legal form, brackets, signs and the ending of the region; the region
      stands in front, the branch behind: 华联（杭州）有限公司 and 杭州市华联有限公司 both give 杭州华联;
    - ``core_without_region``: the same without the region, or with it where less than two characters or only
      a trade would be left.
    """
    rows = pl.DataFrame({"name": column.cast(pl.String).str.to_lowercase()})
    odd = pl.when(~pl.col("name").str.contains(_WITHOUT_BRANCH)).then("name")
    read = rows.lazy().with_columns(odd=odd).with_columns(split=_split(pl.col("odd")))
    read = read.with_columns(
        head=pl.coalesce(pl.col("split").struct.field("1"), "name"), branch=pl.col("split").struct.field("2")
    )
    read = read.with_columns(legal_form=_form(pl.col("head")), body=_without_form(pl.col("head")))
    rows = read.select("name", "branch", "legal_form", "body").collect()
    rows = pl.concat([rows, _regions(rows["body"])], how="horizontal")
    rows = rows.with_columns(rest=_flat(pl.col("rest")), tail=_flat(pl.col("branch")).fill_null(""))
    return _finished(rows.with_columns(numerals=_numerals(rows["name"])))


def _split(name: pl.Expr) -> pl.Expr:
    """Return a struct of the parent's name (1) and the branch (2), nulls when the name is not a branch's."""
    limited, company, bank = (
        name.str.extract_groups(p) for p in (_LIMITED_BRANCH, _COMPANY_BRANCH, _BANK_BRANCH)
    )
    company_is = company.struct.field("1").is_not_null() & ~company.struct.field("2").str.contains(
        f"^(?:{_COMPANY})$"
    )
    return (
        pl.when(limited.struct.field("1").is_not_null())
        .then(limited)
        .when(company_is & ~name.str.contains(f"(?:{_LIMITED})$"))
        .then(company)
        .when(bank.struct.field("1").is_not_null())
        .then(bank)
        .otherwise(_formless(name))
    )


def _formless(name: pl.Expr) -> pl.Expr:
    """Split a branch whose parent is written without its legal form: 远升商贸第二分公司, 远升商贸襄阳分公司."""
    numbered = name.str.extract_groups(_NUMBERED_BRANCH)
    return (
        pl.when(numbered.struct.field("1").is_not_null())
        .then(numbered)
        .otherwise(name.str.extract_groups(_placed_branch()))
    )


@cache
def _placed_branch() -> str:
    cities = built("divisions").filter(pl.col("code").str.len_chars() == 4)["stem"].drop_nulls().unique()
    places = "|".join(sorted((each for each in cities.to_list() if len(each) >= 2), key=len, reverse=True))
    return rf"^(.{{4,}}?)((?:{places})市?(?:{_ENDS}))$"


def _form(head: pl.Expr) -> pl.Expr:
    bare = head.str.replace_all("[（）]", "")
    latin = head.str.replace_all(r"[（）(),]", " ").str.extract(_LATIN_FORM, 1).str.strip_chars(" .,")
    return pl.coalesce(bare.str.extract(_FORM, 1), latin)


def _without_form(head: pl.Expr) -> pl.Expr:
    """Return *head* without its legal form, also one in brackets: （有限合伙）."""
    han = head.str.replace(_REMOVED_FORM, "")
    bare = pl.when(han.str.contains(_SIGN)).then(han).otherwise(head)
    latin = bare.str.replace_all(r"[,，]", " ").str.replace(_LATIN_FORM, "")
    return pl.when(latin.str.contains(_SIGN)).then(latin).otherwise(bare)


def _flat(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[^\p{L}\p{N}]+", "")


@cache
def _places() -> pl.DataFrame:
    """Return the names that stand for one place of the country, with its code."""
    moves = built("moves").filter((pl.col("context") == "") & ~pl.col("target").str.contains("~"))
    return moves.select(inside="name", inside_code=pl.col("target").str.split(":").list.first())


@cache
def _stems() -> pl.DataFrame:
    full = pl.coalesce("district", "city", "province")
    return built("divisions").select("code", "stem", full=full)


def _regions(body: pl.Series) -> pl.DataFrame:
    """Return the columns region, code, stem, rest: the place in front of the name or in its brackets."""
    nation = body.str.starts_with("中国").fill_null(value=False)
    rows = read_chain(body.set(nation, "")).with_columns(body=body)
    rows = rows.with_columns(rest=pl.when(pl.col("code") == "").then("body").otherwise("rest"))
    rows = _without_doubtful(rows).with_columns(inside=pl.col("body").str.extract(_BRACKETED, 1))
    rows = rows.join(_places(), on="inside", how="left", maintain_order="left")
    bracket = (pl.col("code") == "") & pl.col("inside_code").is_not_null()
    rows = rows.with_columns(
        region=pl.when(bracket).then("inside").when(pl.col("code") != "").then(_front()),
        rest=pl.when(bracket).then(pl.col("rest").str.replace(_BRACKETED, "")).otherwise("rest"),
        code=pl.when(bracket).then("inside_code").otherwise("code"),
    )
    stems = _stems().select("code", "stem")
    return rows.join(stems, on="code", how="left", maintain_order="left").select(
        "region", "code", "stem", "rest"
    )


def _without_doubtful(rows: pl.DataFrame) -> pl.DataFrame:
    """Take back regions that are more likely a brand: 平安 and 长安 are districts too, 东方 is a city."""
    rows = rows.join(_stems().select("code", "full"), on="code", how="left", maintain_order="left")
    alone = (pl.col("code").str.len_chars() == 6) & pl.col("full").str.starts_with(_front())
    bare_district = ~_front().str.contains("[市区县旗]$") & pl.col("full").str.ends_with("区")
    doubtful = (alone & (bare_district | _front().is_in(_BRANDS))).fill_null(value=False)
    return rows.with_columns(
        code=pl.when(doubtful).then(pl.lit("")).otherwise("code"),
        rest=pl.when(doubtful).then("body").otherwise("rest"),
    )


def _front() -> pl.Expr:
    return pl.col("body").str.head(pl.col("body").str.len_chars() - pl.col("rest").str.len_chars())


def _finished(rows: pl.DataFrame) -> pl.DataFrame:
    """Join the parts to the two cores and name brand and trade."""
    trade = pl.col("rest").str.extract(rf"^.{{2,}}?({TRADE_PATTERN}+)$", 1)
    stem = pl.col("stem").fill_null("")
    bare = pl.col("rest").fill_null("")
    telling = (bare.str.len_chars() >= 2) & ~bare.str.contains(f"^{TRADE_PATTERN}+$")
    core = stem + bare + pl.col("tail")
    # 瑞昌仪器: a county's short name before nothing but a trade is the brand, not a place.
    a_brand = ~telling & (pl.col("code").str.len_chars() == 6) & ~pl.col("region").str.contains("[市区县旗]$")
    a_place = ~a_brand.fill_null(value=False)
    return (
        rows.lazy()
        .select(
            region=pl.when(a_place).then("region"),
            region_code=pl.when(pl.col("code").str.contains(r"^\d{2,6}$") & a_place).then("code"),
            brand=_or_null(bare.str.head(bare.str.len_chars() - trade.str.len_chars().fill_null(0))),
            trade=trade,
            legal_form="legal_form",
            branch="branch",
            numerals="numerals",
            core=_or_null(pl.when(pl.col("name").is_not_null()).then(core)),
            core_without_region=_or_null(
                pl.when(pl.col("name").is_not_null() & telling).then(bare + pl.col("tail")).otherwise(core)
            ),
        )
        .collect()
    )


def _or_null(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _numerals(name: pl.Series) -> pl.Series:
    """Return the numbers of each name as digits, joined by commas, null when there are none."""
    found = name.str.extract_all(_NUMERAL).list.join(",").str.replace_all("第", "", literal=True)
    plain = found.str.contains(_DIGITS)
    distinct = found.filter((found != "") & ~plain).unique()
    digits = [",".join(_digits(part) for part in value.split(",")) for value in distinct.to_list()]
    read = found.replace_strict(
        distinct, pl.Series(digits, dtype=pl.String), default=None, return_dtype=pl.String
    )
    return found.zip_with(plain, read)


def _digits(text: str) -> str:
    bare = "".join(sign for sign in text if sign in "一二三四五六七八九十百零〇两0123456789")
    number = whole_number(bare)
    return bare if number is None else str(number)
