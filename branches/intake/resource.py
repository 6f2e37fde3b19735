"""The ledger's columns as an import-export resource: which rows are new, changed, unchanged or refused, and why.

It saves nothing: import-export would save row by row, with a transaction rolled back for a preview, which on SQLite
keeps every writer waiting. ``writing`` writes the rows that it has made.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource

from branches.intake.columns import (
    BranchesWidget,
    KindsWidget,
    LedgerField,
    NamedWidget,
    OrganiserWidget,
    PartnersWidget,
    PeriodWidget,
    QuantityWidget,
    RegionWidget,
    TimesWidget,
    messages_of,
    text_of,
)
from branches.intake.names import Names
from branches.intake.planned import MEASURED, REFERENCE, TOGETHER, PlannedRow
from branches.ledger import FULL_LEDGER
from branches.models import Activity


class KnownRows(BaseInstanceLoader):
    """The records that a file names by their references, all fetched at once."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        place = dataset.headers.index(REFERENCE)
        references = {text_of(row[place]) for row in dataset} - {""}
        resource.look_up(references)

    def get_instance(self, row):
        return self.resource.known.get(text_of(row[REFERENCE]))


class LedgerResource(Resource):
    reference = LedgerField(REFERENCE, "reference")
    organiser = LedgerField("党组织名称", "organiser", OrganiserWidget())
    joint_branches = LedgerField("参与支部", "joint_branches", BranchesWidget())
    partners = LedgerField("联合单位", "partners", PartnersWidget())
    kinds = LedgerField("活动类别", "kinds", KindsWidget())
    title = LedgerField("活动主题", "activity__title")
    period = LedgerField("活动日期", "period", PeriodWidget())
    until = LedgerField("结束日期", "until", PeriodWidget())
    times = LedgerField("活动时间", "times", TimesWidget())
    place = LedgerField("活动地点", "activity__place")
    region = LedgerField("行政区划代码", "activity__region", RegionWidget())
    host = LedgerField("主持人", "activity__host")
    recorder = LedgerField("记录人", "activity__recorder")
    words = LedgerField("数据原文", "words")
    summary = LedgerField("主要内容", "activity__summary")
    results = LedgerField("活动成效", "activity__results")
    brand = LedgerField("所属品牌", "activity__brand", NamedWidget("brands", _("品牌")))
    initiative = LedgerField("所属举措", "activity__initiative", NamedWidget("initiatives", _("举措")))
    clinic_registration = LedgerField("义诊备案", "activity__clinic_registration")
    remarks = LedgerField("备注", "activity__remarks")

    class Meta:
        import_id_fields = ("reference",)
        instance_loader_class = KnownRows
        skip_diff = True

    def __init__(self, names: Names, *, for_update: bool = False):
        super().__init__()
        self.names, self.for_update = names, for_update
        self.fields |= {f"of_{slug}": LedgerField(header, f"numbers__{slug}", QuantityWidget(slug)) for slug, header in MEASURED.items()}  # fmt: skip
        self.planned: list[PlannedRow] = []
        self.known: dict[str, PlannedRow] = {}
        self.said: dict[str, dict[str, str]] = {}
        self.out_of_reach: set[str] = set()

    def look_up(self, references: set[str]) -> None:
        """The records of the hospital with these references, and what the ledger says of them now."""
        all_of_them = Activity.objects.of_hospital(self.names.hospital).originals().filter(reference__in=references)
        rows = all_of_them.editable_by(self.names.user).order_by("pk")
        if self.for_update:
            rows = rows.select_for_update(of=("self",), no_key=True)
        detailed = rows.select_related("hospital", "branch", "kind", "brand", "initiative", "region").prefetch_related(
            "joint_branches", "partners", "further_kinds", "figures__measure"
        )
        self.known = {activity.reference: PlannedRow(activity) for activity in detailed}
        for row in FULL_LEDGER.rows(rows.model.objects.filter(pk__in=[one.activity.pk for one in self.known.values()])):
            self.said[row.reference] = {
                column.header: text_of(value).replace("\r\n", "\n")
                for column in FULL_LEDGER.columns
                if (value := column.value(row)) is not None
            }
        self.out_of_reach = set(all_of_them.values_list("reference", flat=True)) - set(self.known)

    def init_instance(self, row=None):
        return PlannedRow(Activity(hospital=self.names.hospital))

    def after_init_instance(self, instance, new, row, **kwargs):
        """A reference counts once, and cells that say what the ledger says now are left alone."""
        reference = text_of(row[REFERENCE])
        self.planned.append(instance)
        if new and reference in self.said:
            instance.refuse(REFERENCE, _("编号%s在这份文件里出现了两次，请只留一行。") % reference)
        elif reference in self.out_of_reach:
            instance.refuse(
                REFERENCE, _("编号%s的记录不在您能修改的范围里。要作为新记录导入，请清空编号。") % reference
            )
        elif new and reference:
            instance.warn(REFERENCE, _("本院没有编号%s的记录：作为新记录导入，另给编号。") % reference)
        hospital = text_of(row.get("医院名称", ""))
        if new and hospital and hospital not in self.names.own_names:
            instance.warn("医院名称", _("这一行写的是“%s”，导入后是本院的记录。") % hospital)
        if not new:
            self.known.pop(reference)
            _leave_alone(row, self.said[reference])

    def import_instance(self, instance, row, **kwargs):
        """Every cell that cannot be taken is told, not only the first."""
        for field in self.get_import_fields():
            try:
                self.import_field(field, instance, row, names=self.names, **kwargs)
            except (ValidationError, ValueError) as refusal:
                instance.refuse(field.column_name, *messages_of(refusal))
        instance.settle(self.names)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not instance.is_new and not instance.problems and not instance.changes

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if not instance.is_new:
            instance.refuse(REFERENCE, self._why_not_changed(instance.activity))
        instance.validate(self.names)
        if instance.problems:
            raise ValidationError({header or NON_FIELD_ERRORS: found for header, found in instance.problems.items()})

    def _why_not_changed(self, activity: Activity) -> str:
        if activity.status != Activity.Status.DRAFT:
            return (
                _("这条记录现在是“%s”，不能用导入修改：请在后台打开它，点“修订”或等审核退回。") % activity.status_text
            )
        if not activity.permits(self.names.user, "change"):
            return _("这条草稿不是您能修改的，请交给负责的填报人。")
        return ""

    def save_instance(self, instance, is_create, row, **kwargs):
        pass

    def save_m2m(self, instance, row, **kwargs):
        pass

    def after_import_row(self, row, row_result, **kwargs):
        kwargs["advance"](1)


def _leave_alone(row: dict, said: dict[str, str]) -> None:
    """Take out of a row what would change nothing; of columns that belong together, all or none."""
    same = {header for header, cell in row.items() if text_of(cell) == said.get(header, "")}
    for group in TOGETHER:
        given = set(group) & set(row)
        if not given <= same:
            same -= given
    for header in same - {REFERENCE}:
        del row[header]
