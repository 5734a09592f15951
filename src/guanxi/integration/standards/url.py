"""Web addresses: https://example.com/path, scheme and host in small letters."""

from typing import ClassVar

import polars as pl

from guanxi.integration.standards.base import Reasons, Standard, changed, decide, rejected, suspect
from guanxi.kernel.text import say

_LABEL = r"[a-z0-9\p{Han}](?:[a-z0-9\-\p{Han}]*[a-z0-9\p{Han}])?"
_ENDING = r"(?:[a-z]{2,24}|xn--[a-z0-9\-]+|中国|公司|网络)"
_HOST = rf"(?:{_LABEL}\.)+{_ENDING}|localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}}"
_WHOLE = rf"(?i)^(?:(https?|ftp):/{{0,2}})?(?:[^\s/@]*@)?({_HOST})(:\d{{1,5}})?([/?#]\S*)?$"


class Url(Standard):
    """Scheme, host, path; without a scheme https is assumed and said so."""

    name = "url"
    settles = True
    reasons: ClassVar[Reasons] = {
        "url_shape": say("a web address looks like https://example.com"),
        "url_scheme": say("https:// was put in front"),
        "url_secret": say("a user name or password stood in the address; it was taken out"),
        "url_email": say("this is an e-mail address, not a web address"),
        "url_local": say("the address leads to a machine of an inner network"),
    }

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        bare = (
            pl.col("text")
            .str.replace(r"^(?:网址|官网|网站|主页)\s*[:：]?\s*", "")
            .str.replace_all(r"[。｡]", ".")
            .str.replace(r"(?i)^(https?)\s*[:：;]?\s*[/\\]{1,3}\s*", "$1://")
            .str.replace(r"(?i)^(https?)://(?:https?):?/{0,2}", "$1://")
            .str.replace_all(r"^[<\[(\"']+|[>\])\"',;.]+$", "")
            .str.replace_all(" ", "", literal=True)
        )
        read = rows.lazy().with_columns(bare=bare)
        read = read.with_columns(
            scheme=pl.col("bare").str.extract(_WHOLE, 1).str.to_lowercase(),
            host=pl.col("bare").str.extract(_WHOLE, 2).str.to_lowercase(),
            port=pl.col("bare").str.extract(_WHOLE, 3).fill_null(""),
            path=pl.col("bare").str.extract(_WHOLE, 4).fill_null(""),
        )
        path = pl.when(pl.col("path") == "/").then(pl.lit("")).otherwise("path")
        value = pl.concat_str([pl.col("scheme").fill_null("https"), pl.lit("://"), "host", "port", path])
        local = pl.col("host").str.contains(
            r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)"
        )
        return decide(
            read,
            value,
            rejected("url_email", pl.col("bare").str.contains(r"^[^/:]+@[^/]+$")),
            rejected("url_shape", pl.col("host").is_null()),
            suspect("url_local", local),
            changed("url_secret", pl.col("bare").str.contains(r"^(?:[a-zA-Z]+://)?[^/]*@")),
            changed("url_scheme", pl.col("scheme").is_null()),
        )
