"""One line of a file on its way to becoming an activity."""

import json
from collections.abc import Iterable
from types import SimpleNamespace

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from branches.checks import SUMMARY_HAS_NONE, figure_findings
from branches.intake.columns import text_of
from branches.intake.names import Names
from branches.intake.words import Spoken, Words, joined, like_before, read_words
from branches.ledger import COLUMNS, Row, Stated
from branches.models import Activity, Branch
from branches.periods import Period, Precision
from publishing.checks import Severity
from publishing.quantities import check_unit

#: slug of a measure -> the column that holds its numbers
MEASURED = {column.measure: column.header for column in COLUMNS if column.measure}
#: field of an activity -> the column in which it is corrected
HEADERS = {
    "title": "活动主题", "kind": "活动类别", "branch": "党组织名称", "start": "活动日期", "end": "结束日期",
    "start_time": "活动时间", "end_time": "活动时间", "place": "活动地点", "host": "主持人", "recorder": "记录人",
    "summary": "主要内容", "results": "活动成效", "brand": "所属品牌", "initiative": "所属举措",
    "clinic_registration": "义诊备案", "remarks": "备注",
}  # fmt: skip
#: columns that the ledger works out by itself; what a file says in them changes nothing
WORKED_OUT = (
    "序号", "医院名称", "活动大类", "到会率", "数据性质", "照片数", "新闻链接", "状态", "填报人", "填报日期",
    "初审人", "复审人", "终审人",
)  # fmt: skip
REFERENCE = "活动编号"
READ = tuple(column for column in COLUMNS if column.header not in (*WORKED_OUT, REFERENCE))
#: columns that only make sense together: where one of them says something new, all of them are read
TOGETHER = (("活动日期", "结束日期"), (*MEASURED.values(), "数据原文"))
#: what has been looked up in the database and need not be asked for again, and what only saving gives
_KNOWN_GOOD = {field.name for field in Activity._meta.fields if field.is_relation} | {"reference", "search_text"}
_TIMES = next(one for one in Activity._meta.constraints if one.name == "branches_activity_times_in_order")
_NOT_GIVEN = object()


class PlannedRow:
    """What import-export fills: its attributes are the columns' values. Writes nothing.

    ``problems`` and ``warnings``: by column, "" for the whole row.
    """

    def __init__(self, activity: Activity):
        self.activity, self.is_new = activity, activity._state.adding
        self.stored = dict(activity.__dict__)
        related = () if self.is_new else ("joint_branches", "partners", "further_kinds", "figures")
        self.joint_branches, self.partners, self.further_kinds, self.figures = (
            [list(getattr(activity, name).all()) for name in related] if related else ([], [], [], [])
        )
        self.reference = ""
        self.period = self.until = self.words = _NOT_GIVEN
        self.numbers = SimpleNamespace()
        self.problems: dict[str, list[str]] = {}
        self.warnings: dict[str, list[str]] = {}
        self.before = {} if self.is_new else self.shown()
        self.duplicate = ""
        self.outcome = ""

    # -- What columns set

    def _set_organiser(self, organiser: tuple[Branch | None, bool]) -> None:
        branch, is_all = organiser
        if (
            branch is None or branch.pk != self.activity.branch_id
        ):  # a ledger does not say of a branch that all took part
            self.activity.branch, self.activity.all_branches = branch, is_all

    def _set_kinds(self, kinds: list) -> None:
        self.activity.kind, *further = kinds
        self.further_kinds = further

    def _set_times(self, times: tuple) -> None:
        self.activity.start_time, self.activity.end_time = times

    organiser, kinds, times = property(fset=_set_organiser), property(fset=_set_kinds), property(fset=_set_times)

    # -- What they come to together

    def settle(self, names: Names) -> None:
        """Columns that make one thing together: the days, the figures."""
        self._settle_days()
        if (self.words is not _NOT_GIVEN or vars(self.numbers)) and not set(self.problems) & set(TOGETHER[1]):
            self._settle_figures(names)

    def _settle_days(self) -> None:
        activity = self.activity
        if self.period is _NOT_GIVEN and self.until is not _NOT_GIVEN and activity.start:
            self.period = Period.around(activity.start, activity.precision)
        if self.period is _NOT_GIVEN or self.period is None or set(self.problems) & set(TOGETHER[0]):
            if self.period is None:
                activity.start, activity.precision = None, Precision.DAY
            return
        end = self.period.end
        if self.until is _NOT_GIVEN and activity.end and self.period.precision == Precision.DAY:
            end = max(end, activity.end)
        elif isinstance(self.until, Period):
            if self.until.precision != self.period.precision:
                self.refuse("结束日期", _("结束日期要和活动日期写得一样细：都写到日，或都写到月。"))
            elif self.until.precision == Precision.UNKNOWN or self.until.end < self.period.start:
                self.refuse("结束日期", _("结束日期早于开始日期，请检查这两个日期。"))
            else:
                end = self.until.end
        activity.start, activity.end, activity.precision = self.period.start, end, self.period.precision

    def _settle_figures(self, names: Names) -> None:
        given = {slug: number for slug, number in vars(self.numbers).items() if number is not None}
        before, kept = self.figures, []
        if self.words is _NOT_GIVEN:  # what has no column in this file stays as it is
            own = [figure for figure in before if figure.measure and figure.measure.slug in vars(self.numbers)]
            kept = [figure for figure in before if figure not in own]
            agreeing = [figure for figure in own if figure.measure.slug in given]
            said = [Spoken(one.quantity, one.measure, one.label, one.unit) for one in agreeing]
            words = Words([one for one in said if given[one.measure.slug].value == one.quantity.value], [])
        else:
            words = read_words(self.words, names.measures.values())
        spoken, disagreeing = joined(given, words, names.measures, is_exported=bool(self.reference))
        self.figures = [*kept, *like_before(spoken, before)]
        for slug, warning in disagreeing.items():
            self.warn(MEASURED[slug], warning)
        for slug, number in given.items():
            if warning := check_unit(number, names.measures[slug].unit):
                self.warn(MEASURED[slug], warning)
        for piece in words.unread:
            self.warn("数据原文", _("“%s”不是“名称加数字”的写法，没有录入为数据。") % piece)
        if words.has_announced:
            self.warn("数据原文", _("阶段报数不属于单次活动，没有录入；请在“统计期间报数”里填。"))
            if self.is_new and not self.figures:
                self.activity.nature = Activity.Nature.SUMMARY

    # -- Whether it may be

    def validate(self, names: Names) -> None:
        """The checks of the form, by the same rules."""
        activity = self.activity
        if activity.kind_id is None and "活动类别" not in self.problems:
            self.refuse("活动类别", _("请填写活动类别。"))
        try:
            activity.full_clean(exclude=_KNOWN_GOOD, validate_unique=False, validate_constraints=False)
            if activity.start_time and activity.end_time and activity.end_time < activity.start_time:
                _TIMES.validate(Activity, activity)  # the database decides, asked only where it can come to that
        except ValidationError as refusal:
            self._refuse_fields(refusal)
        if activity.brand and not activity.all_branches:
            self.refuse("所属品牌", activity.brand.why_not_of([activity.branch, *self.joint_branches]))
        self.refuse("党组织名称", names.why_not_for(activity.branch))
        if activity.nature == Activity.Nature.SUMMARY and self.figures:
            self.refuse("数据原文", SUMMARY_HAS_NONE)
        for finding in figure_findings({figure.measure.slug: figure for figure in self.figures if figure.measure}):
            header = "实到党员数" if finding.code == "attended_above_expected" else "服务人次"
            (self.refuse if finding.severity == Severity.BLOCK else self.warn)(header, finding.message)
        for figure in self.figures:
            try:
                figure.clean_fields(exclude=["activity", "measure"])
            except ValidationError as refusal:
                self.refuse(MEASURED.get(figure.measure.slug if figure.measure else "", "数据原文"), *refusal.messages)

    def _refuse_fields(self, refusal: ValidationError) -> None:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"end_time": refusal.messages}
        for name, messages in by_field.items():
            header = HEADERS.get(name, "" if name == NON_FIELD_ERRORS else name)
            if header not in self.problems:  # what the cell is refused for already says more
                self.refuse(header, *messages)

    def refuse(self, header: str, *messages) -> None:
        self.problems.setdefault(header, []).extend(str(message) for message in messages if message)
        if not self.problems[header]:
            del self.problems[header]

    def warn(self, header: str, message) -> None:
        self.warnings.setdefault(header, []).append(str(message))

    # -- What it will say

    def shown(self) -> dict[str, str]:
        """What the ledger will say of it, by column."""
        row = Row(0, "", self._fetched())
        row.figures = [
            Stated(
                figure.measure and figure.measure.slug, figure.label, figure.unit,
                figure.measure and figure.measure.name, figure.measure and figure.measure.unit,
                figure.value, figure.precision, figure.as_stated,
            )
            for figure in self.figures
        ]  # fmt: skip
        return {column.header: text_of(_or_empty(column.value(row))) for column in READ}

    def _fetched(self) -> dict:
        activity, hospital = self.activity, self.activity.hospital
        plain = (
            "all_branches", "title", "start", "end", "precision", "start_time", "end_time", "place", "host", "recorder",
            "summary", "results", "clinic_registration", "remarks",
        )  # fmt: skip
        named = {name: _name(getattr(activity, name)) for name in ("branch", "brand", "initiative")}
        return {name: getattr(activity, name) for name in plain} | named | {
            "hospital": hospital.name,
            "party_committee": hospital.party_committee,
            "hospital_region": hospital.region_id,
            "region": activity.region_id,
            "kind": activity.kind.name if activity.kind_id else "",
            "joint_branches": _rows((one.number or 9999, one.position, one.name) for one in self.joint_branches),
            "partners": _rows([one.name] for one in self.partners),
            "further_kinds": _rows((one.position, one.name) for one in self.further_kinds),
            "announced_rows": None,
        }  # fmt: skip

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(column, before, after) of what a draft will say differently."""
        after = self.shown()
        return [(header, old, after[header]) for header, old in self.before.items() if old != after[header]]


def _or_empty(value):
    return "" if value is None else value


def _name(row) -> str:
    return row.name if row else ""


def _rows(rows: Iterable) -> str:
    """As the ledger's query gives them."""
    return json.dumps([list(row) for row in rows], ensure_ascii=False)
