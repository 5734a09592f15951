"""The characters brands (字号) are made of with pinyin, their look-alikes, and their traditional forms."""

from guanxi.packs.practice.words.lists import listed

BRAND_FIRST = listed(
    """
    恒heng 瑞rui 鑫xin 华hua 鼎ding 盛sheng 宏hong 嘉jia 金jin 永yong 天tian 海hai 东dong 德de 信xin
    博bo 远yuan 凯kai 百bai 佳jia 旭xu 康kang 泰tai 乐le 新xin 正zheng 联lian 睿rui 润run 腾teng
    伟wei 汇hui 诚cheng 力li 锦jin 明ming
    """
)

BRAND_SECOND = listed(
    """
    达da 通tong 源yuan 隆long 昌chang 丰feng 兴xing 安an 顺shun 成cheng 科ke 创chuang 宇yu 峰feng
    洋yang 悦yue 禾he 川chuan 航hang 益yi 邦bang 美mei 利li 荣rong 元yuan 辉hui 升sheng 祥xiang 和he
    捷jie
    """
)

LEGAL_FORMS = ("有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")

# What a tired hand types instead: same sound or same look.
LOOK_ALIKES = {
    "恒": "横",
    "瑞": "锐",
    "鑫": "新",
    "华": "桦",
    "鼎": "顶",
    "盛": "晟",
    "宏": "弘",
    "嘉": "加",
    "金": "今",
    "永": "咏",
    "天": "添",
    "海": "诲",
    "东": "冬",
    "德": "得",
    "信": "讯",
    "博": "搏",
    "远": "元",
    "凯": "恺",
    "百": "佰",
    "佳": "家",
    "旭": "序",
    "康": "糠",
    "泰": "太",
    "乐": "了",
    "新": "欣",
    "正": "政",
    "联": "连",
    "睿": "锐",
    "润": "闰",
    "腾": "藤",
    "伟": "炜",
    "汇": "惠",
    "诚": "成",
    "力": "利",
    "锦": "棉",
    "明": "铭",
}

# Simplified → traditional for the characters that occur in names here (facts of the script).
TRADITIONAL = dict(
    zip(
        "华东远凯乐联润腾伟汇诚锦达兴顺创荣辉丰龙机电业饮纺织饰药设备贸务术环经济发农设装仪车厂团责无锡苏广庆长宁"
        "连汉阳绍门济潍临郑贵兰沈吕张刘陈杨黄赵吴孙马郑谢邓韩冯萧钟陆叶卢苏国军强晓红庆丽龙飞杰兰云艺",
        "華東遠凱樂聯潤騰偉匯誠錦達興順創榮輝豐龍機電業飲紡織飾藥設備貿務術環經濟發農設裝儀車廠團責無錫蘇廣慶長寧"
        "連漢陽紹門濟濰臨鄭貴蘭瀋呂張劉陳楊黃趙吳孫馬鄭謝鄧韓馮蕭鍾陸葉盧蘇國軍強曉紅慶麗龍飛傑蘭雲藝",
        strict=True,
    )
)


def traditional(text: str) -> str:
    """Return *text* with every known simplified character replaced by its traditional form."""
    return "".join(TRADITIONAL.get(character, character) for character in text)
