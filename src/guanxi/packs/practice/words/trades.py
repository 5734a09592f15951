"""What customers do: the word in their name, the division of GB/T 4754-2017, and what people call it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Trade:
    """One line of business; *code* and *industry* are the division of GB/T 4754-2017."""

    word: str
    pinyin: str
    code: str
    industry: str
    colloquial: tuple[str, ...]


# word in the name, initials, division, its name, what people write instead
_LINES = """
食品 sp C14 食品制造业 做吃的 食品厂 食品行业
饮料 yl C15 酒、饮料和精制茶制造业 做饮料的 酒水饮料 喝的
茶业 cy C15 酒、饮料和精制茶制造业 卖茶叶的 茶厂 做茶的
纺织 fz C17 纺织业 织布的 布厂 纺织行业
服饰 fs C18 纺织服装、服饰业 做衣服的 服装厂 服装
鞋业 xy C19 皮革、毛皮、羽毛及其制品和制鞋业 做鞋的 鞋厂
木业 my C20 木材加工和木、竹、藤、棕、草制品业 木材厂 做木头的
家具 jj C21 家具制造业 做家具的 家具厂 打家具的
纸业 zy C22 造纸和纸制品业 纸厂 做纸箱的
印刷 ys C23 印刷和记录媒介复制业 印刷厂 搞印刷的
玩具 wj C24 文教、工美、体育和娱乐用品制造业 做玩具的 玩具厂
化工 hg C26 化学原料和化学制品制造业 搞化工的 化工厂
日化 rh C26 化学原料和化学制品制造业 做洗衣液的 洗护用品
药业 yy C27 医药制造业 药厂 做药的
塑业 sy C29 橡胶和塑料制品业 做塑料的 塑料厂 注塑的
建材 jc C30 非金属矿物制品业 做瓷砖的 建材厂
金属制品 jszp C33 金属制品业 五金厂 做五金的
机械 jx C34 通用设备制造业 做机器的 机械厂
专用设备 zysb C35 专用设备制造业 做设备的 设备厂
汽车配件 qcpj C36 汽车制造业 汽配 做汽车零件的
电器 dq C38 电气机械和器材制造业 做家电的 电器厂
电子 dz C39 计算机、通信和其他电子设备制造业 电子厂 做电路板的
仪器 yq C40 仪器仪表制造业 做仪表的 仪器厂
建筑工程 jzgc E47 房屋建筑业 盖房子的 包工程的
贸易 my F51 批发业 做贸易的 批发 倒货的
商贸 sm F52 零售业 开店的 零售 卖东西的
服装商行 fzsh F52 零售业 卖衣服的 服装零售 服装店
物流 wl G59 装卸搬运和仓储业 跑物流的 仓库 物流公司
餐饮管理 cygl H62 餐饮业 开饭店的 餐饮 做快餐的
信息技术 xxjs I65 软件和信息技术服务业 做软件的 搞IT的
环保科技 hbkj N77 生态保护和环境治理业 做环保的 处理污水的
农业发展 nyfz A01 农业 种菜的 种地的 农业合作社
"""


def _trade(line: str) -> Trade:
    word, pinyin, code, industry, *colloquial = line.split()
    return Trade(word=word, pinyin=pinyin, code=code, industry=industry, colloquial=tuple(colloquial))


TRADES = tuple(_trade(line) for line in _LINES.strip().splitlines())

# Single people who buy a small machine sell something to consumers.
PERSONAL_TRADE = Trade(
    word="", pinyin="", code="F52", industry="零售业", colloquial=("卖衣服的", "开超市的", "水果店", "网店")
)

PRODUCTS = (
    ("全自动封箱机 FX-500", 12800),
    ("半自动打包机 DB-200", 3600),
    ("立式真空包装机 ZK-450", 8900),
    ("热收缩膜机 RS-400", 15600),
    ("枕式包装机 ZS-350", 26800),
    ("智能贴标机 TB-120", 19800),
    ("码垛机器人 MD-800", 168000),
    ("输送线（每米）", 1450),
    ("喷码机 PM-60", 7200),
    ("封口膜 50卷", 980),
    ("打包带 20kg", 260),
    ("保养服务包（一年）", 4800),
)
