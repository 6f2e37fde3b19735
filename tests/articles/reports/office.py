"""Made-up reports as offices write them: bulletins, summaries, forms, lists, letters to the authority above.

The hospitals of counties 甲一县 to 癸二县 are those of the sample records, all others exist nowhere. Nobody in them is real.
"""

from tests.articles.reports.writing import Cell, Docx, PlainText, bold, paragraph


def bulletin() -> Docx:
    """A bulletin with red masthead, issue number and a borderless table above its title."""
    report = Docx("chinese")
    report.p("党建工作简报", align="center", bold=True, size=36, color="FF0000", font="方正小标宋简体")
    report.p("第12期（总第86期）", align="center", size=14)
    report.table(
        [["乙一县人民医院党委办公室", paragraph("2024年7月5日", align="right")]],
        borders=False,
    )
    report.p(rule="FF0000")
    report.p("党员亮岗　服务提质", align="center", size=22, font="方正小标宋简体")
    report.p(
        "6月3日至28日，乙一县人民医院党委在门诊、急诊、住院各窗口开展党员先锋岗亮岗行动。按照乙卫党发〔2024〕7号文件要求，"
        "医院把行动纳入年度党建考核，占比不低于15%。",
        first=2,
        font="仿宋_GB2312",
        size=16,
    )
    report.p("一、一个岗位一份承诺", first=2, font="黑体", size=16)
    report.p(
        "各支部结合岗位特点，设立党员先锋岗46|个、党员责任区22个，第一支部（行政支部）还在1号楼大厅、3号楼2层分设导诊台。"
        "每名党员公开承诺3条，接受群众监督。行动期间，共有128名党员轮流上岗，累计值守312|班次，服务群众9|600余|人次。",
        first=2,
        font="仿宋_GB2312",
        size=16,
    )
    report.p("二、一张清单管到底", first=2, font="黑体", size=16)
    report.p(
        "院党办每周三下午3点收集“问题清单”，共收集意见建议57条，当场答复31条，限期整改26条。第二支部（内科支部）针对“排队久”"
        "问题，把心电图等候时间由40分钟压缩到15分钟；第八支部（急诊支部）把120出车时间控制在3分钟以内。",
        first=2,
        font="仿宋_GB2312",
        size=16,
    )
    report.p("三、一把尺子量成效", first=2, font="黑体", size=16)
    report.p(
        "6月下旬，医院发放满意度问卷1,2|00份，收回1,164份，群众对窗口服务总体满意。对排名前3位的支部通报表扬，对得分低于80分的"
        "岗位限期整改。7月起，“6S”管理将在1号楼试行。",
        first=2,
        font="仿宋_GB2312",
        size=16,
    )
    report.p(report.picture(801), align="center")
    report.p("图1　第一支部党员在门诊大厅导诊", align="center", size=10)
    report.p("报：县卫生健康局党组。\n送：各党支部、各科室。\t（共印45份）", rule="000000", size=12)
    report.p("签发：白景行　　核稿：许清和　　编辑：韩雨晴", size=12)
    return report


def half_year_summary() -> Docx:
    """A summary with a style of the office's own for title and headings, two levels of typed numbers and a table."""
    report = Docx("word")
    report.p("望川县人民医院党委\n2024年上半年党建工作总结", style="OfficialTitle")
    report.p()
    report.p(
        "上半年，望川县人民医院党委在县委和县卫生健康局党组领导下，以“支部建在科室上”为抓手推动党建与业务融合。医院现设党支部14个，"
        "有党员263名，其中预备党员9名；在岗职工11|80余|人，开放床位650张。",
        first=2,
    )
    report.p("一、筑牢组织根基", style="OfficialHeading")
    report.p("（一）规范组织生活", first=2, bold=True)
    report.p(
        "上半年召开支部党员大会42次、支委会84次、党小组会168次，讲党课28次，听课党员1,560人次。第一支部到第十四支部全部按期换届，"
        "两本手册统一放在行政楼308室备查。",
        first=2,
    )
    report.p("（二）抓实党员教育", first=2, bold=True)
    report.p(
        "4月18日至20日，组织入党积极分子赴县委党校培训，参训31人。第二季度，开展红色教育5场次，参加党员210余人次；要求每名党员"
        "“学习强国”每日积分不低于30分。",
        first=2,
    )
    report.p("二、深化为民服务", style="OfficialHeading")
    report.p("（一）下沉基层义诊", first=2, bold=True)
    report.p(
        "各党支部轮流进村入校，1至6月开展义诊67场次，服务群众1.3|5万人次，发放宣传资料2万|余份，受益行政村85个、学校12所。",
        first=2,
    )
    report.p("（二）做实延伸服务", first=2, bold=True)
    report.p(
        "为出院慢病患者上门换药、维护管路共430余次，惠及家庭280多户；家庭病床在册76张。第三支部把电话随访固定在每周五"
        "16:00—17:30，随访热线0000-3325588。",
        first=2,
    )
    report.p("附表：上半年组织生活统计", align="center", size=10, keep=True)
    report.table(
        [
            ["项目", "次数", "参加人次"],
            ["支部党员大会", "42", "1,890"],
            ["支委会", "84", "420"],
            ["党小组会", "168", "2,016"],
            ["党课", "28", "1,560"],
            ["主题党日", "84", "3,150"],
        ]
    )
    report.p("三、存在问题与下步打算", style="OfficialHeading")
    report.p(
        "对照全年目标，义诊进度还不快，个别支部台账不全。下半年，计划开展义诊不少于70场次，新建党员示范岗10个，10月底前完成"
        "7个支部的品牌验收，党员志愿服务参与率达到95%以上。",
        first=2,
    )
    report.p("中共望川县人民医院委员会", align="right")
    report.p("2024年7月3日", align="right")
    return report


def record_form() -> Docx:
    """The form in which a branch records an activity: names of the fields left, what was done right."""
    report = Docx("wps")
    report.p("党支部活动记录表", style="8")
    told = [
        paragraph("一是支部书记以“3D动画＋实物模型”讲解气道梗阻怎样识别；"),
        paragraph("二是分组练习背部拍击和腹部冲击，每人练习不少于3遍，每次冲击间隔约1秒；"),
        paragraph("三是现场考核，198|人动作合格，当场发给“小小急救员”徽章；"),
        paragraph("四是赠送急救手册260册、训练模型2套，校医室设为党员联系点。"),
    ]
    report.table(
        [
            ["党支部", "丙一县人民医院第九支部（儿科支部）", "活动类型", "急救培训"],
            ["活动时间", "2024年9月12日 15:00—16:40", "活动地点", "长堤小学报告厅（2号楼301室）"],
            ["主持人", "冯若兰", "记录人", "卫子衿"],
            ["应到人数", "18", "实到人数", "16"],
            ["活动主题", Cell(("护佑童年　从第一口呼吸开始",), across=3)],
            ["参加人员", Cell(("支部党员；长堤小学四、五年级师生240人",), across=3)],
            ["主要内容", Cell((told,), across=3)],
            ["活动成效", Cell(("活动后，学校把急救课列入每学期第一周的安全教育，家长会上又讲了两堂。",), across=3)],
            ["活动照片", Cell((paragraph(report.picture(1001, wide=5), report.picture(1002, wide=5)),), across=3)],
            ["备注", Cell(("请假人员均已补课；学校联系电话0000-6653021。",), across=3)],
        ]
    )
    report.p("注：本表一式两份，一份支部留存，一份于次月5日前报党委办公室（行政楼412室）。", size=9)
    return report


def ledger_table() -> Docx:
    """A quarter's activities in one table with a line of totals."""
    report = Docx("word", landscape=True)
    report.p("丁一县人民医院2024年第三季度党员志愿服务活动一览表", align="center", bold=True, size=18)
    report.p("填报单位：党委办公室\t填报人：吴清和\t审核人：李文博\t填报日期：2024年10月9日", size=10)
    head = (
        "序号",
        "日期",
        "承办支部",
        "活动名称",
        "地点",
        "场次",
        "参加党员（人）",
        "服务人次",
        "志愿时长（小时）",
        "备注",
    )
    rows = [
        ("1", "7月2日", "第二支部", "社区义诊", "西关社区", "1", "14", "126", "42", ""),
        ("2", "7月中旬", "第六支部", "检验开放日", "院内检验科", "2", "8", "75", "24", ""),
        ("3", "8月8日至9日", "第四支部", "护理下乡", "北塬镇卫生院", "2", "20余", "310", "96", "含入户23户"),
        ("4", "8月", "第一支部", "暑期健康课堂", "南街社区", "4", "12", "近200", "64", ""),
        ("5", "9月20日", "第七支部", "设备巡检进乡镇", "云台镇卫生院", "1", "6", "", "30", "检修设备17台"),
        ("6", "9月", "各支部", "义诊周", "县城各广场", "5", "65", "2,140", "260", "发放资料3000份"),
    ]
    total = [Cell(("合计",), across=5), "15", "125余", "2,850余", "516", ""]
    report.table([[bold(cell) for cell in head], *rows, total])
    report.p(
        "说明：志愿时长按签到表累计，人均不少于3小时的支部方可参加年度评比；义诊须提前5个工作日备案，备案窗口在1号楼2层，"
        "电话0000-8612300转8102；“义诊周”期间第三支部与第五支部轮流备班，班次未计入本表。",
        size=10,
    )
    return report


def medicine_text() -> PlainText:
    """A plain text in GB18030 with lines broken at the width of a screen; the village has a letter that GBK lacks."""
    return PlainText(
        """青澜县中医院第二季度“中医药进万家”活动情况
供稿单位：青澜县中医院党总支

1．进乡村
第二季度，党总支所属3个党支部共到㙍头村、柳湾村等15个村开展中医义诊21
场，推拿、艾灸、耳穴压豆等服务2300余人次，代煎中药免费送达460剂。最远
的柳湾村海拔1100米，车只能开到村口，队员们背着艾灸盒走了最后3公里。

2．进校园
4月23日，中医药文化角在青澜县实验小学揭牌，捐赠图书300册、药用植物标本48
件。600余名学生动手制作了香囊；5月10日和5月17日，又办八段锦课两堂，每堂45分
钟，由第一支部党员带教。

3．进机关
6月5日下午，为县税务局、县自然资源局干部职工百余人讲“久坐与腰痛”，现场体
质辨识78人，血压、血糖异常12人当场开具转诊单，血压最高的一位达到182/110。
课程表上的6月26日一课因防汛顺延，另行通知。

咨询电话：（0000）5566120　地址：青澜县东街66号门诊楼1层
2025年7月1日
""",
        "gb18030",
    )


def scanned_lines() -> Docx:
    """As a program reads a scanned page: every printed line a paragraph, full-width digits, a page number in between."""
    report = Docx("chinese")
    lines = (
        "康复路上有党旗",
        "己一县人民医院第十二支部（康复支",
        "部）始终把“让患者早一天站起来”挂在墙",
        "上、记在心里。二〇二四年六月十九日，支",
        "部在康复大厅举行“康复开放日”，请患者和",
        "家属走进治疗区，前来参观体验的群众共",
        "１５０余人，２４名志愿者全程陪同。",
        "    活动分为看、练、问三个环节。“看”，是",
        "看治疗师演示站立、转移和上下台阶；“练”，",
        "是跟着练，１８名治疗师一对一纠正动作；",
        "“问”，是现场咨询，到中午１１点半，咨询台",
        "接待九十余人次。一位左侧偏瘫的大叔扶着",
        "平行杠走了６米，全场为他鼓掌。",
    )
    more = (
        "    今年以来，支部还上门指导居家康复三",
        "百一十二次，覆盖一百零八户；培训家属照",
        "护员六十六人。按照计划，年底前要让每个",
        "乡镇都有不少于２名“家庭康复员”。第二期",
        "培训班定于七月上旬在康复楼三层开课。",
        "康复支部　郑舒明",
        "二〇二四年六月二十一日",
    )
    for place, line in enumerate(lines):
        report.p(line, align="center" if not place else "")
    report.p("— 1 —", align="center", keep=False)
    for line in more:
        report.p(line, align="right" if line in more[-2:] else "")
    return report


DOCUMENTS = {
    "08-bulletin.docx": bulletin,
    "09-half-year-summary.docx": half_year_summary,
    "10-record-form.docx": record_form,
    "11-ledger-table.docx": ledger_table,
    "14-medicine-text.txt": medicine_text,
    "15-scanned-lines.docx": scanned_lines,
}
