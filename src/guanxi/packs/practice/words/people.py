"""Family names and given names with their pinyin (for mail addresses), titles and the company's own staff."""

from guanxi.packs.practice.words.lists import listed

FAMILY_NAMES = listed(
    """
    王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu
    郭guo 何he 高gao 林lin 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 邓deng 韩han 冯feng 曹cao
    彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei
    苏su 吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao
    石shi 金jin 欧阳ouyang
    """
)

GIVEN_SINGLE = listed(
    """
    伟wei 芳fang 敏min 静jing 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming 超chao 霞xia
    平ping 刚gang 强qiang 丽li 斌bin 辉hui 鹏peng 浩hao 玲ling 琳lin 波bo 健jian 峰feng 婷ting
    宁ning 燕yan 雷lei 旭xu 倩qian
    """
)

GIVEN_FIRST = listed(
    """
    建jian 国guo 志zhi 文wen 晓xiao 海hai 永yong 春chun 玉yu 丽li 小xiao 红hong 金jin 秀xiu 俊jun
    雪xue 子zi 雨yu 佳jia 思si 嘉jia 家jia 振zhen 德de 立li 世shi 少shao 庆qing 福fu 天tian 宏hong
    克ke 新xin 景jing 梦meng 欣xin
    """
)

GIVEN_SECOND = listed(
    """
    华hua 军jun 明ming 平ping 强qiang 林lin 峰feng 英ying 梅mei 兰lan 玲ling 芬fen 萍ping 云yun
    东dong 生sheng 良liang 成cheng 龙long 辉hui 霞xia 燕yan 琴qin 怡yi 轩xuan 涵han 宇yu 杰jie
    鹏peng 飞fei 波bo 民min 荣rong 祥xiang 刚gang
    """
)

TITLES = ("采购经理", "总经理", "厂长", "设备主管", "财务", "行政", "老板", "生产部长", "销售经理", "采购员")

SALESPEOPLE = ("刘洋", "顾晓峰", "钱立群", "马丽萍", "何志强", "林春梅", "郭永刚", "唐文杰")
ENGINEERS = ("周建平", "吴海涛", "徐国强", "邓小兵", "蒋玉林", "潘振华")

NICKNAMES = listed(
    """
    追风少年 阳光灿烂 平平淡淡才是真 一帆风顺 云淡风轻 老王说机械 静水流深 小幸运🍀 努力奋斗💪
    海阔天空 包装人生 A设备维修 快乐每一天😊 上善若水 诚信赢天下 木子李 山高人为峰 江南烟雨 天道酬勤
    知足常乐 晴天 浪里个浪 大漠孤烟
    """
)


def split_pinyin(word: str) -> tuple[str, str]:
    """Return the Han characters of *word* and the pinyin written behind them: 张zhang → (张, zhang)."""
    han = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return han, word[len(han) :]
