"""The sums of hospitals as their records add up to them: what ``branches.tallies`` keeps."""

from collections.abc import Iterable, Iterator

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, When

from branches.models import Activity
from branches.models.activity import is_recorded
from branches.models.figure import is_shown
from branches.models.taking_part import is_joint
from branches.periods import Precision, belongs_to_one
from branches.tally_sums import INTERNAL, JOINT, KEPT_OF_JOINT, Kept, Sum, add_to, is_kept
from publishing.quantities import Total


def sums_of_records(records: QuerySet[Activity], keys: Iterable[int]) -> dict[int, Kept]:
    """All that is kept of these records of these hospitals, by the hospital's key; in four queries."""
    keys = list(keys)
    found: dict[int, Kept] = {key: {(0, None): {}} for key in keys}
    activities = records.filter(hospital__in=keys)
    figures = activities.filter(figures__measure__isnull=False)
    of_measure = {"of_measure": F("figures__measure"), "shown": _if(is_shown("figures__"))}
    amounts = {"count": Count("pk")}, of_measure | Total.aggregates("figures__")
    for rows, sums in zip((activities, figures), amounts, strict=True):
        where = {"own": F("region"), "around": F("hospital__region")}
        for row in _grouped(rows, sums, of_kind=F("kind"), of_brand=F("brand"), **where):
            places = {"total": "", "kind": row["of_kind"], "region": f"{row['own'] or ''}/{row['around']}"}
            _add(found, row, {"public": ""}, (places | {"brand": row["of_brand"] or ""}).items())
        for row in _grouped(rows, sums, **_times()):
            _add(found, row, {}, list(_placed(row)))
    return found


def _times() -> dict:
    """Where in time: the parts of the year that it belongs to, None where to none of them."""
    end = Case(When(precision=Precision.DAY, then=F("start__month")), default=F("end__month"))
    return {
        "in_quarter": _where(belongs_to_one(Precision.QUARTER), F("start__quarter")),
        "in_month": _where(belongs_to_one(Precision.MONTH), F("start__month")),
        "over_by": _where(belongs_to_one(Precision.YEAR), end),
        "begun": F("start__year"),
    }


def _if(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _where(condition: Q, then) -> Case:
    return Case(When(condition, then=then), output_field=IntegerField())


def _placed(row: dict) -> Iterator[tuple[str, object]]:
    """The groupings by time with their keys."""
    if not row["begun"]:
        yield "undated", ""
    elif not row["in_year"]:
        yield from (("coarser", own.value) for own in (Precision.YEAR, Precision.QUARTER, Precision.MONTH))
    else:
        yield from {"year": row["in_year"], "over_by": row["over_by"]}.items()
    if row["in_quarter"]:
        yield "quarter", row["in_quarter"]
    elif row["in_year"]:
        yield "coarser", Precision.QUARTER.value
    if row["in_month"]:
        yield "month", row["in_month"]
    elif row["in_year"]:
        yield "coarser", Precision.MONTH.value
    if row["in_quarter"] and not row["in_month"]:
        yield "only_quarter", row["in_quarter"]


#: what each row is of beside its groups, where figures are summed
_OF_FIGURES = ("of_measure", "shown")


def _grouped(rows, sums: dict, **groups) -> Iterable[dict]:
    own = {
        "of_hospital": F("hospital"),
        "in_year": _where(belongs_to_one(Precision.YEAR), F("start__year")),
        "counted": _if(is_recorded()),
        "joint": _if(is_joint(Activity.joint_branches.through)),
    }
    own |= {name: sums[name] for name in _OF_FIGURES if name in sums}
    amounts = {name: sum_ for name, sum_ in sums.items() if name not in _OF_FIGURES}
    latest = Max("start", filter=Q(precision=Precision.DAY))
    return rows.order_by().values(**own, **groups).annotate(latest=latest, **amounts)


def _add(found: dict[int, Kept], row: dict, of_all: dict, of_counted: Iterable[tuple]) -> None:
    """Adds what a row says under these keys. Only what is counted belongs to a year as well.

    What only staff see has groupings of its own, and is asked for in fewer ways.
    """
    measure, amount, hospital = row.get("of_measure"), _as_sum(row), found[row["of_hospital"]]
    before = "" if row.get("shown", True) else INTERNAL
    places = [] if before else [(0, name, key) for name, key in of_all.items()]
    if row["counted"]:
        years = {0, row["in_year"] or 0}
        own = [(year, name, key) for year in years for name, key in of_counted if is_kept(name, year)]
        places += [(year, f"{before}{name}", key) for year, name, key in own]
        if row["joint"] and not before:
            places += [(year, f"{JOINT}{name}", key) for year, name, key in own if name in KEPT_OF_JOINT]
    for year, name, key in places:
        sums = hospital.setdefault((year, measure), {}).setdefault(name, {})
        add_to(sums, str(key), amount)


def _as_sum(row: dict) -> Sum:
    latest = row["latest"].toordinal() if row["latest"] else 0
    if "count" in row:
        return [100 * row["count"], row["count"], 0, 0, 0, latest]
    total = Total.from_row(row)
    value = int((100 * (total.value or 0)).to_integral_value()) if total.value else 0
    return [value, total.exact, total.at_least, total.approximate, total.without_value, latest]
