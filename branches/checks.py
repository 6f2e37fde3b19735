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


def other_hospital(row, name: str, label: str) -> Finding:
    """A record that another hospital's ``row`` is named in."""
    message = _("“%s”属于另一家医院，请退回重新选择。") % row
    return Finding("other_hospital", Severity.BLOCK, message, name, label)


def activity_findings(activity) -> Iterator[Finding]:
    today = timezone.localdate()
    if activity.nature == activity.Nature.SINGLE and activity.start and activity.start > today:
        message = _("活动日期还没到：只发布已经开展的活动，请检查年月日。")
        yield Finding("future", Severity.BLOCK, message, "start", _("开始日期"), excerpt=str(activity.period))
    figures = {figure.measure.slug: figure for figure in activity.figures.select_related("measure") if figure.measure}
    yield from figure_findings(figures)
    elsewhere = [
        *activity.joint_branches.exclude(hospital=activity.hospital_id),
        *activity.partners.exclude(hospital=activity.hospital_id),
    ]
    for row in elsewhere:
        yield other_hospital(row, "partners", _("联合单位和参与支部"))


def report_findings(report) -> Iterator[Finding]:
    for line in report.figures.select_related("measure", "kind", "subset_of__measure", "subset_of__kind", "activity"):
        if line.subset_of and line.quantity.certainly_exceeds(line.subset_of.quantity):
            message = _("“其中”的数比总数大，请核对这两行。")
            yield Finding("part_above_total", Severity.BLOCK, message, "figures", line.name, excerpt=line.in_words)
        if line.activity and line.activity.hospital_id != report.hospital_id:
            yield other_hospital(line.activity, "figures", line.name)


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
        yield Finding("attended_above_expected", Severity.BLOCK, message, "figures", attended.name, excerpt=words)


def _visits(figures: dict) -> Iterator[Finding]:
    visits = figures.get("visits")
    for slug in PERSONS_AMONG_VISITS:
        persons = figures.get(slug)
        if visits and persons and persons.quantity.certainly_exceeds(visits.quantity):
            message = _("人次比人数少：一个人至少算一人次，请核对这两个数。")
            words = f"{visits.in_words}，{persons.in_words}"
            yield Finding("visits_below_persons", Severity.WARN, message, "figures", visits.name, excerpt=words)
