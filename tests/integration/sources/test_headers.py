"""Laws of headers: the row that names the columns is found, however long the names are."""

from guanxi.integration.sources.headers import find_header

QUESTIONS = [
    "1. 贵公司目前使用哪一种客户管理方式？请选择最符合日常工作的一项（单选题，必答，选择其他时请在备注中说明）",
    "2. 在过去的十二个月里，贵公司的销售人员平均每周拜访多少位客户？（只填整数，不含电话和线上会议）【必答】",
    "3. 您最希望新系统先解决的三个问题是什么？请按重要程度由高到低排列，并简要说明原因（可多选，最多三项）",
]


def test_questions_as_long_as_sentences_name_the_columns():
    answers = [["电子表格", "12", "重复录入"], ["没有系统", "5", "资料分散"]]
    assert find_header([QUESTIONS, *answers]) == 0
    assert find_header([["满意度调查"], [], QUESTIONS, *answers]) == 2


def test_long_remarks_in_the_first_row_are_data():
    remarks = [f"{place}：{'已电话回访，客户对交货时间不满意，要求下周上门说明。' * 2}" for place in "甲乙丙"]
    assert find_header([remarks, [each[::-1] for each in remarks]]) is None
    assert find_header([remarks]) is None
