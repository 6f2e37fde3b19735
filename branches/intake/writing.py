"""Writes a plan: everything or nothing, as drafts, with what the form leaves behind in trail, log and search."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.intake.plan import Plan, plan_of, read_ledger
from branches.intake.planned import PlannedRow
from branches.models import Activity, Figure, IntakeFile, Partner, ReferenceCounter
from hospitals.models import User
from publishing import log
from publishing.content import changes_between, content_of, with_content
from publishing.tables import Table
from publishing.workflow import StaleStatus, contributed_to

BATCH = 500
_SEVERAL = ("joint_branches", "partners", "further_kinds")
#: of a draft, what an import may change; the rest of it is not in a ledger
_CHANGED = (
    "title", "kind", "nature", "branch", "all_branches", "start", "end", "precision", "start_time", "end_time", "place",
    "region", "host", "recorder", "brand", "initiative", "summary", "results", "clinic_registration", "remarks",
    "updated_by", "updated_at", "version",
)  # fmt: skip


def confirm(file: IntakeFile, *, by: User, digest: str, with_doubtful: bool | None) -> dict[str, int]:
    """Write what the person was shown, once. ``digest``: of the plan they saw · ``with_doubtful``: what they say to it.

    Raises StaleStatus where the plan would now be another one or the file has been imported, ValidationError where
    nobody has said what shall become of possible duplicates; nothing is written then. Returns what ``write`` does.
    """
    table = read_ledger(bytes(file.content)) if file.content else Table()
    try:
        with transaction.atomic():
            held = IntakeFile.objects.select_for_update().filter(pk=file.pk).first()
            if held is None or held.imported_at:
                raise StaleStatus(_("这份文件已经导入过了，没有重复导入。"))
            refuse_without_right(by, held.hospital)
            plan = plan_of(table, held.hospital, by, for_update=True)
            if plan.digest != digest:
                raise StaleStatus(_stale(held, plan))
            refuse_undecided(plan, with_doubtful)
            source = f"{held.name}（SHA-256 {held.sha256}）"
            written = write(plan, by=by, with_doubtful=bool(with_doubtful), source=source)
            held.imported()
    except DatabaseError as error:  # somebody was quicker with the same name or number, or a row cannot be stored
        raise StaleStatus(
            _("没有导入，一行也没有写入：保存时和别人的操作冲突了。请看过下面的预览，再点一次。")
        ) from error
    return written


def refuse_undecided(plan: Plan, with_doubtful: bool | None) -> None:
    """All or nothing: a plan with a row that cannot be taken is not written at all."""
    if not plan.may_be_written:
        raise StaleStatus(_("没有导入，一行也没有写入：文件里有不能导入的行，或者没有要导入的内容。"))
    if plan.counts["doubtful"] and with_doubtful is None:
        raise ValidationError(_("请选一下：可能重复的行导入还是不导入。"))


def refuse_without_right(user: User, hospital) -> None:
    if not user.has_perm("branches.add_activity", hospital):
        raise PermissionDenied(_("您没有在%s新建活动的权限，不能导入。如果工作需要，请联系医院管理员。") % hospital)


def _stale(file: IntakeFile, plan: Plan) -> str:
    differing = [place for place, mark in plan.marks.items() if file.marks.get(place) != mark]
    where = "、".join(differing[:5]) + (_("等%d行") % len(differing) if len(differing) > 5 else "")
    where = _("（%s）") % where if where else ""
    return _("没有导入，一行也没有写入：您看过预览之后，有记录又有了变动%s。请看过下面的新预览，再确认。") % where


def write(
    plan: Plan, *, by: User, with_doubtful: bool, source: str, advance: Callable[[int], object] = int
) -> dict[str, int]:
    """Must run in the transaction in which the plan was made. Returns how many were made and changed."""
    new = [row for _line, row in plan.having("new", *(["doubtful"] if with_doubtful else []))]
    changed = [row for _line, row in plan.having("changed")]
    before = {one.pk: content_of(one) for one in _with_content(changed)}
    partners = _write_partners(plan, [*new, *changed], by)
    _create(plan, new, by)
    _change(changed, by)
    for row in (*new, *changed):
        row.partners = [partners.get(partner.name, partner) for partner in row.partners]
    for name in _SEVERAL:
        _connect(name, new, changed)
    Figure.objects.filter(activity__in=[row.activity.pk for row in changed]).delete()
    Figure.objects.bulk_create(_figures([*new, *changed]), BATCH)
    contributed_to([row.activity for row in (*new, *changed)], by=by)
    _log_import(plan, {"new": len(new), "changed": len(changed)}, by, source)
    _finish(log.Verb.CREATE, new, {}, by, advance)
    _finish(log.Verb.CHANGE, changed, before, by, advance)
    return {"new": len(new), "changed": len(changed)}


def _create(plan: Plan, rows: list[PlannedRow], by: User) -> None:
    years = defaultdict(list)
    for row in rows:
        years[(row.activity.start or timezone.localdate()).year].append(row.activity)
    for year, activities in sorted(years.items()):
        references = ReferenceCounter.take(plan.names.hospital, date(year, 1, 1), len(activities))
        for activity, reference in zip(activities, references, strict=True):
            activity.reference, activity.created_by, activity.updated_by = reference, by, by
    Activity.objects.bulk_create([row.activity for row in rows], BATCH)


def _change(rows: list[PlannedRow], by: User) -> None:
    """They are locked and of the version that was seen: the plan was made so in this transaction."""
    for row in rows:
        row.activity.updated_by, row.activity.updated_at = by, timezone.now()
        row.activity.version += 1
    if not rows:
        return
    differing = [name for name in _CHANGED if any(_differs(row, name) for row in rows)]  # the fewer, the quicker
    Activity.objects.bulk_update([row.activity for row in rows], differing, BATCH // 5)


def _differs(row: PlannedRow, name: str) -> bool:
    attribute = Activity._meta.get_field(name).attname
    return getattr(row.activity, attribute) != row.stored[attribute]


def _write_partners(plan: Plan, rows: list[PlannedRow], by: User) -> dict[str, Partner]:
    """The new ones that are needed; one that somebody else has made meanwhile is taken as it is."""
    needed = {partner.name for row in rows for partner in row.partners if partner._state.adding}
    names = [partner.name for partner in plan.new_partners if partner.name in needed]
    hospital = plan.names.hospital
    rows_of_hospital = Partner.objects.of_hospital(hospital).filter(name__in=names)
    there = set(rows_of_hospital.values_list("name", flat=True))
    Partner.objects.bulk_create(
        [Partner(hospital=hospital, name=name) for name in names if name not in there], BATCH, ignore_conflicts=True
    )
    partners = {partner.name: partner for partner in rows_of_hospital.select_related("hospital")}
    _log_rows(log.Verb.CREATE, [one for one in partners.values() if one.name not in there], {}, by)
    return partners


def _connect(name: str, new: list[PlannedRow], changed: list[PlannedRow]) -> None:
    through = getattr(Activity, name).through
    through.objects.filter(activity__in=[row.activity.pk for row in changed]).delete()
    other = Activity._meta.get_field(name).m2m_reverse_field_name() + "_id"
    through.objects.bulk_create(
        [
            through(activity_id=row.activity.pk, **{other: named.pk})
            for row in (*new, *changed)
            for named in {named.pk: named for named in getattr(row, name)}.values()
        ],
        BATCH,
    )


def _figures(rows: Iterable[PlannedRow]) -> list[Figure]:
    made = []
    for row in rows:
        for figure in row.figures:
            figure.pk, figure._state.adding, figure.activity = None, True, row.activity
            made.append(figure)
    return made


def _with_content(rows: Iterable[PlannedRow]) -> models.QuerySet:
    return with_content(Activity.objects.filter(pk__in=[row.activity.pk for row in rows])).order_by("pk")


def _log_import(plan: Plan, written: dict[str, int], by: User, source: str) -> None:
    """One row for the whole import, before one for each record, as saving a form leaves."""
    unchanged = plan.counts["unchanged"]
    said = f"导入台账：{source}，新建{written['new']}条，修改{written['changed']}条，没有变动{unchanged}条"
    log.record(
        log.Verb.CREATE, by=by, about=Activity, institution=plan.names.hospital, reason=said,
        is_override=by.is_superuser,
    )  # fmt: skip


def _finish(verb: str, rows: list[PlannedRow], before: dict[int, dict], by: User, advance) -> None:
    """What is made of a record once all of it is there: its search text and its row in the log."""
    for start in range(0, len(rows), BATCH):
        stored = list(_with_content(rows[start : start + BATCH]))
        for activity in stored:
            activity.search_text = activity.build_search_text()
        Activity.objects.bulk_update(stored, ["search_text"], BATCH // 5)
        _log_rows(verb, stored, before, by)
        advance(len(stored))


def _log_rows(verb: str, rows: Iterable, before: dict[int, dict], by: User) -> None:
    entries = [
        log.entry(
            verb,
            by=by,
            about=row,
            changes=changes_between(before.get(row.pk), content_of(row), type(row)),
            is_override=by.is_superuser,
        )
        for row in rows
    ]
    log.LogEntry.objects.bulk_create(entries, BATCH)
