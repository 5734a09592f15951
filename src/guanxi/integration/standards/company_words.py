"""Words that names of Chinese companies are made of: legal forms, ends of branches, trades."""

from guanxi.integration.standards.tables import words

# Company Law of the PRC, Partnership Enterprise Law, Law on Sole Proprietorships; the longest first. 集团 and
# 控股 are no forms here: a group and its company of the same brand are two customers.
LIMITED_FORMS = ("股份有限责任公司", "有限责任公司", "股份有限公司", "有限公司")
COMPANY_FORMS = (*LIMITED_FORMS, "股份公司", "总公司", "公司")
BRACKETED_FORMS = ("特殊普通合伙", "有限合伙", "普通合伙", "个人独资", "个体工商户", "个体户", "个体")
OTHER_FORMS = (
    "合伙企业", "个人独资企业", "农民专业合作社", "专业合作社联合社", "专业合作社", "合作社",
    "事务所", "工作室", "经营部", "商行", "商店",
)  # fmt: skip
LATIN_FORMS = (
    r"co\.?[, ]*ltd|company limited|company ltd|pte\.? ?ltd|pty\.? ?ltd|s\.?a\.?r\.?l|gmbh|incorporated|inc|"
    r"llc|llp|limited|ltd|corporation|corp|plc|company|co|s\.a|ag|bv|kk"
)
BRANCH_ENDS = tuple(words("company_words", "branch"))
_LONGEST_FIRST = sorted(words("company_words", "trade"), key=len, reverse=True)
TRADE_PATTERN = f"(?:{'|'.join(_LONGEST_FIRST)})"
