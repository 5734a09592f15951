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
_STANDARD = rf"^{_LOCAL}@{_DOMAIN.replace('A-Z', '')}$"
_LONG = "^[^@]{65}"
_SLIP = f"@(?:{'|'.join(_MEANT)})$".replace(".", r"\.")
_TWICE = r"@[^\s,;/、|<>()]*@"
_BLANK = r"[A-Za-z0-9] +[A-Za-z0-9][^@]*@"
_LABELS = r"(?i)电子邮[箱件]|邮箱|邮件|地址|e-?mail|mailto|[\s<>()\[\]:;,.'\"/|、。]+"


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

    def in_standard(self, raw: pl.Expr) -> pl.Expr:
        """Tell which texts are in standard form beyond doubt; see `Standard.in_standard`."""
        return raw.str.contains(_STANDARD) & ~raw.str.contains(_LONG) & ~raw.str.contains(_SLIP)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        found = _found(rows.lazy())
        likely = pl.col("domain").replace_strict(_MEANT, default=None, return_dtype=pl.String)
        lost, bare = pl.col("found").is_null(), pl.col("bare")
        return decide(
            found,
            pl.col("local") + "@" + pl.col("domain"),
            rejected("email_at", bare.str.contains(_TWICE) | lost & ~bare.str.contains(r"^[^@]+@[^@]+$")),
            rejected("email_name", lost & bare.str.contains(rf"@{_DOMAIN}$")),
            rejected("email_domain", lost),
            rejected("email_long", pl.col("local").str.len_chars() > 64),
            suspect("email_slip", likely.is_not_null(), likely),
            suspect("email_blank", pl.col("rest").is_null() & pl.col("odd").str.contains(_BLANK)),
            changed("another_address", pl.col("other").is_not_null(), pl.col("other")),
            changed("text_around", pl.col("words") != "", pl.col("words")),
        )


def _found(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``found`` (the address), ``local``, ``domain``, and for odd cells ``other`` and ``words`` beside it.

    Most cells hold one address and nothing else: only the ``odd`` ones go through the costly patterns, which
    skip nulls.
    """
    rows = rows.with_columns(odd=pl.when(~pl.col("text").str.contains(_WHOLE)).then("text"))
    rows = rows.with_columns(solid=_solid(pl.col("odd")))
    rows = rows.with_columns(
        bare=pl.coalesce("solid", "text"),
        rest=pl.when(pl.col("solid").is_null()).then(pl.col("odd").str.replace(_INSIDE, " ")),
        found=pl.coalesce(
            "solid", pl.when(pl.col("odd").is_null()).then("text"), pl.col("odd").str.extract(_INSIDE, 1)
        ),
    )
    parts = pl.col("found").str.split_exact("@", 1).struct
    return rows.with_columns(
        local=parts.field("field_0"),
        domain=parts.field("field_1").str.to_lowercase(),
        other=pl.col("rest").str.extract(_INSIDE, 1).str.strip_chars_start("/|"),
        words=pl.col("rest").str.replace_all(_LABELS, " ").str.strip_chars(" "),
    )


def _solid(text: pl.Expr) -> pl.Expr:
    """Return the one address that *text* spells with blanks, wrappers or commas for dots; else null."""
    bare = (
        text.str.replace(r"(?i)^(?:电子邮[箱件]|邮箱|邮件|e-?mail|mailto)\s*[:：]?\s*", "")
        .str.replace_all(r"(?i)\s*(?:\(at\)|\[at\]|@+)\s*", "@")
        .str.replace_all(r"\s*[,。．｡.]\s*", ".")
        .str.replace_all(r"\.{2,}", ".")
        .str.replace_all(r"^[\s<(\['\"`.]+|[\s>)\]'\"`.;:、/|]+$", "")
        .str.replace(r"\.@", "@")
        .str.replace_all(" ", "", literal=True)
    )
    return pl.when(bare.str.contains(_WHOLE)).then(bare)
