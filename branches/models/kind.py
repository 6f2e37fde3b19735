from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.models import Edited

#: Units of which there are no halves.
WHOLE_UNITS = {"人", "人次", "名", "场", "次", "户", "份", "册", "例", "个", "所"}


class ControlledListQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class Measure(Edited):
    """What a figure counts. The slug is used in links and exports and never changes."""

    slug = models.SlugField(_("代号"), max_length=30, unique=True, help_text=_("启用后不要再改。"))
    name = models.CharField(_("名称"), max_length=30)
    unit = models.CharField(_("单位"), max_length=10)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)

    objects = ControlledListQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("指标")
        verbose_name_plural = _("指标")

    def __str__(self):
        return f"{self.name}（{self.unit}）"


class ActivityKind(Edited):
    """The controlled list of kinds. One that is retired stays on old records and in their exports."""

    class Group(models.TextChoices):
        ORGANISATION = "A", _("组织生活")
        SERVICE = "B", _("服务群众")
        INTEGRATION = "C", _("党业融合")

    slug = models.SlugField(_("代号"), max_length=30, unique=True, help_text=_("启用后不要再改。"))
    name = models.CharField(_("名称"), max_length=40)
    group = models.CharField(_("大类"), max_length=1, choices=Group)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("启用"), default=True)
    measures = models.ManyToManyField(Measure, through="KindMeasure", related_name="kinds", verbose_name=_("指标"))

    #: the rows that are edited inside it, which say all that ``measures`` says
    parts = ("kind_measures",)
    not_content = frozenset({"measures"})

    objects = ControlledListQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("活动类别")
        verbose_name_plural = _("活动类别")

    def __str__(self):
        return self.name


class KindMeasure(models.Model):
    """A measure that a kind's form asks for (●) or offers (○). Every figure may be left empty all the same."""

    kind = models.ForeignKey(
        ActivityKind, on_delete=models.CASCADE, related_name="kind_measures", verbose_name=_("活动类别")
    )
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="kind_measures", verbose_name=_("指标"))
    is_asked = models.BooleanField(_("请填"), default=False, help_text=_("勾选的排在前面，请编辑尽量填写。"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("类别的指标")
        verbose_name_plural = _("类别的指标")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "measure"],
                name="branches_kindmeasure_unique",
                violation_error_message=_("这个类别已经有这项指标。"),
            )
        ]

    def __str__(self):
        return f"{self.kind} · {self.measure}"
