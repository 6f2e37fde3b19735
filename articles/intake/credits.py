"""Who wrote, photographed and signed a report, and where it comes from, in the lines around its text."""

import re

#: as they are printed; the short ones only before a colon, a slash or a space
_ROLES = (
    "本报记者|特约记者|见习记者|记者|特约通讯员|通讯员|责任编辑|供稿单位|供稿人|供稿|撰稿人|撰稿|撰文|作者|文字|摄影|拍摄|供图|图文|文图|文[/／]图|图[/／]文|图片|"
    "编辑|责编|美编|排版|校对|审稿人|审稿|审核人|审核|核稿人|核稿|签发人|签发|一审|二审|三审|初审|复审|终审|监制|编审|统筹|策划|填报人|执笔|经办人|经办|记录人|记录|整理"
)
_SOURCES = "稿件来源|信息来源|文章来源|稿源|来源|转自|原载于?|来稿单位|填报单位"
_ROLE = re.compile(
    rf"(?:^|(?<=[\s\u3000（(、，,;；|｜丨/]))(?:({_ROLES})(?:\s*[:：/／丨|｜]\s*|[\s\u3000]+)?|([文图])(?:\s*[:：/／丨|｜]\s*|[\s\u3000]+))"
)
_SOURCE = re.compile(rf"(?:^|(?<=[\s\u3000（(]))(?:{_SOURCES})\s*[:：]\s*([^\s\u3000）)|｜]+(?:《[^》]+》)?)")
_COUNTS = re.compile(r"(?:点击|阅读|浏览|点击量|阅读量|浏览量)(?:数|次数|量)?\s*[:：]?\s*\d+次?")
_WHEN = re.compile(
    r"(?:(?:发布|更新|发表|填报)?(?:时间|日期)\s*[:：]\s*)?(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_SIGNATURE = re.compile(
    r"([\u3400-\u9fff（）()]{2,20}(?:支部|医院|科|办|办公室|委员会|党委|部|中心|组))[\s\u3000]+([\u3400-\u9fff]{2,4})"
)
#: 杨哲／文, 刘一鸣　摄, 手术室党支部供稿
_AFTER_NAME = re.compile(
    r"([\u3400-\u9fff]{2,4}(?=[\s\u3000/／]+[文图摄])|[\u3400-\u9fff]{2,4}?(?=摄影|摄(?!影))|[\u3400-\u9fff]{2,16}?(?=\s*(?:供稿|供图)))[\s\u3000/／]*(文图|图文|文|图|摄影|摄|供稿|供图)"
)
_SEPARATORS = re.compile(r"[\s\u3000、，,;；|｜丨/／·]+")
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}(?:·[\u3400-\u9fff]{1,4})?|[\u3400-\u9fff]{1,10}·[\u3400-\u9fff·]{1,10}")
_OFFICE = re.compile(
    r"[\u3400-\u9fffA-Za-z]{2,24}(?:医院|院|科|部|处|办|办公室|支部|党委|委|室|中心|网|报|社|台|队|组|局|会|工会|团委)(?:[\u3400-\u9fff]{2,4})?"
)
_LEAD = re.compile(r"^(本[报网台刊]讯|讯)?\s*[（(]([^（）()]{4,40})[）)]\s*")
_END = re.compile(r"\s*[（(]([^（）()]{4,60})[）)]\s*$")
ADVERTISING = re.compile(
    "扫码|二维码|扫一扫|长按识别|点击(?:上方|下方|蓝字|阅读原文)|关注(?:我们|公众号)|下载.{0,8}(?:APP|客户端|壹点)|找记者|"
    "阅读原文|点个?[“”]?(?:赞|在看)|分享.{0,4}收藏|往期(?:回顾|推荐)|↓|预览时标签不可点",
    re.IGNORECASE,
)

#: role as printed, name
Credit = tuple[str, str]


class Credits:
    """Gathered line by line."""

    def __init__(self) -> None:
        self.bylines: list[Credit] = []
        self.source = ""

    def take(self, text: str) -> bool:
        """Whether a line is nothing but credits, sources, dates and counts of readers; then it is taken."""
        bare = re.sub(r"^[（(【\[]|[）)】\]]$", "", text.strip()) if text.strip()[:1] in "（([【" else text.strip()
        rest = _COUNTS.sub(" ", _WHEN.sub(" ", bare))
        sources = _SOURCE.findall(rest)
        rest = _SOURCE.sub(" ", rest).strip(" \u3000|｜")
        bylines = credits_in(rest) if rest else []
        if bylines is None or not (bylines or sources):
            return False
        self._add(bylines)
        if sources and not self.source:
            self.source = sources[0]
        return True

    def take_signature(self, text: str) -> bool:
        """康复支部　郑舒明: an office and a person, below the text."""
        found = _SIGNATURE.fullmatch(text.strip(" \u3000（()）"))
        if found and _NAME.fullmatch(found[2]):
            self._add([("", found[2])])
            return True
        return False

    def take_from_caption(self, text: str) -> str:
        """Without （摄影：贺知远） and （刘一鸣　摄）; who took a picture is taken."""
        for match in re.finditer(r"[（(]([^（）()]{2,30})[）)]", text):
            if bylines := credits_in(match[1]):
                self._add(bylines)
                text = text.replace(match[0], "")
        return text.strip()

    def _add(self, bylines: list[Credit]) -> None:
        self.bylines += [credit for credit in bylines if credit not in self.bylines]

    def take_from_lead(self, text: str) -> str:
        """Without 本报讯（记者…） at the beginning of a paragraph; what is in the brackets is taken."""
        match = _LEAD.match(text)
        if match and (bylines := credits_in(match[2])):
            self._add(bylines)
            return f"{match[1] or ''} {text[match.end() :]}".strip()
        return text

    def take_from_end(self, text: str) -> str:
        """Without （通讯员…） at the end of a paragraph."""
        match = _END.search(text)
        if match is None:
            return text
        if bylines := credits_in(match[1]):
            self._add(bylines)
        elif not self.take_signature(match[1]):
            return text
        return text[: match.start()]


def credits_in(text: str) -> list[Credit] | None:
    """Of 记者 郭纪轩 通讯员 孟丽 each role with each name; None where the text says anything else."""
    text = text.strip(" \u3000（()）。")
    behind = list(_AFTER_NAME.finditer(text))
    if behind and not _SEPARATORS.sub("", _AFTER_NAME.sub("", text)):
        return [(match[2], match[1]) for match in behind]
    roles = list(_ROLE.finditer(text))
    if not roles:
        return None
    found = []
    if before := text[: roles[0].start()]:  # 郭纪轩 通讯员 张德君: a name whose role was lost
        names = _names(before)
        if not names or len(names) > 2 or any(len(name) > 3 for name in names):
            return None
        found += [("", name) for name in names]
    for role, following in zip(roles, [*roles[1:], None], strict=True):
        names = _names(text[role.end() : following.start() if following else None])
        if not names:
            return None
        found += [(role[1] or role[2], name) for name in names]
    return None if {role for role, _name in found} <= {"图", "图片"} else found  # 图：义诊现场 is a caption


def _names(text: str) -> list[str] | None:
    names: list[str] = []
    letters = ""
    for part in _SEPARATORS.split(text.strip(" \u3000。.（）()")):
        if re.fullmatch(r"[\u3400-\u9fff]", part):  # 孟　丽 is one name, set as wide as its neighbours
            letters += part
            if len(letters) == 2:
                names.append(letters)
                letters = ""
            continue
        if not part or letters:
            return None
        if not (_NAME.fullmatch(part) or _OFFICE.fullmatch(part)):
            return None
        names.append(part)
    return None if letters else names
