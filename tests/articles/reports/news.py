"""Made-up reports as correspondents write them: for a newspaper, a web page, an account of a hospital.

The hospitals of counties 甲一县 to 癸二县 are those of the sample records, all others exist nowhere. Nobody in them is real.
"""

from tests.articles.reports.writing import Docx, PlainText, bold, run


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


DOCUMENTS = {
    "06-clinic-news.docx": clinic_news,
    "07-mountain-clinic.docx": mountain_clinic,
    "12-account-post.docx": account_post,
    "13-spine-text.txt": spine_text,
}
