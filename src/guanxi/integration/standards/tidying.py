"""The first sweep over any cell: invisible characters, full width, blanks, words for nothing."""

import polars as pl

# Zero-width and direction marks, byte-order mark, soft hyphen, controls that are not white space.
INVISIBLE = r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
# Letters, digits and signs of ASCII and Han characters with single blanks between: nothing to tidy there.
_TIDY = r"^(?:[!-~\x{4E00}-\x{9FFF}]+(?: [!-~\x{4E00}-\x{9FFF}]+)*)?$"
_NOTHING = (
    r"(?i)^(?:无|沒有|没有|暂无|未知|不详|不明|不清楚|空|空白|待补|待补充|待定|待确认|未填|未填写|未提供|"
    r"n\.?/?a\.?|#n/a|#value!|#ref!|#null!|null|none|nil|nan|undefined|unknown|tbd|\(null\)|<null>|\\n|"
    r"[-‐–—―_]+|/+|\.+|\?+|\*+|~+)$"
)


def visible(text: pl.Expr) -> pl.Expr:
    """Remove invisible characters, make every run of white space one blank, trim."""
    return text.str.replace_all(INVISIBLE, "").str.replace_all(r"\s+", " ").str.strip_chars(" ")


def tidied(texts: pl.Series) -> pl.Series:
    """Return *texts* visible and in Unicode normal form NFKC: ＡＢＣ１２３ becomes ABC123, （） becomes ()."""
    odd = ~texts.str.contains(_TIDY)
    tidy = visible(visible(pl.col("odd")).str.normalize("NFKC"))
    return texts.clone().scatter(odd.arg_true(), texts.filter(odd).to_frame("odd").select(tidy).to_series())


def is_nothing(text: pl.Series) -> pl.Series:
    """Tell for each tidied text whether it only says that nothing is known: 无, -, N/A, null ..."""
    return text.str.contains(_NOTHING).fill_null(value=False)
