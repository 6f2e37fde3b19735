"""Words and sentences for sample records. Places and people are made up; nothing here tells of a real hospital."""

import re
from random import Random

COUNTIES = "甲乙丙丁戊己庚辛壬癸"
SPECIALTIES = (
    "行政", "内科", "外科", "护理", "眼科", "医技", "后勤", "急诊", "儿科", "妇产", "骨科", "康复", "中医", "药学", "影像", "检验",
    "口腔", "门诊", "感染", "麻醉", "重症", "体检", "肿瘤", "心内",
)  # fmt: skip
SLOGANS = ("先锋守护", "暖心护航", "匠心筑安", "同心惠民", "初心如磐", "精技为民", "健康同行", "红心领航")
TAGS = (
    "志愿服务", "健康科普", "义诊", "急救培训", "慢病管理", "便民服务", "送医上门", "眼健康", "近视防控", "护理到家", "党员示范岗",
    "主题党日", "优质服务", "对口帮扶", "老年健康", "儿童健康", "学雷锋", "爱耳日", "世界卒中日", "全民健康生活",
)  # fmt: skip
PLACES = (
    "青石村", "柳林社区", "北塬镇", "长堤小学", "西关社区", "东湖广场", "杏花村", "石桥镇卫生院", "南街社区", "槐树坪村",
    "光明敬老院", "第一初级中学", "工业园区", "河湾村", "云台镇", "老年活动中心", "三里村", "滨河公园", "门诊大厅", "住院部一楼",
)  # fmt: skip
PARTNERS = {
    "village": ("青石村", "杏花村", "河湾村", "柳林社区", "西关社区"),
    "school": ("长堤小学", "第一初级中学", "实验幼儿园"),
    "hospital": ("石桥镇卫生院", "北塬镇卫生院", "云台镇卫生院"),
    "government": ("区退役军人事务局", "区妇联"),
    "company": ("滨河纺织厂", "顺达公交公司"),
}
DEPARTMENTS = (
    "心内科", "骨科", "眼科", "口腔科", "呼吸内科", "内分泌科", "神经内科", "儿科", "妇科", "康复科", "中医科", "药学部",
)  # fmt: skip
TOPICS = (
    "血压和血糖管理", "骨关节保护", "用眼卫生", "口腔护理", "合理用药", "心肺复苏", "卒中识别", "跌倒预防", "营养与运动", "睡眠健康",
)  # fmt: skip
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "一鸣思远嘉禾文博雨晴子衿若兰志新云舒明哲清和景行"

_TITLES = {
    "A": (
        "{branch}召开{month}月{kind}",
        "{branch}组织{kind}",
        "{branch}围绕{topic}开展{kind}",
        "{branch}到{place}开展{kind}",
    ),
    "B": (
        "{branch}到{place}开展{kind}",
        "{kind}走进{place}",
        "{branch}在{place}讲{topic}",
        "{department}党员到{place}开展{kind}",
    ),
    "C": ("{branch}开展{kind}", "{branch}到{place}开展{kind}", "{department}推进{kind}"),
}
_SUMMARIES = (
    "{branch}组织{department}的党员到{place}开展{kind}，为群众讲解{topic}，现场解答疑问。",
    "{month}月，{branch}在{place}开展{kind}，{department}和{department2}的医务人员参加，内容是{topic}。",
    "活动由{branch}主办，地点在{place}。大家围绕{topic}交流做法，记下群众提出的{n}条意见，会后逐条落实。",
    "{branch}把{kind}安排在{place}，设咨询台{n}个，{department}负责讲{topic}，志愿者协助登记和引导。",
)
_RESULTS = (
    "群众提出的{n}条意见已交有关科室办理。",
    "参加的人员表示，学到的{topic}知识在家里就用得上。",
    "支部与对方约定，今后每季度安排一次。",
)
_HEADINGS = (
    "把服务送到{place}",
    "{department}里的党员",
    "从{topic}做起",
    "支部的一张清单",
    "群众说好才是好",
    "下一步的打算",
)
_SENTENCES = (
    "上午八点刚过，{branch}的党员已经在{place}摆好了桌椅，血压计和宣传册放在手边。",
    "来的人里，老人居多，也有带着孩子的年轻父母，{department}的医生一个一个地看，一个一个地讲。",
    "讲到{topic}，医生没有照着稿子念，而是拿出模型，让大家自己动手试一试。",
    "{department}的党员说，能在家门口解决的问题，就不要让群众多跑一趟路。",
    "支部书记{name}介绍，这样的安排一年有{n}次，时间和地点提前一周贴在村务公开栏里。",
    "为了不耽误门诊，参加的人员都是利用休息时间来的，下午两点又回到各自的岗位。",
    "咨询台前有人问起{topic}，值班的护士把要点写在卡片上，请对方带回家慢慢看。",
    "{department}和{department2}合用一间诊室，检查结果当场说明，需要复查的记在本子上，由支部跟进。",
    "医院党委要求，各支部把{kind}列入年度计划，做了什么、效果怎样，月底要有记录。",
    "{branch}把群众的意见分成三类，能马上办的马上办，需要协调的列出时限，暂时办不了的说明原因。",
    "一位社区工作人员算了一下，今年以来，医院的党员到{place}已经来过{n}次。",
    "活动结束后，大家没有急着走，又帮着把场地收拾干净，把剩下的宣传册送到值班室。",
    "在{department}，老党员带着年轻人做随访，怎样开口、怎样记录，都有一套自己的办法。",
    "这项工作起初只有{n}个人参加，后来{department2}的同事也加入进来，分成了两个小组。",
    "支部的品牌是“{slogan}”，落到实处，就是把{topic}这样的小事做细。",
    "{name}说，支部不求场面大，只求每次都能解决一两个实际问题。",
    "登记表上，常见的问题集中在{topic}，支部因此把下一期的内容也定了下来。",
    "从{place}回来的路上，大家商量起下个月的分工，有人负责讲课，有人负责联系场地。",
    "{department}把常用的说明做成图片，贴在候诊区，老人看得清，家属也方便拍照。",
    "据{branch}统计，{month}月以来参加{kind}的党员有{n}名，其中{department}的最多。",
    "有的群众是第二次来，上次记下的血压还留着，医生两相对照，提醒按时复查。",
    "与往常不同，这一次{department2}带来了便携的检查设备，结果几分钟就能看到。",
    "院里把志愿者的排班表挂在内部网站上，谁有空谁报名，缺人的时候支部委员先顶上。",
    "讲{topic}的课件改了{n}遍，专业词换成了家常话，一堂课控制在四十分钟以内。",
    "{name}是{department}的护士，这样的活动参加过{n}次，哪家有老人需要回访，记得很清楚。",
    "行动不便的居民，由{department}的两名医务人员上门，量血压，看用药，再把联系电话留下。",
    "组织委员{name}负责记台账，时间、地点、人数当天填好，照片第二天传到系统里。",
    "关于{topic}，大家问得最多的是日常该注意什么，医生归纳成三句话，写在白板上。",
    "{month}月的天气说变就变，支部提前备好雨棚，咨询台挪到屋檐下，没有一个人白跑。",
    "{department}主任说，支部活动同科室业务排在一张表上，不会顾此失彼。",
    "年轻医生{name}第一次独立讲课，老党员坐在后排听，下课后把建议一条一条写给他。",
    "一次活动下来，{branch}一般要开个短会，哪里做得好，哪里还欠缺，当场说清楚。",
    "{department2}把检查设备的使用说明带到现场，演示了两遍，基层的同行也跟着学会了。",
    "在{place}，有人提出想多了解{topic}，支部答应下次带着图册再来。",
    "为方便上班的人，{branch}把其中一场安排在傍晚，门口的灯一直亮到八点。",
    "支部还把活动安排发给对方单位，需要哪个科室、讲什么内容，由群众来点单。",
    "{department}和{department2}结成对子，一个出人，一个出设备，{month}月以来没有缺过席。",
    "群众的反映写在意见簿上，支部书记每周翻一次，能答复的当天就打电话。",
    "医院党委每季度听一次汇报，{branch}这一次讲的是{place}的做法。",
    "{name}算过时间，从医院到{place}要半个多小时，于是把出发时间定在早上七点。",
)
_HAN = re.compile("[\u4e00-\u9fff]")


def han_count(text: str) -> int:
    return len(_HAN.findall(text))


def person(rng: Random) -> str:
    return rng.choice(_FAMILY) + "".join(rng.sample(_GIVEN, 2))


class Phrases:
    """Fills the sentences for one record: it is about one place and one topic throughout."""

    def __init__(self, rng: Random, *, branch: str, kind: str, slogan: str):
        self.place = rng.choice(PLACES)
        self._rng = rng
        self._own = {"branch": branch, "kind": kind, "slogan": slogan, "place": self.place, "topic": rng.choice(TOPICS)}

    def title(self, group: str) -> str:
        return self._filled(_TITLES[group])

    def summary(self) -> str:
        return self._filled(_SUMMARIES)

    def results(self) -> str:
        return self._filled(_RESULTS)

    def body(self, length: int) -> str:
        """HTML with headings and paragraphs, of ``length`` Han characters and at most one paragraph more."""
        sentences, headings = self._shuffled(_SENTENCES), self._shuffled(_HEADINGS)
        blocks, count = [], 0
        while count < length and sentences:
            if len(blocks) % 5 == 1:
                blocks.append(f"<h2>{headings.pop()}</h2>")
            paragraph = [sentences.pop() for _number in range(min(self._rng.randint(2, 4), len(sentences)))]
            blocks.append(f"<p>{''.join(paragraph)}</p>")
            count += han_count(blocks[-1])
        return "\n".join(blocks)

    def _shuffled(self, choices: tuple[str, ...]) -> list[str]:
        """All of them, filled, in any order: nothing is said twice."""
        return [self._filled([choice]) for choice in self._rng.sample(choices, len(choices))]

    def _filled(self, choices) -> str:
        rng = self._rng
        departments = rng.sample(DEPARTMENTS, 2)
        return rng.choice(choices).format(
            **self._own,
            department=departments[0],
            department2=departments[1],
            month=rng.randint(1, 12),
            n=rng.randint(2, 30),
            name=person(rng),
        )
