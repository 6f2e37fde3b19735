"""Figures in running text: which of its numbers say how much was done, reached, given or held, and of what.

What a number is, and how exact, ``publishing.stated_numbers`` says. Here is decided where one begins and ends, whether it is a
figure at all (a floor, an age, a norm for each year is none), and which measure it is of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from publishing.stated_numbers import Precision, QuantityError, read


@dataclass(frozen=True)
class Amount:
    """``measure``: the slug of one; empty where none fits."""

    as_stated: str
    value: Decimal | None
    precision: str
    unit: str
    measure: str


_BEFORE = "不少于|不低于|不下于|不下|不止|超过|超出|超|逾|突破|至少|多于|大于|将近|接近|近|不足|约|大约|大概|达到|上(?=[百千万])"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[十百千]?[万亿]|[百千十])?"
_HAN = "[零〇一二两三四五六七八九十百千万亿几数]+"
_NUMBER = f"(?:{_DIGITS}|{_HAN})"
#: what a number may count: the words of Chinese grammar for it
_UNITS = (
    "人次|场次|户次|例次|台次|批次|班次|人份|个(?:小时|钟头)|小时|学时|课时|公斤|万元|元|"
    "[场次人名位户份册本张件套例台支面幅盒箱个家所项篇期批条处组对只副篮袋包瓶桶床间座部辆亩斤吨株棵枚封堂剂票具双块顶把]"
)
_END = "以上|左右|上下|之多|有余"
_CANDIDATE = re.compile(
    rf"(?P<since>{_NUMBER}(?:[—\-–~～]+|至|到))?(?P<before>{_BEFORE})?(?P<number>{_NUMBER})(?:个(?=[余多]))?(?P<after>[余多来])?"
    rf"(?P<scale>[百千]?[万亿])?(?P<unit>{_UNITS})(?P<end>{_END})?"
)
_CLAUSE = re.compile("[，,。；;！？!?：:\n（）()]|、(?=[^0-9一二两三四五六七八九十百千]{2})")
_SENTENCE = re.compile("[。！？!?；;\n]")

# -- What is no figure, by what stands before and behind it

_NO_FIGURE_BEFORE = re.compile(
    r"(?:第|每|平均|人均|No\.|号|电话|热线|[A-Za-z0-9.\-/〔\[]|[年月点时]第?|星期|周|礼拜|同|另|某|任|哪|这|那|"
    r"再|上|下|首|头|前|又|其中之|唯|任何|进|专|逐)\Z"
)
#: norms, plans and what somebody may have; what was printed, costs, or lies round about
_NORM = re.compile(
    "每(?:年|季度?|月|周|天|日|晚|人|名|位|次|个|场|半年|所|户|隔|班)|人均|均|目标|计划|力争|预计|拟|争取|要求|原则上|不得|今年要|将要|还要|一[天晚周]要|"
    "名额|限(?!时)|控制在|为宜|以内|共印|印发|全[县镇乡区市]有|下辖|辖区|最远的|分成|分为|满分|成本|收费|挂号费|只收|价|费用|经费"
)
_ALONE = {"一", "1"}
_SMALL = set("两二三四五六七八九")
_GIVEN_MONEY = re.compile("捐|募|善款|筹|慰问金|资助|减免|救助|折合|垫付")
#: what is counted with these words only where the thing is named, behind the number or right before it
_THINGS = {
    "个": "党支部|支部|党总支|党委|党小组|党员|科室|病区|学科|专业|社区|乡镇|街道|镇|乡|班级|家庭|岗|责任区|服务点|义诊点|点位|摊位|单位|部门|企业|学校|村|"
    "团队|县(?!城)|医疗点|筛查点|宣传点|工地|门店|养老院|敬老院|卫生室|卫生院|红包|包|香囊|粽子|口罩|节目|窗口|病种|问题|药箱|急救箱|箱",
    "家": "企业|医院|单位|机构|卫生院|门店|药店|工厂|公司|媒体|诊所",
    "支": "队|队伍|小分队|突击队",
    "项": "新技术|新项目|新业务|课题|专利|检查|惠民|便民|实事|问题|成果|荣誉|技术",
    "篇": "稿|论文|心得|文章|征文|简报",
    "条": "意见|建议|问题|信息|线索|留言|答复|整改",
    "件": "实事|好事|物资|衣物|作品|礼品|防护|棉衣|投诉|标本|器材",
    "间": "诊室|病房|教室|工作室",
    "处": "隐患|点|问题|宣传|驿站|岗|站",
    "把": "轮椅|雨伞|椅|伞", "块": "展板|牌", "部": "图书|作品|电影|电话",
}  # fmt: skip
_LENGTH_OF_TIME = {"小时", "个小时", "个钟头", "学时", "课时"}
_TIME_COUNTED = re.compile("服务|志愿|时长|累计|工时|值守|学习|培训|教育|奉献|义务|合计|总计")
_TEAM = re.compile("^(?:的)?[^，。；、]{0,4}(?:小组|抢救队|送饭队|小分队|专班)")
_HELD_OFTEN = re.compile(
    "开展|举办|举行|组织|召开|进行|参加|参与|完成|服务|义诊|讲座|活动|培训|宣讲|宣教|演练|学习|党课|党日|支委会|党员大会|小组会|巡诊|会诊|筛查|走访|慰问|上门|"
    "下乡|出车|出诊|开诊|检查|督导|累计|出动|接待|咨询|献血|授课|值守|查房|访视|随访|会议|维护|指导|换药|护理"
)


def amounts(text: str) -> Iterator[Amount]:
    """The figures of a text in their order. Full-width digits and thousands separators are understood."""
    for match in _CANDIDATE.finditer(text):
        if amount := _amount(text, match):
            yield amount


def _amount(text: str, match: re.Match) -> Amount | None:
    start, end = match.span()
    clause = _CLAUSE.split(text[max(0, start - 40) : start])[-1]
    rest = _CLAUSE.split(text[end : end + 24])[0]
    if not _is_figure(match, text, clause, rest):
        return None
    unit, as_stated = match["unit"], match[0]
    sentence = _SENTENCE.split(text[max(0, start - 60) : start])[-1]
    measure = measure_of(unit, clause, rest, sentence)
    if match["since"]:  # from so many to so many: words, as 几百 is
        return Amount(as_stated, None, str(Precision.VAGUE), unit, measure)
    try:
        reading = read(as_stated)
    except QuantityError:
        return None
    if reading.value is not None and reading.value <= 0:
        return None
    return Amount(as_stated, reading.value, str(reading.precision), unit, measure)


def _is_figure(match: re.Match, text: str, clause: str, rest: str) -> bool:
    number, unit, start = match["number"], match["unit"], match.start()
    is_round = match["before"] or match["after"]
    if _NO_FIGURE_BEFORE.search(text[max(0, start - 6) : start]) and not match["before"]:
        return False
    if _NORM.search(clause) or re.match("为宜|以内|之内", rest):
        return False
    is_listed = not rest and bool(re.search("[\u3400-\u9fff”》]\\Z", clause))  # 轮椅40辆: the thing stands before
    if number in _ALONE and not is_round:  # 一名党员就是一面旗帜: hardly ever a count
        return False
    if number in {"数", "几", "万", "千", "百", "亿", "百千", "千万", "百万"} and not is_round:
        return False
    if unit in {"元", "万元"}:
        return bool(_GIVEN_MONEY.search(clause))
    if unit in _LENGTH_OF_TIME:
        return bool(_TIME_COUNTED.search(clause)) and number not in {"24", "半"}
    if unit == "次":
        return is_listed or _is_held_often(clause, rest)
    if number in _SMALL and not is_round and unit not in {"场", "场次", "期", "堂", "批次", "班次", "例"}:
        return is_listed and unit not in {"个", "人", "名", "位", "本"}
    if unit == "人" and _TEAM.match(rest):
        return False
    if things := _THINGS.get(unit):
        return bool(re.match(f"(?:[\u3400-\u9fff]{{0,4}}?)(?:{things})", rest)) or (
            is_listed and bool(is_round or re.search(f"(?:{things})[\u3400-\u9fff]{{0,3}}\\Z", clause))
        )
    return True


def _is_held_often(clause: str, rest: str) -> bool:
    return bool(_HELD_OFTEN.search(clause[-16:])) or bool(
        re.match("(?:的)?[^，。；]{0,6}(?:活动|义诊|讲座|培训|服务|会议|演练|筛查|巡诊|宣讲|学习|课|咨询)", rest)
    )


# -- In tables: what a column or a field is headed

_HEADED: list[tuple[str, str, str]] = [
    ("expected", "人", "应到"),
    ("attended", "人", "实到|到会|出席"),
    ("attended", "人次", "参加人次|参会"),
    ("sessions", "场", "场次|次数|班次|期数|场数|^批次|活动数"),
    ("sessions", "批次", "批次"),
    ("screened", "人", "筛查|检测"),
    ("positive", "人", "异常|阳性"),
    ("trained", "人次", "培训"),
    ("audience", "人次", "听众|听课|受教育|观众"),
    ("visits", "人次", "服务人|受益|惠及|义诊人|诊疗|咨询|接诊|看诊|人次"),
    ("party_members", "人", "党员"),
    ("volunteers", "人", "志愿者"),
    ("medical_staff", "名", "医务|医护|专家|讲师|医生|护士"),
    ("hours", "小时", "时长|小时|学时"),
    ("leaflets", "份", "资料|发放"),
    ("households", "户", "户"),
    ("cases", "例", "例数|手术"),
    ("villages", "个", "行政村|村"),
    ("schools", "所", "学校"),
    ("contestants", "人", "参赛|选手"),
]
_NOT_COUNTED = re.compile("序号|年龄|得分|分数|名次|编号|电话|年份|年度|日期|时间|满分|比例|占比|%|标准")


def amounts_of_table(rows: list[list[str]]) -> Iterator[Amount]:
    """The figures of the cells that hold nothing but a number, of what their column or the field before them is headed.

    ``rows``: as wide as the table; what a merged cell covers is empty. All other cells are running text.
    """
    first = next((n for n, row in enumerate(rows) if sum(_alone(cell) is not None for cell in row[1:])), len(rows))
    is_form = any(_headed(cell) for row in rows[first:] for cell in row[:-1]) and first == 0 or _is_form(rows, first)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            reading = _alone(cell)
            if reading is None:
                yield from amounts(cell)
                continue
            if is_form:
                heading = row[column - 1] if column else ""
            else:
                heading = "".join(dict.fromkeys(own[column] for own in rows[:first] if column < len(own)))
            if (headed := _headed(heading)) and number >= (0 if is_form else first):
                slug, unit = headed
                yield Amount(cell, reading.value, str(reading.precision), reading.unit or unit, slug)


def _is_form(rows: list[list[str]], first: int) -> bool:
    """Whether the number stands behind its field in the row, and not below a heading."""
    if first >= len(rows):
        return False
    row = rows[first]
    column = next(n for n, cell in enumerate(row) if n and _alone(cell) is not None)
    return _headed(row[column - 1]) is not None and not any(_headed(own[column]) for own in rows[:first])


def _alone(cell: str):
    """The number that is all of a cell; None where it holds anything else."""
    if not cell or len(cell) > 12 or not re.search(rf"\d|{_HAN}", cell):
        return None
    try:
        reading = read(cell)
    except QuantityError:
        return None
    return reading if len(reading.unit) <= 2 else None


def _headed(heading: str) -> tuple[str, str] | None:
    heading = re.sub(r"\s", "", heading)
    if not heading or len(heading) > 16 or _NOT_COUNTED.search(heading):
        return None
    unit = re.search("[（(]([\u3400-\u9fff]{1,2})[）)]", heading)
    for slug, usual, words in _HEADED:
        if re.search(words, heading):
            return slug, unit[1] if unit else usual
    return ("", unit[1]) if unit else None


# -- Which measure

_PEOPLE = {"人", "名", "位", "人次", "人份"}
_OF_PEOPLE: list[tuple[str, str]] = [
    ("expected", "应到|应参加|应出席"),
    ("attended", "实到|到会|出席|参会"),
    ("positive", "异常|阳性|发现.{0,6}(?:可疑|疑似|高危|病变|近视)|检出|确诊|查出|转诊"),
    ("screened", "筛查|检测|检查|体检|监测|普查|辨识"),
    ("contestants", "参赛|选手|竞赛|比赛|角逐"),
    ("volunteers", "志愿者|志愿服务队员|义工"),
    ("medical_staff", "医务|医护|专家|医师|医生|护士|技师|药师|医疗队员|骨干|治疗师|讲师"),
    ("party_members", "党员"),
    ("trained", "培训|学员|受训|带教|帮带|指导.{0,6}(?:医生|医务|人员)|实操|村医"),
    ("audience", "听众|听课|聆听|听讲|讲座|宣教|宣讲|授课|科普|观看|观众|受教育|师生|学生|党课|讲[^师解述坛]"),
    (
        "visits",
        "服务|惠及|义诊|诊疗|接诊|咨询|就诊|受益|看病|诊治|群众|居民|患者|老人|村民|市民|发放|测|接待|帮助|导诊|人次",
    ),
]


_TAKES_PART = re.compile(
    "参加|参与|轮流|值守|走进|来到|带领|组织|报名|上岗|参训|出动|重温|面向|宣誓|看望|深入|前往|奔赴|服务|共同|一起|开展|赴|到场|集体|佩戴|观看"
)


def measure_of(unit: str, clause: str, rest: str, sentence: str = "") -> str:
    """The slug of the measure; empty where none fits. ``clause``: before the number, ``rest``: behind it."""
    near = rest[:8]
    if unit in {"场次", "场", "堂", "班次", "批次"}:
        return "sessions"
    if unit == "期":
        return "sessions"
    if unit == "次":
        return "sessions" if _is_held_often(clause, rest) else ""
    if unit in _LENGTH_OF_TIME:
        return "hours"
    if unit in {"户", "户次"} or (unit == "个" and near.startswith("家庭")):
        return "households"
    if unit in {"例", "例次", "台次"} or (unit == "台" and "手术" in clause + near):
        return "cases"
    if unit == "个" and (re.match("行政村|自然村|村(?!民|医)", near) or (not rest and clause.endswith("村"))):
        return "villages"
    if unit == "所":
        return "schools" if re.search("学校|小学|中学|幼儿园|院校|校", near + clause[-6:]) else ""
    if unit in {"份", "册", "本", "张", "枚"}:
        is_paper = re.search("资料|手册|宣传|折页|单页|读本|册|页|传单|材料|处方|海报|图|书签|卡", near + clause[-14:])
        return "leaflets" if is_paper and not re.search("问卷|礼|药|物资|慰问品|早餐", near) else ""
    if unit in _PEOPLE:
        return _of_people(unit, clause, rest, sentence)
    return ""


def _of_people(unit: str, clause: str, rest: str, sentence: str) -> str:
    """What directly follows the number says most, then the rest of its clause, then what stands before it."""
    for words in (rest[:5], clause[-16:], rest, sentence[-40:]):
        for slug, signs in _OF_PEOPLE:
            if re.search(signs, words):
                if slug == "party_members" and not _TAKES_PART.search(f"{clause}{rest}{sentence[-12:]}"):
                    return ""  # what a branch has
                if unit in {"人次", "人份"} and slug in {"party_members", "medical_staff", "volunteers"}:
                    continue
                if unit != "人次" or slug in {"audience", "visits", "screened", "positive", "trained"}:
                    return "visits" if unit == "人次" and slug in {"positive"} else slug
    return "visits" if unit in {"人次"} else ""
