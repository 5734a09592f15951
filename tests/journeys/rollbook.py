"""The customer list a newcomer brings: an Excel file as sales offices keep it, dirty in the usual ways."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from openpyxl import Workbook

from guanxi.integration.matching.pinyin import in_pinyin

SHEET = "客户名单"
HEADER_ROW = 3
HEADERS = (
    "客户名称",
    "联系人",
    "手机号",
    "邮箱",
    "所属行业",
    "地址",
    "建档日期",
    "累计金额(万元)",
    "备注",
)
TWO_SPELLINGS = ("杭州青禾机械有限公司", "青禾机械")
"""A customer who stands in the list twice: as registered, and as people say."""
DOUBTFUL = "郑州启名照明有限公司"
"""A name that sounds like another one, with nothing beside it: whether both are one, only a person can say."""

_PLACES = (
    ("杭州", "浙江省杭州市西湖区文三路"),
    ("苏州", "江苏省苏州市吴中区东吴北路"),
    ("成都", "四川省成都市武侯区人民南路"),
    ("西安", "陕西省西安市雁塔区科技路"),
    ("广州", "广东省广州市天河区中山大道"),
    ("青岛", "山东省青岛市崂山区海尔路"),
    ("武汉", "湖北省武汉市洪山区珞喻路"),
    ("郑州", "河南省郑州市金水区花园路"),
)
_FIRMS = (
    ("青禾机械", "通用设备制造业"),
    ("远帆包装", "橡胶和塑料制品业"),
    ("蜀味食品", "食品制造业"),
    ("云锦纺织", "纺织业"),
    ("恒达电子", "计算机、通信和其他电子设备制造业"),
    ("南星塑料", "橡胶和塑料制品业"),
    ("秦川仪表", "仪器仪表制造业"),
    ("海悦物流", "道路运输业"),
    ("松鹤医药", "医药制造业"),
    ("宏图印刷", "印刷和记录媒介复制业"),
    ("金穗农业", "农业"),
    ("碧波环保", "生态保护和环境治理业"),
    ("星河软件", "软件和信息技术服务业"),
    ("东岭家具", "家具制造业"),
    ("瑞丰化工", "化学原料和化学制品制造业"),
    ("天工模具", "专用设备制造业"),
    ("绿源饮品", "酒、饮料和精制茶制造业"),
    ("飞驰汽配", "汽车制造业"),
    ("明珠陶瓷", "非金属矿物制品业"),
    ("龙腾钢构", "金属制品业"),
    ("佳音乐器", "文教、工美、体育和娱乐用品制造业"),
    ("润泽水务", "水的生产和供应业"),
    ("锦程旅游", "商务服务业"),
    ("百川酒店", "住宿业"),
    ("银杏教育", "教育"),
    ("合众建材", "批发业"),
    ("新禾种业", "农业"),
    ("大成建筑", "房屋建筑业"),
    ("凯旋服饰", "纺织服装、服饰业"),
    ("白鹭纸业", "造纸和纸制品业"),
    ("玉兰日化", "化学原料和化学制品制造业"),
    ("启明照明", "电气机械和器材制造业"),
    ("永固锁业", "金属制品业"),
    ("丰年粮油", "农副食品加工业"),
    ("晨曦光学", "仪器仪表制造业"),
    ("北辰电缆", "电气机械和器材制造业"),
    ("红枫园林", "公共设施管理业"),
    ("四海餐饮", "餐饮业"),
    ("慧眼安防", "软件和信息技术服务业"),
    ("顺达货运", "道路运输业"),
    ("福满超市", "零售业"),
    ("长虹橡胶", "橡胶和塑料制品业"),
    ("雪峰制冷", "通用设备制造业"),
    ("紫荆文化", "文化艺术业"),
    ("安泰检测", "专业技术服务业"),
    ("鼎盛阀门", "通用设备制造业"),
    ("清泉滤材", "专用设备制造业"),
    ("木兰箱包", "皮革、毛皮、羽毛及其制品和制鞋业"),
    ("盛世展览", "商务服务业"),
    ("和风空调", "电气机械和器材制造业"),
    ("古道茶业", "酒、饮料和精制茶制造业"),
    ("旭日能源", "电力、热力生产和供应业"),
)
_SURNAMES = "张李王陈赵黄周吴徐孙马"
_GIVEN = ("伟明", "晓芳", "建军", "丽", "强", "志远", "静", "海涛", "玉兰")
_TWICE = 8
_PHONES = ("{0}{1}{2}", "{0}-{1}-{2}", "+86 {0} {1} {2}", "{0} {1} {2}", "86{0}{1}{2}")
_DAYS = ("2021-{0:02}-{1:02}", "2021/{0}/{1}", "2021.{0:02}.{1:02}", "2021年{0}月{1}日", "2021{0:02}{1:02}")


@dataclass(frozen=True, kw_only=True)
class Rollbook:
    """The file, how many rows it has, and how many customers are in it while the doubtful one is undecided."""

    path: Path
    rows: int
    customers: int


def write_rollbook(path: Path) -> Rollbook:
    """Write the file: a title and a date above the header in row 3, and one row whose name is destroyed."""
    domains = in_pinyin(pl.Series([word for word, _ in _FIRMS])).str.replace_all(" ", "").to_list()
    rows = [_row(place, domain) for place, domain in enumerate(domains)]
    rows += [_again(place) for place in range(_TWICE)]
    rows.append((DOUBTFUL, "", "", "", "", "", "", "", "展会登记"))
    rows.insert(30, ("�圳�丰贸易", *rows[30][1:]))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(("远山机电有限公司 客户名单",))
    sheet.append(("导出时间：2026-10-31",))
    for each in (HEADERS, *rows):
        sheet.append(each)
    book.save(path)
    return Rollbook(path=path, rows=len(rows), customers=len(_FIRMS) + 1)


def _row(place: int, domain: str) -> tuple[object, ...]:
    """Return one customer as registered."""
    word, industry = _FIRMS[place]
    city, street = _PLACES[place % len(_PLACES)]
    return (
        f"{city}{word}有限公司",
        _person(place),
        _phone(place, place),
        f"{domain}@example.com" if place % 3 else "",
        industry,
        f"{street}{100 + place}号",
        _DAYS[place % 5].format(1 + place % 12, 1 + place % 28),
        round(3.5 + place * 1.7, 1),
        "老客户" if place % 7 == 0 else "",
    )


def _again(place: int) -> tuple[object, ...]:
    """Return the same customer as somebody else wrote it down: short name, phone in another form, little else."""
    word, industry = _FIRMS[place]
    return (word, _person(place), _phone(place, place + 2), "", industry, "", "", "", "展会名片")


def _person(place: int) -> str:
    return _SURNAMES[place % len(_SURNAMES)] + _GIVEN[place % len(_GIVEN)]


def _phone(place: int, form: int) -> str:
    return _PHONES[form % 5].format(f"13{place % 10}", f"{2600 + place * 37:04}", f"{1200 + place * 91:04}")
