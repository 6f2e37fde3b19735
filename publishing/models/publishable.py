"""What every record that becomes public shares. Knows no hospital, branch or article."""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing import checks, workflow
from publishing.content import content_of
from publishing.models.edited import Edited
from publishing.models.trail import WRITING, Outlived, ReviewEntry, Step, Version
from publishing.models.words import WatchedWord
from publishing.search import Searchable, SearchableQuerySet


class Stage(NamedTuple):
    """A review on the way to the public: the status of what waits for it, and what the office calls it."""

    status: str
    label: str


class PublishableQuerySet(SearchableQuerySet):
    def public(self):
        """What a stranger may see. Every public page, list, count, search, feed and download starts here."""
        return self.filter(status=Publishable.Status.PUBLISHED, published_at__lte=timezone.now())

    def published(self):
        """Also what is to become public at a time that has not come yet."""
        return self.filter(status=Publishable.Status.PUBLISHED)

    def scheduled(self):
        return self.filter(status=Publishable.Status.PUBLISHED, published_at__gt=timezone.now())

    def on_the_way(self):
        """What may become public but is not yet: drafts, what is reviewed, what has its hour. No revisions."""
        is_scheduled = Q(status=Publishable.Status.PUBLISHED, published_at__gt=timezone.now())
        return self.originals().filter(Q(status__in=Publishable.UNPUBLISHED) | is_scheduled)

    def unpublished(self):
        """Drafts and what is reviewed. No revisions."""
        return self.originals().filter(status__in=Publishable.UNPUBLISHED)

    def hours(self):
        """When the latest of them became public, and when others will; withdrawn ones too, so that an index tells."""
        now = timezone.now()
        latest = self.filter(published_at__lte=now).order_by("-published_at", "-pk").values("pk")[:1]
        return self.filter(Q(published_at__gt=now) | Q(pk=Subquery(latest))).order_by().values_list("published_at")

    def not_withdrawn(self):
        """Said by the statuses that are left, which an index finds one after the other."""
        return self.filter(status__in=[*Publishable.UNPUBLISHED, Publishable.Status.PUBLISHED])

    def drafts(self):
        return self.filter(status=Publishable.Status.DRAFT)

    def originals(self):
        """Without working copies: a record is listed, counted and pointed to once."""
        return self.filter(working_copy_of__isnull=True)

    def awaiting_review_by(self, user):
        """What waits for this person: of what they may approve, what is at a stage that their role reviews."""
        raise NotImplementedError

    def approvable_by(self, user):
        """Of texts under review, those that four eyes let this person approve.

        Not what they have written on since the last public version, nor what they approved at another stage. The
        rule's one home, for one record and for a list of them; the person's role at the stage is asked apart.
        """
        mine = ReviewEntry.objects.of_present_edition(self.model).filter(user=user)
        written = mine.filter(step__in=WRITING)
        approved = mine.filter(step=Step.APPROVE, digest=OuterRef("submitted_digest")).exclude(
            status=OuterRef("status")
        )
        return (
            self.filter(status__in=Publishable.REVIEWS)
            .exclude(created_by=user)
            .exclude(updated_by=user)
            .exclude(Exists(written))
            .exclude(Exists(approved))
        )


class Publishable(Edited, Searchable):
    """A record with a status that only the verbs of ``publishing.workflow`` change."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        FIRST_REVIEW = "first_review", _("待初审")
        SECOND_REVIEW = "second_review", _("待复审")
        FINAL_REVIEW = "final_review", _("待终审")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    #: in their order; a record may pass fewer of them (``review_stages``), always ending with the last
    REVIEWS = (Status.FIRST_REVIEW, Status.SECOND_REVIEW, Status.FINAL_REVIEW)
    #: what was never public, or is a revision
    UNPUBLISHED = (Status.DRAFT, *REVIEWS)

    #: related names of the rows that are part of the record's content, in reading order
    parts: tuple[str, ...] = ()
    #: fields that no reader sees as content: permanent numbers and the like
    not_content: frozenset[str] = frozenset()
    #: content that stays inside the house: compared and kept, but not checked as public text
    internal_fields: frozenset[str] = frozenset()

    status = models.CharField(_("状态"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    status_since = models.DateTimeField(_("进入现状态的时间"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    edition = models.PositiveIntegerField(_("版次"), default=1, editable=False)
    submitted_digest = models.CharField(_("送审内容指纹"), max_length=64, blank=True, editable=False)
    working_copy_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="working_copy",
        verbose_name=_("修订自"),
    )
    created_at = models.DateTimeField(_("填报时间"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("填报人"),
    )
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("修改人"),
    )

    #: for lists that need the versions of many rows; of one record ask ``versions``, also of its working copy
    kept_versions = Outlived(Version)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_public(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at <= timezone.now()

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.PUBLISHED and self.published_at > timezone.now()

    @property
    def is_under_review(self) -> bool:
        return self.status in self.REVIEWS

    @property
    def is_working_copy(self) -> bool:
        return self.working_copy_of_id is not None

    @property
    def replaces_public(self) -> bool:
        """Approved at last, it takes the place of a published record and has no time of its own."""
        return self.is_working_copy and self.working_copy_of.status == self.Status.PUBLISHED

    @property
    def root_pk(self) -> int:
        """The key of the live row, whose reference and address the record has."""
        return self.working_copy_of_id or self.pk

    @property
    def was_public(self) -> bool:
        return self.published_at is not None

    @property
    def open_copy(self) -> "Publishable | None":
        """The working copy, where one is open."""
        return None if self.is_working_copy else type(self)._default_manager.filter(working_copy_of=self.pk).first()

    @property
    def institution(self):
        """Whose record it is, for the log: something with a ``pk`` and a name."""
        return None

    @property
    def review_stages(self) -> list[Stage]:
        """The reviews the record has to pass, in order."""
        return [Stage(status, Publishable.Status(status).label.removeprefix("待")) for status in self.REVIEWS]

    @property
    def review_stage(self) -> Stage | None:
        """The review it waits for. A stage the office has given up meanwhile keeps its usual name."""
        if not self.is_under_review:
            return None
        usual = self.get_status_display().removeprefix("待")
        return next((stage for stage in self.review_stages if stage.status == self.status), Stage(self.status, usual))

    @property
    def next_review(self) -> Stage | None:
        """The review after the present one; None after the last."""
        reached = self.REVIEWS.index(self.status) if self.is_under_review else -1
        return next((stage for stage in self.review_stages if self.REVIEWS.index(stage.status) > reached), None)

    @property
    def status_text(self) -> str:
        """The status in the office's own words: 待核稿, 定时发布."""
        if self.is_scheduled:
            return str(_("定时发布"))
        return f"待{self.review_stage.label}" if self.review_stage else self.get_status_display()

    @property
    def trail(self):
        return ReviewEntry.objects.of(self)

    @property
    def versions(self):
        return Version.objects.of(self)

    def get_preview_url(self) -> str:
        """Where staff read it as the public will. A record with a page of its own has it at its own address."""
        return f"{self.get_absolute_url()}{'?draft=1' if self.is_working_copy else ''}"

    def permits(self, user, right: str) -> bool:
        """Whether the person's role lets them: change, first_review, second_review, final_review, override, withdraw."""
        raise NotImplementedError

    def why_not_submitted_by(self, user) -> str:
        """What else than their rights keeps a person from handing this in, for them to read; '' where nothing does."""
        return ""

    def findings(self) -> list[checks.Finding]:
        """What the checks before publication find in the record as it stands."""
        found = checks.check(type(self), content_of(self), list(WatchedWord.objects.active()))
        return [*found, *self.own_findings()]

    def own_findings(self) -> Iterable[checks.Finding]:
        """Findings that need to know what kind of record it is: 实到 above 应到, a date that has not come."""
        return ()

    def gaps(self) -> list[checks.Finding]:
        """What keeps it from being handed in, all of it. Settles what the rules of the model settle (``full_clean``)."""
        return [*checks.gaps(self), *self.own_gaps()]

    def own_gaps(self) -> Iterable[checks.Finding]:
        """What else it cannot be without: an article its text. Asked of a form that is not saved as well: reads own fields only."""
        return ()

    def unfilled(self) -> Iterable[checks.Finding]:
        """What its writer might still fill in: nothing waits for it."""
        return ()

    def validate_constraints(self, exclude=None):
        """A working copy is held to what the record it will become is held to, and so takes no name from itself."""
        exclude = set(exclude or ()) - {"working_copy_of", "status"}
        if self.is_working_copy:
            become = copy.copy(self)
            become.pk, become.working_copy_of_id = self.working_copy_of_id, None
            models.Model.validate_constraints(become, exclude)
        else:
            super().validate_constraints(exclude)

    def submit(self, *, by) -> None:
        workflow.submit(self, by=by)

    def take_back(self, *, by) -> None:
        workflow.take_back(self, by=by)

    def approve(self, *, by, at: datetime | None = None) -> "Publishable":
        return workflow.approve(self, by=by, at=at)

    def return_(self, *, by, reason: str) -> None:
        workflow.return_(self, by=by, reason=reason)

    def override(self, *, by, reason: str) -> None:
        workflow.override(self, by=by, reason=reason)

    def withdraw(self, *, by, reason: str) -> None:
        workflow.withdraw(self, by=by, reason=reason)

    def revise(self, *, by) -> "Publishable":
        return workflow.revise(self, by=by)

    def restore(self, version: Version, *, by) -> "Publishable":
        return workflow.restore(self, version, by=by)

    def discard(self, *, by) -> None:
        workflow.discard(self, by=by)


def publishable_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What is published has a time; what is reviewed, its content's fingerprint; a working copy is never public."""
    is_reviewed = Q(status__in=Publishable.REVIEWS)
    return [
        models.CheckConstraint(
            condition=~Q(status=Publishable.Status.PUBLISHED) | Q(published_at__isnull=False),
            name=f"{prefix}_published_when",
            violation_error_message=_("已发布的记录缺少发布时间，请撤回后重新发布。"),
        ),
        models.CheckConstraint(
            condition=(is_reviewed & ~Q(submitted_digest="")) | (~is_reviewed & Q(submitted_digest="")),
            name=f"{prefix}_reviewed_content",
            violation_error_message=_("待审的记录没有记下送审的内容，请退回后重新送审。"),
        ),
        models.CheckConstraint(
            condition=Q(working_copy_of__isnull=True) | Q(status__in=[*Publishable.UNPUBLISHED]),
            name=f"{prefix}_copy_not_public",
            violation_error_message=_("修订稿不能直接公开，请通过审核后合并到原记录。"),
        ),
    ]
