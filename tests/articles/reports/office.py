"""Made-up reports as offices write them: bulletins, summaries, forms, lists, letters to the authority above.

The hospitals of counties 甲一县 to 癸二县 are those of the sample records, all others exist nowhere. Nobody in them is real.
"""

from tests.articles.reports.writing import (
    BULLETS,
    CHINESE,
    DECIMAL,
    Cell,
    Docx,
    PlainText,
    bold,
    paragraph,
    table,
)


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
    report.p("三、锻造过硬队伍", style="OfficialHeading")
    report.p("（一）推进双培养", first=2, bold=True)
    report.p(
        "发展党员11名，其中高知群体7名，把4名业务骨干列为入党积极分子；举办中层干部轮训2期，176人次参加。对第三章、第五章学习内容实行闭卷测试，"
        "80分以下的补考。",
        first=2,
    )
    report.p("（二）纠治行业风气", first=2, bold=True)
    report.p(
        "召开警示教育会3次，受教育职工2,430|人次；廉政谈话96人次；上交红包37人次、金额2.86|万元；收到锦旗54面、表扬信129封。药占比控制在28%以下，"
        "门诊次均费用不高于215元。",
        first=2,
    )
    report.p("（三）办好便民实事", first=2, bold=True)
    report.p(
        "门诊一站式服务中心增设窗口6个、轮椅40辆，自助机增加到30台；第二支部认领的“免费停车2小时”落地，老年患者平均少排队约35分钟。",
        first=2,
    )
    report.p("四、存在问题与下步打算", style="OfficialHeading")
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


def official_report() -> Docx:
    """A letter to the authority above, as the standard for official papers wants it; a table with a head of two lines attached."""
    report = Docx("chinese")
    body = {"first": 2, "font": "仿宋_GB2312", "size": 16}
    report.p("中共壬一县人民医院委员会文件", align="center", bold=True, size=30, color="FF0000")
    report.p("壬医党发〔2024〕18号", align="center", size=16, rule="FF0000")
    report.p("中共壬一县人民医院委员会", align="center", size=22, font="方正小标宋简体")
    report.p("关于“送医进百村”活动开展情况的报告", align="center", size=22, font="方正小标宋简体")
    report.p("县卫生健康局党组：", font="仿宋_GB2312", size=16)
    report.p(
        "根据《关于开展“送医进百村”活动的通知》（县卫党〔2024〕5号）安排，自二〇二四年三月十五日至六月十五日，我院6个党支部组成医疗队进村入户，"
        "历时三个月完成活动任务。现将有关情况报告如下：",
        **body,
    )
    report.p("一、主要做法", first=2, font="黑体", size=16)
    report.p(
        bold("（一）精心组织。"),
        "成立由党委书记任组长的领导小组，下设3个工作组。抽调骨干74名，其中党员51名，进村人员统一佩戴党徽，每队配备体检包1个，"
        "每村停留不少于3小时。",
        **body,
    )
    report.p(
        bold("（二）精准服务。"),
        "共派出医疗队102批次，走进行政村100个，义诊咨询11,8|60人次，上门巡诊失能、半失能老人734人，免费发放药品折合人民币4.6|万元，"
        "发放宣传册1.5万册。",
        **body,
    )
    report.p("二、主要成效", first=2, font="黑体", size=16)
    report.p(
        "共检出高血压1|932例、糖尿病688例，转诊疑难重症45例；帮带村医120人，协助建立村级党员服务点23个。两名70岁以上的老人因及时转诊避免了截肢。",
        **body,
    )
    report.p("三、存在的不足", first=2, font="黑体", size=16)
    report.p("部分村青壮年外出多，随访脱落率约8%；村级信息系统未联网，纸质档案录入进度慢，10月底前可全部补录。", **body)
    report.p("特此报告。", **body)
    report.p("附件：各支部进村情况统计表", **body)
    report.p("中共壬一县人民医院委员会", align="right", font="仿宋_GB2312", size=16)
    report.p("二〇二四年六月二十日", align="right", font="仿宋_GB2312", size=16)
    report.p("（联系人：党委办公室　电话：0000-2233445）", **body)
    report.p("附件")
    rows = [
        ("第一支部（行政支部）", "8", "620", "8"),
        ("第二支部（内科支部）", "27", "3,905", "27"),
        ("第三支部（外科支部）", "21", "2,480", "20"),
        ("第四支部（护理支部）", "19", "2,210", "19"),
        ("第五支部（眼科支部）", "15", "1,950", "15"),
        ("第六支部（医技支部）", "12", "695", "11"),
        ("合计", "102", "11,860", "100"),
    ]
    report.table(
        [
            [Cell(("支部",), down="first"), Cell(("批次",), down="first"), Cell(("进村情况",), across=2)],
            [Cell(down="more"), Cell(down="more"), "服务人次", "行政村（个）"],
            *rows,
        ]
    )
    report.p("壬一县人民医院党委办公室\t2024年6月20日印发（共印20份）", rule="000000")
    return report


def partner_list() -> Docx:
    """WPS' heading styles, partners as a list with bullets, services as a list that is numbered by itself."""
    report = Docx("wps")
    report.p("“健康同行”党建联盟成立", style="2")
    report.p("来源：乙二县人民医院党委办公室　时间：2024年8月19日　浏览：356次", align="center", size=9)
    report.p(
        "8月16日，由乙二县人民医院党委牵头的“健康同行”党建联盟在柳林社区成立，8家单位签订共建协议，6|0余名党员代表参加。联盟实行轮值制，每家轮值"
        "6个月，年度活动经费不超过2万元。",
        first=2,
    )
    report.p("联盟成员单位", style="3")
    partners = (
        "乙二县人民医院党委", "柳林社区党委", "乙二县第一初级中学党支部", "县妇联机关党支部", "县公安局交警大队党支部", "滨河纺织厂党支部",
        "顺达公交公司党支部", "石桥镇卫生院党支部",
    )  # fmt: skip
    for partner in partners:
        report.p(partner, style="ListParagraph", number=(BULLETS, 0))
    report.p("首批服务清单", style="3")
    services = (
        "每年为公交驾驶员体检1次，首批体检136人；",
        "为纺织厂女工开展“两癌”筛查，已筛查210|人，发现异常18人；",
        "在学校设“心灵驿站”2处，已接待学生咨询50多人次；",
        "与交警大队共建救护通道，群众拨打120或122均可联动，力争10分钟内到场；",
        "在社区设家庭医生工作室1间，每周二、五下午各坐诊2小时。",
    )
    for service in services:
        report.p(service, number=(DECIMAL, 0))
    report.p("首场活动", style="3")
    report.p(
        "成立当天，联盟在社区二楼大厅举办急救培训，第八支部（急诊支部）的5名党员带教，90名居民参加，发放急救包45个。按压深度5至6厘米、频率每分钟"
        "100至120次，大家跟着节拍器一遍遍地练。",
        first=2,
    )
    report.p(report.picture(2101), align="center")
    report.p("图为急救培训现场。", align="center", size=9)
    report.p("审稿：赵嘉禾　　责任编辑：孙晴", align="right")
    return report


def notice_and_result() -> Docx:
    """A notice that became its own report: fields after tabs, then what came of it."""
    report = Docx("word")
    report.p("“世界卒中日”义诊宣传活动的通知及完成情况", align="center", bold=True, size=18)
    report.p("各科室、各党支部：")
    report.p(
        "为做好2024年“世界卒中日”宣传，松庭县人民医院神经内科党支部牵头开展义诊宣传活动，有关事项通知如下。", first=2
    )
    report.p("一、活动安排", bold=True)
    report.p("时间：\t2024年10月29日（星期二）8:30—11:30")
    report.p("地点：\t松庭县体育公园南门")
    report.p("人员：\t党员12名、志愿者8名（名单见附件）")
    report.p("二、有关要求", bold=True)
    report.p(
        "请各科室10月25日前报名，每科不少于1人；统一着白大衣、佩戴党徽；展板尺寸80×120厘米，摆放间隔2米；经费控制在1500元以内。"
        "物资请到3号楼负一层107室领取。",
        first=2,
    )
    report.p("三、完成情况", bold=True)
    report.p(
        "10月29日活动如期举行，实到党员14名、志愿者11名。共接待群众咨询300|人左右，测血压2|42人次，开展卒中风险评估118人，筛出高危人群19人，其中2人"
        "经绿色通道收治，入院时血压分别为210/130、198/115。发放宣传折页600份。",
        first=2,
    )
    report.p(
        "一名58岁的环卫工人测完血压后说话含糊，神经内科医生按“120”口诀判断为疑似卒中，从公园到导管室只用了22分钟。他是当天第2个被送走的人。",
        first=2,
    )
    report.p(report.picture(2201), report.picture(2202), align="center")
    report.p("☑ 已完成　□ 未完成　　　经办：孙慕青　　核稿：罗一帆")
    report.p("松庭县人民医院神经内科党支部", align="right")
    report.p("2024年10月30日", align="right")
    return report


def site_training() -> Docx:
    """Headings and lists that Word numbers by itself, so that no number stands in their text."""
    report = Docx("wps")
    report.p("白石湖市第二医院“急救知识进工地”活动小结", style="2")
    report.p("活动概况", style="3", number=(CHINESE, 0))
    report.p(
        "今年第三季度，麻醉科党支部、急诊科党支部联合市住建局、市总工会，在6个在建工地举办急救培训11场，培训工人及安全员620余|人次，投入讲师15名、"
        "模拟人8具，服务时长合计1|80小时。",
        first=2,
    )
    report.p("培训内容", style="3", number=(CHINESE, 0))
    for content in (
        "心肺复苏：按压深度5至6厘米，频率100至120次/分钟，按压与吹气比30:2；",
        "止血包扎：止血带每隔40分钟放松1次，并写明时间；",
        "中暑处置：体温超过40℃，立即降温送医；",
        "触电、坠落伤员的“三不搬”。",
    ):
        report.p(content, number=(BULLETS, 0))
    report.p("培训效果", style="3", number=(CHINESE, 0))
    for effect in (
        "9月6日抽考100人，合格93人；",
        "各工地新配急救箱12个、除颤仪2台；",
        "城东安置房工地一名工人触电，工友用刚学到的方法按压6分钟，救回一命。",
    ):
        report.p(effect, number=(DECIMAL, 0))
    report.p("几点体会", style="3", number=(CHINESE, 0))
    report.p(
        "培训要下到班组，每班次以30至40人为宜；夏季上午10点以后不宜露天授课；考核80分以下的要补训。明年计划覆盖全市40个工地，"
        "力争每个班组至少有2名“第一目击者”。",
        first=2,
    )
    report.table(
        [
            ["党支部", "场次", "培训人次", "讲师"],
            ["麻醉科党支部", "5", "约280", "7名"],
            ["急诊科党支部", "6", "340余", "8名"],
        ]
    )
    report.p("（急诊科党支部供稿　2024年10月8日）", align="right")
    return report


def speech_contest() -> Docx:
    """An own style for the title, a table with cells merged downwards, another with a table inside, a caption above its picture."""
    report = Docx("word")
    report.p(report.metafile("emf"), align="center")
    report.p("望川县妇幼保健院举办“医者仁心”演讲比赛", style="OfficialTitle")
    report.p("（党委宣传科　2024年5月13日）", align="center", size=10)
    report.p(
        "5月10日下午2:30，望川县妇幼保健院医德医风演讲比赛决赛在6号楼学术厅举行。经过初赛，24|名选手晋级，平均年龄29岁，最小的23岁。比赛邀请评委7名，"
        "现场观众3|20余人，网络投票5.2|万票。",
        first=2,
    )
    report.p("△决赛现场", align="center", size=9)
    report.p(report.picture(2701), align="center")
    report.p("一、比赛结果", bold=True)
    report.table(
        [
            ["名次", "选手", "所在支部", "得分"],
            ["一等奖", "孙一诺", "产科党支部", "96.8"],
            [Cell(("二等奖",), down="first"), "李若曦", "儿保科党支部", "95.4"],
            [Cell(down="more"), "王卓然", "检验科党支部", "95.1"],
            [Cell(("三等奖",), down="first"), "周以宁", "妇科党支部", "94.9"],
            [Cell(down="more"), "吴沐阳", "机关党支部", "94.2"],
        ]
    )
    report.p("二、评分办法", bold=True)
    scores = [["内容", "40分"], ["表达", "30分"], ["仪表", "10分"], ["时间", "20分"]]
    report.table(
        [
            ["环节", "说明"],
            ["演讲", "每人限时6分钟，超时每30秒扣1分"],
            ["评分", [paragraph("满分100分"), table(scores)]],
        ]
    )
    report.p("三、活动影响", bold=True)
    report.p(
        "近三年来，医院共举办医德医风教育21场次，覆盖职工2|600人次，收到锦旗98面、感谢信156封，拒收红包折合现金3.1万元，投诉件数下降18%。一等奖选手将代表"
        "医院参加6月的全市比赛，预选名额2个。",
        first=2,
    )
    report.p("撰稿：唐小棠　核稿：许望", align="right")
    return report


def theme_day_minutes() -> Docx:
    """Minutes of a theme day: fields above, bold headings typed with numbers, 应到 and 实到 in the text."""
    report = Docx("chinese")
    report.p("癸二县人民医院第六支部\n2024年8月主题党日活动纪实", align="center", bold=True, size=18)
    report.p(bold("时间："), "2024年8月28日（星期三）18:00—19:50")
    report.p(bold("地点："), "行政楼五楼会议室（508）")
    report.p(bold("主持："), "王云舒　　", bold("记录："), "陈明")
    report.p(bold("出席情况："), "应到党员28名，实到党员25名，因值班请假3名；入党积极分子5名列席。")
    report.p("一、集中学习", bold=True, font="黑体")
    report.p(
        "由支部委员领学党章第三章和《准则》第12条，用时25分钟。第六支部（医技支部）实行“1+1”领学，每次由1名老党员带1名青年党员。",
        first=2,
    )
    report.p("二、专题党课", bold=True, font="黑体")
    report.p(
        "影像科副主任卫舒以“一张片子的距离”为题讲党课，6名党员作交流发言。她提到，夜班一晚要看将近100份急诊片子，差错只能是0。",
        first=2,
    )
    report.p("三、志愿服务", bold=True, font="黑体")
    report.p(
        "会后，21名党员到滨河公园开展夜间骨密度筛查，筛查市民137名，提示骨量减少39名，骨密度T值最低的为-3.1；发放防跌倒折页近200份，"
        "志愿服务时长合计63|小时。",
        first=2,
    )
    report.p(report.picture(3001), align="center")
    report.p("▲ 图1　夜间骨密度筛查（摄影：陈明）", align="center", size=9)
    report.p("四、通报事项", bold=True, font="黑体")
    report.p(
        "通报7月份党费收缴情况；支部评星定级自评92分，位列全院第2。下次主题党日定于9月25日，每名党员提前准备不少于500字的发言提纲。",
        first=2,
    )
    report.p("审核：王云舒", align="right")
    return report


DOCUMENTS = {
    "08-bulletin.docx": bulletin,
    "09-half-year-summary.docx": half_year_summary,
    "10-record-form.docx": record_form,
    "11-ledger-table.docx": ledger_table,
    "14-medicine-text.txt": medicine_text,
    "15-scanned-lines.docx": scanned_lines,
    "19-official-report.docx": official_report,
    "21-partner-list.docx": partner_list,
    "22-notice-and-result.docx": notice_and_result,
    "25-site-training.docx": site_training,
    "27-speech-contest.docx": speech_contest,
    "30-theme-day-minutes.docx": theme_day_minutes,
}
