"""The activity ledger 活动台账: its columns, in the order and with the headers that offices hand in.

The full and the short ledger are for staff. The public download is a smaller choice of the same columns: no remarks,
no names of persons but the host's, no figures marked internal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

# Each from its own module: one of the models (own profiles) is made of the columns here.
from branches.models.activity import Activity
from branches.models.brand import Brand
from branches.models.figure import ActivityPhoto, Figure
from branches.models.initiative import Initiative
from branches.models.kind import ActivityKind, Measure
from branches.models.report import PeriodFigure
from branches.periods import Period
from branches.periods import Precision as DatePrecision
from publishing.long_lists import json_rows, one_after_the_other, read_rows
from publishing.models import Version
from publishing.quantities import Precision
from publishing.spreadsheets import Column, Sheet, export_facts

SIGNATURES = ("填报人", "审核人", "日期")

_STATUS = {value: str(label) for value, label in Activity.Status.choices}
_GROUPS = {value: str(label) for value, label in ActivityKind.Group.choices}


# -- What is fetched: one query for the whole ledger

#: of the activity and what it points to, by the name under which a row has it
_FIELDS = {
    "reference": "reference",
    "hospital": "hospital__name",
    "party_committee": "hospital__party_committee",
    "hospital_region": "hospital__region",
    "branch": "branch__name",
    "all_branches": "all_branches",
    "kind": "kind__name",
    "group": "kind__group",
    "title": "title",
    "start": "start",
    "end": "end",
    "precision": "precision",
    "start_time": "start_time",
    "end_time": "end_time",
    "place": "place",
    "region": "region",
    "host": "host",
    "recorder": "recorder",
    "summary": "summary",
    "results": "results",
    "clinic_registration": "clinic_registration",
    "status": "status",
    "author": "created_by__name",
    "account": "created_by__username",
    "created_at": "created_at",
    "remarks": "remarks",
}


def _parts(is_public: bool) -> dict:
    """What an activity has several of, or what a visitor may not see of each: fetched for the columns that show it."""

    def allowed(rows):
        return rows.public() if is_public else rows.all()

    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(Activity), object_id=OuterRef("pk")
    ).order_by("-number")
    photos = ActivityPhoto.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    branches, partners, kinds = (
        Activity._meta.get_field(name).remote_field.through.objects
        for name in ("joint_branches", "partners", "further_kinds")
    )
    named = Activity.articles.rel.through.objects
    articles = named.filter(article__in=allowed(_articles().objects.originals()).order_by().values("pk"))
    return {
        "joint_branches": json_rows(
            branches, "activity", Coalesce("branch__number", Value(9999)), "branch__position", "branch__name"
        ),
        "partners": json_rows(partners, "activity", "partner__name"),
        "further_kinds": json_rows(kinds, "activity", "activitykind__position", "activitykind__name"),
        "brand": Subquery(allowed(Brand.objects).order_by().filter(pk=OuterRef("brand")).values("name")),
        "initiative": Subquery(allowed(Initiative.objects).order_by().filter(pk=OuterRef("initiative")).values("name")),
        "figure_rows": json_rows(
            allowed(Figure.objects), "activity", "position", "pk", "measure__slug", "label", "unit",
            "measure__name", "measure__unit", "value", "precision", "as_stated",
        ),
        "announced_rows": json_rows(
            allowed(PeriodFigure.objects), "activity", "report", "position", "pk", "label", "unit",
            "measure__name", "measure__unit", "kind__name", "value", "precision", "as_stated",
        ),
        "photo_count": Subquery(photos.annotate(photo_count=Count("pk")).values("photo_count")),
        "article_keys": json_rows(articles, "activity", "article"),
        "approvals": Subquery(versions.values("approvals")[:1]),
    }  # fmt: skip


def _articles():
    """The model, which this package must not import."""
    return Activity.articles.rel.related_model


@dataclass(frozen=True)
class LedgerColumn(Column):
    """``parts``: what its value needs of ``_parts`` · ``measure``: whose figure it shows, by its slug · ``key``: its
    header here, whatever an own profile calls it.
    """

    parts: tuple[str, ...] = ()
    measure: str = ""
    key: str = ""

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "key", self.key or self.header)

    def called(self, header: str) -> Self:
        return replace(self, header=header) if header else self


class Row:
    """One activity of the ledger: its running number, what was fetched of it, and what columns make of that.

    Not made of model instances: a ledger may have a million rows.
    """

    def __init__(self, number: int, site: str, fetched: dict):
        self.__dict__.update(fetched, number=number, site=site)

    @cached_property
    def figures(self) -> list["Stated"]:
        return [Stated(*row[2:]) for row in read_rows(self.figure_rows)]

    @cached_property
    def by_measure(self) -> dict[str | None, "Stated"]:
        return {figure.measure: figure for figure in self.figures}

    def value(self, measure: str):
        figure = self.by_measure.get(measure)
        if figure is None:
            return None
        return figure.as_stated if figure.value is None else figure.value  # 几百 stays as the words it is

    def is_inexact(self, measure: str) -> bool:
        figure = self.by_measure.get(measure)
        return figure is not None and figure.precision != Precision.EXACT

    @property
    def attendance(self):
        """实到 by 应到; empty where either is not given."""
        expected, attended = (figure and figure.value for figure in map(self.by_measure.get, ("expected", "attended")))
        return round(Decimal(attended) / expected, 4) if expected and attended is not None else None

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
        if self.announced_rows:
            announced = [_announced_in_words(*row[3:]) for row in read_rows(self.announced_rows)]
            stated.append(f"阶段报数（不计入合计）：{'，'.join(announced)}")
        return "；".join(stated)

    @property
    def organiser(self) -> str:
        return self.branch or ("各支部" if self.all_branches else self.party_committee or self.hospital)

    @property
    def kinds(self) -> str:
        return joined([self.kind, *_names(self.further_kinds)])

    @property
    def date(self):
        """A real date for a day; the words for a longer period or an unknown time."""
        if self.precision == DatePrecision.DAY:
            return self.start
        return str(Period(self.start, self.end, self.precision))

    @property
    def end_date(self):
        return self.end if self.precision == DatePrecision.DAY and self.end != self.start else None

    @property
    def time(self) -> str:
        return "-".join(f"{time:%H:%M}" for time in (self.start_time, self.end_time) if time)

    @property
    def joint_branch_names(self) -> str:
        return joined(_names(self.joint_branches))

    @property
    def partner_names(self) -> str:
        return joined(_names(self.partners))

    def approved_by(self, stage: str) -> str:
        """Who passed the version that is or was last public; empty where the hospital has no such review."""
        return joined(approval["name"] for approval in self.approvals or () if approval["stage"] == stage)

    @property
    def news_links(self) -> str:
        article = _articles()
        return joined(self.site + article(pk=pk).get_absolute_url() for (pk,) in read_rows(self.article_keys))


class Stated(NamedTuple):
    """A figure of an activity, by what is fetched of it."""

    measure: str | None
    label: str
    unit: str
    measure_name: str | None
    measure_unit: str | None
    value: Decimal | int | None
    precision: str
    as_stated: str

    @property
    def in_words(self) -> str:
        return _in_words(*self[1:])


@lru_cache(maxsize=10_000)  # most ledgers say the same few numbers again and again
def _in_words(label, unit, measure_name, measure_unit, value, precision, as_stated) -> str:
    """As the model says it."""
    measure = Measure(name=measure_name, unit=measure_unit) if measure_name else None
    figure = Figure(label=label, unit=unit, measure=measure, value=value, precision=precision, as_stated=as_stated)
    return figure.in_words


def _announced_in_words(label, unit, measure_name, measure_unit, kind_name, value, precision, as_stated) -> str:
    figure = PeriodFigure(
        label=label,
        unit=unit,
        measure=Measure(name=measure_name, unit=measure_unit),
        kind=ActivityKind(name=kind_name) if kind_name else None,
        value=value,
        precision=precision,
        as_stated=as_stated,
    )
    return figure.in_words


def _names(text: str | None) -> list[str]:
    """Of what was fetched as rows whose last field is a name."""
    return [row[-1] for row in read_rows(text)]


def joined(values) -> str:
    return "、".join(str(value) for value in values if value)


_FIGURES = ("figure_rows",)


def _measure(header: str, slug: str, *, total: bool = True, width: float = 9) -> LedgerColumn:
    return LedgerColumn(
        header,
        lambda row: row.value(slug),
        width=width,
        kind="number",
        total=total,
        inexact=lambda row: row.is_inexact(slug),
        parts=_FIGURES,
        measure=slug,
    )


def _reviewer(header: str, stage: str) -> LedgerColumn:
    return LedgerColumn(header, lambda row: row.approved_by(stage), width=8, parts=("approvals",))


COLUMNS = (
    LedgerColumn("序号", lambda row: row.number, width=5, kind="number"),
    LedgerColumn("活动编号", lambda row: row.reference, width=15),
    LedgerColumn("医院名称", lambda row: row.hospital, width=18),
    LedgerColumn("党组织名称", lambda row: row.organiser, width=18),
    LedgerColumn("参与支部", lambda row: row.joint_branch_names, width=16, parts=("joint_branches",)),
    LedgerColumn("联合单位", lambda row: row.partner_names, width=18, parts=("partners",)),
    LedgerColumn("活动大类", lambda row: _GROUPS[row.group], width=9),
    LedgerColumn("活动类别", lambda row: row.kinds, width=12, parts=("further_kinds",)),
    LedgerColumn("活动主题", lambda row: row.title, width=26),
    LedgerColumn("活动日期", lambda row: row.date, width=12, kind="date"),
    LedgerColumn("结束日期", lambda row: row.end_date, width=12, kind="date"),
    LedgerColumn("活动时间", lambda row: row.time, width=11),
    LedgerColumn("活动地点", lambda row: row.place, width=20),
    LedgerColumn("行政区划代码", lambda row: row.region or row.hospital_region, width=9),
    LedgerColumn("主持人", lambda row: row.host, width=8),
    LedgerColumn("记录人", lambda row: row.recorder, width=8),
    _measure("应到党员数", "expected"),
    _measure("实到党员数", "attended"),
    LedgerColumn("到会率", lambda row: row.attendance, width=8, kind="percent", parts=_FIGURES),
    _measure("参加党员数", "party_members"),
    _measure("志愿者人数", "volunteers"),
    _measure("医务人员数", "medical_staff"),
    _measure("场次", "sessions", width=7),
    _measure("服务人次", "visits"),
    _measure("筛查人数", "screened"),
    _measure("听众人次", "audience"),
    _measure("服务时长(小时)", "hours"),
    _measure("发放资料(份)", "leaflets", total=False),
    LedgerColumn("数据性质", lambda row: row.nature, width=8, parts=_FIGURES),
    LedgerColumn("数据原文", lambda row: row.as_stated, width=26, parts=(*_FIGURES, "announced_rows")),
    LedgerColumn("主要内容", lambda row: row.summary, width=40),
    LedgerColumn("活动成效", lambda row: row.results, width=26),
    LedgerColumn("所属品牌", lambda row: row.brand, width=18, parts=("brand",)),
    LedgerColumn("所属举措", lambda row: row.initiative, width=16, parts=("initiative",)),
    LedgerColumn("义诊备案", lambda row: row.clinic_registration, width=14),
    LedgerColumn("照片数", lambda row: row.photo_count or 0, width=7, kind="number", parts=("photo_count",)),
    LedgerColumn("新闻链接", lambda row: row.news_links, width=26, parts=("article_keys",)),
    LedgerColumn("状态", lambda row: _STATUS[row.status], width=8),
    LedgerColumn("填报人", lambda row: row.author or row.account, width=9),
    LedgerColumn("填报日期", lambda row: row.created_at, width=12, kind="date"),
    _reviewer("初审人", "first_review"),
    _reviewer("复审人", "second_review"),
    _reviewer("终审人", "final_review"),
    LedgerColumn("备注", lambda row: row.remarks, width=18),
)

#: By their keys, which own profiles keep in the database and which therefore never change.
BY_KEY = {column.key: column for column in COLUMNS}
SHORT = (
    "序号", "党组织名称", "活动类别", "活动主题", "活动日期", "活动地点", "主持人", "参加党员数", "志愿者人数", "服务人次",
    "服务时长(小时)", "主要内容", "填报人", "填报日期",
)  # fmt: skip
#: What a visitor may not see; every other column is public.
INTERNAL = {"记录人", "状态", "填报人", "填报日期", "初审人", "复审人", "终审人", "备注"}
#: What a sheet of A4 takes side by side and can still be read.
MOST_PRINTED_COLUMNS = 16


@dataclass(frozen=True)
class Profile:
    """A choice of columns, and whether figures marked internal are in it. ``facts``: more for the line under the title."""

    name: str
    label: str
    columns: tuple[LedgerColumn, ...]
    is_public: bool = False
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def shows_status(self) -> bool:
        return any(column.key == "状态" for column in self.columns)

    @property
    def is_internal(self) -> bool:
        """Holds columns that no visitor may see."""
        return any(column.key in INTERNAL for column in self.columns)

    @property
    def fits_paper(self) -> bool:
        return len(self.columns) <= MOST_PRINTED_COLUMNS

    def handed_in(self, activities) -> tuple:
        """What belongs in a sheet that is stamped, where nobody asks for a status, and how the sheet says so.

        Nothing withdrawn; and nothing unpublished in a ledger without a column that would say so.
        """
        if self.is_public:
            return activities.public(), []
        if self.shows_status:
            return activities.not_withdrawn(), ["不含已撤回的记录"]
        return activities.published(), ["只含已发布的记录"]

    def rows(self, activities, site: str = "") -> Iterator[Row]:
        """The ledger's rows for a queryset of activities, in its order, fetched by one query as they are written.

        ``site``: scheme and host that go before the links to articles.
        """
        names = (*_FIELDS, *self.parts)
        fetched = one_after_the_other(self.query(activities))
        return (Row(number, site, dict(zip(names, row, strict=True))) for number, row in enumerate(fetched, start=1))

    def query(self, activities):
        """The one query behind the rows: tuples of ``_FIELDS`` and of the parts that the columns need."""
        parts = _parts(self.is_public)
        fetched = activities.annotate(**{f"ledger_{name}": parts[name] for name in self.parts})
        return fetched.values_list(*_FIELDS.values(), *(f"ledger_{name}" for name in self.parts))

    @property
    def parts(self) -> list[str]:
        return list(dict.fromkeys(name for column in self.columns for name in column.parts))


def _chosen(headers) -> tuple[LedgerColumn, ...]:
    return tuple(column for column in COLUMNS if column.header in headers)


FULL_LEDGER = Profile("full", "完整版", COLUMNS)
SHORT_LEDGER = Profile("short", "精简版", _chosen(SHORT))
PUBLIC_LEDGER = Profile("public", "公开版", _chosen({column.header for column in COLUMNS} - INTERNAL), is_public=True)
#: What leaves the house with those who recorded and approved it, but without remarks (see packs.py).
PACK_LEDGER = Profile("pack", "迎检版", _chosen({column.header for column in COLUMNS} - {"备注"}), is_public=True)
STAFF_PROFILES = {profile.name: profile for profile in (FULL_LEDGER, SHORT_LEDGER)}
PROFILES = {**STAFF_PROFILES, PUBLIC_LEDGER.name: PUBLIC_LEDGER}


def sheet(profile: Profile, *, unit: str, period: str, conditions: str, exported_by: str) -> Sheet:
    """The sheet around the rows: whose ledger of which time, exported when, by whom, with which conditions."""
    exported = timezone.localtime()
    facts = export_facts(exported, exported_by)
    return _sheet(profile, unit, period, conditions, facts, exported)


def settled_sheet(profile: Profile, *, unit: str, period: str, conditions: str, until: datetime) -> Sheet:
    """One that is the same whoever exports it and when. ``until``: when the newest of its rows became what it is."""
    facts = (("内容截至", f"{timezone.localtime(until):%Y-%m-%d %H:%M}"),)
    return _sheet(profile, unit, period, conditions, facts, until)


def _sheet(profile: Profile, unit: str, period: str, conditions: str, facts, created: datetime) -> Sheet:
    return Sheet(
        title=f"{unit}{period}党建活动台账",
        columns=profile.columns,
        facts=(("填报单位", unit), ("统计期间", period or "全部"), *facts, ("筛选条件", conditions), *profile.facts),
        signatures=SIGNATURES,
        name="活动台账",
        created=created,
    )


def file_name(profile: Profile, *, unit: str, period: str) -> str:
    return f"{unit}{period}党建活动台账（{profile.label}）{timezone.localdate():%Y%m%d}"
