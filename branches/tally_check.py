"""Whether what is kept of the hospitals is what their records add up to: for ``rebuild_tallies --check`` and the tests."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches import tallies
from branches.models import Activity, GroupTally, Measure, Tally, UnpublishedTally
from branches.models.tally import EVERYBODY, group_of
from branches.periods import Period, Precision
from branches.statistics import Scope
from branches.sums import total_of, totals_by
from branches.tally_records import sums_of_records
from branches.tally_sums import add_group, add_hospital
from hospitals.models import Hospital
from publishing.quantities import Total

#: hospitals whose records are summed at once
AT_ONCE = 50
#: what each sum is of, which activities, and by what they are grouped
_ALWAYS = {
    "合计": (lambda rows: rows, {}),
    "类别": (lambda rows: rows, {"of_kind": "kind__name"}),
    "大类": (lambda rows: rows, {"of_group": "kind__group"}),
    "医院": (lambda rows: rows, {"of_hospital": "hospital__name"}),
    "地区": (lambda rows: rows, {"own": "region__code", "around": "hospital__region__code"}),
    "品牌": (lambda rows: rows, {"of_brand": "brand"}),
    "联合": (lambda rows: rows.joint(), {}),
    "各类别的联合": (lambda rows: rows.joint(), {"of_kind": "kind__name"}),
    "各地区的联合": (lambda rows: rows.joint(), {"own": "region__code", "around": "hospital__region__code"}),
    "各品牌的联合": (lambda rows: rows.joint(), {"of_brand": "brand"}),
    "只写到季度、半年或全年": (lambda rows: rows.coarser_than(Precision.MONTH), {}),
    "只写到半年或全年": (lambda rows: rows.coarser_than(Precision.QUARTER), {}),
}
_OF_ALL_YEARS = {
    "年份": (lambda rows: rows.of_one_year(), {"year": "start__year"}),
    "各年份的联合": (lambda rows: rows.of_one_year().joint(), {"year": "start__year"}),
    "时间未载明": (lambda rows: rows.undated(), {}),
    "跨年": (lambda rows: rows.coarser_than(Precision.YEAR), {}),
}
_OF_A_YEAR = {
    "季度": (lambda rows: rows.of_one(Precision.QUARTER), {"quarter": "start__quarter"}),
    "只写到季度": (
        lambda rows: rows.of_one(Precision.QUARTER).coarser_than(Precision.MONTH),
        {"quarter": "start__quarter"},
    ),
    "月份": (lambda rows: rows.of_one_month(), {"month": "start__month"}),
    "各季度的联合": (lambda rows: rows.of_one(Precision.QUARTER).joint(), {"quarter": "start__quarter"}),
    "各月的联合": (lambda rows: rows.of_one_month().joint(), {"month": "start__month"}),
}


def all_scopes() -> Iterator[Scope]:
    """Of all hospitals together: every year and every measure that was ever used."""
    years = sorted(
        row["year"] for row in totals_by(Scope(), Scope().activities.of_one_year().all(), year="start__year")
    )
    for year in (None, *years):
        for measure in (None, *Measure.objects.filter(figures__isnull=False).distinct().order_by("position", "pk")):
            yield Scope(None, year, measure)


def differing_tallies() -> Iterator[str]:
    """Hospital by hospital, whether each sum that is kept is what would be made of its records now."""
    outdated = tallies.HospitalChange.objects.outdated()
    hospitals = {hospital.pk: hospital for hospital in Hospital.objects.exclude(pk__in=outdated).order_by("pk")}
    measures = {measure.pk: measure for measure in Measure.objects.all()}
    keys = list(hospitals)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        kept = {
            (row.hospital_id, (row.year, row.measure_id)): row.groupings
            for row in Tally.objects.filter(hospital__in=some)
        }
        made = {
            (key, place): sums
            for key, places in sums_of_records(Activity.objects.public(), some).items()
            for place, sums in places.items()
        }
        for key, (year, measure) in sorted(kept.keys() | made.keys(), key=str):
            if kept.get((key, (year, measure))) != made.get((key, (year, measure))):
                scope = Scope(hospitals[key], year or None, measures.get(measure))
                yield _("%(scope)s：保存的合计与逐条合计不同。") % {"scope": scope.words}


def differing_parts() -> Iterator[str]:
    """Group by group, whether what is kept of it is what its hospitals add up to."""
    outdated = {group_of(key) for key in tallies.HospitalChange.objects.outdated()}
    groups = GroupTally.objects.of_some().exclude(group__in=outdated)
    for group in sorted(groups.marks().values_list("group", flat=True)):
        kept = {(row.year, row.measure_id): row.groupings for row in groups.filter(group=group)}
        made: dict[tuple, dict] = {(0, None): {}}
        for row in Tally.objects.in_groups({group}):
            add_hospital(made.setdefault((row.year, row.measure_id), {}), row.hospital_id, row.groupings)
        for place in sorted(kept.keys() | made.keys(), key=str):
            if kept.get(place, {}) != made.get(place, {}):
                yield _("%(scope)s：第%(group)d组医院的合计与各医院的合计不同。") % {
                    "scope": _words_of(place),
                    "group": group,
                }


def differing_groups() -> Iterator[str]:
    """Whether what is kept of everybody is what the groups add up to: where a hospital is outdated, the groups are read."""
    for model, words in (
        (GroupTally, _("%(scope)s：保存的总合计与各组医院的合计不同。")),
        (UnpublishedTally, _("%(scope)s：保存的未发布总合计与各组医院的合计不同。")),
    ):
        kept: dict[tuple, dict] = {}
        made: dict[tuple, dict] = {}
        for row in model.objects.order_by("year", "measure"):
            add_group((kept if row.group == EVERYBODY else made).setdefault((row.year, row.measure_id), {}), row)
        for place in sorted(kept.keys() | made.keys(), key=str):
            if kept.get(place, {}) != made.get(place, {}):
                yield words % {"scope": _words_of(place)}


def differing_unpublished() -> Iterator[str]:
    """Group by group, whether what is kept of unpublished records is what would be made of them now."""
    outdated = tallies.HospitalChange.objects.outdated_groups()
    rows = UnpublishedTally.objects.of_some().exclude(group__in=outdated)
    kept = {(row.group, row.year, row.measure_id): row.groupings for row in rows}
    made = tallies.unpublished_of_records({group for group, _year, _measure in kept})
    for place in sorted(kept.keys() | made.keys(), key=str):
        if place not in made or kept.get(place) != made[place].groupings:
            group, *own = place
            yield _("%(scope)s：第%(group)d组医院未发布的合计与逐条合计不同。") % {
                "scope": _words_of(own),
                "group": group,
            }


def _words_of(place: Sequence) -> str:
    year, measure = place
    return Scope(None, year or None, measure and Measure.objects.get(pk=measure)).words


def differences(scope: Scope) -> Iterator[str]:
    """What differs, in a sentence each."""
    for name, (narrow, groups) in (_ALWAYS | (_OF_A_YEAR if scope.year else _OF_ALL_YEARS)).items():
        yield from _different(scope, name, narrow(scope.activities), groups)
    if scope.year:
        for month in (6, 11):
            period = Period(date(scope.year, 1, 1), Period.around(date(scope.year, month, 1), "month").end, "day")
            counted = Scope(scope.hospital, None, scope.measure).activities.belonging_to(period)
            yield from _different(scope, f"1至{month}月", counted, {})


def _different(scope: Scope, name: str, activities: QuerySet, groups: dict[str, str]) -> Iterator[str]:
    add: Callable = _by_group if groups else _whole
    kept, direct = add(scope, activities, groups), add(scope, activities.all(), groups)  # a clone has no extent
    for key in kept.keys() | direct.keys():
        if kept.get(key) != direct.get(key):
            words = "／".join(_("无") if part is None else str(part) for part in key)
            yield _("%(scope)s，%(name)s%(key)s：保存的是%(kept)s，逐条合计是%(direct)s。") % {
                "scope": scope.words,
                "name": name,
                "key": f"“{words}”" if words else "",
                "kept": _said(kept.get(key), scope),
                "direct": _said(direct.get(key), scope),
            }


def _by_group(scope: Scope, activities: QuerySet, groups: dict[str, str]) -> dict[tuple, tuple]:
    rows = totals_by(scope, activities, with_latest=True, **groups)
    return {tuple(row[name] for name in groups): (row["total"], row["latest"]) for row in rows}


def _whole(scope: Scope, activities: QuerySet, groups: dict[str, str]) -> dict[tuple, tuple]:
    return {(): (total_of(scope, activities), None)}


def _said(found: tuple[Total, date | None] | None, scope: Scope) -> str:
    if found is None:
        return _("没有")
    total, latest = found
    return (total.display(scope.unit) or _("没有")) + (_("（最近%s）") % latest if latest else "")
