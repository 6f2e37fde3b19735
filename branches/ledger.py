"""The activity ledger 活动台账: its columns, in the order and with the headers that offices hand in.

The full and the short ledger are for staff. The public download is a smaller choice of the same columns: no remarks,
no names of persons but the host's, no figures marked internal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.utils import timezone

from branches.models import Activity, Figure, PeriodFigure
from branches.periods import Precision as DatePrecision
from publishing.models import Version
from publishing.quantities import Precision
from publishing.spreadsheets import Column, Sheet

ROWS_AT_A_TIME = 500
SIGNATURES = ("填报人", "审核人", "日期")


@dataclass(frozen=True)
class Row:
    """One activity of the ledger with its running number and its figures by measure."""

    number: int
    activity: Activity
    figures: list
    site: str
    is_public: bool

    @property
    def brand(self):
        return self.activity.public_brand if self.is_public else self.activity.brand

    @property
    def initiative(self):
        return self.activity.public_initiative if self.is_public else self.activity.initiative

    def value(self, measure: str):
        figure = self._figure(measure)
        if figure is None:
            return None
        return figure.as_stated if figure.value is None else figure.value  # 几百 stays as the words it is

    def is_inexact(self, measure: str) -> bool:
        figure = self._figure(measure)
        return figure is not None and figure.precision != Precision.EXACT

    def _figure(self, measure: str):
        return next((figure for figure in self.figures if figure.measure and figure.measure.slug == measure), None)

    @property
    def attendance(self):
        """实到 by 应到; empty where either is not given."""
        expected, attended = (figure and figure.value for figure in map(self._figure, ("expected", "attended")))
        return round(attended / expected, 4) if expected and attended is not None else None

    @property
    def nature(self) -> str:
        """数据性质: of the recorded figures; empty where there are none."""
        if not self.figures:
            return ""
        return "准确" if all(figure.precision == Precision.EXACT for figure in self.figures) else "含约数"

    @property
    def as_stated(self) -> str:
        """数据原文: every figure in the words of the source; announced ones say that they are in no total."""
        stated = [figure.in_words for figure in self.figures]
        announced = [figure.in_words for figure in self.activity.period_figures.all()]
        if announced:
            stated.append(f"阶段报数（不计入合计）：{'，'.join(announced)}")
        return "；".join(stated)

    @property
    def place_codes(self) -> str:
        return self.activity.region_id or self.activity.hospital.region_id

    @property
    def date(self):
        """A real date for a day; the words for a longer period or an unknown time."""
        activity = self.activity
        return activity.start if activity.precision == DatePrecision.DAY else str(activity.period)

    @property
    def end_date(self):
        activity = self.activity
        return activity.end if activity.precision == DatePrecision.DAY and activity.end != activity.start else None

    @property
    def time(self) -> str:
        times = (self.activity.start_time, self.activity.end_time)
        return "-".join(f"{time:%H:%M}" for time in times if time)

    def approved_by(self, stage: str) -> str:
        """Who passed the version that is or was last public; empty where the hospital has no such review."""
        versions = list(self.activity.kept_versions.all())
        approvals = versions[-1].approvals if versions else []
        return joined(approval["name"] for approval in approvals if approval["stage"] == stage)

    @property
    def news_links(self) -> str:
        return joined(self.site + article.get_absolute_url() for article in self.activity.articles.all())


def joined(values) -> str:
    return "、".join(str(value) for value in values if value)


def _measure(header: str, slug: str, *, total: bool = True, width: float = 9) -> Column:
    return Column(
        header,
        lambda row: row.value(slug),
        width=width,
        kind="number",
        total=total,
        inexact=lambda row: row.is_inexact(slug),
    )


#: the columns for which the versions have to be read, and whose names each of them has
_REVIEWERS = {"初审人": "first_review", "复审人": "second_review", "终审人": "final_review"}


def _reviewer(header: str, stage: str) -> Column:
    return Column(header, lambda row: row.approved_by(stage), width=8)


COLUMNS = (
    Column("序号", lambda row: row.number, width=5, kind="number"),
    Column("活动编号", lambda row: row.activity.reference, width=15),
    Column("医院名称", lambda row: row.activity.hospital.name, width=18),
    Column("党组织名称", lambda row: _organiser(row.activity), width=18),
    Column("参与支部", lambda row: joined(row.activity.joint_branches.all()), width=16),
    Column("联合单位", lambda row: joined(row.activity.partners.all()), width=18),
    Column("活动大类", lambda row: row.activity.kind.get_group_display(), width=9),
    Column("活动类别", lambda row: joined([row.activity.kind, *row.activity.further_kinds.all()]), width=12),
    Column("活动主题", lambda row: row.activity.title, width=26),
    Column("活动日期", lambda row: row.date, width=12, kind="date"),
    Column("结束日期", lambda row: row.end_date, width=12, kind="date"),
    Column("活动时间", lambda row: row.time, width=11),
    Column("活动地点", lambda row: row.activity.place, width=20),
    Column("行政区划代码", lambda row: row.place_codes, width=9),
    Column("主持人", lambda row: row.activity.host, width=8),
    Column("记录人", lambda row: row.activity.recorder, width=8),
    _measure("应到党员数", "expected"),
    _measure("实到党员数", "attended"),
    Column("到会率", lambda row: row.attendance, width=8, kind="percent"),
    _measure("参加党员数", "party_members"),
    _measure("志愿者人数", "volunteers"),
    _measure("医务人员数", "medical_staff"),
    _measure("场次", "sessions", width=7),
    _measure("服务人次", "visits"),
    _measure("筛查人数", "screened"),
    _measure("听众人次", "audience"),
    _measure("服务时长(小时)", "hours"),
    _measure("发放资料(份)", "leaflets", total=False),
    Column("数据性质", lambda row: row.nature, width=8),
    Column("数据原文", lambda row: row.as_stated, width=26),
    Column("主要内容", lambda row: row.activity.summary, width=40),
    Column("活动成效", lambda row: row.activity.results, width=26),
    Column("所属品牌", lambda row: row.brand, width=18),
    Column("所属举措", lambda row: row.initiative, width=16),
    Column("义诊备案", lambda row: row.activity.clinic_registration, width=14),
    Column("照片数", lambda row: row.activity.photo_count, width=7, kind="number"),
    Column("新闻链接", lambda row: row.news_links, width=26),
    Column("状态", lambda row: row.activity.get_status_display(), width=8),
    Column("填报人", lambda row: row.activity.created_by, width=9),
    Column("填报日期", lambda row: row.activity.created_at, width=12, kind="date"),
    *(_reviewer(header, stage) for header, stage in _REVIEWERS.items()),
    Column("备注", lambda row: row.activity.remarks, width=18),
)

SHORT = (
    "序号", "党组织名称", "活动类别", "活动主题", "活动日期", "活动地点", "主持人", "参加党员数", "志愿者人数", "服务人次",
    "服务时长(小时)", "主要内容", "填报人", "填报日期",
)  # fmt: skip
#: What a visitor may not see; every other column is public.
INTERNAL = {"记录人", "状态", "填报人", "填报日期", "初审人", "复审人", "终审人", "备注"}


def _organiser(activity: Activity) -> str:
    if activity.branch:
        return activity.branch.name
    return "各支部" if activity.all_branches else activity.hospital.party_committee or activity.hospital.name


@dataclass(frozen=True)
class Profile:
    """A choice of columns, and whether figures marked internal are in it."""

    name: str
    label: str
    columns: tuple[Column, ...]
    is_public: bool = False

    @property
    def names_reviewers(self) -> bool:
        return any(column.header in _REVIEWERS for column in self.columns)

    def rows(self, activities, site: str = "") -> Iterator[Row]:
        """The ledger's rows for a queryset of activities, in its order, a few hundred at a time.

        ``site``: scheme and host that go before the links to articles.
        """
        figures = Figure.objects.public() if self.is_public else Figure.objects.all()
        announced = PeriodFigure.objects.public() if self.is_public else PeriodFigure.objects.all()
        articles = Activity.articles.rel.related_model.objects
        fetched = (
            activities.select_related("hospital", "branch", "kind", "brand", "initiative", "created_by")
            .prefetch_related(
                Prefetch("figures", figures.select_related("measure")),
                Prefetch("period_figures", announced.select_related("measure", "kind")),
                Prefetch("articles", (articles.public() if self.is_public else articles).only("pk", "title")),
                "joint_branches",
                "partners",
                "further_kinds",
                *([Prefetch("kept_versions", Version.objects.defer("content"))] if self.names_reviewers else []),
            )
            .annotate(photo_count=Count("photos", distinct=True))
            .defer("story", "search_text")
        )
        for number, activity in enumerate(fetched.iterator(chunk_size=ROWS_AT_A_TIME), start=1):
            yield Row(number, activity, list(activity.figures.all()), site, self.is_public)


def _chosen(headers) -> tuple[Column, ...]:
    return tuple(column for column in COLUMNS if column.header in headers)


FULL_LEDGER = Profile("full", "完整版", COLUMNS)
SHORT_LEDGER = Profile("short", "精简版", _chosen(SHORT))
PUBLIC_LEDGER = Profile("public", "公开版", _chosen({column.header for column in COLUMNS} - INTERNAL), is_public=True)
STAFF_PROFILES = {profile.name: profile for profile in (FULL_LEDGER, SHORT_LEDGER)}


def sheet(profile: Profile, *, unit: str, period: str, conditions: str, exported_by: str) -> Sheet:
    """The sheet around the rows: whose ledger of which time, exported when, by whom, with which conditions."""
    exported = timezone.localtime()
    return Sheet(
        title=f"{unit}{period}党建活动台账",
        columns=profile.columns,
        facts=(
            ("填报单位", unit),
            ("统计期间", period or "全部"),
            ("导出时间", f"{exported:%Y-%m-%d %H:%M}"),
            ("导出人", exported_by),
            ("筛选条件", conditions),
        ),
        signatures=SIGNATURES,
        name="活动台账",
        created=exported,
    )


def file_name(profile: Profile, *, unit: str, period: str, extension: str) -> str:
    return f"{unit}{period}党建活动台账（{profile.label}）{timezone.localdate():%Y%m%d}.{extension}"
