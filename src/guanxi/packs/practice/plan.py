"""Writes the plan that brings the practice company in: sources, contacts and how far to trust each."""

from pathlib import Path

from guanxi.packs.practice.departments import commerce, information, marketing, sales, service

FILE = "plan.toml"
TOKEN_ENVIRONMENT = "GUANXI_SOURCE_PRACTICE_SHOP"  # noqa: S105 - the name of a variable, not a token
SHOP_URL = "http://127.0.0.1:8765"

_PLAN = """\
# The practice company: five departments, one customer view. Trust runs from 0 to 100.
name = "五部门客户数据整合"

[[source]]
name = "{sales.SOURCE}"
label = {{ en = "Sales ledger", zh = "销售台账" }}
kind = "excel"
department = "销售部"
contact = "liu.yang"
trust = 60
path = "{sales.FILE}"

[[source]]
name = "{service.SOURCE}"
label = {{ en = "Service tickets", zh = "服务工单" }}
kind = "delimited"
department = "服务部"
contact = "chen.jing"
trust = 40
path = "{service.FILE}"

[[source]]
name = "{marketing.SOURCE}"
label = {{ en = "Followers", zh = "公众号粉丝" }}
kind = "delimited"
department = "市场部"
contact = "zhao.min"
trust = 30
path = "{marketing.FILE}"

[[source]]
name = "{information.SOURCE}"
label = {{ en = "Old CRM", zh = "旧客户系统" }}
kind = "database"
department = "信息部"
contact = "wang.lei"
trust = 80
url = "sqlite:///{information.FILE}"
tables = [{tables}]

[[source]]
name = "{commerce.SOURCE}"
label = {{ en = "Web shop", zh = "网上商城" }}
kind = "rest"
department = "电商部"
contact = "sun.qian"
trust = 70
url = "{shop_url}/api/orders"
table = "{commerce.TABLE}"
records = "data.orders"
paging = "page"
page_parameter = "page"
size_parameter = "size"
page_size = 100
token = "${{{token_environment}}}"
changed_parameter = "changed_since"
changed_field = "updated_at"
"""


def write_plan(folder: Path, *, shop_url: str = SHOP_URL) -> Path:
    """Write ``plan.toml`` into *folder* and return its path.

    *shop_url* is the address of the running shop without a path; `open_shop` knows it once it has a port.
    """
    path = folder / FILE
    text = _PLAN.format(
        sales=sales,
        service=service,
        marketing=marketing,
        information=information,
        commerce=commerce,
        tables=", ".join(f'"{table}"' for table in information.SCHEMA),
        shop_url=shop_url,
        token_environment=TOKEN_ENVIRONMENT,
    )
    path.write_text(text, encoding="utf-8")
    return path
