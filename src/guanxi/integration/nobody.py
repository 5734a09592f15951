"""Names that name nobody: trials somebody left behind, callers who stayed unknown, kinds of customers."""

from collections.abc import Mapping

import polars as pl

from guanxi.kernel.text import Message, say

REASONS: Mapping[str, Message] = {
    "name_of_a_trial": say("typed to try the form out; it names nobody"),
    "name_of_nobody": say("the words say that the customer is unknown"),
    "name_of_a_kind": say("the words say what kind of customer it is, not who"),
}

# Whole names only: 北京测试技术有限公司 is a company, 某某 and 无名 inside a longer name are brands.
_TRIAL = (
    r"(?i)^(?:勿删|请勿删除|不要删)?(?:测试|试用|test|testing|ceshi|demo|sample)"
    r"(?:客户|公司|数据|账号|帐号|用户|单位|联系人)?\d*$"
)
_REPEATED = r"^(?:a+|b+|x+|z+|1+|0+|8+|abc|abcd|asdf|qwer|qwerty|123\d*)$"
_UNKNOWN = (
    r"^(?:客户|对方|来电人?|本人)?(?:未|没有?|不愿?)(?:报|留|填|提供|说明?|透露|告知|知|登记|署)(?:公司|单位|姓|客户)?(?:名|名称|名字)?$|"
    r"^(?:不详|不明|匿名|匿名用户|无名|无名氏|路人|路人甲|陌生人|陌生来电|未知客户|某[厂人]|某公司|某单位|某客户|某先生|某女士)$"
)
_KINDS = ("个体", "个人", "个体户", "散客", "零售客户", "自然人")


def refuse_nobody(judged: pl.DataFrame, given: pl.Series) -> pl.DataFrame:
    """Return *judged* (value, verdict, reason, note; names) with those refused that name nobody.

    *given* is what was judged; a name that is refused or empty already stays so.
    """
    text = pl.col("text")
    reason = (
        pl.when(text.str.contains(_TRIAL) | text.str.to_lowercase().str.contains(_REPEATED))
        .then(pl.lit("name_of_a_trial"))
        .when(text.str.contains(_UNKNOWN))
        .then(pl.lit("name_of_nobody"))
        .when(text.is_in(_KINDS))
        .then(pl.lit("name_of_a_kind"))
    )
    standing = ~pl.col("verdict").is_in(["empty", "rejected"])
    told = judged.with_columns(text=given.str.strip_chars()).with_columns(
        nobody=pl.when(standing).then(reason)
    )
    nobody = pl.col("nobody").is_not_null()
    return told.select(
        value=pl.when(~nobody).then("value"),
        verdict=pl.when(nobody).then(pl.lit("rejected")).otherwise("verdict"),
        reason=pl.coalesce("nobody", "reason"),
        note=pl.when(~nobody).then("note"),
    )
