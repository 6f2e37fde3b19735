"""A ledger as it was handed in 报送: kept with its SHA-256, never changed, whatever becomes of the records in it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches.models.branch import Branch, whole_hospitals
from branches.models.scope import limit_of
from branches.periods import Period, Precision
from hospitals.models import Hospital
from hospitals.querysets import ScopedQuerySet
from publishing.constraints import SameParent
from publishing.content import sha256_of
from publishing.models.append_only import AppendOnly, AppendOnlyQuerySet


class FrozenLedgerQuerySet(AppendOnlyQuerySet, ScopedQuerySet):
    def editable_by(self, user):
        """To look at: a 填报人 who is limited to some branches sees what was handed in of these, not of the whole."""
        rows = super().editable_by(user)
        if user.is_superuser or user.is_anonymous:
            return rows
        held = user.memberships.all()
        branches = Branch.objects.covered_by(held).order_by().values("pk")
        return rows.filter(Q(hospital__in=whole_hospitals(held)) | Q(branch__in=branches))

    def of_unit_and_period(self, hospital: Hospital, branch: Branch | None, period: Period):
        return self.filter(hospital=hospital, branch=branch, start=period.start, end=period.end)

    def without_content(self):
        """For lists: a content may be of many megabytes."""
        return self.defer("content")

    def with_unit(self):
        return self.select_related("hospital", "branch")


class FrozenLedger(AppendOnly):
    changes_the_site = False  # no visitor is shown any of it

    hospital = models.ForeignKey(
        Hospital, on_delete=models.PROTECT, related_name="frozen_ledgers", verbose_name=_("医院")
    )
    branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="frozen_ledgers", verbose_name=_("支部")
    )
    unit = models.CharField(_("填报单位"), max_length=200, help_text=_("封存时的名称。"))
    start = models.DateField(_("开始日期"))
    end = models.DateField(_("结束日期"))
    precision = models.CharField(_("期间写到"), max_length=10, choices=Precision)
    year = models.PositiveSmallIntegerField(_("封存年份"))
    number = models.PositiveIntegerField(_("本年第几次"))
    note = models.TextField(_("说明"), blank=True, max_length=500)
    # Rows are only added to, so the account stays, as those in the trail and in the log do.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("封存人")
    )
    made_by_name = models.CharField(_("封存人姓名"), max_length=150)
    made_at = models.DateTimeField(_("封存时间"))
    #: JSON in its canonical form (``branches.frozen_content``); the hash is of these very bytes in UTF-8
    content = models.TextField(_("内容"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    row_count = models.PositiveIntegerField(_("条数"))

    objects = FrozenLedgerQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        ordering = ["-made_at", "-id"]
        verbose_name = _("报送")
        verbose_name_plural = _("报送")
        default_permissions = ("add", "view")
        indexes = [models.Index(fields=["hospital", "-made_at"], name="branches_frozenledger_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "year", "number"],
                name="branches_frozenledger_unique_number",
                violation_error_message=_("这个报送编号已经有了，请重新点“封存”。"),
            ),
            models.UniqueConstraint(
                fields=["hospital", "start", "end", "sha256"],
                condition=Q(branch__isnull=True),
                name="branches_frozenledger_once_of_hospital",
                violation_error_message=_("同样的内容已经封存过，不用再封存一份。"),
            ),
            models.UniqueConstraint(
                fields=["branch", "start", "end", "sha256"],
                name="branches_frozenledger_once_of_branch",
                violation_error_message=_("同样的内容已经封存过，不用再封存一份。"),
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")) & ~Q(precision=Precision.UNKNOWN),
                name="branches_frozenledger_dates_in_order",
                violation_error_message=_("结束日期早于开始日期，请检查这两个日期。"),
            ),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_frozenledger_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.unit}{self.period}"

    def get_absolute_url(self):
        return reverse("admin:branches_frozenledger_change", args=[self.pk])

    @property
    def reference(self) -> str:
        """报送编号, as the numbers of activities are made: hospital, year, BS for 报送, which of the year."""
        return f"{self.hospital.code}-{self.year}-BS{self.number:02d}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.precision)

    @property
    def institution(self) -> Hospital:
        return self.hospital

    @property
    def is_intact(self) -> bool:
        """The content is the one that was frozen."""
        return sha256_of(self.content) == self.sha256

    def is_covered_by(self, membership) -> bool:
        limit = limit_of(membership)
        return not limit or self.branch_id in limit
