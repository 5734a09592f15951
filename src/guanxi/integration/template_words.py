"""The words of the templates departments fill in, in the languages the product speaks."""

from guanxi.metadata.labels import Label

INSTRUCTIONS = Label(en="Instructions", zh="填写说明")
TITLE = Label(en="How to fill in: {object}", zh="填写说明：{object}")
STEPS = (
    Label(
        en="Fill in the sheet {sheet}, one line for each record, from line 2 on. Columns marked with * must be filled.",
        zh="请在工作表“{sheet}”中填写，从第2行开始，每行一条记录。带 * 的列必填。",
    ),
    Label(
        en="Leave the headings as they are; further columns may be added on the right.",
        zh="请勿修改表头；需要补充的内容可在右侧另加列。",
    ),
    Label(
        en="Paste values only, otherwise the checks and drop-downs of the cells are lost.",
        zh="粘贴时请选择“仅粘贴值”，否则单元格的校验和下拉选项会失效。",
    ),
    Label(
        en="What you do not know stays empty; do not write “none” or “unknown”.",
        zh="不清楚的内容请留空，不要填写“无”“不详”等字样。",
    ),
)
COLUMN = Label(en="Column", zh="列名")
REQUIRED = Label(en="Required", zh="是否必填")
EXPLAINED = Label(en="What to write", zh="填写要求")
YES = Label(en="Yes", zh="是")
NO = Label(en="No", zh="否")
CHECK_FAILED = Label(en="Please check this cell", zh="请检查填写内容")
CHOICES = Label(en="Choose from: {choices}", zh="可选值：{choices}")

RULES = {
    "mobile": Label(
        en="A mobile number has 11 digits and begins with 1, for example 13800138000.",
        zh="手机号码为11位数字，以1开头，例如 13800138000。",
    ),
    "phone": Label(
        en="A telephone number with its area code, for example 0571-88886666; 7 to 30 characters.",
        zh="电话请带区号，例如 0571-88886666；长度为7到30个字符。",
    ),
    "email": Label(
        en="An e-mail address has an @ and a dot behind it, for example name@example.com.",
        zh="邮箱须包含 @，且其后有“.”，例如 name@example.com。",
    ),
    "credit_code": Label(
        en="A unified social credit code has 18 characters: digits and capital letters.",
        zh="统一社会信用代码为18位数字或大写字母。",
    ),
    "date": Label(en="A date, for example 2026-03-05.", zh="请填写日期，例如 2026-03-05。"),
    "date_time": Label(
        en="A date and a time, for example 2026-03-05 14:30.", zh="请填写日期和时间，例如 2026-03-05 14:30。"
    ),
    "number": Label(en="A number.", zh="请填写数字。"),
    "whole_number": Label(en="A whole number.", zh="请填写整数。"),
    "between": Label(en="From {minimum} to {maximum}.", zh="范围：{minimum} 到 {maximum}。"),
    "at_least": Label(en="At least {minimum}.", zh="不小于 {minimum}。"),
    "at_most": Label(en="At most {maximum}.", zh="不大于 {maximum}。"),
    "money": Label(
        en="An amount in {currency}: the plain number, not in thousands or 万.",
        zh="金额，币种 {currency}，以元为单位填写数字，不要以“万”为单位。",
    ),
    "percent": Label(
        en="The number before the percent sign: 20 means 20%.", zh="填写百分号前的数字：20 表示 20%。"
    ),
    "length": Label(en="At most {length} characters.", zh="最多 {length} 个字符。"),
    "choice": Label(en="Choose one of the list.", zh="请从下拉列表中选择。"),
    "industry": Label(
        en="Choose a division of GB/T 4754-2017; another usual name of an industry may be kept.",
        zh="请选择 GB/T 4754-2017 的行业大类；也可保留其他常用行业名称。",
    ),
    "several": Label(
        en="Several values are separated by 、 or a comma.", zh="多个值之间用顿号（、）或逗号分隔。"
    ),
    "address": Label(
        en="Province, city, district and the rest in one cell.", zh="省、市、区县和详细地址写在同一格。"
    ),
    "user": Label(en="The name or login of a colleague.", zh="填写同事的姓名或登录名。"),
    "link": Label(en="As it is called in {object}.", zh="填写所属{object}，与其登记的一致。"),
    "auto_number": Label(
        en="Your own number, if you have one; the system gives its own.",
        zh="如有本部门编号请填写；系统会另行编号。",
    ),
}
