"""Invented Chinese customers with known truth: 72 % distinct companies, 28 % damaged copies of them."""

import numpy as np
import numpy.typing as npt
import polars as pl

Texts = npt.NDArray[np.object_]
Random = np.random.Generator

_BRAND = (
    "华安德信天和泰宏恒盛达丰源鑫兴隆远方东海中金科明光大新力通联创世纪成宇博瑞康美佳利云龙飞腾"
    "顺长青江山河润祥福永正诚智慧星辰日月春阳凯悦尚品优益广汇融众合嘉元亨吉庆富裕民生亚欧神州"
    "银铁石玉珠宝林森木火土水风雷电雪梅兰竹菊松柏鹤凤麒麟虎狮象鹏燕双三九万千百亿聚英杰豪雄伟"
)
_TRADES = [
    "商贸",
    "贸易",
    "科技",
    "信息技术",
    "网络科技",
    "软件",
    "电子",
    "电子科技",
    "电气",
    "机械",
    "机械设备",
    "机电",
    "自动化",
    "仪器仪表",
    "建材",
    "建筑工程",
    "建筑装饰",
    "装饰工程",
    "房地产开发",
    "物业管理",
    "食品",
    "餐饮管理",
    "酒店管理",
    "服饰",
    "服装",
    "纺织",
    "鞋业",
    "家具",
    "木业",
    "纸业",
    "包装",
    "印刷",
    "塑料制品",
    "橡胶",
    "化工",
    "新材料",
    "医药",
    "医疗器械",
    "生物科技",
    "药业",
    "农业发展",
    "种业",
    "饲料",
    "物流",
    "运输",
    "国际货运代理",
    "供应链管理",
    "汽车销售",
    "汽车零部件",
    "汽车服务",
    "广告",
    "文化传媒",
    "影视文化",
    "教育咨询",
    "企业管理咨询",
    "人力资源",
    "旅行社",
    "投资管理",
    "资产管理",
    "融资租赁",
    "环保科技",
    "节能科技",
    "新能源",
    "电力工程",
    "水利工程",
    "市政工程",
    "园林绿化",
    "矿业",
    "钢铁",
    "五金制品",
    "模具",
    "照明",
    "光电科技",
    "通信技术",
    "半导体",
    "实业",
    "发展",
    "超市",
]
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "厂")
_FORM_SHARES = (0.72, 0.1, 0.08, 0.04, 0.06)
_CITIES = [
    "北京市北京市",
    "上海市上海市",
    "天津市天津市",
    "重庆市重庆市",
    "浙江省杭州市",
    "浙江省宁波市",
    "浙江省温州市",
    "浙江省嘉兴市",
    "江苏省南京市",
    "江苏省苏州市",
    "江苏省无锡市",
    "江苏省南通市",
    "广东省广州市",
    "广东省深圳市",
    "广东省东莞市",
    "广东省佛山市",
    "山东省济南市",
    "山东省青岛市",
    "山东省烟台市",
    "山东省潍坊市",
    "河南省郑州市",
    "河南省洛阳市",
    "河北省石家庄市",
    "河北省唐山市",
    "湖北省武汉市",
    "湖北省襄阳市",
    "湖南省长沙市",
    "湖南省株洲市",
    "四川省成都市",
    "四川省绵阳市",
    "福建省福州市",
    "福建省厦门市",
    "福建省泉州市",
    "安徽省合肥市",
    "安徽省芜湖市",
    "辽宁省沈阳市",
    "辽宁省大连市",
    "陕西省西安市",
    "江西省南昌市",
    "云南省昆明市",
    "贵州省贵阳市",
    "广西壮族自治区南宁市",
    "山西省太原市",
    "吉林省长春市",
    "黑龙江省哈尔滨市",
    "甘肃省兰州市",
    "海南省海口市",
]
_DISTRICTS = [
    "东城区",
    "西城区",
    "城关区",
    "新城区",
    "高新区",
    "开发区",
    "江北区",
    "江南区",
    "临港区",
    "河东区",
    "河西区",
    "南山区",
]
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国"
    "志文海波宇鹏浩然子涵雨欣佳怡晓东立新春生庆丰永康思远"
)
_ROADS = [
    "人民",
    "解放",
    "建设",
    "中山",
    "和平",
    "文化",
    "迎宾",
    "学府",
    "滨江",
    "长江",
    "黄河",
    "朝阳",
    "光明",
    "胜利",
    "新华",
    "团结",
    "工业",
    "科技",
    "创业",
    "滨河",
]
_ROAD_FORMS = ("路", "街", "大道", "东路", "西路", "南路", "北路")


def make_customers(rows: int, *, seed: int = 7) -> pl.DataFrame:
    """Return *rows* records with ``entity`` (truth), already standardised and with their name parts.

    Each record draws what it knows on its own: mobile missing 25 %, another one 10 %, one digit wrong 5 %;
    credit code known 40 %, e-mail 45 %, contact 75 %, address 85 %. A copy also has its legal form changed
    or dropped (35 %), its place dropped (15 %), 市 dropped from the place (15 %), one or two characters
    wrong, lost or exchanged (15 %), its address cut (30 %).
    """
    random = np.random.default_rng(seed)
    count = round(rows * 0.72)
    distinct = _entities(count * 5 // 4, random).unique(["brand", "trade", "place"], maintain_order=True)
    entities = distinct.head(count)  # no authority registers the same name twice
    count = len(entities)
    chosen = np.concatenate([np.arange(count), random.integers(0, count, rows - count)])
    frame = entities[chosen].with_columns(
        pl.Series("entity", chosen), pl.Series("copy", np.arange(rows) >= count)
    )
    return (
        _as_known(frame[random.permutation(rows)], random)
        .with_row_index("id")
        .with_columns(pl.col("id").cast(pl.Int64), pl.format("source {}", pl.col("id") % 4).alias("source"))
    )


def _pick(random: Random, choices: object, count: int, shares: object = None) -> Texts:
    return random.choice(np.array(list(choices), dtype=object), count, p=shares)  # type: ignore[call-overload]


def _uneven(count: int) -> npt.NDArray[np.float64]:
    """Return shares that fall slowly, as characters and surnames do (Zipf with exponent 0.7)."""
    shares = 1 / np.arange(1, count + 1) ** 0.7
    return shares / shares.sum()


def _entities(count: int, random: Random) -> pl.DataFrame:
    brand_shares, trade_shares = _uneven(len(_BRAND)), _uneven(len(_TRADES))
    first, second, third = (_pick(random, _BRAND, count, brand_shares) for _ in range(3))
    brand = first + second + np.where(random.random(count) < 0.4, third, "")
    place = _pick(random, _CITIES, count, _uneven(len(_CITIES)))
    surname = _pick(random, _SURNAMES, count, _uneven(len(_SURNAMES)))
    given = _pick(random, _GIVEN, count) + np.where(
        random.random(count) < 0.7, _pick(random, _GIVEN, count), ""
    )
    number = random.integers(1, 2000, count).astype(str).astype(object)
    room = random.integers(101, 2900, count).astype(str).astype(object)
    road = _pick(random, _ROADS, count) + _pick(random, _ROAD_FORMS, count)
    return pl.DataFrame(
        {
            "brand": brand,
            "trade": _pick(random, _TRADES, count, trade_shares),
            "form": _pick(random, _FORMS, count, _FORM_SHARES),
            "place": place,
            "person": surname + given,
            "mobile": _mobiles(count, random),
            "email": _emails(count, random),
            "credit_code": _codes(count, random),
            "district": _pick(random, _DISTRICTS, count),
            "address": road + number + "号" + np.where(random.random(count) < 0.5, room + "室", ""),
        },
        schema_overrides={"brand": pl.String, "person": pl.String, "address": pl.String},
    ).with_columns(
        province=pl.col("place").str.extract(r"^(.+?(?:省|自治区|市))"),
        city=pl.col("place").str.extract(r"(?:省|自治区|市)(.+市)$"),
    )


def _digits(random: Random, count: int, length: int) -> Texts:
    return np.array([str(one).zfill(length) for one in random.integers(0, 10**length, count)], dtype=object)


def _mobiles(count: int, random: Random) -> Texts:
    return "1" + _pick(random, "3578", count) + _digits(random, count, 9)


def _emails(count: int, random: Random) -> Texts:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"), dtype=object)
    name = sum((random.choice(letters, count) for _ in range(4)), start=np.full(count, "", dtype=object))
    return (
        name
        + _digits(random, count, 4)
        + "@"
        + _pick(random, ("qq.com", "163.com", "126.com", "sina.cn"), count)
    )


def _codes(count: int, random: Random) -> Texts:
    return "91" + _digits(random, count, 16)


def _as_known(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Return what each record says of its entity."""
    count = len(frame)
    copy = frame["copy"].to_numpy()

    def some(share: float) -> npt.NDArray[np.bool_]:
        return random.random(count) < share

    place_dropped = copy & some(0.15)
    stem_only = copy & some(0.15)
    damaged = copy & some(0.15)
    trade = frame["trade"].to_numpy()
    bare = _damage((frame["brand"] + frame["trade"]).to_list(), damaged, random)
    undamaged = np.where(damaged, "", frame["brand"].to_numpy())
    stem = frame["city"].str.strip_suffix("市").to_numpy()
    written = np.where(stem_only | some(0.5), stem, frame["city"].to_numpy())
    form = frame["form"].to_numpy()
    other_form = np.where(some(0.5), "", _pick(random, _FORMS, count, _FORM_SHARES))
    form = np.where(copy & some(0.35), other_form, form)
    address = frame["address"].to_numpy()
    cut = pl.Series(address).str.replace(r"(\d+号).*$", "$1").str.replace(r"\d+号$", "").to_numpy()
    short = pl.Series(address).str.replace(r"号.*$", "").to_numpy()
    address = np.where(copy & some(0.3), np.where(some(0.3), cut, short), address)
    mobile = _mistyped(frame["mobile"].to_list(), some(0.05), random)
    mobile = np.where(some(0.1), _mobiles(count, random), mobile)
    has_address = some(0.85)
    return (
        pl.DataFrame(
            {
                "entity": frame["entity"],
                "name": np.where(place_dropped, "", written) + bare + form,
                "name_core": np.where(place_dropped, "", stem) + bare,
                "name_core_bare": bare,
                "brand": undamaged,
                "trade": trade,
                "region": np.where(place_dropped, "", stem),
                "mobile": np.where(some(0.25), "", mobile),
                "email": np.where(some(0.45), frame["email"].to_numpy(), ""),
                "credit_code": np.where(some(0.4), frame["credit_code"].to_numpy(), ""),
                "person": np.where(some(0.75), frame["person"].to_numpy(), ""),
                "province": np.where(has_address, frame["province"].to_numpy(), ""),
                "city": np.where(has_address, frame["city"].to_numpy(), ""),
                "district": np.where(has_address & some(0.8), frame["district"].to_numpy(), ""),
                "address": np.where(has_address, address, ""),
            }
        )
        .drop("trade")
        .with_columns(pl.lit("company").alias("kind"))
    )


def _damage(texts: list[str], where: npt.NDArray[np.bool_], random: Random) -> Texts:
    """Return the texts with one or two characters replaced, lost or exchanged *where* asked."""
    result = np.array(texts, dtype=object)
    for place in np.flatnonzero(where):
        for _ in range(1 + (random.random() < 0.33)):
            result[place] = _one_error(result[place], random)
    return result


def _one_error(text: str, random: Random) -> str:
    at = int(random.integers(0, len(text)))
    kind = random.random()
    if kind < 0.5:
        return text[:at] + _BRAND[int(random.integers(0, len(_BRAND)))] + text[at + 1 :]
    if kind < 0.75 and len(text) > 2:
        return text[:at] + text[at + 1 :]
    return text[: max(at - 1, 0)] + text[max(at - 1, 0) : at + 1][::-1] + text[at + 1 :]


def _mistyped(texts: list[str], where: npt.NDArray[np.bool_], random: Random) -> Texts:
    result = np.array(texts, dtype=object)
    for place in np.flatnonzero(where):
        at = int(random.integers(3, 11))
        result[place] = result[place][:at] + str(random.integers(0, 10)) + result[place][at + 1 :]
    return result
