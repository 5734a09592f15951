"""Names of people: 张三, 欧阳娜娜, 买买提·吐尔逊, Anna Smith; titles, remarks and numbers taken off."""

from functools import cache
from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.integration.standards.tables import typed
from guanxi.kernel.text import say

_TITLES = (
    r"先生|女士|小姐|太太|同志|总经理|副总经理|副总裁|总裁|副总|总监|总工程师|总工|经理|副经理|主管|主任|副主任|董事长|董事|厂长|店长|校长|院长|"
    r"局长|处长|科长|部长|所长|站长|队长|组长|班长|秘书|助理|会计|出纳|采购|销售|老师|教授|博士|医生|大夫|护士|律师|工程师|师傅|老板|老板娘|"
    r"总|工|董|处|局|姐|哥|叔|阿姨|收"
)
_TITLE = rf"[ ,、(（]*((?:{_TITLES})+)[)）]*$"
_ADDRESS = r"(?i)^(mr|mrs|ms|miss|dr|prof)[. ]+"
_SEPARATOR = r"[/、,，;；|&+]|\s+(?:和|及|与)\s+"


class PersonName(Standard):
    """The bare name: no blanks between Han characters, no title; an unknown family name is doubted."""

    name = "person_name"
    settles = True
    reasons: ClassVar[Reasons] = {
        "person_title": say("a title stood beside the name: {note}"),
        "person_family_only": say("there is only a family name"),
        "person_family_unknown": say("the name does not begin with a known Chinese family name"),
        "person_long": say("the name is unusually long; it may not be a person's"),
        "person_company": say("this looks like the name of a company or a department"),
        "person_digits": say("there was a number beside the name: {note}"),
        "person_several": say("several people stand in one cell; the first is kept, the others are {note}"),
        "person_remark": say("a remark stood beside the name: {note}"),
        "person_letters": say("a name holds letters"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        read = rows.lazy().with_columns(whole=_labelled(pl.col("text")))
        read = read.with_columns(
            digits=pl.col("whole").str.extract(r"(\+?\d[\d\-]{3,}\d)", 1),
            wordy=pl.col("whole").str.replace_all(r"\+?\d[\d\- ]*", " ").str.strip_chars(" -:,/、"),
        )
        read = read.with_columns(
            remark=pl.col("wordy")
            .str.extract_all(r"[(（【\[][^()（）】\]]*[)）】\]]")
            .list.join(" ")
            .str.strip_chars("()（）【】[] "),
            bare=pl.col("wordy")
            .str.replace_all(r"[(（【\[][^()（）】\]]*[)）】\]]", " ")
            .str.strip_chars(" "),
        )
        read = read.with_columns(
            first=pl.col("bare").str.replace(rf"(?:{_SEPARATOR}).*$", ""),
            others=pl.col("bare").str.extract(rf"(?:{_SEPARATOR})(.+)$", 1).str.strip_chars(" "),
        )
        read = read.with_columns(title=_title(pl.col("first")), value=_joined(_untitled(pl.col("first"))))
        return _judged(read)


def _judged(rows: pl.LazyFrame) -> pl.DataFrame:
    value = pl.col("value")
    han = value.str.contains(r"^\p{Han}+$")
    length = value.str.len_chars()
    company = value.str.contains(
        r"公司|集团|有限|工厂|商行|中心|部门|事业部|财务部|采购部|销售部|前台|仓库|客服"
    )
    known = value.str.contains(_families())
    family_only = han & value.str.contains(f"{_families()}$") & (length <= 2)
    return decide(
        rows.with_columns(value=pl.when(value.str.contains(r"\p{L}")).then(value)),
        value,
        rejected("person_letters", value.is_null()),
        suspect("person_company", company),
        suspect("person_several", pl.col("others").is_not_null(), pl.col("others")),
        suspect("person_family_only", family_only, pl.col("title")),
        suspect("person_long", (han & (length > 4)) | (length > 40)),
        suspect("person_family_unknown", han & ~known),
        changed("person_digits", pl.col("digits").is_not_null(), pl.col("digits")),
        changed("person_title", pl.col("title").is_not_null(), pl.col("title")),
        changed("person_remark", pl.col("remark") != "", pl.col("remark")),
    )


@cache
def _families() -> str:
    """Return a pattern for a known family name at the beginning."""
    lines = typed("surnames")["surnames"].to_list()
    double = "|".join(lines[-1].split())
    return f"^(?:{double}|[{''.join(lines[:-1])}])"


def _labelled(text: pl.Expr) -> pl.Expr:
    return text.str.replace(r"^(?:联系人|姓名|负责人|经办人|收货人|收件人)\s*[:：]\s*", "")


def _title(name: pl.Expr) -> pl.Expr:
    """Return the title behind (张三经理) or in front (Mr. Smith), null when there is none or nothing else."""
    behind = name.str.extract(_TITLE, 1)
    enough = name.str.replace(_TITLE, "").str.len_chars() >= 1
    single = behind.str.len_chars() == 1
    plausible = ~single | (name.str.len_chars() == 2) | name.str.contains(r"[ (（]\p{Han}[)）]*$")
    return pl.coalesce(pl.when(enough & plausible).then(behind), name.str.extract(_ADDRESS, 1))


def _untitled(name: pl.Expr) -> pl.Expr:
    bare = (
        pl.when(_title(name).is_not_null())
        .then(name.str.replace(_TITLE, "").str.replace(_ADDRESS, ""))
        .otherwise(name)
    )
    return bare.str.strip_chars(" ,、-:.。;'\"")


def _joined(name: pl.Expr) -> pl.Expr:
    """Return *name* without blanks beside Han characters and with one kind of middle dot."""
    dotted = name.str.replace_all(r"\s*[•・‧∙⋅.]\s*(\p{Han})", "·$1").str.replace_all(r"\s*·\s*", "·")
    return dotted.str.replace_all(r"(\p{Han}) +", "$1").str.replace_all(r" +(\p{Han})", "$1")
