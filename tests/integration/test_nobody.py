"""Names that name nobody are refused; names of companies that look a little like them are not."""

import polars as pl
import pytest

from guanxi.integration.nobody import REASONS, refuse_nobody
from guanxi.integration.standards import STANDARDS

NOBODY = {
    "name_of_a_trial": (
        "测试",
        "测试客户",
        "test",
        "TEST",
        "aaa",
        "测试公司123",
        "勿删测试",
        "ceshi",
        "asdf",
        "xxx",
    ),
    "name_of_nobody": ("不详", "未留名", "客户未报公司名", "路人", "某厂", "匿名", "陌生人"),
    "name_of_a_kind": ("个体", "散客", "个人"),
}
SOMEBODY = (
    "北京测试技术有限公司",
    "上海未来科技有限公司",
    "无名小吃店",
    "个体户张三饭店",
    "阿里巴巴",
    "王先生",
    "某某网络科技有限公司",
    "Testo Industrial Services",
    "白知名",
)


def refused(names):
    given = pl.Series(names, dtype=pl.String)
    return refuse_nobody(STANDARDS["company_name"].apply(given), given)


@pytest.mark.parametrize(("reason", "names"), NOBODY.items())
def test_who_is_nobody_is_refused_with_the_reason(reason, names):
    found = refused(names)
    assert set(found["verdict"]) == {"rejected"}
    assert found["value"].null_count() == len(names)
    assert reason in REASONS
    assert reason in found["reason"].to_list()


def test_who_may_be_somebody_is_not():
    found = refused(SOMEBODY)
    assert [
        name for name, verdict in zip(SOMEBODY, found["verdict"], strict=True) if verdict == "rejected"
    ] == []


def test_an_empty_cell_stays_empty():
    assert refused([None, ""])["verdict"].to_list() == ["empty", "empty"]
