"""What the pages of branches, brands and activities say of themselves (``publishing.meta``)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.filters import ActivityFilter, BrandFilter
from branches.models import Activity, Branch, Brand
from branches.periods import Precision
from branches.statistics import Scope
from hospitals.meta import as_organisation, feeds_of, hospital_crumbs
from hospitals.models import Hospital
from publishing.meta import (
    NOT_INDEXED,
    NOT_INDEXED_BUT_FOLLOWED,
    Column,
    PageMeta,
    description_of,
    image_of,
    iso,
    list_path,
    numbered,
    organisation,
)
from publishing.models import Version
from publishing.richtext import plain_text


def branch_meta(branch: Branch, brand: Brand | None) -> PageMeta:
    hospital = branch.hospital
    of_brand = _("的品牌“%s”") % brand.name if brand else ""
    return PageMeta(
        title=f"{branch.name} - {hospital.name}",
        description=description_of(
            _("%(branch)s%(brand)s与活动") % {"branch": f"{hospital.name}{branch.name}", "brand": of_brand}
        ),
        path=branch.get_absolute_url(),
        crumbs=(*hospital_crumbs(hospital), (branch.label, branch.get_absolute_url())),
        keywords=(hospital.name, branch.name, *([brand.name] if brand else [])),
        json_ld=(_as_branch(branch, hospital),),
    )


def _as_branch(branch: Branch, hospital: Hospital) -> dict:
    return organisation(branch.name, branch.get_absolute_url(), parentOrganization=as_organisation(hospital))


def brand_wall_meta(form: BrandFilter) -> PageMeta:
    own, chosen = reverse("brand_wall"), form.cleaned_data.get("hospital")
    return PageMeta(
        title=_("品牌墙（%s）") % chosen.name if chosen else _("品牌墙"),
        description=_("各医院“一支部一品牌”的品牌：已挂牌的与待申报的同墙陈列。"),
        path=list_path(own, form.conditions),
        crumbs=((_("品牌"), own),),
        column=Column(
            _("品牌墙"), _("各医院党支部的品牌"), (_("党支部"), _("党建品牌"), _("一支部一品牌")), _("专题专栏")
        ),
        robots=NOT_INDEXED_BUT_FOLLOWED if form.conditions else "",
    )


def activity_list_meta(form: ActivityFilter, page: int) -> PageMeta:
    own = reverse("activity_list")
    return PageMeta(
        title=numbered(_("活动"), page),
        description=_("公立医院党支部的活动：主题党日、义诊、宣讲、志愿服务，按医院、类别和时期查，可下载台账。"),
        path=list_path(own, form.conditions, page),
        crumbs=((_("活动"), own),),
        column=Column(
            _("活动"), _("公立医院党支部开展的活动"), (_("党支部活动"), _("义诊"), _("主题党日")), _("工作动态")
        ),
        robots=NOT_INDEXED_BUT_FOLLOWED if form.conditions else "",
        feeds=feeds_of()[1:],
    )


def statistics_meta(scope: Scope | None, page: int = 1, by: str = "") -> PageMeta:
    """``scope`` is None where what was asked for cannot be read. The numbers of everything are those worth finding."""
    own = reverse("statistics")
    is_whole = scope is not None and scope == Scope()
    return PageMeta(
        title=numbered(_("数据") if scope is None or is_whole else _("数据（%s）") % scope.words, page),
        description=_("公立医院党支部活动的数字：报道所载与逐条录入分开列、对照看，每个数字都点得开。"),
        path=list_path(own, scope.conditions | {"by": by} if scope else {}, page),
        crumbs=((_("数据"), own),),
        column=Column(_("数据"), _("活动的条数、场次和服务人次"), (_("统计数据"), _("党支部活动")), _("统计信息")),
        robots="" if is_whole and page == 1 and not by else NOT_INDEXED_BUT_FOLLOWED,
    )


def activity_meta(activity: Activity, version: Version | None) -> PageMeta:
    path = activity.get_absolute_url()
    return PageMeta(
        title=activity.title,
        description=description_of(activity.summary, plain_text(activity.story), activity.title),
        path=path,
        crumbs=((_("活动"), reverse("activity_list")), (activity.title, path)),
        kind="article",
        image=image_of(next(iter(activity.photos.all()), None)),
        keywords=(activity.kind.name, *(tag.name for tag in activity.tags.all())),
        source=activity.source or activity.hospital.name,
        published=activity.published_at,
        modified=version.public_from if version else None,
        json_ld=(_as_event(activity),) if _is_event(activity) else (),
        robots=NOT_INDEXED if activity.is_preview else "",
    )


def preview_meta(title: str) -> PageMeta:
    """Of a record that has no page of its own; only staff see it."""
    return PageMeta(title=title, robots=NOT_INDEXED)


def _is_event(activity: Activity) -> bool:
    """One thing that happened on stated days. A month or an unknown day is no date that an event can have."""
    return activity.nature == Activity.Nature.SINGLE and activity.precision == Precision.DAY


def _as_event(activity: Activity) -> dict:
    hospital, branch = activity.hospital, activity.branch
    lasts = activity.end_time or activity.end > activity.start
    facts = {
        "@type": "Event",
        "name": activity.title,
        "startDate": _moment(activity.start, activity.start_time),
        "endDate": _moment(activity.end, activity.end_time) if lasts else "",
        "location": {"@type": "Place", "name": activity.place} if activity.place else None,
        "organizer": _as_branch(branch, hospital) if branch else as_organisation(hospital),
        "description": activity.summary,
    }
    return {name: value for name, value in facts.items() if value}


def _moment(day, time) -> str:
    """The day, or where an hour is known the moment in Beijing."""
    return iso(timezone.make_aware(datetime.combine(day, time))) if time else day.isoformat()
