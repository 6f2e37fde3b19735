"""The ledger as a project would write it with django-import-export: what benchmarks/export.py compares with."""

from django.db.models import Prefetch
from import_export.fields import Field
from import_export.resources import ModelResource

from branches.models import Activity, Figure


def joined(rows) -> str:
    return "、".join(str(row) for row in rows)


def number(measure: str):
    def value(activity):
        figures = (figure for figure in activity.figures.all() if figure.measure and figure.measure.slug == measure)
        return next((figure.value for figure in figures), None)

    return value


#: header → path of an attribute, or what gives the cell
CELLS = {
    "活动编号": "reference",
    "医院名称": "hospital__name",
    "党组织名称": "branch__name",
    "参与支部": lambda activity: joined(activity.joint_branches.all()),
    "联合单位": lambda activity: joined(activity.partners.all()),
    "活动大类": lambda activity: activity.kind.get_group_display(),
    "活动类别": lambda activity: joined([activity.kind, *activity.further_kinds.all()]),
    "活动主题": "title",
    "活动日期": "start",
    "活动地点": "place",
    "主持人": "host",
    "应到党员数": number("expected"),
    "实到党员数": number("attended"),
    "参加党员数": number("party_members"),
    "志愿者人数": number("volunteers"),
    "医务人员数": number("medical_staff"),
    "场次": number("sessions"),
    "服务人次": number("visits"),
    "筛查人数": number("screened"),
    "听众人次": number("audience"),
    "服务时长(小时)": number("hours"),
    "发放资料(份)": number("leaflets"),
    "数据原文": lambda activity: "；".join(figure.in_words for figure in activity.figures.all()),
    "主要内容": "summary",
    "活动成效": "results",
    "所属品牌": "brand__name",
    "所属举措": "initiative__name",
    "照片数": lambda activity: len(activity.photos.all()),
    "状态": lambda activity: activity.get_status_display(),
    "填报人": "created_by__name",
    "填报日期": "created_at",
}


class LedgerResource(ModelResource):
    class Meta:
        model = Activity
        fields = ()
        chunk_size = 1000

    def __init__(self):
        super().__init__()
        self.fields = {
            header: Field(column_name=header, **{"dehydrate_method" if callable(cell) else "attribute": cell})
            for header, cell in CELLS.items()
        }

    def get_export_order(self):
        return list(self.fields)

    def get_queryset(self):
        return (
            Activity.objects.newest_first()
            .select_related("hospital", "branch", "kind", "brand", "initiative", "created_by")
            .prefetch_related(
                Prefetch("figures", Figure.objects.select_related("measure")),
                "joint_branches", "partners", "further_kinds", "photos",
            )
            .defer("story", "search_text")
        )  # fmt: skip
