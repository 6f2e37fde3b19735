"""To freeze a ledger 报送封存: what an experienced colleague would say before, and the verb."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.frozen_content import Content, LedgerScope
from branches.models import Activity, FrozenLedger, PeriodReport
from branches.reconciliation import OPEN, Comparison, compared, lines_of
from hospitals.models import Hospital
from publishing import log

MOST_ROWS = 20_000
#: records that a notice names; how many more there are is said
MOST_NAMED = 20
RIGHT = "branches.add_frozenledger"


class LedgerHasChanged(Exception):
    """The content is no longer the one that whoever confirmed it had looked at."""


class AlreadyFrozen(Exception):
    def __init__(self, frozen: FrozenLedger):
        self.frozen = frozen
        super().__init__(_("没有再封存一份：内容与“%s”完全一样。") % frozen)


def freeze(scope: LedgerScope, *, by, seen: str, note: str = "") -> FrozenLedger:
    """Keep the ledger as it is now, if it is the one that was ``seen`` (its SHA-256).

    Raises PermissionDenied, ValidationError (at ``branch``, ``year`` or ``note``), LedgerHasChanged, AlreadyFrozen;
    each refusal is logged, outside of the transaction that it undoes.
    """
    try:
        with transaction.atomic():
            return _freeze(scope, by, seen, note)
    except (PermissionDenied, ValidationError, LedgerHasChanged, AlreadyFrozen) as refusal:
        why = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        log.refused(f"{_('封存')} {scope.unit}{scope.period}", by=by, about=scope.hospital, why=why, refusal=refusal)
        raise


def _freeze(scope: LedgerScope, by, seen: str, note: str) -> FrozenLedger:
    if not by.has_perm(RIGHT, scope.hospital):
        raise PermissionDenied(_("封存报送由台账员或医院管理员做。如果工作需要，请联系医院管理员。"))
    # One at a time in a hospital: numbers have no gaps, and the second of two who press at once sees the first one's.
    Hospital.objects.select_for_update(of=("self",), no_key=True).get(pk=scope.hospital.pk)
    check_size(scope)
    content = scope.content()
    if same := frozen_as(scope, content):
        raise AlreadyFrozen(same)
    if content.sha256 != seen:
        raise LedgerHasChanged(
            _("没有封存：您打开这一页之后，台账内容有了变动。下面是现在的内容，请核对后再点“封存”。")
        )
    made_at = timezone.now()
    year = timezone.localtime(made_at).year
    last = FrozenLedger.objects.filter(hospital=scope.hospital, year=year).order_by("-number").first()
    frozen = FrozenLedger(
        hospital=scope.hospital,
        branch=scope.branch,
        unit=scope.unit,
        start=scope.period.start,
        end=scope.period.end,
        precision=scope.period.precision,
        year=year,
        number=last.number + 1 if last else 1,
        note=note.strip(),
        made_by=by,
        made_by_name=str(by),
        made_at=made_at,
        content=content.text,
        sha256=content.sha256,
        row_count=len(content.rows),
    )
    frozen.full_clean()
    frozen.save()
    said = f"{_('报送封存')}：{frozen.unit}{frozen.period}，{frozen.row_count}条，SHA-256 {frozen.sha256}"
    log.record(log.Verb.CREATE, by=by, about=frozen, reason=said, is_override=by.is_superuser)
    return frozen


def check_size(scope: LedgerScope) -> None:
    """Raises ValidationError at ``year``."""
    count = scope.approved().count()
    if count > MOST_ROWS:
        message = _("这段时间有%(count)d条，一次最多封存%(most)d条。请换一段短的时间，或按支部分几次封存。")
        raise ValidationError({"year": message % {"count": count, "most": MOST_ROWS}})


def frozen_before(scope: LedgerScope) -> QuerySet[FrozenLedger]:
    """Of the same unit and time, the latest first."""
    rows = FrozenLedger.objects.of_unit_and_period(scope.hospital, scope.branch, scope.period)
    return rows.without_content().with_unit()


def frozen_as(scope: LedgerScope, content: Content) -> FrozenLedger | None:
    """Where exactly this was frozen."""
    return frozen_before(scope).filter(sha256=content.sha256).first()


# -- What a colleague would say before


@dataclass(frozen=True)
class Notice:
    """Something to look at before handing in. ``activities``: the first of ``count``, named with the figures they lack."""

    text: str
    activities: Sequence[Activity] = ()
    count: int = 0
    names_lacking: bool = False

    @property
    def more(self) -> int:
        return self.count - len(self.activities)


def notices(scope: LedgerScope, content: Content) -> Iterator[Notice]:
    """A fixed number of queries, however many activities there are."""
    if scope.period.end >= timezone.localdate():
        yield Notice(_("这段时间还没有过完，之后开展的活动不在这一份里。"))
    if not content.rows:
        yield Notice(_("这段时间没有已发布的活动，封存的是一份零报告。"))
    yield from _of(
        scope.recorded().not_withdrawn().exclude(status=Activity.Status.PUBLISHED),
        _("还没有审核通过，不在这一份里。要报送的，请先送审、发布，再回来封存："),
    )
    yield from _of(
        scope.approved().filter(working_copy__isnull=False),
        _("正在修订，封存的是现在公开的内容，不是修订稿："),
    )
    yield from _of(
        scope.approved().lacking_figures().prefetch_related("figures", "kind__kind_measures__measure"),
        _("有该填的数据没有填，台账里这一格是空的（空不等于0）："),
        names_lacking=True,
    )
    published = scope.of_unit().published()
    longer = published.in_period(scope.period).exclude(pk__in=scope.recorded().order_by().values("pk"))
    yield from _of(longer, _("写明的时间不全在这段时间里，或开始得更早，不算在这一份里，各段相加才不会重复："))
    yield from _of(
        published.undated(),
        _("时间未载明，不在任何一次报送里。查到日期的，请修订补上："),
    )


def _of(activities, text, **how) -> Iterator[Notice]:
    rows = activities.newest_first().select_related("kind")
    if count := rows.count():
        yield Notice(text, list(rows[:MOST_NAMED]), count, **how)


def open_gaps(scope: LedgerScope) -> list[Comparison]:
    """Announced numbers of exactly this unit, of a time within, that what was recorded does not bear out."""
    reports = PeriodReport.objects.public().of_hospital(scope.hospital).belonging_to(scope.period)
    reports = reports.of_branch(scope.branch) if scope.branch else reports.of_whole_hospital()
    return [one for one in compared(lines_of(reports)) if one.state == OPEN]
