"""催办: the words with which an office reminds its branches, to be copied into a message. They name what is open, no more."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from branches.duties import Duty, State
from branches.models import Branch, Obligation


def reminder(duties: Mapping[Branch, Iterable[Duty]], today: date) -> str:
    """To these branches, each with what it has open; '' where nothing is."""
    still_open = {branch: [duty for duty in own if duty.is_open] for branch, own in duties.items()}
    still_open = {branch: own for branch, own in still_open.items() if own}
    if not still_open:
        return ""
    parts = [f"【应办事项提醒】截至{today.year}年{today.month}月{today.day}日，以下事项还没有办完："]
    for branch, own in still_open.items():
        parts.append(f"{branch.name}：")
        by_item = groupby(own, lambda duty: duty.obligation)
        parts += [f"{number}. {of_item(item, duties, today)}" for number, (item, duties) in enumerate(by_item, start=1)]
    parts.append("办完请及时填报、送审，公开以后即算完成；已经填报的，请留意审核进度。谢谢！")
    return "\n".join(parts)


def of_item(obligation: Obligation, duties: Iterable[Duty], today: date) -> str:
    """主题党日：2026年9月、10月已逾期，请尽快补办补报；11月请于11月30日前开展，12月10日前完成填报和审核。"""
    duties = list(duties)
    missing = {duty: _missing(duty, is_first=duty is duties[0]) for duty in duties}
    late = "、".join(words for duty, words in missing.items() if duty.state == State.LATE)
    clauses = [f"{late}已逾期，请尽快补办补报"] if late else []
    clauses += [f"{words}{_wish(duty, today)}" for duty, words in missing.items() if duty.state == State.DUE]
    waiting = sum(len(duty.pending) for duty in duties)
    if waiting:
        clauses.append(f"其中已填报、还没公开的有{waiting}条，请跟进审核")
    return f"{obligation.name}：{'；'.join(clauses)}。"


def _missing(duty: Duty, *, is_first: bool) -> str:
    """Which period, the first with its year; and how often where that is not always once."""
    period = str(duty.period) if is_first else duty.period.headline
    return f"{period}（还差{duty.missing}次）" if duty.obligation.times > 1 else period


def _wish(duty: Duty, today: date) -> str:
    end, until = _day(duty.period.end, today), _day(duty.until, today)
    if today > duty.period.end:
        return f"已经结束，请于{until}前完成填报和审核"
    if duty.until == duty.period.end:
        return f"请于{end}前开展并完成填报和审核"
    return f"请于{end}前开展，{until}前完成填报和审核"


def _day(day: date, today: date) -> str:
    """Without its year where that is this one."""
    return f"{'' if day.year == today.year else f'{day.year}年'}{day.month}月{day.day}日"
