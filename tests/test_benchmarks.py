"""Benchmarks work on what the product leaves behind, so what changes there is noticed here and not at a release."""

from pathlib import Path

import pytest
from benchmarks import __main__ as benchmarks
from benchmarks import registry
from benchmarks.running import integrate, source_file

from guanxi.integration.plans import plan_from
from guanxi.store.embedded import Lease
from tests.database import database_server
from tests.integration import plant

pytestmark = pytest.mark.slow
COMPANIES = """\
name,uscc,reg_date,ctype,capital,scope60,prov,area,addr
杭州青禾机械有限公司,91330106MA27XQ4T5C,2015-03-02,有限责任公司,100万元人民币,机械设备制造,浙江省,杭州市,西湖区文三路1号
宁波远帆包装有限公司,330200000012345,2016/7/1,有限责任公司,50万人民币,包装材料销售,浙江省,宁波市,宁波市海曙区中山路8号
"""


def test_the_report_on_the_register_is_made_from_what_a_run_leaves(
    database_server: Lease, tmp_path: Path
) -> None:
    (tmp_path / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    given = source_file(tmp_path, "companies.csv", department="register")
    plan = plan_from({"name": "register", "source": [given]}, folder=tmp_path)
    with plant.product(database_server, tmp_path / "home") as guanxi:
        done = integrate(guanxi, plan)
        with guanxi.store.transaction("test") as tx:
            page = registry.report(done, plan, tx.catalog)
    assert "| rows in the file | 2 |" in page
    assert "| loaded | 2 |" in page
    assert "| `uscc` | customer.credit_code |" in page
    assert set(done.seconds) >= {"read", "match", "load", "verify"}


def test_every_benchmark_that_is_listed_can_be_begun() -> None:
    for name in benchmarks.BENCHMARKS:
        module = __import__(f"benchmarks.{name}", fromlist=["main"])
        assert callable(module.main), name


__all__ = ["database_server"]
