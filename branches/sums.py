"""Sums over recorded activities: of a scope of the statistics, in groups or as a whole.

Where the tallies of the hospitals have what is asked for, it is added up from them (``branches.tallies``); all other sums are
made by the database from the records. Both give the same.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Model, Q

from branches import tallies, tally_sums
from branches.extents import PUBLIC, Extent
from branches.models import Activity, ActivityKind, Brand, Figure, Measure
from branches.periods import Precision
from hospitals.models import Hospital
from publishing.quantities import Total

if TYPE_CHECKING:
    from branches.statistics import Scope


#: What is kept: by what an extent says and the paths of the groups (or where they begin) the grouping of the tallies, and the
#: model by whose key it is kept.
KEPT: dict[tuple[str, tuple[str, ...]], tuple[str, type[Model] | None]] = {
    ("", ("kind",)): ("kind", ActivityKind),
    ("", ("brand",)): ("brand", Brand),
    ("", ("hospital",)): ("total", Hospital),
    ("", ("region__code", "hospital__region__code")): ("region", None),
    ("of year", ("start__year",)): ("year", None),
    ("of quarter", ("start__quarter",)): ("quarter", None),
    ("of quarter coarser than month", ("start__quarter",)): ("only_quarter", None),
    ("of month", ("start__month",)): ("month", None),
}
KEPT |= {
    (f"{part} joint".strip(), paths): (f"{tally_sums.JOINT}{grouping}", model)
    for (part, paths), (grouping, model) in KEPT.items()
    if grouping in tally_sums.KEPT_OF_JOINT and model is not Hospital
}
#: Of one sum without groups: the grouping, and which of its keys.
KEPT_WHOLE: dict[str, tuple[str, Callable[[str, Extent], bool]]] = {
    "": ("total", lambda key, extent: True),
    "joint": (f"{tally_sums.JOINT}total", lambda key, extent: True),
    "undated": ("undated", lambda key, extent: True),
    "first months": ("over_by", lambda key, extent: int(key) <= extent.months.last % 12 + 1),
    **{
        f"coarser than {precision}": ("coarser", lambda key, extent, own=precision: key == own)
        for precision in (Precision.YEAR, Precision.QUARTER, Precision.MONTH)
    },
}


def totals_by(scope: "Scope", activities=None, *, with_latest: bool = False, **groups: str) -> Iterator[dict]:
    """The ``total`` of each group; ``groups`` are paths from an activity. Groups without a number do not come."""
    rows = scope.activities if activities is None else activities
    kept = kept_paths(rows.extent, groups)
    if kept is None:
        yield from _summed(scope, rows, with_latest, groups)
        return
    outdated = tallies.outdated(rows.extent.hospital)
    found = list(_read(scope, rows.extent, kept, outdated, groups))
    if outdated.left:
        found += _summed(scope, rows.filter(hospital__in=outdated.left), with_latest, groups)
    yield from _joined(found, groups)


def totals_by_key(scope: "Scope", path: str, activities=None) -> dict[int | None, Total]:
    """The totals of ``totals_by`` by nothing but the key of another record: for thousands of them."""
    rows = scope.activities if activities is None else activities
    paths = kept_paths(rows.extent, {"key": path})
    if paths is None:
        return {row["key"]: row["total"] for row in _summed(scope, rows, False, {"key": path})}
    outdated = tallies.outdated(rows.extent.hospital)
    grouping, _model = KEPT[rows.extent.part, paths]
    sums = tally_sums.kept_sums(rows.extent, scope.measure, grouping, outdated)
    found = {
        int(key) if key else None: tally_sums.total_of_sum(amount, is_count=not scope.measure)
        for key, amount in sums.items()
    }
    if outdated.left:
        for row in _summed(scope, rows.filter(hospital__in=outdated.left), False, {"key": path}):
            kept = found.get(row["key"])
            found[row["key"]] = added([kept, row["total"]]) if kept else row["total"]
    return found


def total_of(scope: "Scope", activities) -> Total:
    extent = activities.extent
    if extent is None or (kept := kept_whole(extent)) is None:
        return _total(scope, activities)
    grouping, is_part = kept
    outdated = tallies.outdated(extent.hospital)
    sums = tally_sums.kept_sums(extent, scope.measure, grouping, outdated)
    totals = [
        tally_sums.total_of_sum(amount, is_count=not scope.measure)
        for key, amount in sums.items()
        if is_part(key, extent)
    ]
    if outdated.left:
        totals.append(_total(scope, activities.filter(hospital__in=outdated.left)))
    return added(totals)


def public_counts() -> dict[int, int]:
    """How many public activities each hospital has, summaries too."""
    outdated = tallies.outdated()
    sums = tally_sums.kept_by_hospital(Extent(None, None), None, "public", outdated)
    own = Activity.objects.public().filter(hospital__in=outdated.left)
    return {int(key): tally_sums.total_of_sum(amount, is_count=True).exact for key, amount in sums.items()} | (
        own.counts_by_hospital() if outdated.left else {}
    )


def totals_of_list(activities) -> list[dict]:
    """``Figure.objects.totals_of``; where a list has no condition, as its ``extent`` says, from the tallies."""
    if activities.extent != PUBLIC:
        return Figure.objects.totals_of(activities)
    outdated = tallies.noted()
    kept, own = tally_sums.kept_by_measure("public", without=outdated), {}
    if outdated:
        rows = Figure.objects.totals_of(Activity.objects.public().filter(hospital__in=outdated))
        own = {row["slug"]: row["total"] for row in rows}
    found = []
    for measure in Measure.objects.order_by("position"):
        parts = [tally_sums.total_of_sum(kept[measure.pk], is_count=False)] if measure.pk in kept else []
        parts += [own[measure.slug]] if measure.slug in own else []
        if parts:
            found.append({"slug": measure.slug, "name": measure.name, "unit": measure.unit, "total": added(parts)})
    return found


def measures_used() -> set[int]:
    """Keys of the measures of which public activities have figures that a visitor may see."""
    outdated = tallies.noted()
    used = tally_sums.kept_measures(without=outdated)
    if outdated:
        activities = Activity.objects.public().filter(hospital__in=outdated)
        figures = Figure.objects.public().filter(measure__isnull=False, activity__in=activities.values("pk"))
        used |= set(figures.order_by().values_list("measure", flat=True).distinct())
    return used


# -- From the tallies


def kept_whole(extent: Extent) -> tuple[str, Callable[[str, Extent], bool]] | None:
    """Where there is the one sum of all that an extent has (``KEPT_WHOLE``); None where there is none."""
    part = extent.part
    if extent.is_narrowed:
        is_kept = extent.kinds is None and not part and extent.months.begin_a_year
        part = "first months" if is_kept else None
    kept = KEPT_WHOLE.get(part)
    return kept if kept and tally_sums.is_kept(kept[0], extent.year) else None


def kept_paths(extent: Extent | None, groups: dict[str, str]) -> tuple[str, ...] | None:
    """The paths in KEPT by which these groups go; None where there are none."""
    for part, paths in KEPT if extent and not extent.is_narrowed else ():
        if part == extent.part and tally_sums.is_kept(KEPT[part, paths][0], extent.year) and _go_by(paths, groups):
            return paths
    return None


def _go_by(paths: tuple[str, ...], groups: dict[str, str]) -> bool:
    if len(paths) > 1:
        return tuple(groups.values()) == paths
    return all(own == paths[0] or own.startswith(f"{paths[0]}__") for own in groups.values())


def _read(
    scope: "Scope", extent: Extent, paths: tuple, outdated: tally_sums.Outdated, groups: dict[str, str]
) -> Iterator[dict]:
    grouping, model = KEPT[extent.part, paths]
    read, nothing = tally_sums.kept_by_hospital if model is Hospital else tally_sums.kept_sums, dict.fromkeys(groups)
    sums = read(extent, scope.measure, grouping, outdated)
    if model:
        named = named_by(model, paths[0], sums, groups)
    else:
        named = {key: dict(zip(groups, tally_sums.values_of(key), strict=True)) for key in sums}
    for key, amount in sums.items():
        total = tally_sums.total_of_sum(amount, is_count=not scope.measure)
        yield named.get(key, nothing) | {"total": total, "latest": tally_sums.latest_of_sum(amount)}


def named_by(model: type[Model], path: str, keys: Iterable[str], groups: dict[str, str]) -> dict[str, dict]:
    """What the groups say of each key; of the empty one nothing."""
    if all(whole == path for whole in groups.values()):
        return {key: dict.fromkeys(groups, int(key)) for key in keys if key}
    own = {name: F(whole.removeprefix(path).removeprefix("__") or "pk") for name, whole in groups.items()}
    rows = model._default_manager.order_by().filter(pk__in=filter(None, keys)).values_list("pk", *own.values())
    return {str(pk): dict(zip(own, values, strict=True)) for pk, *values in rows}


def _joined(rows: list[dict], groups: dict[str, str]) -> Iterator[dict]:
    """Those with the same groups as one: several keys may have one name, and some hospitals were summed apart."""
    together: dict[tuple, list[dict]] = {}
    for row in rows:
        together.setdefault(tuple(row[name] for name in groups), []).append(row)
    for same in together.values():
        total = added(row["total"] for row in same)
        if parts_of(total):
            yield same[0] | {
                "total": total,
                "latest": max((row["latest"] for row in same if row.get("latest")), default=None),
            }


# -- From the records


def _summed(scope: "Scope", rows, with_latest: bool, groups: dict[str, str]) -> Iterator[dict]:
    path = ""
    if scope.measure:
        rows, path = _figures(scope, rows), "activity__"
    rows = rows.values(**{name: F(f"{path}{own}") for name, own in groups.items()})
    if with_latest:
        rows = rows.annotate(latest=Max(f"{path}start", filter=Q(**{f"{path}precision": Precision.DAY})))
    for row in rows.annotate(**_aggregates(scope)).order_by():
        total = _as_total(scope, row)
        if parts_of(total):
            yield row | {"total": total}


def _total(scope: "Scope", activities) -> Total:
    rows = _figures(scope, activities) if scope.measure else activities
    return _as_total(scope, rows.aggregate(**_aggregates(scope)))


def _figures(scope: "Scope", activities):
    return Figure.objects.public().filter(measure=scope.measure, activity__in=activities.values("pk")).order_by()


def _aggregates(scope: "Scope") -> dict:
    return Total.aggregates() if scope.measure else {"count": Count("pk")}


def _as_total(scope: "Scope", row: dict) -> Total:
    if scope.measure:
        return Total.from_row(row)
    return tally_sums.count_of(row["count"])


def added(totals: Iterable[Total]) -> Total:
    """Of parts that have no activity in common."""
    totals = [total for total in totals if total.value is not None or total.without_value]
    values = [total.value for total in totals if total.value is not None]
    return Total(
        sum(values) if values else None,
        exact=sum(total.exact for total in totals),
        at_least=sum(total.at_least for total in totals),
        approximate=sum(total.approximate for total in totals),
        without_value=sum(total.without_value for total in totals),
    )


def parts_of(total: Total) -> int:
    """How many numbers, or activities, it is made of."""
    return total.exact + total.at_least + total.approximate + total.without_value
