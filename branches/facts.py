"""What is known of an activity as short lines, for those who do not see its page: feeds and calendars."""

from django.utils.translation import gettext as _

from branches.models import Activity


def facts_of(activity: Activity) -> list[tuple[str, str]]:
    """Name and words of each fact, in the order of the page; what was not stated is left out."""
    facts = [
        (_("时间"), time_of(activity)),
        (_("地点"), activity.place),
        (_("医院"), activity.hospital.name),
        (_("支部"), branch_of(activity)),
        (_("类别"), activity.kind.name),
        (_("数据"), figures_of(activity)),
    ]
    return [(name, text) for name, text in facts if text]


def time_of(activity: Activity) -> str:
    """The stated period, with the hours where they are known."""
    hours = _("至").join(f"{time:%H:%M}" for time in (activity.start_time, activity.end_time) if time)
    return f"{activity.period.with_weekday} {hours}".strip()


def branch_of(activity: Activity) -> str:
    if activity.branch:
        return activity.branch.name
    return _("各支部") if activity.all_branches else ""


def figures_of(activity: Activity) -> str:
    """Each number in the words of the source: 服务人次60余人次. Of a summary it says that they were announced."""
    words = "，".join(figure.in_words for figure in activity.public_figures)
    return _("%s（单位报数，不与逐条录入的相加）") % words if words and activity.is_summary else words


def own_figures(activity: Activity) -> list:
    """What a visitor may see of its numbers; none of a summary, whose numbers are announced and told with their period."""
    if activity.is_summary:
        return []
    return [figure for figure in activity.figures.select_related("measure") if not figure.is_internal]


def words_of_figures(activity: Activity) -> dict[str, str]:
    """By the name of each number, as a sentence has it: {"服务人次": "60余人次"}."""
    return {figure.name: figure.quantity.display(figure.unit_text) for figure in own_figures(activity)}
