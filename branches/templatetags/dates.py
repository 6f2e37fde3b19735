"""The row of years over a list of the admin, without a look at each row of it."""

from calendar import monthrange

from django import template

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def dates(cl) -> dict:
    """Django's ``date_hierarchy`` asks of all rows which years, months and days they have: seconds at a million rows.

    Here the years come from the index, from the latest to the first of all that the person may see; every year has twelve
    months, and every month its days. ``cl``: the list, whose ``date_hierarchy`` is a field of DatedQuerySet's order.
    """
    year, month, day = (_number(cl.params.get(f"{cl.date_hierarchy}__{name}")) for name in ("year", "month", "day"))
    if not year:
        links = [_link(cl, f"{own}年", year=own) for own in cl.root_queryset.years()]
        return {"show": bool(links), "back": None, "choices": links}
    if not month:
        links = [_link(cl, f"{own}月", year=year, month=own) for own in range(1, 13)]
        return {"show": True, "back": _link(cl, "全部日期"), "choices": links}
    if not day:
        last = monthrange(year, month)[1] if 1 <= month <= 12 else 0
        links = [_link(cl, f"{own}日", year=year, month=month, day=own) for own in range(1, last + 1)]
        return {"show": True, "back": _link(cl, f"{year}年", year=year), "choices": links}
    return {
        "show": True,
        "back": _link(cl, f"{year}年{month}月", year=year, month=month),
        "choices": [{"title": f"{month}月{day}日"}],
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _link(cl, title: str, **parts: int) -> dict[str, str]:
    query = cl.get_query_string(
        {f"{cl.date_hierarchy}__{name}": part for name, part in parts.items()}, [f"{cl.date_hierarchy}__"]
    )
    return {"title": title, "link": query}
