"""What an experienced colleague notices in the numbers of an activity or a report before they become public."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.checks import Finding, Severity
from publishing.quantities import Quantity

#: persons (人) who are counted among the 人次 of the same activity
PERSONS_AMONG_VISITS = ("screened", "trained")
SUMMARY_HAS_NONE = gettext_lazy(
    "“阶段汇总”的数字请在“统计期间报数”里填，不与单次活动相加。请清空这里的数字，或者把“性质”改成单次活动。"
)


def other_hospital(row, name: str, label: str, at: str = "") -> Finding:
    """A record that another hospital's ``row`` is named in."""
    message = _("“%s”属于另一家医院，请退回重新选择。") % row
    return Finding("other_hospital", Severity.BLOCK, message, name, label, at=at)


def activity_findings(activity) -> Iterator[Finding]:
    today = timezone.localdate()
    if activity.nature == activity.Nature.SINGLE and activity.start and activity.start > today:
        message = _("活动日期还没到：只发布已经开展的活动，请检查年月日。")
        yield Finding("future", Severity.BLOCK, message, "start", _("开始日期"), excerpt=str(activity.period))
    figures = {figure.measure.slug: figure for figure in activity.figures.select_related("measure") if figure.measure}
    yield from figure_findings(figures)
    for field in ("joint_branches", "partners"):
        for row in getattr(activity, field).exclude(hospital=activity.hospital_id):
            yield other_hospital(row, "partners", _("联合单位和参与支部"), at=field)


def date_gaps(record) -> Iterator[Finding]:
    """Of an activity or a report."""
    if record.is_date_awaited:
        message = _("还没有填日期；原稿没有写明时间的，请在“日期写到”里选“时间未载明”。")
        yield Finding("no_date", Severity.BLOCK, message, "start", _("开始日期"))


def activity_unfilled(activity) -> Iterator[Finding]:
    def advise(name: str, message: str, label: str = "", at: str = "") -> Finding:
        label = label or str(activity._meta.get_field(name).verbose_name)
        return Finding("unfilled", Severity.ADVISE, message, name, label, at=at)

    is_single = activity.nature == activity.Nature.SINGLE  # a standing one has no day and no place of its own
    if not activity.branch_id and not activity.all_branches:
        yield advise("branch", _("没有选主办支部：算作医院的活动，不计入任何支部。"))
    if is_single and not activity.place:
        yield advise("place", _("没有写活动地点。"))
    if not activity.summary.strip():
        yield advise("summary", _("没有写主要内容：台账用的就是这一段。"))
    for measure in activity.unreported:
        message = _("这类活动请填“%s”；没有统计的留空，留空不等于0。") % measure.name
        yield advise("figures", message, label=measure.name, at=f"figures.{measure.slug}")


def report_findings(report) -> Iterator[Finding]:
    lines = report.figures.select_related("measure", "kind", "subset_of__measure", "subset_of__kind", "activity")
    for index, line in enumerate(lines):
        if line.subset_of and line.quantity.certainly_exceeds(line.subset_of.quantity):
            message = _("“其中”的数比总数大，请核对这两行。")
            yield Finding(
                "part_above_total",
                Severity.BLOCK,
                message,
                "figures",
                line.name,
                excerpt=line.in_words,
                at=f"figures.{index}.quantity",
            )
        if line.activity and line.activity.hospital_id != report.hospital_id:
            yield other_hospital(line.activity, "figures", line.name, at=f"figures.{index}.activity")


def figure_findings(figures: dict) -> Iterator[Finding]:
    """``figures``: those of one activity by the slug of their measure."""
    yield from _attendance(figures)
    yield from _visits(figures)


def attendance_refusal(expected: Quantity, attended: Quantity) -> str:
    return _("实到人数比应到人数多，请核对这两个数。") if attended.certainly_exceeds(expected) else ""


def _attendance(figures: dict) -> Iterator[Finding]:
    expected, attended = figures.get("expected"), figures.get("attended")
    message = attendance_refusal(expected.quantity, attended.quantity) if expected and attended else ""
    if message:
        words = f"{expected.in_words}，{attended.in_words}"
        yield Finding(
            "attended_above_expected",
            Severity.BLOCK,
            message,
            "figures",
            attended.name,
            excerpt=words,
            at="figures.attended",
        )


def _visits(figures: dict) -> Iterator[Finding]:
    visits = figures.get("visits")
    for slug in PERSONS_AMONG_VISITS:
        persons = figures.get(slug)
        if visits and persons and persons.quantity.certainly_exceeds(visits.quantity):
            message = _("人次比人数少：一个人至少算一人次，请核对这两个数。")
            words = f"{visits.in_words}，{persons.in_words}"
            yield Finding(
                "visits_below_persons",
                Severity.WARN,
                message,
                "figures",
                visits.name,
                excerpt=words,
                at="figures.visits",
            )
