"""The sums of hospitals as their records add up to them: what ``branches.tallies`` keeps."""

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, When

from branches.extents import Span
from branches.models import Activity
from branches.models.activity import is_recorded
from branches.models.figure import is_shown
from branches.models.taking_part import is_joint
from branches.models.tally import INTERNAL, REGION_KIND, REGION_SPAN, SPAN
from branches.periods import Precision
from branches.tally_sums import JOINT, KEPT_OF_JOINT, Kept, Sum, add_to, is_kept, shortened, span_key
from publishing.quantities import Total


def sums_of_records(records: QuerySet[Activity], keys: Iterable[int]) -> dict[int, Kept]:
    """All that is kept of these records of these hospitals, by the hospital's key; in two queries."""
    keys = list(keys)
    found: dict[int, Kept] = {key: {(0, None): {}} for key in keys}
    activities = records.filter(hospital__in=keys)
    figures = activities.filter(figures__measure__isnull=False)
    of_measure = {"of_measure": F("figures__measure"), "shown": _if(is_shown("figures__"))}
    for row in _grouped(activities, {"count": Count("pk")}):
        _add(found, row)
    for row in _grouped(figures, Total.aggregates("figures__"), **of_measure):
        _add(found, row)
    return found


def _if(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


_PRECISIONS = (Precision.YEAR, Precision.QUARTER, Precision.MONTH)


@lru_cache(8192)
def _placed(span: Span | None) -> list[tuple[str, str]]:
    """The groupings by time with their keys."""
    if span is None:
        return [("undated", "")]
    year, quarter, month = map(span.one, _PRECISIONS)
    found: list[tuple[str, object]] = [
        ("coarser", precision.value)
        for precision, one in zip(_PRECISIONS, (year, quarter, month), strict=True)
        if one is None
    ]
    if year:
        found += [("year", year), ("over_by", span.last % 12 + 1)]
    if quarter:
        found += [("quarter", quarter)]
    if month:
        found += [("month", month)]
    elif quarter:
        found += [("only_quarter", quarter)]
    return [(name, str(key)) for name, key in found]


def _grouped(rows, amounts: dict, **more) -> Iterable[dict]:
    span = Span.expressions()
    own = {
        "of_hospital": F("hospital"),
        "counted": _if(is_recorded()),
        "joint": _if(is_joint(Activity.joint_branches.through)),
        "of_kind": F("kind"),
        "of_brand": F("brand"),
        "own": F("region"),
        "around": F("hospital__region"),
        "first": span.first,
        "last": span.last,
    }
    latest = Max("start", filter=Q(precision=Precision.DAY))
    return rows.order_by().values(**own, **more).annotate(latest=latest, **amounts)


def _add(found: dict[int, Kept], row: dict) -> None:
    """Adds what a row says wherever it belongs. Only what is counted has groupings but that of all that is public.

    What only staff see has groupings of its own, and is asked for in fewer ways.
    """
    measure, amount, hospital = row.get("of_measure"), _as_sum(row), found[row["of_hospital"]]
    before = "" if row.get("shown", True) else INTERNAL
    if not before:
        _add_to(hospital, 0, measure, "public", "", amount)
    if not row["counted"]:
        return
    span = None if row["first"] is None else Span(row["first"], row["last"])
    year = (span and span.one(Precision.YEAR)) or 0
    kind, region = row["of_kind"], f"{row['own'] or ''}/{row['around']}"
    places = [
        ("total", ""), ("kind", str(kind)), ("brand", str(row["of_brand"] or "")), ("region", region),
        *_placed(span),
    ]  # fmt: skip
    parts = shortened(amount)
    for of_year in {0, year}:
        for name, key in places:
            if is_kept(name, of_year):
                _add_to(hospital, of_year, measure, f"{before}{name}", key, amount)
                if row["joint"] and not before and name in KEPT_OF_JOINT:
                    _add_to(hospital, of_year, measure, f"{JOINT}{name}", key, amount)
        _add_to(hospital, of_year, measure, f"{before}{REGION_KIND}", f"{region}/{kind}", parts)
    for name, own in ((SPAN, kind), (REGION_SPAN, region)):
        _add_to(hospital, year, measure, f"{before}{name}", span_key(year, own, span), parts)


def _add_to(hospital: Kept, year: int, measure: int | None, name: str, key: str, amount: Sum) -> None:
    add_to(hospital.setdefault((year, measure), {}).setdefault(name, {}), key, amount)


def _as_sum(row: dict) -> Sum:
    latest = row["latest"].toordinal() if row["latest"] else 0
    if "count" in row:
        return [100 * row["count"], row["count"], 0, 0, 0, latest]
    total = Total.from_row(row)
    value = int((100 * (total.value or 0)).to_integral_value()) if total.value else 0
    return [value, total.exact, total.at_least, total.approximate, total.without_value, latest]
