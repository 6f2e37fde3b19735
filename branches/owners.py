"""Statistics by hospital, and of one hospital by branch: a joint activity counts for each branch that took part in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from branches.charts import Bar, Bars, leading
from branches.models import Branch
from branches.statistics import Scope, ranked
from branches.sums import added, parts_of, total_of, totals_by
from publishing.quantities import Total


@dataclass(frozen=True)
class Sharing:
    """How what the branches have adds up to what their hospital has: ``branches`` − ``repeated`` + ``nobody`` = whole."""

    branches: Total
    repeated: Total
    nobody: Total  # no branch is named
    nobody_link: str
    joint: Total  # each once
    joint_link: str
    whole: Total
    whole_link: str

    @property
    def has_joint(self) -> bool:
        return bool(parts_of(self.joint))

    @property
    def has_nobody(self) -> bool:
        return bool(parts_of(self.nobody))


def by_hospital(scope: Scope) -> Bars:
    """Of hundreds of hospitals few are drawn: only those have addresses made."""
    rows = {row["name"]: row for row in _rows_of_hospitals(scope)}
    bars = [Bar(name, row["total"], "") for name, row in rows.items()]
    chart = ranked(scope, "医院", bars, leading(bars, scope.unit, alone="只有%s有录入", shares=True))
    return replace(chart, bars=tuple(_bars_of_hospitals(scope, [rows[bar.name] for bar in chart.bars])))


def hospital_bars(scope: Scope) -> list[Bar]:
    """In the order of their names. What of it was joint is between branches, and told where these are."""
    return list(_bars_of_hospitals(scope, _rows_of_hospitals(scope)))


def _rows_of_hospitals(scope: Scope) -> list[dict]:
    return sorted(totals_by(scope, slug="hospital__slug", name="hospital__name"), key=lambda row: row["name"])


def _bars_of_hospitals(scope: Scope, rows: list[dict]) -> Iterator[Bar]:
    link, page = scope.links("hospital"), scope.pages("hospital")
    for row in rows:
        yield Bar(row["name"], row["total"], link(row["slug"]), page(row["slug"]))


def by_branch(scope: Scope) -> Bars:
    return chart_of_branches(scope, branch_bars(scope))


def chart_of_branches(scope: Scope, bars: list[Bar]) -> Bars:
    return ranked(scope, "支部", bars, leading(bars, scope.unit, alone="只有%s有录入", shares=False))


def branch_bars(scope: Scope) -> list[Bar]:
    """Of a hospital, in its own order: each branch as on its page, with how much of that was joint."""
    shared = total_of(scope, scope.activities.filter(all_branches=True))
    own, joint = _of_branches(scope, scope.activities), _of_branches(scope, scope.activities.joint())
    bars = []
    for branch in Branch.objects.on_record().of_hospitals([scope.hospital]).select_related("hospital").in_order():
        of_all = [shared] if branch.is_active or branch.pk in own else []
        total = added([*own.get(branch.pk, []), *of_all])
        if parts_of(total):
            together = added([*joint.get(branch.pk, []), *of_all])
            link = scope.link(branch=branch.slug)
            page, joint_link = branch.get_absolute_url(), scope.link(branch=branch.slug, joint="1")
            bars.append(Bar(branch.label, total, link, page, together if parts_of(together) else None, joint_link))
    return bars


def _of_branches(scope: Scope, activities) -> dict[int, list[Total]]:
    """What each branch held or joined, apart from what all of them did."""
    named = activities.filter(all_branches=False)
    found: dict[int, list[Total]] = {}
    for row in totals_by(scope, named, organiser="branch"):
        found.setdefault(row["organiser"], []).append(row["total"])
    for row in totals_by(scope, named, guest="joint_branches", organiser="branch"):
        if row["guest"] != row["organiser"]:  # who is named twice took part once
            found.setdefault(row["guest"], []).append(row["total"])
    return found


def sharing_of(scope: Scope, bars: list[Bar], whole: Total) -> Sharing:
    """``bars``: of every branch with anything; ``whole``: what the hospital has."""
    branches = added(bar.total for bar in bars)
    own = Branch.objects.on_record().of_hospitals([scope.hospital])  # by them an index leads to what they joined
    nobody = total_of(scope, scope.activities.without_branch(own))
    return Sharing(
        branches=branches,
        repeated=less(added([branches, nobody]), whole),
        nobody=nobody,
        nobody_link=scope.link(without="branch"),
        joint=total_of(scope, scope.activities.joint()),
        joint_link=scope.link(joint="1"),
        whole=whole,
        whole_link=scope.link(),
    )


def less(total: Total, part: Total) -> Total:
    """A total without a part of it."""
    is_known = total.value is not None and total.exact + total.at_least + total.approximate > _with_value(part)
    return Total(
        total.value - (part.value or Decimal(0)) if is_known else None,
        exact=total.exact - part.exact,
        at_least=total.at_least - part.at_least,
        approximate=total.approximate - part.approximate,
        without_value=total.without_value - part.without_value,
    )


def _with_value(total: Total) -> int:
    return parts_of(total) - total.without_value
