"""Which branch has held what it had to hold 应办: each item × branch × period in exactly one state.

The last day of a period, the due day, decides: an item is asked of a branch that exists on that day, if it is valid on
that day, and an exemption counts if it covers that day. Done is what enough public records prove, exempt or not. What
is open is due until the last day of grace, and late after it (docs/decisions/0015-obligations.md).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from branches.models import Activity, ActivityKind, Branch, Exemption, Obligation
from branches.periods import Period, Precision


class State(models.TextChoices):
    DONE = "done", _("完成")
    DUE = "due", _("应办")
    LATE = "late", _("逾期")
    EXEMPT = "exempt", _("免除")
    NOT_YET = "not_yet", _("未到")
    NOT_ASKED = "not_asked", _("不适用")


#: before the word, so that a table is read at a glance; never without the word
SIGNS = {State.DONE: "✓", State.DUE: "○", State.LATE: "●", State.EXEMPT: "–"}


@dataclass(frozen=True)
class Duty:
    """An item, a branch, a period. ``proofs``: public records · ``pending``: those that will prove it once they are."""

    obligation: Obligation
    branch: Branch
    period: Period
    state: State
    proofs: tuple[Activity, ...] = ()
    pending: tuple[Activity, ...] = ()
    reason: str = ""  # of the exemption, for staff

    @property
    def sign(self) -> str:
        return SIGNS.get(self.state, "")

    @property
    def missing(self) -> int:
        """How many times it is still to be held."""
        return max(0, self.obligation.times - len(self.proofs)) if self.is_open else 0

    @property
    def until(self) -> date:
        """The last day of grace."""
        return until(self.obligation, self.period)

    @property
    def is_open(self) -> bool:
        return self.state in {State.DUE, State.LATE}


def until(obligation: Obligation, period: Period) -> date:
    """The last day on which what was held in a period can be entered in time."""
    return period.end + timedelta(days=obligation.grace_days)


def state_of(
    obligation: Obligation, period: Period, *, is_asked: bool, is_exempt: bool, held: int, today: date
) -> State:
    """``held``: how often it was, by public records."""
    if not is_asked:
        return State.NOT_ASKED
    if held >= obligation.times:
        return State.DONE
    if is_exempt:
        return State.EXEMPT
    if today < period.start:
        return State.NOT_YET
    return State.DUE if today <= until(obligation, period) else State.LATE


def duties_of(branches, year: int, *, today: date, user=None, items=None) -> list[Duty]:
    """The duties of these branches in a year: branch by branch in their order, item by item, period by period.

    ``branches``, ``items``: querysets · ``user``: whose drafts and texts under review may be named as ``pending`` · the
    number of queries does not depend on how many branches, items, periods and records there are.
    """
    branches = list(branches.with_life().select_related("hospital"))
    hospitals = {branch.hospital_id for branch in branches}
    asked = (Obligation.objects.all() if items is None else items).asked_of(hospitals)
    obligations = list(asked.prefetch_related(models.Prefetch("kinds", ActivityKind.objects.order_by())))
    whole_year = Period.around(date(year, 1, 1), Precision.YEAR)
    exemptions = list(Exemption.objects.filter(hospital__in=hospitals).touching(whole_year))
    sorting = _Sorting(branches, obligations)
    among = Activity.objects.filter(hospital__in=hospitals).recorded().belonging_to(whole_year)
    among = among.of_kinds(sorting.kinds)
    proofs = sorting.sorted(among.public())
    pending = sorting.sorted(among.editable_by(user).on_the_way()) if user else {}

    def duty(branch: Branch, obligation: Obligation, period: Period) -> Duty:
        key, due_day = (branch.pk, obligation.pk, period), period.end
        lets_off = next((one for one in exemptions if one.covers(obligation, branch, due_day)), None)
        is_asked = obligation.asks(branch, due_day) and branch.existed_between(due_day, due_day)
        held = tuple(proofs.get(key, ()))
        state = state_of(
            obligation, period, is_asked=is_asked, is_exempt=lets_off is not None, held=len(held), today=today
        )
        reason = lets_off.reason if state == State.EXEMPT else ""
        return Duty(obligation, branch, period, state, held, tuple(pending.get(key, ())), reason)

    periods = {obligation.pk: obligation.periods_of(year) for obligation in obligations}
    return [
        duty(branch, obligation, period)
        for branch in branches
        for obligation in obligations
        if obligation.hospital_id in {None, branch.hospital_id}
        for period in periods[obligation.pk]
    ]


class _Sorting:
    """Puts records to the branches that took part, the items they prove and the periods they belong to."""

    def __init__(self, branches: Collection[Branch], obligations: Iterable[Obligation]):
        self.branches = branches
        self.keys = {branch.pk for branch in branches}
        self.kinds_of = {obligation: {kind.pk for kind in obligation.kinds.all()} for obligation in obligations}

    @cached_property
    def kinds(self) -> set[int]:
        return set().union(*self.kinds_of.values())

    def sorted(self, activities) -> dict[tuple[int, int, Period], list[Activity]]:
        """By keys of branch and item and the period, the earliest first."""
        found = defaultdict(list)
        for activity in _with_parts(activities):
            kinds = {activity.kind_id, *(kind.pk for kind in activity.further_kinds.all())}
            took_part = self._took_part(activity)
            for obligation, own in self.kinds_of.items():
                period = Period.around(activity.start, obligation.frequency)
                if own & kinds and period.counts(activity.period):
                    for branch in took_part:
                        found[branch, obligation.pk, period].append(activity)
        return found

    def _took_part(self, activity: Activity) -> set[int]:
        """Of these branches. 各支部 are those of its hospital that were there at the time."""
        named = {activity.branch_id, *(branch.pk for branch in activity.joint_branches.all())} & self.keys
        if not activity.all_branches:
            return named
        return named | {
            branch.pk
            for branch in self.branches
            if branch.hospital_id == activity.hospital_id and branch.existed_between(activity.start, activity.end)
        }


def _with_parts(activities):
    """Three queries, without the long texts. The hospital says what its reviews are called."""
    texts = [field.name for field in Activity._meta.concrete_fields if isinstance(field, models.TextField)]
    joint, further = Branch.objects.order_by().only("pk"), ActivityKind.objects.order_by().only("pk")
    return (
        activities.select_related("hospital")
        .defer(*texts)
        .order_by("start", "pk")
        .prefetch_related(models.Prefetch("joint_branches", joint), models.Prefetch("further_kinds", further))
    )
