"""E-mail addresses: one address, the part after @ in small letters."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.kernel.text import say

# Slips of the finger seen in the domains of large providers, with the domain that was probably meant.
_SLIPS = {
    "gmail.com": "gmial.com gmai.com gamil.com gmal.com gmail.con gmail.co gmail.cm gmail.om gnail.com",
    "163.com": "163.con 163.cn 163.co 163.cm 163.om 163.comm 1632.com 136.com 163.net.com",
    "126.com": "126.con 126.cn 126.co 126.cm 126.comm 1226.com",
    "qq.com": "qq.con qq.co qq.cm qq.om qq.comm qqq.com qq.cn qp.com oq.com",
    "hotmail.com": "hotmial.com hotmai.com hotmil.com hotmail.con hotmail.co homail.com",
    "outlook.com": "outlok.com outlook.con outllook.com outloook.com oulook.com",
    "yahoo.com": "yaho.com yahoo.con yhaoo.com yahooo.com",
    "sina.com": "sina.con sian.com sina.co sina.comm",
    "foxmail.com": "foxmai.com foxmail.con foxmial.com foxmil.com",
    "139.com": "139.con 139.cn 1399.com",
    "aliyun.com": "aliyun.con aliyum.com alyun.com",
}
_MEANT = {slip: domain for domain, slips in _SLIPS.items() for slip in slips.split()}
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9\-]{2,59})"
_WHOLE = rf"^({_LOCAL})@({_DOMAIN})$"
_INSIDE = rf"({_LOCAL}@{_DOMAIN})"


class Email(Standard):
    """An address people can be written to; its domain is in small letters, its name is left as typed."""

    name = "email"
    reasons: ClassVar[Reasons] = {
        "email_at": say("an e-mail address has one @ between a name and a domain"),
        "email_name": say("the part before @ holds signs that no mail server takes"),
        "email_blank": say("there was a blank inside the part before @; it was taken out"),
        "email_domain": say("the part after @ is not a domain such as example.com"),
        "email_slip": say("the domain looks like a slip of the finger; probably {note} was meant"),
        "email_long": say("the part before @ is longer than 64 characters"),
        "another_address": say("there are two addresses in one cell; the first is kept, the other is {note}"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        rows = rows.with_columns(bare=_repaired(pl.col("text")))
        rows = rows.with_columns(
            found=pl.when(pl.col("bare").str.contains(_WHOLE)).then("bare").otherwise(_inside())
        )
        local, domain = (pl.col("found").str.extract(_WHOLE, group) for group in (1, 2))
        rows = rows.with_columns(local=local, domain=domain.str.to_lowercase())
        rest = pl.col("text").str.replace(_INSIDE, " ")
        other = rest.str.extract(_INSIDE, 1).str.strip_chars_start("/|")
        twice = pl.col("bare").str.contains(r"@[^\s,;/、|<>()]*@")
        words = rest.str.replace_all(
            r"(?i)电子邮[箱件]|邮箱|邮件|地址|e-?mail|mailto|[\s<>()\[\]:;,.'\"/|、。]+", " "
        ).str.strip_chars(" ")
        elsewhere = pl.col("found") != pl.col("bare")
        likely = pl.col("domain").replace_strict(_MEANT, default=None, return_dtype=pl.String)
        return decide(
            rows,
            pl.col("local") + "@" + pl.col("domain"),
            rejected(
                "email_at", twice | pl.col("found").is_null() & ~pl.col("bare").str.contains(r"^[^@]+@[^@]+$")
            ),
            rejected("email_name", pl.col("found").is_null() & pl.col("bare").str.contains(rf"@{_DOMAIN}$")),
            rejected("email_domain", pl.col("found").is_null()),
            rejected("email_long", pl.col("local").str.len_chars() > 64),
            suspect("email_slip", likely.is_not_null(), likely),
            suspect(
                "email_blank", ~elsewhere & pl.col("text").str.contains(r"[A-Za-z0-9] +[A-Za-z0-9][^@]*@")
            ),
            changed("another_address", elsewhere & other.is_not_null(), other),
            changed("text_around", elsewhere & (words != ""), words),
        )


def _repaired(text: pl.Expr) -> pl.Expr:
    """Return *text* without blanks, wrappers and trailing signs, commas as dots, when it holds one @."""
    bare = (
        text.str.replace(r"(?i)^(?:电子邮[箱件]|邮箱|邮件|e-?mail|mailto)\s*[:：]?\s*", "")
        .str.replace_all(r"(?i)\s*(?:\(at\)|\[at\]|@+)\s*", "@")
        .str.replace_all(r"\s*[,。．｡]\s*", ".")
        .str.replace_all(r"\s*\.\s*", ".")
        .str.replace_all(r"\.{2,}", ".")
        .str.replace_all(r"^[\s<(\['\"`.]+|[\s>)\]'\"`.;:、/|]+$", "")
        .str.replace(r"\.@", "@")
    )
    one = bare.str.count_matches("@", literal=True) == 1
    solid = bare.str.replace_all(" ", "", literal=True)
    return (
        pl.when(one & solid.str.contains(_WHOLE) & ~bare.str.contains(r"[^\x00-\x7f]"))
        .then(solid)
        .otherwise(text)
    )


def _inside() -> pl.Expr:
    return pl.col("text").str.extract(_INSIDE, 1)
