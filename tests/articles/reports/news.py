"""Made-up reports as correspondents write them: for a newspaper, a web page, an account of a hospital.

The hospitals of counties 甲一县 to 癸二县 are those of the sample records, all others exist nowhere. Nobody in them is real.
"""

from tests.articles.reports.writing import (
    Cell,
    Docx,
    PlainText,
    bold,
    bookmark,
    control,
    deleted,
    field,
    inline_control,
    inserted,
    paragraph,
    run,
)


def clinic_news() -> Docx:
    """Word's own styles, pictures in the line, captions below them, numbers that fall apart into runs."""
    report = Docx("word")
    report.head("甲一县人民医院宣传稿件", align="center", size=9)
    report.foot("第 ", run("1"), " 页", align="center", size=9)
    report.p("把专家号挂到|家门口", style="Title")
    report.p(
        "本报讯（记者 周闻舟 通讯员 沈若兰）6月|19日一早，甲一县青石村的文化广场上排起了长队。甲一县人民医院第五支部（眼科支部）"
        "和内科支部的党员来到这里义诊，不到一个小时，就有6|0余|名村民前来就诊。",
        first=2,
    )
    report.p(
        "“大夫，我这眼睛看东西总像隔着一层雾。”73岁的赵大娘第一个坐到裂隙灯前。副主任医师检查后告诉她，这是白内障，"
        "血压又是150/95mmHg，要先把血压稳住，再安排手术。看完病，护士把写有科室电话0000-6186120的卡片递到她手里。",
        first=2,
    )
    report.p(report.picture(601), align="center")
    report.p("图为眼科医生为村民检查视力。", style="Caption")
    report.p(
        "当天一共来了12|名医务人员，分眼科、心血管、骨关节、用药咨询4个台子，从上午8点30分忙到中午12点。统计下来，接诊村民|2|30余|人次，"
        "发放《家庭用眼手册》|400份，为35名老人建立了眼健康档案。",
        first=2,
    )
    report.p(report.picture(602), align="center")
    report.p("图为义诊现场，党员志愿者帮老人填写登记卡。", style="Caption")
    report.p(
        "第五支部书记程晓晴说，支部一共36名党员，今年把义诊固定在每月第三个星期三，上半年已经走了18个行政村，今后还会到更远的"
        "塬上去。离开时，村里送来一筐杏子，大家婉言谢绝了。",
        first=2,
    )
    report.p("来源：甲一县融媒体中心　　2024-06-21 17:20", align="right", size=9)
    return report


def mountain_clinic() -> Docx:
    """Kicker, title and subtitle as three centred lines; headings are bold lines; numbers in words."""
    report = Docx("chinese")
    report.p("把支部建在山路上", align="center", font="楷体", size=14)
    report.p("三十里山路有个“流动诊室”", align="center", bold=True, size=22)
    report.p("——云岫县中心医院内科党支部送医下乡纪实", align="center", size=15)
    report.p("记者 苏小满　通讯员 罗砚秋、贺知远", align="center", size=12)
    report.p()
    report.p(
        "　　云岫县有一百零三个村，最远的槐树坪村离县城三十公里。过去，老人们看一次病要起大早赶一趟早班车。从前年起，"
        "云岫县中心医院内科党支部把诊室装进一辆旧面包车，沿着山路一个村一个村地走。"
    )
    report.p("　　", bold("车轮转起来"))
    report.p(
        "　　今年上半年，流动诊室出车四十六|次，走过二十八个村，看诊一千二百|余人次，上门探望独居老人六十三户。每次出车，"
        "都有医生和护士同行；每名党员每年跟车不少于6天，这是支部定下的规矩。"
    )
    report.p(
        "　　流动诊室不收挂号费，一次快速血糖检测只收成本价3元；遇到行动不便的，医生就背着药箱上楼。一位81岁的老人住在旧粮站"
        "宿舍4楼，空腹血糖一度高到18.6，党员们隔几天就去一趟，才把数字降下来。"
    )
    report.p(report.picture(701, floating=True), "　　", bold("药箱背起来"))
    report.p("△内科党支部党员在槐树坪村看诊。（摄影：贺知远）", align="center", size=9)
    report.p(
        "　　6月中旬，支部把流动诊室开进云台镇中心小学，给三百二十名学生讲怎样洗手、怎样护牙，又为近百名教职工量了血压。"
        "孩子们的问题一个接一个，原定四十分钟的课讲了一个多小时。"
    )
    report.p(
        "　　支部书记秦守川算过一笔账：油钱和轮胎钱，一部分是党员活动经费，另一部分是大家凑的，其中个人捐款8600元。"
        "“钱不多，可车不能停。”他说，“第|四条线路|下个月就开。”"
    )
    report.p("（来源：云岫县中心医院党建工作部）", align="right")
    return report


def account_post() -> Docx:
    """Copied from the editor of an account: coloured runs, short centred lines, the same picture above and below."""
    report = Docx("wps")
    report.p(
        run("点击上方", color="888888"),
        run("蓝字", color="1E6FBA", bold=True),
        run("关注我们"),
        align="center",
        keep=False,
    )
    report.p(report.picture(1201, wide=12), align="center")
    report.p(
        run("“沐”光", color="C00000", bold=True, size=20),
        run("而行丨护理支部的", bold=True, size=20),
        run("“周末", color="E36C09", bold=True, size=20),
        run("小课堂”开课啦", bold=True, size=20),
        align="center",
    )
    report.p(run("01", color="FFFFFF", highlight="red", size=18), align="center")
    report.p(run("课堂", color="C00000", bold=True, size=16), run("搬到家门口", bold=True, size=16), align="center")
    report.p(
        run("周末的沐河边，一顶红色帐篷下，"),
        run("30", color="C00000", bold=True),
        run("多", color="C00000"),
        run("位街坊围成一圈。"),
        run("沐河县人民医院护理党支部", bold=True),
        run("的“周末小课堂”讲到了第9期，这一期的主角是“久卧老人怎样防压疮”。"),
        align="both",
    )
    report.p(
        run("支部的8名党员护士轮流当老师，翻身、拍背、喂饭，一样一样做给大家看。一个半小时里，发出去"),
        run("15", color="C00000", bold=True),
        run("0份", color="C00000", bold=True),
        run("口袋卡片，现场答疑"),
        run("六十多", color="C00000", bold=True),
        run("个问题。家住3号楼502室的刘阿姨记了满满两页纸。"),
        align="both",
    )
    report.p(report.picture(1202), align="center")
    report.p(run("▲护士示范翻身拍背（供图：沐河融媒）", color="888888", size=9), align="center")
    report.p(run("02", color="FFFFFF", highlight="red", size=18), align="center")
    report.p(run("本领带回", color="C00000", bold=True, size=16), run("家里头", bold=True, size=16), align="center")
    report.p(
        run("截至6月30日，小课堂已开讲9期，线下听课"),
        run("四百余", color="C00000", bold=True),
        run("人次，线上直播观看"),
        run("1.8万", color="C00000", bold=True),
        run("人次；支部还带着轮椅、助行器，看望了17户失能老人家庭，送去护理包20个，价值约3000元。"),
        align="both",
    )
    report.p(report.picture(1203), align="center")
    report.p(run("▲孩子也来学量体温", color="888888", size=9), align="center")
    report.p(run("03", color="FFFFFF", highlight="red", size=18), align="center")
    report.p(run("下期预告", color="C00000", bold=True, size=16), align="center")
    report.p(
        run("7月6日（周六）上午9:00，沐河公园东门，讲“骨折以后怎么搬动”，名额40人，报名电话0000-5201314转8006。"),
        align="both",
    )
    report.p(run("END", color="888888"), align="center", keep=False)
    report.p(run("供稿丨王小桃　摄影丨李望\n编辑丨党宣科　审核丨赵敏", color="888888", size=10), align="center")
    report.p(report.picture(1201, wide=12), align="center")
    report.p(run("喜欢就点个", color="888888"), run("“在看”", color="C00000"), run("吧"), align="center", keep=False)
    return report


def spine_text() -> PlainText:
    """A plain text in UTF-8, indented with full-width spaces."""
    return PlainText(
        """戊一县人民医院骨科支部“六一”进校园护脊背

（2024年6月3日）

　　儿童节当天上午，戊一县人民医院第十一支部（骨科支部）的9名党员来到杏花村小学，为五年级、六年级的186名学生免费筛查脊柱侧弯，\
查出疑似异常11人，已逐一电话通知家长到院复查。

　　筛查设在教学楼二层的205教室。医生先看双肩是不是一样高，再让孩子弯下腰，用脊柱测量尺量一量背部的倾斜角，超过5度的登记下来。\
一名学生的倾斜角到了9度，医生当场写好了转诊单。

　　支部书记蒋志新用一根竹竿、一块旧木板讲坐姿：“背要像竹竿一样直，书包别超过体重的10%。”200多名师生跟着他做了一套6节的护脊操。

　　据了解，该支部今年已在全县7所学校开展筛查8场次，累计筛查1460人次，发放护脊书签1500枚。学校与医院约定，每学期复查1次，\
异常学生建档率要达到100%。家长可拨打0000-7723018预约，挂号费5元。

　　通讯员：韩嘉禾　冯雨晴
　　审核：褚文博
"""
    )


def two_paragraphs() -> Docx:
    """As short as it gets; the name of the writer in brackets at the end."""
    report = Docx("chinese")
    report.p("急诊支部重温入党誓词", align="center", bold=True, size=16)
    report.p(
        "　　7月1日上午8时，庚一县人民医院急诊支部23名党员在急诊楼前面向党旗重温入党誓词，3名新党员第一次佩戴党徽。支部书记卫思远带着"
        "大家学习了党章第一章。"
    )
    report.p("　　支部还为在岗满30年的2名老党员送上鲜花。鲜花撤下，120的铃声又响了。（急诊支部　陈和景）")
    return report


def without_title() -> Docx:
    """Begins with its first sentence; a comment in the margin, a link in the text."""
    report = Docx("word")
    report.p(
        "为进一步拉近与群众的距离，5月12日护士节当天，柏川县第二人民医院手术室党支部到柏川县光荣院看望老兵。这是支部与光荣院结对的第11个年头。",
        first=2,
    )
    report.p(
        "支部带去了新缝制的护膝42|副、",
        report.comment("老花镜30副", says="数量已与光荣院核对，原报35副有误。"),
        "，为26位老人测血糖、剪指甲、清洗助听器。最年长的老兵今年98岁，能一口气背出当年部队的番号；他血压160/85，护士叮嘱他按时吃药，"
        "每天不要超过5克盐。",
        first=2,
    )
    report.p(
        "活动经费来自党员自愿捐款，共计2|350元，账目已在",
        report.link("医院公示栏", "https://example.invalid/gongshi?id=20240512"),
        "公开。下一步，支部计划每季度走访一次，全年不少于4次，并把光荣院205室改造成康复角。",
        first=2,
    )
    report.p(report.picture(1701, legacy=True), align="center")
    report.p("图：手术室党支部党员为老兵清洗助听器（手术室党支部供图）", align="center", size=9)
    report.p(
        "据统计，2023年以来，支部累计走访老兵、困难党员等90余户，办理实事超过60件；26名党员人均参与志愿服务36小时。遇有急事，老人可拨打"
        "党员值班手机尾号0177。",
        first=2,
    )
    report.p("（手术室党支部供稿）", align="right")
    return report


def title_in_a_box() -> Docx:
    """The title stands in a text box, a caption in another; Word writes each of them twice."""
    report = Docx("word")
    report.p(
        report.textbox(
            paragraph("药箱里的|“明白账”", align="center", bold=True, size=24),
            paragraph("——辛一县人民医院药学支部清理家庭小药箱侧记", align="center", size=14),
        )
    )
    report.p("记者：刘一鸣　通讯员：周子衿", align="center")
    report.p(
        "　　4月13日，辛一县人民医院第十四支部（药学支部）在南街社区摆开桌子，请居民把家里的药箱“搬”出来晒一晒。9名药师从上午9点一直"
        "忙到下午2点，清点药箱85|个，回收过期药品1|200余|盒，重约40公斤。"
    )
    report.p(
        report.picture(1801, wide=7, floating=True),
        report.textbox(paragraph("药师给居民讲解用药（刘一鸣　摄）", align="center", size=9)),
        "　　一位老人一次翻出5种降压药，其中两种成分相同。药师在药盒上写下大大的“早1晚1”，又提醒他，血压降到110/60就该来复诊。社区工作人员说："
        "“以前大家舍不得扔，现在晓得了。”",
    )
    report.p(
        "　　活动当天发放用药提醒卡500张，解答用药咨询160|余人次。这样的“清箱行动”今年要走完县城12个社区，目前已走进5个。下一站定在"
        "4月27日，地点是工业园区3号宿舍楼下。"
    )
    report.p("（2024年4月15日）", align="right")
    return report


def two_hospitals() -> Docx:
    """Two hospitals, heading styles below a heading that is the title, the writers in brackets at the end."""
    report = Docx("chinese")
    report.p("两院党支部结对|　一年带出一支队伍", style="1")
    report.p(
        "2023年9月，白石湖市第一医院麻醉手术党支部与癸一县人民医院外科支部签订结对协议。一年来，前者选派专家32|人次到癸一县坐诊、查房、带手术，"
        "后者选送骨干11名外出进修。",
        first=2,
    )
    report.p("师带徒，手把手", style="2")
    report.p(
        "每周三、周五，专家准时出现在癸一县人民医院手术室。一年间，双方开展教学查房96次、疑难病例讨论54|例，举办业务讲座28场，听课医护1100|余|人次。"
        "第三期“模拟急诊”夜训从晚上7点练到9点，考核80分以上才算过关。",
        first=2,
    )
    report.p(report.picture(2001), align="center")
    report.p("图1：白石湖市第一医院专家在癸一县人民医院带教。", style="Caption")
    report.p("技术落地，病人少跑路", style="2")
    report.p(
        "在专家指导下，癸一县人民医院今年完成腹腔镜手术214例，其中四级手术37例，独立开展新技术6项；手术平均出血量由120毫升降到45毫升，"
        "平均住院日由9.8天缩短为7.1天。县域内就诊率升至91.4%。",
        first=2,
    )
    report.p(
        "两个支部还一起上党课6次、联合义诊4场，服务群众870|人次。2024年9月18日，双方续签协议，约定下一年度每月至少派驻2名专家，免收带教费用"
        "（每人每日补助80元由县财政承担）。",
        first=2,
    )
    report.p("（通讯员 赵思远 钱嘉禾）", align="right")
    return report


def layout_table() -> Docx:
    """The whole report in a table without borders: text left, pictures right, captions in the cells below them."""
    report = Docx("wps")
    report.table(
        [
            [Cell((paragraph("老街里的“护心岗”", align="center", bold=True, size=22),), across=2)],
            [Cell((paragraph("文／何嘉宁　图／丁一舟", align="center"),), across=2)],
            [
                [
                    paragraph(
                        "在甲二县老街，修表铺隔壁有一间12平方米的小屋，门口挂着“党员护心岗”的牌子。甲二县人民医院第二支部（内科支部）的党员"
                        "每天下午4点到6点在这里值守，一守就是五年。",
                        first=2,
                    ),
                    paragraph(
                        "去年，护心岗接待居民四千六百余|人次，代办慢病续方890份，识别急性心梗7例，其中6例在发病120分钟内开通血管。"
                        "墙上贴着党员手写的几行字：胸痛不等，120不省，阿司匹林遵医嘱。",
                        first=2,
                    ),
                ],
                paragraph(report.picture(2301, wide=5)),
            ],
            ["", paragraph("图1　党员在护心岗为居民测血压", size=9)],
            [
                [
                    paragraph(
                        "今年3月17日，护心岗又添新设备，老街商户凑钱捐来一台除颤仪，价值1.98|万元。支部随即办了3期急救班，教会商户、居民75人，"
                        "其中52人拿到证书。",
                        first=2,
                    ),
                    paragraph(
                        "“离得近，心里踏实。”开面馆的老周说。他今年66岁，去年冬天血压冲到190，是护心岗的党员把他送上了急救车。支部的想法是，"
                        "把这样的岗设到县城每一条老街上，每岗每周开放不少于5天。",
                        first=2,
                    ),
                ],
                [paragraph(report.picture(2302, wide=5)), paragraph(report.picture(2303, wide=5))],
            ],
            ["", paragraph("图2　老街商户学习使用除颤仪", size=9)],
        ],
        borders=False,
    )
    return report


def evening_clinic() -> Docx:
    """A title of two paragraphs, an editor's note, two columns; tracked changes, a comment and a footnote."""
    report = Docx("word", columns=1)
    report.p("夜里十点的灯", align="center", bold=True, size=22)
    report.p("为晚归的人留着", align="center", bold=True, size=22)
    report.p(
        bold("编者按："),
        run(
            "今年以来，丙二县人民医院各支部围绕“群众下班、我们上岗”推出一批举措。本期选登第十支部（妇产支部）的做法。",
            italic=True,
        ),
    )
    report.end_section(1)
    report.p(
        "　　晚上9点45分，丙二县人民医院门诊3楼的灯还亮着。第十支部（妇产支部）的党员医生卫若兰刚看完当晚第27个号。“白天请不了假，晚上能看上病，真好。”"
        "在工业园区上班的李女士说。夜间门诊开在每周二、四、六，挂号费与白天一样，都是10元。"
    )
    report.p(
        "　　从2024年3月5日至9月5日，夜间门诊共开诊",
        deleted("七十"),
        inserted("七十八"),
        "次，接诊女工及居民3,2|60人次，完成宫颈癌筛查1,1|05人，查出需进一步诊治的43人，全部联系到位。",
    )
    report.p(
        "　　支部16名党员医护排班，志愿加班累计2100|多小时",
        report.footnote("加班时长由党委办公室按排班表统计，每次不足1小时的不计。"),
        "，没有领过一分钱补贴。",
        inserted("9月10日教师节，支部又把夜间门诊延伸到第一初级中学，为52名女教师做健康咨询。", 3),
        deleted("下一步拟增加到每周5个晚上。", 4),
    )
    report.p(
        report.comment("　　夜间门诊的经验已写进医院第8号党建简报。", says="期号请核对。"),
        "医院党委要求，今年年底前夜间门诊扩大到4个专科，候诊时间不超过20分钟。",
    )
    report.p("（执笔：冯清和　校对：周晴）", align="right")
    report.end_section(2)
    return report


def festival_page() -> Docx:
    """From a web page's editor: the title in a content control, a date field, headings in brackets, three reviews at the end."""
    report = Docx("word")
    report.head("丁二县人民医院官网", align="center", size=9)
    report.foot("— ", field("PAGE", "1"), " —", align="center", size=9)
    report.p(report.linked_picture("https://example.invalid/images/banner.png"), align="center")
    report.add(control(paragraph("“粽”情端午　“医”路相伴", style="Heading1"), name="标题"))
    report.p(
        "来源：丁二县人民医院　作者：钱一鸣　发布时间：",
        field('SAVEDATE \\@ "yyyy-MM-dd"', "2024-06-11"),
        "　阅读：1208",
        align="center",
        size=9,
    )
    report.p(
        "端午节前夕，丁二县人民医院第七支部（后勤支部）、第四支部（护理支部）联合县总工会，在住院部一楼大厅举办“浓情端午”医患联欢。",
        inline_control("6月7日", name="日期"),
        "15时，活动在童谣声中开始。",
        first=2,
    )
    report.p(bold("【包粽子】"))
    report.p(
        bookmark("粽子", "30名志愿者和40|多名患者、家属同坐一桌，一个半小时包出粽子580个，全部送到病房。"),
        "一位刚做完白内障手术的奶奶摸着粽叶，包得又快又好。",
        first=2,
    )
    report.p(report.picture(2601), align="center")
    report.p("▲ 患者和志愿者一起包粽子", align="center", size=9)
    report.p(bold("【送祝福】"))
    report.p(
        "护士长带着年轻党员，把自己缝的香囊送到床前，一共送出186个；还为行动不便的患者义剪35人次。7楼1床的王师傅说，头发短了，精神也好了。",
        first=2,
    )
    report.p(bold("【话健康】"))
    report.p(
        "营养科提醒，糖尿病患者每次吃粽子不超过50克，餐后2小时血糖最好控制在10.0以下。科普折页当场发出数百份，几十位家属扫码进了"
        "“营养门诊”群。",
        first=2,
    )
    report.p(
        "据了解，后勤支部已连续8年开展节日互动，累计陪伴患者及家属超过5000人次。咨询电话：0000-4419000（工作日8:00—17:30）。",
        first=2,
    )
    report.p("一审：钱一鸣　二审：李舒　三审：周文博", align="right", size=10)
    report.p(
        report.link("上一篇：关于开展6S管理检查的通知", "https://example.invalid/2024/0605.html"), size=9, keep=False
    )
    return report


def new_technique() -> Docx:
    """Full of medical values; writers with strokes instead of roles before their names."""
    report = Docx("chinese")
    report.p("不开胸也能“修”主动脉", align="center", bold=True, size=20)
    report.p("——己二县人民医院外科支部党员突击队攻克县域技术难关", align="center", size=14)
    report.p("杨哲／文　杨和／图", align="center", size=10)
    report.p(
        "10月23日，己二县人民医院手术室里，外科支部党员突击队用一个不到1厘米的切口，为67岁的陈先生完成了主动脉瘤腔内修复。术前，瘤体直径5.8厘米，"
        "血压165/98mmHg；手术历时2小时40分，出血不足50毫升。术后第3天，他下了床；第7天，出院回家，费用比外转低1.6万元左右。",
        first=2,
    )
    report.p("这是突击队今年的第9例同类手术。", first=2)
    report.p(
        "突击队由7名党员组成。自2022年3月成立以来，突击队共开展新技术14项，完成微创介入手术326|例，成功率98.5%，救治夜间急诊患者5|9例。借助3D重建，"
        "过去要看200多张片子才能判断的血管走向，现在10分钟就能看明白。",
        first=2,
    )
    report.p(report.picture(2801), report.picture(2802), align="center")
    report.p("左图：术前讨论；右图：手术中。", align="center", size=9)
    report.p(
        "“每周三晚7点半的技术夜校，雷打不动。”第三支部（外科支部）书记沈清和说。夜校已办63期，院内外1900|余人次听课，帮乡镇卫生院培养技术骨干22名。"
        "按照医院“十四五”规划，到2025年四级手术占比要达到20%。",
        first=2,
    )
    report.p("地址：己二县人民医院5号楼10层　专家门诊：每周一、四上午（挂号费25元）", size=9)
    return report


def snow_visit() -> Docx:
    """Headings over two lines, captions above their pictures, one picture only linked and one a metafile; numbers in words."""
    report = Docx("wps")
    report.p("【新春走基层】", bold=True, size=12)
    report.p("雪落山村暖意浓", style="8")
    report.p(
        "腊月二十三，大雪初停。戊二县人民医院第一支部（行政支部）、第二支部（内科支部）的三十余名党员分成六个小分队，踩着没过脚踝的雪，走进河湾村和"
        "石桥镇敬老院。",
        first=2,
    )
    report.p("送一份年货\n暖一方人心", align="center", bold=True, size=15)
    report.p(
        "三天里，小分队走访困难党员、孤寡老人八十六|户，送去棉被一百二十床、慰问金四万|三千元，还有常用药品。八十三岁的老党员拉着党员的手不肯放："
        "“四十年前是你们医院救了我。”",
        first=2,
    )
    report.p("图1：小分队在雪地里搬运棉被。", align="center", size=9)
    report.p(report.picture(2901), align="center")
    report.p("量一次血压", align="center", bold=True, size=15)
    report.p("添一分安心", align="center", bold=True, size=15)
    report.p(
        "2月8日、2月15日，医疗队又两次返回，为村民义诊两百多|人次，给二三十位老人做了心电图。血压在180/110以上的，当天就接到县医院住院；其余的，"
        "由村医每周随访一次。15—20名返乡大学生也加入进来，帮着登记、扫雪、写春联。",
        first=2,
    )
    report.p("图2：医疗队在敬老院义诊。", align="center", size=9)
    report.p(report.linked_picture("file:///D:/党办/2025春节/敬老院义诊.jpg"), report.picture(2902), align="center")
    report.p(
        "截至2月底，两个支部共发放春联五百余副、健康日历千余份，电话回访几百人次。行政支部书记蒋晴说，支部五十一名党员一个不少，都进过村、入过户；"
        "明年的目标，是把上门服务做到最远的三个自然村，全年不少于十二次。",
        first=2,
    )
    report.p("供稿：蒋晴、沈云", align="right")
    report.p(report.metafile("emf"), report.metafile("wmf"), "2025年2月28日", align="right")
    return report


DOCUMENTS = {
    "06-clinic-news.docx": clinic_news,
    "07-mountain-clinic.docx": mountain_clinic,
    "12-account-post.docx": account_post,
    "13-spine-text.txt": spine_text,
    "16-two-paragraphs.docx": two_paragraphs,
    "17-without-title.docx": without_title,
    "18-title-in-a-box.docx": title_in_a_box,
    "20-two-hospitals.docx": two_hospitals,
    "23-layout-table.docx": layout_table,
    "24-evening-clinic.docx": evening_clinic,
    "26-festival-page.docx": festival_page,
    "28-new-technique.docx": new_technique,
    "29-snow-visit.docx": snow_visit,
}
