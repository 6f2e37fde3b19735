"""What a branch has to hold how often, and who is let off it. Which branch has done what: ``branches/duties.py``."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from branches.models.branch import Branch
from branches.models.kind import ActivityKind
from branches.periods import Period, Precision
from hospitals.models import Hospital
from hospitals.querysets import ScopedQuerySet
from publishing.constraints import SameParent, UniqueAtField
from publishing.models import Edited

MOST_TIMES = 31
MOST_GRACE_DAYS = 92


class ObligationQuerySet(ScopedQuerySet):
    def public(self):
        """None: what branches owe is for the house."""
        return self.none()

    def editable_by(self, user):
        """Of the person's hospitals, and of the platform, which only its administrator changes."""
        rows = super().editable_by(user)
        return rows if user.is_superuser or not (user.is_active and user.is_staff) else rows | self.of_platform()

    def of_platform(self):
        return self.filter(hospital__isnull=True)

    def in_use(self):
        return self.filter(is_active=True)

    def asked_of(self, hospitals):
        """What these hospitals' branches are asked for: their own items and the platform's."""
        return self.in_use().filter(Q(hospital__isnull=True) | Q(hospital__in=hospitals))


class Obligation(Edited):
    """应办事项. Without a hospital it is asked of every hospital's branches."""

    changes_the_site = False  # no visitor is shown any of it

    class Frequency(models.TextChoices):
        """How often; the values are those of the periods (``Precision``)."""

        MONTH = Precision.MONTH.value, _("每月")
        QUARTER = Precision.QUARTER.value, _("每季度")
        HALF_YEAR = Precision.HALF_YEAR.value, _("每半年")
        YEAR = Precision.YEAR.value, _("每年")

    hospital = models.ForeignKey(
        Hospital,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("医院"),
        help_text=_("不选医院，就是各医院都要办的事项。"),
    )
    name = models.CharField(_("名称"), max_length=40, help_text=_("例如：主题党日。"))
    kinds = models.ManyToManyField(
        ActivityKind,
        related_name="obligations",
        verbose_name=_("算数的活动类别"),
        help_text=_("办了其中任何一类活动都算，写成主要类别或兼有类别都可以。"),
    )
    frequency = models.CharField(_("多久一次"), max_length=10, choices=Frequency, default=Frequency.MONTH)
    times = models.PositiveSmallIntegerField(
        _("每期次数"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TIMES)],
        help_text=_("每月、每季度……至少办几次。"),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("录入宽限天数"),
        default=10,
        validators=[MaxValueValidator(MOST_GRACE_DAYS)],
        help_text=_("一期结束以后还有几天可以录入和审核，过了才算逾期。"),
    )
    for_branch = models.BooleanField(_("党支部要办"), default=True)
    for_general = models.BooleanField(_("党总支要办"), default=False)
    for_joint = models.BooleanField(_("联合支部要办"), default=True)
    for_retired = models.BooleanField(_("离退休支部要办"), default=True)
    valid_from = models.DateField(_("起用日期"), help_text=_("从哪天起要办；期末那天已经起用的，这一期就要办。"))
    valid_to = models.DateField(
        _("截止日期"),
        null=True,
        blank=True,
        help_text=_("不再要求时填最后一天。改频次请给旧事项填上截止日期，再新建一条，否则以前的各期也会按新频次重算。"),
    )
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("不启用的事项不在应办表里出现。"))

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = [F("hospital").asc(nulls_first=True), "id"]
        verbose_name = _("应办事项")
        verbose_name_plural = _("应办事项")
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name", "valid_from"],
                name="branches_obligation_unique_name",
                violation_error_message=_("这家医院已经有同名、同一天起用的事项。"),
            ),
            UniqueAtField(
                fields=["valid_from", "name"],
                condition=Q(hospital__isnull=True),
                name="branches_obligation_unique_platform_name",
                violation_error_message=_("全平台已经有同名、同一天起用的事项。"),
            ),
            models.CheckConstraint(
                condition=Q(times__gte=1, times__lte=MOST_TIMES),
                name="branches_obligation_times",
                violation_error_message=_("每期次数请填1到31。"),
            ),
            models.CheckConstraint(
                condition=Q(grace_days__lte=MOST_GRACE_DAYS),
                name="branches_obligation_grace",
                violation_error_message=_("录入宽限天数最多92天。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="branches_obligation_dates_in_order",
                violation_error_message=_("截止日期早于起用日期，请检查这两个日期。"),
            ),
            models.CheckConstraint(
                condition=Q(for_branch=True) | Q(for_general=True) | Q(for_joint=True) | Q(for_retired=True),
                name="branches_obligation_for_somebody",
                violation_error_message=_("请至少勾选一类要办的支部。"),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def institution(self) -> Hospital | None:
        return self.hospital

    @property
    def rhythm(self) -> str:
        """每季度1次."""
        return f"{self.get_frequency_display()}{self.times}次"

    def asks(self, branch: Branch, day: date) -> bool:
        """Whether it is asked of such a branch of such a hospital on a day; whether the branch exists is asked apart."""
        is_of_hospital = self.hospital_id in {None, branch.hospital_id}
        is_valid = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return self.is_active and is_of_hospital and is_valid and getattr(self, f"for_{branch.kind}")

    def periods_of(self, year: int) -> list[Period]:
        """The months, quarters, half-years of a year, or the year itself."""
        months = (Period.around(date(year, month, 1), self.frequency) for month in range(1, 13))
        return list(dict.fromkeys(months))


class ExemptionQuerySet(ScopedQuerySet):
    def public(self):
        """None: why somebody is let off is for the house."""
        return self.none()

    def editable_by(self, user):
        """Of a limited 填报人: those of their branches, and of all branches."""
        rows = super().editable_by(user)
        if user.is_superuser or user.is_anonymous:
            return rows
        return rows.filter(
            Q(branch__isnull=True) | Q(branch__in=Branch.objects.in_reach_of(user).order_by().values("pk"))
        )

    def touching(self, period: Period):
        """Those that cover a day of a period."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=period.start), starts_on__lte=period.end)


class Exemption(Edited):
    """免除: from a day to a day a branch need not hold an item, or any; its reason stays in the house."""

    changes_the_site = False  # no visitor is shown any of it

    not_content = frozenset({"decided_by", "decided_at"})

    hospital = models.ForeignKey(Hospital, on_delete=models.PROTECT, related_name="exemptions", verbose_name=_("医院"))
    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exemptions",
        verbose_name=_("支部"),
        help_text=_("不选支部，就是本院各支部都免。"),
    )
    obligation = models.ForeignKey(
        Obligation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exemptions",
        verbose_name=_("应办事项"),
        help_text=_("不选事项，就是全部事项都免。"),
    )
    starts_on = models.DateField(
        _("从"), help_text=_("免除期盖住一期的最后一天，这一期就免：免3月的，填3月1日到31日。")
    )
    ends_on = models.DateField(_("到"), null=True, blank=True, help_text=_("还不知道到什么时候的，先不填。"))
    reason = models.CharField(_("原因（内部）"), max_length=200, help_text=_("只给本院工作人员看，不对外公开。"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("登记人"),
    )
    decided_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("应办免除")
        verbose_name_plural = _("应办免除")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="branches_exemption_dates_in_order",
                violation_error_message=_("免除的最后一天早于第一天，请检查这两个日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="branches_exemption_reason",
                violation_error_message=_("请写明免除的原因。"),
            ),
            SameParent(
                field="branch",
                parent="hospital",
                name="branches_exemption_branch_of_hospital",
                violation_error_message=_("这个支部不属于所选医院，请重新选择支部。"),
            ),
        ]

    def __str__(self):
        return f"{self.branch or _('各支部')} · {self.obligation or _('全部事项')}"

    def clean(self):
        super().clean()
        if self.obligation and self.obligation.hospital_id not in {None, self.hospital_id}:
            raise ValidationError({"obligation": _("这个事项属于另一家医院，请重新选择。")})

    @property
    def institution(self) -> Hospital:
        return self.hospital

    def covers(self, obligation: Obligation, branch: Branch, day: date) -> bool:
        is_of_branch = self.branch_id == branch.pk or (
            self.branch_id is None and self.hospital_id == branch.hospital_id
        )
        is_of_item = self.obligation_id in {None, obligation.pk}
        return is_of_branch and is_of_item and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
