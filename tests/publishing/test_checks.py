"""What the checks before publication find, what they leave alone, and where they say it is."""

import tomllib
from collections import Counter
from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.apps import apps
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from articles.models import Article
from branches.models import Activity
from publishing.checks import Passage, Severity, check, check_photos, check_texts, passages
from publishing.checks.folding import Folded
from publishing.checks.name_words import ILLNESSES, NO_GIVEN_NAME, SURNAMES, UNMISTAKABLE_SURNAMES
from publishing.checks.rules import MOST
from publishing.models import WatchedWord

BLOCK, WARN, ADVISE = Severity.BLOCK, Severity.WARN, Severity.ADVISE
DEMO = Path(__file__).resolve().parents[2] / "articles/demo"
modest = settings(deadline=None, max_examples=150, database=None)


def found_in(text, words=()):
    return check_texts([Passage("body", "正文", text)], words)


def kinds(text, words=()):
    return [(finding.code, finding.severity) for finding in found_in(text, words)]


def watched(word, severity="warn", advice="请改写。"):
    return SimpleNamespace(word=word, severity=severity, advice=advice)


class Word(NamedTuple):
    word: str
    severity: str
    advice: str


FIRST_WORDS = import_module("publishing.migrations.0003_watched_words")
#: What a new database begins with.
INITIAL_WORDS = [Word(*row) for row in FIRST_WORDS.rows()]


def id_number(region="610502", birthday="19670315", sequence="012"):
    """With its check digit, by GB 11643."""
    digits = f"{region}{birthday}{sequence}"
    total = sum(int(digit) * (2 ** (17 - index) % 11) for index, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


def with_luhn(digits):
    """The digits and the one that makes them satisfy Luhn."""
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(reversed(digits))]
    return digits + str(-sum(value - 9 * (value > 9) for value in doubled) % 10)


def credit_code(digits):
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(characters.index(digit) * pow(3, index, 31) for index, digit in enumerate(digits))
    return digits + characters[-total % 31]


ID, ID_X, CARD = id_number(sequence="013"), id_number(sequence="012"), with_luhn("622202123456789")
LONG_CARD = with_luhn("622202123456789012")
OLD_ID = "610502670315012"
CREDIT = next(
    code
    for number in range(10**6)
    if (code := credit_code(f"12610500{number:09d}")).isdigit() and with_luhn(code[:-1]) == code
)

# What must not be printed, and as what it is found.
POSITIVE = [
    (f"身份证号{ID}", "id_number", BLOCK),
    (f"身份证号{ID_X}。", "id_number", BLOCK),
    (ID_X.lower(), "id_number", BLOCK),
    (f"{ID_X}光检查", "id_number", BLOCK),
    (" ".join(ID), "id_number", BLOCK),
    (f"{ID[:6]} {ID[6:14]} {ID[14:]}", "id_number", BLOCK),
    (f"{ID[:6]}-{ID[6:14]}-{ID[14:]}", "id_number", BLOCK),
    (f"{ID[:6]}.{ID[6:14]}.{ID[14:]}", "id_number", BLOCK),
    (f"{ID[:10]}\n{ID[10:]}", "id_number", BLOCK),
    (f"{ID[:10]}\u200b{ID[10:]}", "id_number", BLOCK),
    (ID.translate(str.maketrans("0123456789", "０１２３４５６７８９")), "id_number", BLOCK),
    (f"{ID_X[:-1]}Ｘ", "id_number", BLOCK),
    (f"2023 {ID}", "id_number", BLOCK),
    (OLD_ID, "id_number", WARN),
    ("610502 670315 012", "id_number", WARN),
    ("电话13800138000", "mobile", BLOCK),
    ("电话：\n13800138000①", "mobile", BLOCK),
    ("电话：１３８００１３８０００", "mobile", BLOCK),
    ("138 0013 8000", "mobile", BLOCK),
    ("138-0013-8000", "mobile", BLOCK),
    ("138\n0013\n8000", "mobile", BLOCK),
    ("联系人电话：\n电话138\n0013\n8000", "mobile", BLOCK),
    ("+8613800138000", "mobile", BLOCK),
    ("+86 138 0013 8000", "mobile", BLOCK),
    ("008613800138000", "mobile", BLOCK),
    ("8722000，13800138000", "mobile", BLOCK),
    (f"卡号{CARD}", "bank_card", BLOCK),
    (LONG_CARD, "bank_card", BLOCK),
    (f"备案号{CARD}", "bank_card", BLOCK),
    (" ".join([CARD[:4], CARD[4:8], CARD[8:12], CARD[12:]]), "bank_card", BLOCK),
    (" ".join([LONG_CARD[:4], LONG_CARD[4:8], LONG_CARD[8:12], LONG_CARD[12:16], LONG_CARD[16:]]), "bank_card", BLOCK),
    ("6222-0212-3456-" + with_luhn("622202123456789")[12:], "bank_card", BLOCK),
    ("住院号20230718", "patient_number", BLOCK),
    ("住院号：20230718", "patient_number", BLOCK),
    ("住院号为20230718", "patient_number", BLOCK),
    ("病案号ZY-20230718", "patient_number", BLOCK),
    ("病历号 0012345", "patient_number", BLOCK),
    ("门诊号码是20230718", "patient_number", BLOCK),
    ("就诊卡号（0012345）", "patient_number", BLOCK),
    ("床号：12", "patient_number", WARN),
    ("患者李建国因肺癌入院", "patient_name", BLOCK),
    ("张德明（患者）", "patient_name", BLOCK),
    ("张桂英（肺癌患者）", "patient_name", BLOCK),
    ("病人王小丽", "patient_name", BLOCK),
    ("患者：李建国", "patient_name", BLOCK),
    ("患者　李建国", "patient_name", BLOCK),
    ("患者姓名：王建国", "patient_name", BLOCK),
    ("患者（李建国，男，67岁）", "patient_name", BLOCK),
    ("患者名叫李建国", "patient_name", BLOCK),
    ("糖尿病患者李明今天出院", "patient_name", BLOCK),
    ("患者欧阳明月", "patient_name", BLOCK),
    ("患者于建国因骨折住院", "patient_name", BLOCK),
    ("患者高建军在我院", "patient_name", BLOCK),
    ("患者安玉兰在家人陪同下", "patient_name", BLOCK),
    ("患者马德胜紧紧握住", "patient_name", BLOCK),
    ("患者张桂兰女士", "patient_name", BLOCK),
    ("患者代表王芳发言", "patient_name", BLOCK),
    ("产妇周晓燕顺利分娩", "patient_name", BLOCK),
    ("患儿刘子涵", "patient_name", BLOCK),
    ("伤者孙志强被送来", "patient_name", BLOCK),
    ("患者李建国\u200b来院", "patient_name", BLOCK),
    ("王建国，67岁，因脑梗死入院", "patient_name", BLOCK),
    ("王建国（男，67岁）患肺癌", "patient_name", BLOCK),
    ("李秀兰今年72岁，患糖尿病多年", "patient_name", BLOCK),
    ("村民王芳，45岁，患宫颈癌", "patient_name", BLOCK),
    ("67岁的王建国得了肺癌", "patient_name", BLOCK),
    ("七十岁的老人王建国得了白内障", "patient_name", BLOCK),
    ("村民王建国突发脑梗死", "patient_name", BLOCK),
    ("李建国身患抑郁症", "patient_name", BLOCK),
    ("李建国因急性阑尾炎入院", "patient_name", BLOCK),
    ("庆祝中国共产党诞辰102周年", "party_birthday", BLOCK),
    ("建党一百周年诞辰", "party_birthday", BLOCK),
    ("迎接党的诞辰", "party_birthday", BLOCK),
    ("中国共产党成立102周年诞辰", "party_birthday", BLOCK),
    ("内部资料", "internal_mark", BLOCK),
    ("内部文件，不准复印", "internal_mark", BLOCK),
    ("此件不得外传", "internal_mark", BLOCK),
    ("注意保存\n关于召开会议的通知", "internal_mark", BLOCK),
    ("机密★一年", "internal_mark", BLOCK),
    ("绝密", "internal_mark", BLOCK),
    ("参加人数待核实", "internal_mark", BLOCK),
    ("（此处待补）", "internal_mark", BLOCK),
    ("【待定】", "internal_mark", BLOCK),
    ("（此处插入照片）", "internal_mark", BLOCK),
    ("XXX同志主持", "internal_mark", BLOCK),
    ("×××同志主持", "internal_mark", BLOCK),
    ("□□□主持", "internal_mark", BLOCK),
    ("2023年XX月", "internal_mark", BLOCK),
    ("TODO", "internal_mark", BLOCK),
    ("批注：这里再核一下", "internal_mark", BLOCK),
    ("批注 [张三1]: 数字不对", "internal_mark", BLOCK),
    ("带格式的: 缩进", "internal_mark", BLOCK),
    ("错误!未找到引用源。", "internal_mark", BLOCK),
    ("义\ufffd活动", "internal_mark", BLOCK),
    ("工作方案（送审稿）", "internal_mark", WARN),
    ("工作方案（征求意见稿）", "internal_mark", WARN),
    ("总结（初稿）", "internal_mark", WARN),
    ("姓名____", "internal_mark", WARN),
    ("12.5名党员", "decimal_members", WARN),
    ("１２．５名党员", "decimal_members", WARN),
    ("12.5名在职党员", "decimal_members", WARN),
    ("党员总数为12.5人", "decimal_members", WARN),
]

# What stays as it is: none of the rules says anything.
NEGATIVE = [
    # numbers
    ID[:-1] + str((int(ID[-1]) + 1) % 10),
    f"{ID}0",
    f"0{ID}",
    id_number(birthday="19671332"),
    id_number(birthday="18670315"),
    id_number(birthday="20990101"),
    id_number(region="910502"),
    id_number(region="160502"),
    "610502671315012",
    "990502670315012",
    "拨打8722000",
    "0913-8722000",
    "400-138-0013",
    "400 8722 000",
    "12345热线",
    "120急救",
    "138001380001",
    "12800138000",
    "1380013800",
    "惠及群众18694人次",
    "每月人次：\n138\n1600\n2570\n",
    CARD[:-1] + str((int(CARD[-1]) + 1) % 10),
    f"备案号{CARD[:-1]}{(int(CARD[-1]) + 1) % 10}",
    with_luhn("62220212345678"),
    with_luhn("6222021234567890123"),
    f"https://example.org/a/{CARD}.html",
    f"www.example.org/a/{CARD}",
    f"单号WX{CARD}",
    f"统一社会信用代码{CREDIT}",
    f"0.{with_luhn('333333333333333')}",
    "0000000000000000",
    "\n".join(["年度", CARD[:4], CARD[4:8], CARD[8:12], CARD[12:], "合计"]),
    "凭住院号或门诊号查询",
    "住院号、床号、姓名三查",
    "住院号为8位数字",
    "住院号为2023年统一编排",
    "床号为12位数字",
    "床号共12个",
    # patients, spoken of as they should be
    "患者李先生",
    "患者李先\n生左眼好转",
    "患者陈女士送来锦旗",
    "患者张某因肺癌入院",
    "患者王某某，男，56岁，因脑梗死入院",
    "患者李大爷",
    "病人王阿姨",
    "患者刘奶奶",
    "患者赵老师",
    "患者周同志",
    "患者李师傅",
    "患者李建国（化名）因肺癌入院",
    "患者李建国因肺癌入院。文中患者均为化名。",
    "60岁的张女士患白内障",
    "王先生，67岁，因脑梗死入院",
    "张大爷，78岁，骨折",
    # words behind a word for patient that are no names
    "保障患者安全",
    "提高患者满意度",
    "患者高兴地说",
    "患者家属送来锦旗",
    "患者和家属道谢",
    "让患者方便就医",
    "患者于6月住院",
    "患者于昨日入院",
    "患者于乡下去世",
    "患者时常感到胸闷",
    "住院患者金额统计",
    "患者康复出院",
    "患者常年卧床",
    "患者曾多次住院",
    "患者左侧肢体无力",
    "患者严重贫血",
    "患者高血压多年",
    "产妇宫缩乏力",
    "患者焦虑不安",
    "患者文化程度",
    "患者苏醒后",
    "患者白细胞升高",
    "患者管理中心",
    "患者任何时候都可以来",
    "患者陆续出院",
    "患者连声道谢",
    "患者安心养病，",
    "患者祝福医院",
    "患者权益保障",
    "患者万分感激",
    "孕妇学校",
    "患者王坤医生的电话",
    "传染病人管理",
    "患者姓名、性别",
    "患者郑州求医，",
    # staff near an illness
    "主任医师孙健为胃癌患者手术",
    "孙健，45岁，主任医师，擅长骨折手术",
    "骨科主任孙健，45岁，讲骨折急救",
    "45岁的孙健，骨科主任医师，擅长骨折手术",
    "支部书记王建坤因肺炎住院",
    "护士王建坤突发肺炎",
    "王建坤突发奇想，用快板给孩子们讲怎样预防肺炎",
    "见到患者，王攀主动上前",
    "一心为了患者\n王建坤是心内科医生",
    "王坤今年45岁，喜欢跑步",
    "王坤今年45岁。高血压讲座开讲",
    "高血压讲座开讲。王坤今年45岁",
    "他在胡集67岁那年得了肺炎",
    "为金乡县65岁以上老年人筛查高血压",
    "马坡65岁以上老人高血压随访",
    "李家村，67岁的老人患高血压",
    "金乡县突发车祸",
    # wording
    "毛泽东同志诞辰130周年",
    "党的好干部焦裕禄诞辰100周年",
    "庆祝中国共产党成立102周年",
    "国民党诞辰",
    "请注意保存检查报告",
    "院长在方案上批注：同意",
    "提交的送审稿件",
    "（待产妇女）",
    "XXXL号志愿马甲",
    "核型为47,XXX",
    "张××、李××",
    "□是 □否",
    "1.2万名党员",
    "平均每个支部12.5名党员",
    "党员学习1.5小时",
]


@pytest.mark.parametrize(("text", "code", "severity"), POSITIVE)
def test_what_must_not_be_printed_is_found(text, code, severity):
    assert kinds(text) == [(code, severity)]


@pytest.mark.parametrize("text", NEGATIVE)
def test_what_may_be_printed_is_left_alone(text):
    assert kinds(text) == []


def test_there_are_enough_examples_of_both():
    assert len(POSITIVE) >= 60
    assert len(NEGATIVE) >= 60
    assert not [text for text, times in Counter(NEGATIVE + [text for text, *_rest in POSITIVE]).items() if times > 1]


def demo_texts():
    def within(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from within(inner)

    for path in sorted(DEMO.glob("*.toml")):
        yield from within(tomllib.loads(path.read_text(encoding="utf-8")))


def test_nothing_in_the_demo_content_is_blocked_or_doubted():
    texts = list(demo_texts())
    assert len(texts) > 2000
    found = check_texts([Passage("body", "正文", text) for text in texts], INITIAL_WORDS)
    assert [finding for finding in found if finding.severity != ADVISE] == []


# ---------------------------------------------------------------- what a finding says


def test_a_finding_says_where_it_is_in_the_text_as_typed():
    text = "电\u200b话　１３８　００１３　８０００，请打"
    (finding,) = found_in(text)
    assert text[finding.start : finding.end] == "１３８　００１３　８０００"


def test_a_finding_carries_the_name_and_label_of_its_passage():
    (finding,) = check_texts([Passage("photos.2.caption", "稿件照片3·图片说明", "TODO")])
    assert (finding.name, finding.label) == ("photos.2.caption", "稿件照片3·图片说明")


def test_the_excerpt_has_ten_characters_on_either_side():
    (finding,) = found_in("一二三四五六七八九十甲TODO乙一二三四五六七八九十")
    assert finding.excerpt == "二三四五六七八九十甲TODO乙一二三四五六七八九"


def test_the_excerpt_is_one_line():
    (finding,) = found_in("第一行\n\nTODO\u200b\n第三行")
    assert finding.excerpt == "第一行 TODO 第三行"


def test_a_mobile_number_is_starred_in_message_and_excerpt():
    (finding,) = found_in("电话13800135678。")
    assert finding.excerpt == "电话138****5678。"
    assert "138****5678" in finding.message
    assert "13800135678" not in finding.message


def test_a_short_patient_number_shows_its_last_two_digits_only():
    (finding,) = found_in("住院号0012345")
    assert finding.excerpt == "住院号*****45"


def test_a_bed_number_is_not_repeated():
    (finding,) = found_in("床号：12")
    assert finding.excerpt == "床号：**"


def test_a_given_name_is_starred():
    (finding,) = found_in("患者李建国来院")
    assert finding.excerpt == "患者李**来院"
    assert "建国" not in finding.message


def test_a_name_ends_where_another_word_begins():
    (finding,) = found_in("患者李明因肺癌住院")
    assert finding.excerpt == "患者李*因肺癌住院"


def test_both_characters_of_a_double_surname_stay():
    (finding,) = found_in("患者欧阳明月来院")
    assert finding.excerpt == "患者欧阳**来院"


def test_a_private_number_is_starred_in_the_excerpts_of_other_findings_too():
    findings = found_in("TODO13800135678，TODO")
    assert [finding.excerpt for finding in findings if "0013" in finding.excerpt] == []


def test_a_word_of_the_list_keeps_its_number_starred():
    (word, _number) = found_in("电话13800135678", [watched("电话")])
    assert word.excerpt == "电话138****567"


def test_a_number_that_is_an_identity_number_is_not_also_a_bank_card():
    number = next(
        number for day in range(10, 29) if with_luhn((number := id_number(birthday=f"196703{day}"))[:-1]) == number
    )
    assert kinds(number) == [("id_number", BLOCK)]


def test_only_blocking_findings_block():
    blocking = [finding.is_blocking for finding in found_in("TODO，12.5名党员，试一试", [watched("试一试", "advise")])]
    assert blocking == [True, False, False]


def test_findings_come_in_the_order_of_the_passages_and_then_of_the_text():
    texts = [Passage("b", "乙", "12.5名党员TODO"), Passage("a", "甲", "词TODO13800138000")]
    found = [(finding.name, finding.code) for finding in check_texts(texts, [watched("词")])]
    assert found == [
        ("b", "decimal_members"),
        ("b", "internal_mark"),
        ("a", "watched_word"),
        ("a", "internal_mark"),
        ("a", "mobile"),
    ]


def test_one_rule_reports_a_bounded_number_of_places_in_a_passage():
    assert len(found_in("TODO，" * 1000)) == MOST
    assert len(found_in("首家，" * 1000, [watched("首家")])) == MOST


def test_a_number_that_is_not_reported_any_more_is_starred_all_the_same():
    text = "13800135678，" * (MOST + 5) + "词"
    assert "0013" not in found_in(text, [watched("词")])[-1].excerpt


# ---------------------------------------------------------------- the word list


def test_a_watched_word_is_found_with_its_severity_and_advice():
    (finding,) = found_in("举办建党节活动", [watched("建党节", "warn", "请改为“七一”。")])
    assert (finding.code, finding.severity) == ("watched_word", WARN)
    assert "“建党节”" in finding.message
    assert "请改为“七一”。" in finding.message


def test_a_watched_word_without_advice_still_says_what_to_do():
    (finding,) = found_in("举办建党节活动", [watched("建党节", advice="")])
    assert "请核对后保留或改写。" in finding.message


@pytest.mark.parametrize(
    ("word", "text", "place"),
    [
        ("COVID-19", "防治ＣＯＶＩＤ－１９", "ＣＯＶＩＤ－１９"),
        ("１００％", "治愈100%", "100%"),
        ("根治", "彻底根\u200b治", "根\u200b治"),
    ],
)
def test_a_watched_word_is_found_in_any_width(word, text, place):
    (finding,) = found_in(text, [watched(word)])
    assert text[finding.start : finding.end] == place


def test_every_place_of_a_watched_word_is_found():
    assert [finding.start for finding in found_in("首家、首家", [watched("首家")])] == [0, 3]


@pytest.mark.parametrize("word", ["", " ", "\u200b"])
def test_an_empty_word_is_found_nowhere(word):
    assert found_in("任何文字 ", [watched(word)]) == []


def test_the_words_may_be_read_only_once():
    passages_of_two = [Passage("a", "甲", "首家"), Passage("b", "乙", "首家")]
    assert len(check_texts(passages_of_two, iter([watched("首家")]))) == 2


def test_the_initial_words_fit_the_columns_of_the_word_list():
    assert 30 <= len(INITIAL_WORDS) <= 60
    assert max(len(word) for word, _severity, _advice in INITIAL_WORDS) <= 40
    assert max(len(advice) for _word, _severity, advice in INITIAL_WORDS) <= 200


def test_every_initial_word_has_advice_and_stands_once():
    assert all(advice for _word, _severity, advice in INITIAL_WORDS)
    words = [word for word, _severity, _advice in INITIAL_WORDS]
    assert [word for word in words for other in words if word is not other and word in other] == []


def test_correct_wording_meets_no_initial_word():
    text = (
        "中华人民共和国。中国共产党。习近平总书记。习近平新时代中国特色社会主义思想。马克思主义。党的十九届六中全会。党的二十大。"
        "中国共产党第二十次全国代表大会。十四届全国人民代表大会。两个确立、两个维护、四个意识。两学一做。三会一课。主题党日。精准扶贫。脱贫攻坚。"
        "乡村振兴。反腐倡廉。不忘初心、牢记使命。医者仁心。救死扶伤。大医精诚。大爱无疆。七一。入党积极分子。再接再厉。一如既往。部署。座谈会。"
        "第一支部、第一书记、第一时间、第一中学。更有效率。社会注意力。秘书计划。"
    )
    assert kinds(text, INITIAL_WORDS) == []


# ---------------------------------------------------------------- the data of the names


def test_the_lists_of_names_and_illnesses_are_long_enough_to_be_of_use():
    assert len(SURNAMES) >= 200
    assert len(set(ILLNESSES.split("|"))) >= 80


def test_every_list_of_exceptions_belongs_to_a_surname():
    assert SURNAMES.issuperset(NO_GIVEN_NAME)
    assert SURNAMES.issuperset(UNMISTAKABLE_SURNAMES)


# ---------------------------------------------------------------- the texts of a record


def content(model, parts=None, **fields):
    return {"model": model._meta.label_lower, "fields": fields, "parts": parts or {}}


def photo(**values):
    return {
        "image": "pictures/a.jpg",
        "width": 9,
        "height": 9,
        "caption": "义诊",
        "alt": "",
        "consent": "granted",
    } | values


def test_plain_and_rich_texts_tags_and_parts_are_read_with_their_labels():
    article = content(
        Article,
        title="题目",
        body="<p>第一段</p><p>第二段</p>",
        publisher="",
        tags=["义诊", "志愿服务"],
        branches=[{"id": 1, "name": "第一支部"}],
        parts={
            "bylines": [{"name": "王芳", "role": "reporter", "position": 1}],
            "photos": [photo(), photo(caption="", alt="画面")],
        },
    )
    assert [(passage.name, passage.label, passage.text) for passage in passages(Article, article)] == [
        ("title", "标题", "题目"),
        ("body", "正文", "第一段\n第二段"),
        ("tags", "标签", "义诊、志愿服务"),
        ("bylines.0.name", "署名1·姓名", "王芳"),
        ("photos.0.caption", "稿件照片1·图片说明", "义诊"),
        ("photos.1.alt", "稿件照片2·替代文字", "画面"),
    ]


def test_choices_dates_switches_and_addresses_are_not_read():
    article = content(Article, source_url=f"https://example.org/{ID}", source_date="2023-06-01")
    activity = content(Activity, nature="single", all_branches=True, start="2023-06-01", branch={"id": 1, "name": "甲"})
    assert passages(Article, article) + passages(Activity, activity) == []


def test_the_figures_of_an_activity_are_read():
    figure = {"measure": None, "label": "筛查", "value": "60", "precision": "at_least", "as_stated": "60余", "unit": ""}
    activity = content(Activity, parts={"figures": [figure], "photos": []})
    assert [passage.text for passage in passages(Activity, activity)] == ["60余", "筛查"]


def test_what_the_public_never_sees_is_not_read():
    figure = {"label": "内部", "as_stated": "3", "unit": "", "is_internal": True}
    activity = content(Activity, remarks="患者李建国", title="题目", parts={"figures": [figure], "photos": []})
    assert [passage.text for passage in passages(Activity, activity)] == ["题目"]


def test_a_part_keeps_its_own_number_behind_one_that_is_not_read():
    figures = [{"label": "内部", "is_internal": True}, {"label": "筛查", "is_internal": False}]
    (passage,) = passages(Activity, content(Activity, parts={"figures": figures}))
    assert (passage.name, passage.label) == ("figures.1.label", "数据2·名称")


def test_fields_come_in_the_order_of_the_model_however_the_content_was_stored():
    article = content(Article, lede="导语", title="题目")
    assert [passage.name for passage in passages(Article, article)] == ["title", "lede"]


# ---------------------------------------------------------------- photos


@pytest.mark.parametrize("consent", ["", None])
def test_a_photo_without_consent_blocks(consent):
    found = check_photos(Article, content(Article, parts={"photos": [photo(), photo(consent=consent)]}))
    assert [(f.code, f.severity, f.name, f.label) for f in found] == [
        ("photo_consent", BLOCK, "photos.1.consent", "稿件照片2·肖像授权")
    ]


@pytest.mark.parametrize("caption", ["", "  "])
def test_a_photo_without_words_is_to_be_looked_at(caption):
    found = check_photos(Activity, content(Activity, parts={"photos": [photo(caption=caption)]}))
    assert [(f.code, f.severity, f.name) for f in found] == [("photo_caption", WARN, "photos.0.caption")]


def test_a_photo_with_an_alternative_text_needs_no_caption():
    assert check_photos(Article, content(Article, parts={"photos": [photo(caption="", alt="画面")]})) == []


def test_parts_that_are_no_photos_need_no_consent():
    assert check_photos(Article, content(Article, parts={"bylines": [{"name": "王芳", "role": "reporter"}]})) == []


def test_the_whole_check_is_of_texts_words_and_photos():
    article = content(Article, title="TODO，首家", parts={"photos": [photo(consent="")]})
    assert [finding.code for finding in check(Article, article, [watched("首家")])] == [
        "internal_mark",
        "watched_word",
        "photo_consent",
    ]


def test_every_message_is_a_sentence_that_says_what_to_do():
    texts = [text for text, *_kind in POSITIVE]
    found = [finding for text in texts for finding in found_in(text)]
    found += check_photos(Article, content(Article, parts={"photos": [photo(consent="", caption="")]}))
    assert [finding.message for finding in found if "请" not in finding.message] == []
    assert [finding.message for finding in found if not finding.message.endswith("。")] == []
    assert [finding.message for finding in found if "%" in finding.message] == []


# ---------------------------------------------------------------- whatever the text

GAPS = st.sampled_from(["", "", "", " ", "-", "\u200b", "　", ".", "\n", "－", " - "])
birthdays = st.dates(date(1900, 1, 1), date(2020, 1, 1)).map(lambda day: f"{day:%Y%m%d}")
id_numbers = st.builds(
    id_number,
    region=st.sampled_from(["110101", "370828", "610502", "810000", "659001"]),
    birthday=birthdays,
    sequence=st.integers(0, 999).map("{:03d}".format),
)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).map(str).filter(str.isascii)
around = st.text(alphabet="患者党员医院，。 第（）\n", max_size=12)
any_text = st.text(max_size=60) | st.lists(st.sampled_from([text for text, *_kind in POSITIVE] + NEGATIVE)).map("".join)


@modest
@given(number=id_numbers, gaps=st.lists(GAPS, min_size=18, max_size=18), before=around, after=around)
def test_an_identity_number_is_found_however_its_digits_are_parted(number, gaps, before, after):
    parted = "".join(digit + gap for digit, gap in zip(number, gaps, strict=True))
    findings = [finding for finding in found_in(f"{before}{parted}{after}") if finding.code == "id_number"]
    assert [finding.severity for finding in findings] == [BLOCK]


@modest
@given(number=id_numbers, before=around, after=around)
def test_an_identity_number_is_in_no_message_and_no_excerpt(number, before, after):
    for finding in found_in(f"{before}{number}{after}", [watched("患者"), watched("，")]):
        assert number[3:-4] not in finding.message + finding.excerpt


@modest
@given(number=id_numbers, wrong=st.sampled_from("0123456789X"))
def test_a_wrong_check_digit_is_no_identity_number(number, wrong):
    assume(wrong != number[-1])
    assert ("id_number", BLOCK) not in kinds(number[:-1] + wrong)


@modest
@given(
    number=mobiles, form=st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "86{0}{1}{2}"])
)
def test_a_mobile_number_is_found_in_the_ways_it_is_written(number, form):
    text = f"电话：{form.format(number[:3], number[3:7], number[7:])}。"
    assert ("mobile", BLOCK) in kinds(text)


@modest
@given(number=mobiles, digit=st.sampled_from("0123456789"))
def test_a_mobile_number_is_not_looked_for_inside_longer_numbers(number, digit):
    assert ("mobile", BLOCK) not in kinds(f"{number}{digit}")
    assert ("mobile", BLOCK) not in kinds(f"{digit}{number}")


@modest
@given(text=any_text)
def test_every_finding_lies_in_its_text_and_they_are_in_order(text):
    findings = found_in(text, INITIAL_WORDS)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in findings)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)


@modest
@given(
    text=st.text(alphabet="词语１1ａ㎡…\u200b\ufeff½ﬁ ", max_size=30),
    word=st.sampled_from(["词语", "1a", "m2", "...", "fi"]),
)
def test_a_watched_word_is_where_the_finding_says(text, word):
    for finding in found_in(text, [watched(word)]):
        assert word in Folded(text[finding.start : finding.end]).text


@pytest.mark.parametrize(
    "unit",
    [
        "1", "1 ", "1-", "8 ", "1.5", "1.5名", "138 0013 ", "6222 0212 ", "110101 19900307 ", "１", "\u200b", "x", "X", "×", "_", "?",
        "患者", "患者(", "患者李建国", "李(患者)", "王小二,67岁,癌", "67岁的王建国癌", "67岁", "岁", "癌", "突发", "王建国突发癌", "因",
        "党的", "党", "诞辰", "第", "一", "(", "[", "【待", "[待", "批注[", "批注", "住院号", "住院号 ", "床号1", "http://", "www.", " ", "\n",
    ],
)  # fmt: skip
def test_no_text_makes_a_rule_run_away(unit):
    """A pattern that tries every way of dividing such a text would not come back."""
    rules_and_severities = 4
    assert len(found_in(unit * (40_000 // len(unit)), INITIAL_WORDS)) <= rules_and_severities * MOST


@pytest.mark.django_db
def test_going_back_before_the_first_words_and_on_again_leaves_the_list_as_it_is_edited():
    WatchedWord.objects.filter(word="布署").update(advice="应写作“部署”，请核对。")
    before = set(WatchedWord.objects.values_list("word", "advice"))
    FIRST_WORDS.add(apps, None)
    assert set(WatchedWord.objects.values_list("word", "advice")) == before
