"""The words the checks before publication begin with. From here on the list belongs to those who edit it."""

from django.db import migrations

#: severity -> advice -> words. None of them is also a part of other words (第一支部, 更有效率).
WORDS = {
    "block": {
        "国名有误，应写作“中华人民共和国”。": "中国人民共和国",
        "应写作“中国共产党”。": "中国工产党",
        "领导人姓名有误，请逐字核对。": "习进平 习近评",
        "应写作“总书记”。": "总书计",
        "漏了“中国”，应写作“习近平新时代中国特色社会主义思想”。": "习近平新时代特色社会主义",
        "应写作“特色社会主义”。": "特色社会注意",
        "应写作“马克思主义”。": "马克思主意",
        "应写作“十九届”；党代会称“党的十九大”或“中国共产党第十九次全国代表大会”。": "十九界",
        "应写作“二十届”；党代会称“党的二十大”或“中国共产党第二十次全国代表大会”。": "二十界",
        "党的全国代表大会称“次”，应写作“第十九次全国代表大会”。": "十九届全国代表大会",
        "党的全国代表大会称“次”，应写作“第二十次全国代表大会”。": "二十届全国代表大会",
        "应写作“两个确立”。": "二个确立",
        "应写作“两个维护”。": "二个维护",
        "政治用语应写作“四个意识”，请核对。": "四个意思",
        "应写作“两学一做”。": "两学一作",
        "应写作“三会一课”。": "三会一刻 三会一科",
        "应写作“主题党日”。": "主题档日",
        "应写作“精准扶贫”。": "精准抚贫",
        "应写作“脱贫攻坚”。": "脱贫攻艰",
        "应写作“乡村振兴”。": "乡村振新",
        "应写作“反腐倡廉”。": "反腐昌廉",
        "应写作“牢记使命”。": "牢记史命",
        "应写作“不忘初心”。": "不望初心",
        "应写作“医者仁心”。": "医者人心",
        "应写作“救死扶伤”。": "救死抚伤",
        "应写作“大医精诚”。": "大医精成",
        "应写作“大爱无疆”。": "大爱无彊",
    },
    "warn": {
        "七月一日的规范说法是“七一”“党的生日”或“中国共产党成立纪念日”，请改写。": "建党节",
        "语义重复。请写作“中国共产党成立××周年”或“建党××周年”。": "中国共产党建党",
        "医疗宣传不得保证疗效或安全。请改为客观说明；引用锦旗、感谢信原文的，可以保留。": "最佳疗效 包治 药到病除 永不复发 保证治愈 无副作用",
        "用来说疗效时属于保证治愈，请改写；手术名称（如“胃癌根治术”）可以保留。": "根治",
        "医疗服务不得作这样的承诺，请删去。": "无效退款",
        "医疗宣传不得使用，请写明药品或疗法的通用名称。": "祖传秘方",
        "请写作“残疾”；称呼人时写作“残疾人”。": "残废",
        "请写作“智力障碍”。": "弱智",
        "请写作“新冠肺炎”或“新型冠状病毒感染”。": "武汉肺炎",
        "应写作“积极分子”，例如“入党积极分子”。": "积极份子",
        "应写作“再接再厉”。": "再接再励",
        "应写作“一如既往”。": "一如继往",
        "应写作“部署”。": "布署",
        "应写作“座谈会”。": "坐谈会",
    },
    "advise": {
        "请写明依据（由谁在何时认定、在什么范围内），或改为客观表述。": "首家 首创 国际领先 国内领先 顶尖 全国第一 全省第一 全市第一",
        "说“填补空白”的，请写明是哪一级的空白、由谁在何时认定，或改为“首次开展”。": "填补",
        "请写明病种、例数、统计时间和来源；不能作为对疗效的保证。": "治愈率",
        "建议写作“新中国成立以来”。": "建国以来",
    },
}


def rows():
    """(word, severity, advice) of each word."""
    for severity, advised in WORDS.items():
        for advice, words in advised.items():
            for word in words.split():
                yield word, severity, advice


def add(apps, schema_editor):
    WatchedWord = apps.get_model("publishing", "WatchedWord")
    WatchedWord.objects.bulk_create(
        (WatchedWord(word=word, severity=severity, advice=advice) for word, severity, advice in rows()),
        ignore_conflicts=True,  # going back leaves the list, which is edited by then
    )


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_append_only")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
