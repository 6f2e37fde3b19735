"""Who and what a report names: its hospital, branches, other organisations, places, and which kinds of activity it tells of.

What is recorded is found by its names; a short name counts only in the hospital that is already known. What is not recorded is
given as printed. All of it is a suggestion.
"""

import re
from collections import Counter

from django.utils.functional import cached_property

from branches.models import ActivityKind, Branch, Partner
from hospitals.models import Hospital

_HAN = "\u3400-\u9fff"
_VERBS = (
    "走进|来到|深入|前往|奔赴|赶赴|抵达|赴|在|到|进|于|为|向|与|和|同|及|由|被|联合|携手|会同|协同|邀请|组织|是|把|对|给|从|让|按照|"
    "作为|通过|围绕|支持|帮助"
)
_HOSPITAL = re.compile(
    rf"[{_HAN}]{{2,14}}?(?:人民医院|中医院|中心医院|妇幼保健院|第[一二三四五六七八九十]+医院|医院|保健院|卫生院|疗养院)"
)
_NUMBERED_BRANCH = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}(?:党支部|党总支|支部|总支)(?:[（(](?P<inner>[^（）()]{2,10}支部)[）)])?"
)
#: what a branch that has no number is named after
_NAMED_BRANCH = re.compile(
    rf"(?P<own>[{_HAN}]{{0,6}}(?:科|室|护理|医技|后勤|行政|机关|急诊|门诊|药学|康复|检验|影像|退休|妇产|中医|装备|手术|社区))(?:党支部|党总支|支部)"
)
_ORGANISATION_ENDS = (
    "大学|学院|附属小学|中心小学|小学|中学|高中|幼儿园|学校|社区居委会|社区|居委会|村委会|街道办事处|街道|公司|集团|银行|支行|"
    "卫生健康委员会|卫健委|卫健局|卫生健康局|教育局|体育局|民政局|税务局|公安局|交警大队|消防救援大队|消防救援站|派出所|法院|检察院|"
    "疾控中心|疾病预防控制中心|血站|中心血站|急救中心|服务中心|交易中心|中心|人民医院|中医院|医院|卫生院|敬老院|养老院|福利院|红十字会|总工会|工会|"
    "团委|团市委|团县委|妇联|残联|协会|学会|基金会|志愿者协会|研究院|研究所|图书馆|纪念馆|博物馆|文化馆|电视台|党校|管理局|委员会"
)
_ORGANISATION = re.compile(rf"[{_HAN}]{{2,18}}?(?:{_ORGANISATION_ENDS})(?![{_HAN}]{{0,1}}(?:书记|主任|院长|医生))")
_PARTNERS = re.compile(
    r"(?:联合|携手|会同|协同|邀请|特邀|协办(?:单位)?[:：]?|联合单位[:：]?|合作单位[:：]?|共建单位[:：]?|与|同|和)(?P<names>[^，。；！？\n]{2,60}?)"
    r"(?=共同|联合|一起|开展|举办|举行|组织|签订|签署|结成|结对|建立|合作|携手|进行|专家|医务|党员|志愿者|的|，|。|；|$)"
)
_VISITED = re.compile(
    rf"(?:走进|来到|深入|前往|奔赴|赴|在|到|进|为|给|向|与|和|同|、|联合)(?P<name>[{_HAN}]{{2,12}}?(?:小学|中学|幼儿园|学院|敬老院|养老院|福利院|光荣院|卫生院|税务局|教育局|住建局|"
    "资源局|交易中心|总工会|妇联|党校))"
)
_PLACE_ENDS = (
    "自然村|行政村|村委会|村|社区居委会|社区|居委会|乡镇|街道|镇|乡|小学|中学|学校|幼儿园|广场|公园|敬老院|养老院|福利院|卫生院|服务中心|文化站|纪念馆|"
    "烈士陵园|旧址|党性教育基地|教育基地|基地|工地|企业|园区|会议室|报告厅|学术报告厅|门诊大厅|门诊楼前|门诊广场|大厅|礼堂|集市|大集|车站|高铁站|路口|病区|党员活动室|活动室|驿站|实验室"
)
_PLACE = re.compile(
    rf"(?:走进|来到|深入|前往|奔赴|赶赴|抵达|赴|在|到(?!达|了)|进驻|地点[:：]\s*|地点为)(?P<place>[{_HAN}0-9A-Za-z“”·]{{2,24}}?(?:{_PLACE_ENDS}))(?![{_HAN}]?(?:民|长|医|干部|支书))"
)
_OF_KIND: dict[str, str] = {
    "member_assembly": "党员大会",
    "branch_committee": "支委会|支部委员会",
    "group_meeting": "党小组会",
    "party_lecture": "党课",
    "theme_day": "主题党日",
    "org_life_review": "组织生活会|民主评议",
    "study": "理论学习|第一议题|中心组|读书班|专题学习|学习会",
    "red_education": "红色教育|革命(?:纪念|旧址|传统教育)|烈士陵园|纪念馆|党性教育|重温入党誓词",
    "integrity": "廉洁|警示教育|医德医风|清廉",
    "free_clinic": "义诊",
    "screening": "筛查",
    "health_talk": "健康宣教|科普|健康讲座|健康知识讲座|知识讲座|健康大讲堂|健康教育|宣讲",
    "first_aid": "急救培训|心肺复苏|急救知识|急救技能|海姆立克",
    "home_visit": "送医上门|上门巡诊|入户|巡诊|上门(?:服务|诊疗|随访|送)",
    "volunteer": "志愿服务|志愿活动|志愿者",
    "post_duty": "先锋岗|值守|导诊服务|示范岗",
    "condolence": "慰问",
    "festival": "包粽子|送春联|联欢|猜灯谜|节日(?:慰问|互动)|游园",
    "support": "对口(?:支援|帮扶)|技术(?:帮扶|指导)|下基层|送技术|帮扶",
    "joint_building": "结对共建|联建|共建",
    "exchange": "参观(?:学习|交流)|考察|交流学习|参观见学",
    "new_technique": "新技术|首例|新项目",
    "brand_event": "品牌(?:创建|展示|发布|评选|推进|汇报)|一支部一品牌",
    "contest": "竞赛|比赛|演讲|表彰|知识抢答|技能比武",
    "emergency": "抢救|抗疫|疫情防控|应急处置|驰援|防汛",
}


class Mentions:
    """Of one report. ``hospital``: whose office reads it, where that is known."""

    def __init__(self, title: str, text: str, hospital: Hospital | None = None):
        self.title, self.text = title, text
        self._named = self._recorded_hospital()
        self.known = hospital or self._named

    @property
    def hospital(self) -> str:
        """Which one the report names, whoever reads it."""
        return self._named.name if self._named else self._printed_hospital()

    def _recorded_hospital(self) -> Hospital | None:
        """The one of whose full names most is said, in the title first. Short names are several hospitals'."""
        best: tuple[int, int, Hospital] | None = None
        for hospital in Hospital.objects.filter(is_active=True).prefetch_related("names"):
            names = {hospital.name, *(row.name for row in hospital.names.all())}
            names = {name for name in names if len(name) >= 6}
            said = sum(self.text.count(name) for name in names) + 3 * sum(self.title.count(name) for name in names)
            if said and (best is None or said > best[0]):
                best = (said, hospital.pk, hospital)
        return best[2] if best else None

    def _printed_hospital(self) -> str:
        found = Counter(_trimmed(name) for name in _HOSPITAL.findall(self.title * 2 + "\n" + self.text))
        found = Counter({name: count for name, count in found.items() if 4 <= len(name) <= 18})
        return max(found, key=lambda name: (found[name], len(name))) if found else ""

    @property
    def branches(self) -> list[str]:
        """As recorded where they are; else as printed."""
        whole, found = f"{self.title}\n{self.text}", {}
        printed = [match[0] for match in _NUMBERED_BRANCH.finditer(whole)]
        inner = {match["inner"] for match in _NUMBERED_BRANCH.finditer(whole)}
        for match in _NAMED_BRANCH.finditer(whole):
            own = re.split(f"医院|院|党|{_VERBS}", match["own"])[-1]
            name = own + match[0].removeprefix(match["own"])
            if name not in inner and whole[match.end() : match.end() + 1] not in "）)":
                printed.append(name)
        for name in printed:
            recorded, outer = self._recorded_branches, re.split("[（(]", name)[0]
            own = recorded.get(_branch_key(name)) or recorded.get(_branch_key(outer))
            if own or len(_branch_key(name)) >= 2:
                found.setdefault(own or name)
        numbered = {re.split("[（(]", name)[0] for name in found if "（" in name}
        return [name for name in found if name not in numbered]

    @cached_property
    def _recorded_branches(self) -> dict[str, str]:
        """By each way in which people name them: whole, short, by number, by department."""
        keys: dict[str, str] = {}
        if self.known:
            for branch in Branch.objects.filter(hospital=self.known).order_by("pk"):
                for name in {branch.name, branch.short_name, branch.label} - {""}:
                    keys[_branch_key(name)] = branch.name
                    for part in re.split(r"[（(）)]", name):
                        if part.endswith("支部"):
                            keys.setdefault(_branch_key(part), branch.name)
        return keys

    @property
    def partners(self) -> list[str]:
        found: dict[str, None] = {}
        whole = f"{self.title}\n{self.text}"
        if self.known:
            for name in Partner.objects.filter(hospital=self.known).values_list("name", flat=True):
                if name in whole:
                    found.setdefault(name)
        for match in _PARTNERS.finditer(whole):
            for part in re.split("[、和与及]", match["names"]):
                if own := _ORGANISATION.match(part):
                    name = _trimmed(own[0])
                    if name != self.hospital and len(name) >= 4 and not name.endswith(("医院医院", "对医院", "领医院")):
                        found.setdefault(name)
        for match in _VISITED.finditer(whole):
            name = _trimmed(match["name"])
            if len(name) >= 4 and not re.match("基层|乡镇|全县|全市|各|多家|[一两三四五六七八九十\\d]", name):
                found.setdefault(name)
        return list(found)

    @property
    def places(self) -> list[str]:
        found: dict[str, None] = {}
        for match in _PLACE.finditer(self.text):
            place = match["place"]
            if not re.match("这|该|各|每|一|我们|乡村$|社区$|基层|村里", place):
                found.setdefault(place)
        return list(found)

    @property
    def kinds(self) -> list[str]:
        """Slugs of what is told of: named in the title, or in more than one place."""
        slugs = ActivityKind.objects.order_by("position").values_list("slug", "name")
        found = []
        for slug, name in slugs:
            words = re.compile("|".join(filter(None, (_OF_KIND.get(slug), re.escape(name)))))
            if words.search(self.title) or len(words.findall(self.text)) >= (1 if slug in _PLAIN else 2):
                found.append(slug)
        return found


#: kinds whose words mean nothing else
_PLAIN = {
    "theme_day", "party_lecture", "free_clinic", "screening", "first_aid", "home_visit", "member_assembly",
    "branch_committee", "group_meeting", "org_life_review", "joint_building", "condolence",
}  # fmt: skip


def _trimmed(name: str) -> str:
    """A name without the verbs before it."""
    parts = re.split(rf"(?:{_VERBS})(?=[{_HAN}]{{2,}})", name)
    return parts[-1] if len(parts[-1]) >= 3 else name


def _branch_key(name: str) -> str:
    return re.sub(r"党支部|支部|党总支|总支|[（()）]", "", name)
