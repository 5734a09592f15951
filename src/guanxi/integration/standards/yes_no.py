"""Yes or no, for checkboxes: ``true`` and ``false``."""

import polars as pl

from guanxi.integration.standards.base import Standard, decide, rejected
from guanxi.kernel.text import say

_YES = (
    "true yes y t on 1 1.0 是 是的 对 对的 有 √ ✓ ✔ ☑ 已 真 启用 开 开通 已开通 已签 同意 可以 能 要 需要 完成 已完成 通过 合格 ok 在职 有效 勾选 x"
).split()
_NO = (
    "false no n f off 0 0.0 否 不是 不 不对 错 无 没有 没 × ✗ ✘ ☐ □ 未 假 停用 禁用 关 关闭 未开通 未签 不同意 不可以 不能 不要 不需要 未完成 "
    "不通过 未通过 不合格 离职 无效 未勾选"
).split()
_MEANINGS = {**dict.fromkeys(_YES, "true"), **dict.fromkeys(_NO, "false")}


class YesNo(Standard):
    """``true`` or ``false``; here 无 and 没有 mean no, they do not mean that nothing is known."""

    name = "yes_no"
    words_for_nothing = False
    reasons = {"yes_no_unknown": say("neither a word for yes nor a word for no")}

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Judge *rows*; see `Standard.apply`."""
        bare = pl.col("text").str.to_lowercase().str.replace_all(r"[\s.。,!'\"]+$|^['\"\[(]+|[\])]+$", "")
        value = bare.replace_strict(_MEANINGS, default=None, return_dtype=pl.String)
        return decide(rows, value, rejected("yes_no_unknown", value.is_null()))
