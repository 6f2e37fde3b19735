"""How a record becomes public and ceases to be: the only code that changes a status.

Each verb locks the row, asks whether the person may and whether the row is still the one they saw, and changes the
status by one conditional UPDATE, so that of several people pressing at once exactly one succeeds and the others are
told. What was done goes into the record's trail and the log; what was refused, into the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from publishing import log
from publishing.checks import Incomplete
from publishing.content import content_of, fingerprint, pictures_in, sha256, write
from publishing.models.trail import ReviewEntry, Step, Version, VersionPicture

if TYPE_CHECKING:
    from publishing.models import Publishable

#: step -> status it may be done in -> the rights of which one is needed (see ``Publishable.permits``). What is not
#: here is refused; docs/workflow.md shows the table with the roles, and a test walks every cell of it.
TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    Step.SUBMIT: {"draft": ("change",)},
    Step.TAKE_BACK: {"first_review": ("change",), "second_review": ("change",), "final_review": ("change",)},
    Step.APPROVE: {
        "first_review": ("first_review",),
        "second_review": ("second_review",),
        "final_review": ("final_review",),
    },
    Step.RETURN: {
        "first_review": ("first_review",),
        "second_review": ("second_review",),
        "final_review": ("final_review",),
    },
    Step.OVERRIDE: {"final_review": ("override",)},
    Step.WITHDRAW: {"published": ("withdraw",), "draft": ("change", "withdraw")},
    Step.REVISE: {"published": ("change",), "withdrawn": ("change",)},
    Step.RESTORE: {"published": ("change",), "withdrawn": ("change",)},
    Step.DISCARD: {"draft": ("change",)},
}
#: Steps that need words for those who read them later.
REASONED = frozenset({Step.RETURN, Step.OVERRIDE, Step.WITHDRAW})


class StaleStatus(Exception):
    """Somebody else was quicker, or the record is past this step. The message is for the person who pressed."""


def submit(record: "Publishable", *, by) -> None:
    """Hand a draft in: from here on it is read-only, and what is reviewed is exactly this content."""
    with _step(record, Step.SUBMIT, by) as current:
        if why := current.why_not_submitted_by(by):
            raise PermissionDenied(why)
        stored = content_of(current)
        if gaps := current.gaps():
            raise Incomplete(gaps)
        content = content_of(current)
        if content != stored:  # a rule of the model has settled something, such as the last day of a month
            current.save()
        digest = fingerprint(content)
        _enter(current, Step.SUBMIT, by, digest=digest)
        _move(current, current.next_review.status, submitted_digest=digest)


def take_back(record: "Publishable", *, by) -> None:
    """Make a draft again of what nobody has reviewed yet."""
    with _step(record, Step.TAKE_BACK, by) as current:
        if not may_be_taken_back(current):
            raise StaleStatus(_("没有收回：这条记录已经有人审核通过，需要修改请联系审核人退回。"))
        _enter(current, Step.TAKE_BACK, by, digest=current.submitted_digest)
        _move(current, current.Status.DRAFT, submitted_digest="")


def may_be_taken_back(record: "Publishable") -> bool:
    """Whether nobody has passed on what was handed in; who may take it back is asked apart."""
    latest = record.trail.filter(edition=record.edition, step__in=[Step.SUBMIT, Step.APPROVE]).last()
    return latest is None or latest.step == Step.SUBMIT


def approve(record: "Publishable", *, by, at: datetime | None = None) -> "Publishable":
    """Pass a record on to its next review, or after the last one make it public: now, or ``at`` a time to come.

    An approved working copy is merged into the record it was made from. Returns the row that lives on.
    """
    with _step(record, Step.APPROVE, by) as current:
        if not four_eyes_let(by, current):
            raise PermissionDenied(_("您写过或审过这一稿，不能再审核它：请交由另一位审核人。"))
        content = content_of(current)
        if fingerprint(content) != current.submitted_digest:
            raise StaleStatus(_("没有通过：送审之后内容有了变动，请退回，由填报人核对后重新送审。"))
        if current.next_review:
            if at:
                raise ValidationError({"at": _("发布时间由最后一道审核设定，这一步请留空。")})
            _enter(current, Step.APPROVE, by, digest=current.submitted_digest)
            _move(current, current.next_review.status)
            return current
        _refuse_blocking(current, by)
        _check_time(current, at)
        _enter(current, Step.APPROVE, by, digest=current.submitted_digest)
        return _publish(current, content, at)


def return_(record: "Publishable", *, by, reason: str) -> None:
    """Back to the writer, who reads why."""
    with _step(record, Step.RETURN, by, reason) as current:
        _enter(current, Step.RETURN, by, reason=reason, digest=current.submitted_digest)
        _move(current, current.Status.DRAFT, submitted_digest="")


def override(record: "Publishable", *, by, reason: str) -> None:
    """Let a text pass in spite of blocking findings. Whoever approves it after that is somebody else."""
    with _step(record, Step.OVERRIDE, by, reason) as current:
        if not four_eyes_let(by, current):
            raise PermissionDenied(_("您写过或审过这一稿，不能由您放行：请交由另一位审核人或医院管理员。"))
        blocking = [finding for finding in current.findings() if finding.is_blocking]
        if not blocking:
            raise StaleStatus(_("没有需要放行的问题，可以直接审核。"))
        passed = [finding.key for finding in blocking]
        _enter(current, Step.OVERRIDE, by, reason=reason, digest=current.submitted_digest, passed=passed)
        _move(current, current.status)


def withdraw(record: "Publishable", *, by, reason: str) -> None:
    """Take a record off the public site, or put a mistaken draft aside. It stays in the records."""
    with _step(record, Step.WITHDRAW, by, reason) as current:
        if current.is_working_copy:
            raise StaleStatus(_("修订稿不用撤回：不要了请点“放弃修订”，公开的内容不受影响。"))
        _enter(current, Step.WITHDRAW, by, reason=reason)
        _move(current, current.Status.WITHDRAWN)
        # Whoever has the revision on the screen looks again: approving it would now make the record public anew.
        _rows(current).filter(working_copy_of=current.pk).update(version=F("version") + 1)


def revise(record: "Publishable", *, by) -> "Publishable":
    """Open a working copy of a published or withdrawn record. The public version stays until the copy is approved."""
    with _step(record, Step.REVISE, by) as current:
        return _open_copy(current, content_of(current), Step.REVISE, by)


def restore(record: "Publishable", version: Version, *, by) -> "Publishable":
    """Open a working copy that says what an earlier version said."""
    with _step(record, Step.RESTORE, by) as current:
        if not current.versions.filter(pk=version.pk).exists():
            raise PermissionDenied(_("这个版本不属于这条记录。"))
        return _open_copy(current, version.content, Step.RESTORE, by, reason=str(version))


def discard(record: "Publishable", *, by) -> None:
    """Give an open working copy up. The record it was made from stays as it is."""
    with _step(record, Step.DISCARD, by) as current:
        if not current.is_working_copy:
            raise StaleStatus(_("只有修订稿可以放弃；草稿不要了请点“撤下草稿”。"))
        _enter(current, Step.DISCARD, by)
        _drop(current)


def contributed(record: "Publishable", *, by) -> None:
    """Somebody wrote on this draft: they are one of those who may not approve it. Once for each edition."""
    if not record.trail.filter(edition=record.edition, step=Step.WRITE, user=by).exists():
        _enter(record, Step.WRITE, by, is_logged=False)


def contributed_to(records: list["Publishable"], *, by) -> None:
    """The same for many records of one model, none of them a working copy, in two queries."""
    if not records:
        return
    kind = ContentType.objects.get_for_model(type(records[0]))
    entries = ReviewEntry.objects.filter(content_type=kind, object_id__in=[record.pk for record in records])
    known = set(entries.filter(step=Step.WRITE, user=by).values_list("object_id", "edition"))
    new = [record for record in records if (record.pk, record.edition) not in known]
    ReviewEntry.objects.bulk_create([_entry(record, Step.WRITE, by) for record in new])


def ask(record: "Publishable", step: str, by) -> None:
    """Raise PermissionDenied where the person may never do this to the record, StaleStatus where not now."""
    allowed = TABLE[step]
    now = [right for right in allowed.get(record.status, ()) if record.permits(by, right)]
    if now:
        return
    ever = {right for status, rights in allowed.items() if status != record.status for right in rights}
    if record.status not in allowed and any(record.permits(by, right) for right in ever):
        raise StaleStatus(
            _("没有改动：这条记录现在是“%(status)s”，可能刚被别人处理过。请刷新页面后再看。")
            % {"status": record.status_text}
        )
    raise PermissionDenied(_("您没有“%s”这条记录的权限。如果工作需要，请联系医院管理员。") % Step(step).label)


def four_eyes_let(by, record: "Publishable") -> bool:
    """Whether somebody may judge this text as far as who wrote and who judged it goes; their role is asked apart."""
    return by.is_superuser or _rows(record).filter(pk=record.pk).approvable_by(by).exists()


@contextmanager
def _step(record: "Publishable", step: str, by, reason: str | None = None) -> Iterator["Publishable"]:
    """Yield the row as it is now, locked, once it is certain that this person may do this to what they saw.

    Afterwards ``record`` says what the row says. A refusal is logged outside the transaction it undoes.
    """
    try:
        with transaction.atomic():
            current = _locked(record)
            ask(current, step, by)
            if current.version != record.version:
                raise StaleStatus(_("没有改动：您打开之后，这条记录又有了变动。请刷新页面，看过现在的内容再处理。"))
            if step in REASONED and not (reason or "").strip():
                raise ValidationError({"reason": _("请写明原因：经办的人和以后查阅的人都要看。")})
            yield current
    except IntegrityError as clash:  # another record took the name or the place between the check and the writing
        refusal = StaleStatus(_("没有改动：同名的记录或现用品牌刚被别人占用。请刷新页面，核对后再处理。"))
        log.refused(str(Step(step).label), by=by, about=record, why=str(refusal), refusal=refusal)
        raise refusal from clash
    except (PermissionDenied, StaleStatus, ValidationError) as refusal:
        why = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        log.refused(str(Step(step).label), by=by, about=record, why=why, refusal=refusal)
        raise
    for field in ("status", "status_since", "published_at", "edition", "submitted_digest", "version"):
        setattr(record, field, getattr(current, field))


def _rows(record: "Publishable") -> models.QuerySet:
    return type(record)._default_manager.all()


def _locked(record: "Publishable") -> "Publishable":
    """The row of a record and before it the one it will become, always in this order."""
    rows = _rows(record).select_for_update(of=("self",), no_key=True)
    if record.is_working_copy:
        rows.filter(pk=record.working_copy_of_id).first()
    current = rows.filter(pk=record.pk).first()
    if current is None:
        raise StaleStatus(_("没有改动：这份修订稿刚被合并或放弃了，请从列表里重新打开。"))
    return current


def _move(record: "Publishable", status: str, **changes) -> None:
    """The one UPDATE: from the status and version that were looked at, or not at all."""
    changes |= {"status": status}
    if status != record.status:
        changes["status_since"] = timezone.now()
    rows = _rows(record).filter(pk=record.pk, status=record.status, version=record.version)
    if not rows.update(version=F("version") + 1, **changes):
        raise StaleStatus(_("没有改动：这条记录刚被别人处理过。请刷新页面后再看。"))
    for name, value in (changes | {"version": record.version + 1}).items():
        setattr(record, name, value)


def _entry(record: "Publishable", step: str, by, *, reason="", digest="", passed=()) -> ReviewEntry:
    return ReviewEntry(
        record=record if not record.is_working_copy else record.working_copy_of,
        edition=record.edition,
        step=step,
        status=record.status,
        label=record.review_stage.label if record.review_stage else "",
        user=by,
        user_name=str(by),
        at=timezone.now(),
        reason=reason.strip(),
        digest=digest,
        passed=list(passed),
        is_override=by.is_superuser,
    )


def _enter(record: "Publishable", step: str, by, *, reason="", digest="", passed=(), is_logged=True) -> None:
    _entry(record, step, by, reason=reason, digest=digest, passed=passed).save()
    if is_logged:
        log.record(step, by=by, about=record, reason=reason.strip(), is_override=by.is_superuser)


def _refuse_blocking(record: "Publishable", by) -> None:
    overrides = record.trail.filter(step=Step.OVERRIDE, edition=record.edition, digest=record.submitted_digest)
    by_others = overrides if by.is_superuser else overrides.exclude(user=by)
    passed = {key for entry in by_others for key in entry.passed}
    blocking = [finding for finding in record.findings() if finding.is_blocking and finding.key not in passed]
    if blocking:
        advice = _("发布前检查没有通过：请退回修改；确属需要的，请另一位审核人或医院管理员说明理由放行。")
        raise ValidationError([advice, *(f"{finding.label}：{finding.message}" for finding in blocking)])


def _check_time(record: "Publishable", at: datetime | None) -> None:
    if at is None:
        return
    if record.replaces_public:
        raise ValidationError({"at": _("修订稿通过后马上替换公开的内容，不能定时，请留空。")})
    if at <= timezone.now():
        raise ValidationError({"at": _("发布时间已经过了。马上发布请留空，定时发布请填以后的时间（北京时间）。")})


def _publish(record: "Publishable", content: dict, at: datetime | None) -> "Publishable":
    """Make it public; a working copy by way of the row it was made from. Returns the public row."""
    live = record
    if record.is_working_copy:
        record.validate_constraints()  # as the row it becomes; another record may have taken its place meanwhile
        live = _rows(record).get(pk=record.working_copy_of_id)
        _drop(record)
        write(content, live)
    stays_public = live.status == live.Status.PUBLISHED
    published_at = live.published_at if stays_public else at or timezone.now()
    _move(live, live.Status.PUBLISHED, published_at=published_at, edition=record.edition, submitted_digest="")
    _keep_version(live, content, public_from=max(published_at, timezone.now()))
    return live


def _keep_version(record: "Publishable", content: dict, public_from: datetime) -> Version:
    passed = record.trail.filter(step=Step.APPROVE, edition=record.edition, digest=fingerprint(content))
    latest = {entry.status: entry for entry in passed}  # in order of time: a stage passed twice counts as the last time
    version = Version.objects.create(
        record=record,
        number=record.edition,
        public_from=public_from,
        content=content,
        sha256=sha256(content),
        approvals=[
            {
                "stage": entry.status,
                "label": entry.label,
                "user": entry.user_id,
                "name": entry.user_name,
                "at": entry.at.isoformat(),
                "is_override": entry.is_override,
            }
            for entry in sorted(latest.values(), key=lambda entry: entry.at)
        ],
        made_at=timezone.now(),
    )
    names = pictures_in(content, type(record))
    VersionPicture.objects.bulk_create([VersionPicture(version=version, name=name) for name in sorted(names)])
    return version


def _open_copy(record: "Publishable", content: dict, step: str, by, reason: str = "") -> "Publishable":
    if record.is_working_copy:
        raise StaleStatus(_("这已经是一份修订稿，请直接修改。"))
    if record.open_copy:
        raise StaleStatus(_("这条记录已经有一份修订稿，请打开那一份修改。"))
    if record.was_public and not record.versions.filter(number=record.edition).exists():
        # It became public before versions were kept: what the public reads now is the version to go back to.
        _keep_version(record, content_of(record), public_from=record.published_at)
    edition = record.edition + 1 if record.was_public else record.edition
    # What has no place in the content but cannot be empty, such as the permanent reference, is the live row's.
    copy = type(record)(
        working_copy_of=record,
        edition=edition,
        created_by=by,
        updated_by=by,
        **{name: getattr(record, name) for name in record.not_content},
    )
    write(content, copy)
    _enter(copy, step, by, reason=reason)
    return copy


def _drop(copy: "Publishable") -> None:
    """A working copy goes, with its parts; the files of its pictures only where nothing else shows them."""
    for name in copy.parts:
        for part in getattr(copy, name).all():
            part.delete()
    copy.delete()
