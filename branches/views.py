"""Public pages of brands and activities, and the downloads of exactly what a list shows."""

from django.shortcuts import render

from branches.cuts import addresses
from branches.downloads import ledger_response
from branches.entries import entries_by_year
from branches.filters import (
    ActivityFilter,
    BrandFilter,
    StatisticsFilter,
    activity_choices,
    branch_choices,
    brand_choices,
)
from branches.ledger import PUBLIC_LEDGER
from branches.meta import activity_list_meta, brand_wall_meta, statistics_meta
from branches.models import Activity
from branches.reconciliation import announced, compared
from branches.statistics import choices, with_chosen
from branches.statistics_sheet import seen, statistics_response
from branches.sums import totals_of_list
from branches.tally_sums import one_look
from hospitals.filters import hospital_choices
from publishing.freshness import public_page
from publishing.kept import lazily
from publishing.paging import page_of


@public_page
def brand_wall(request):
    form = BrandFilter(request.GET)
    valid = form.is_valid()
    groups = lazily(form.groups if valid else list)
    context = {
        "meta": lazily(brand_wall_meta, form),
        "form": form,
        "hospitals": request.stamp.kept(("hospital choices",), hospital_choices),
        "groups": groups,
        "hung": lazily(lambda: sum(group.hung for group in groups)),
        "empty": lazily(lambda: sum(group.empty for group in groups)),
    }
    return render(request, "branches/brand_wall.html", context, status=200 if valid else 400)


def activity_download(request, extension):
    """Exactly the filtered public activities, with the columns a visitor may see."""
    form = ActivityFilter(request.GET)
    if not form.is_valid():
        return activity_list(request)
    return ledger_response(
        request,
        form.rows().newest_first(),
        PUBLIC_LEDGER,
        extension,
        unit=form.unit,
        period=form.period_text,
        conditions=form.summary,
        exported_by="公众下载",
    )


@public_page
def activity_list(request):
    kept, form = request.stamp.kept, lazily(ActivityFilter.read, request.GET)
    asked = kept(("activities asked for", request.GET.urlencode()), lambda: form.asked, "lists")
    rows = lazily(lambda: form.rows() if asked["valid"] else Activity.objects.none())
    page = page_of(request, lambda: rows.newest_first())
    context = {
        "meta": lazily(activity_list_meta, form, page.number),
        "form": form,
        "asked": asked,
        "page": page,
        "years": lazily(entries_by_year, request.stamp, page),
        "totals": lazily(totals_of_list, rows),
        "choices": lazily(activity_choices, form),
        "branches": lazily(branch_choices, asked["hospital"]),
        "brands": lazily(brand_choices, asked["hospital"]),
    }
    return render(request, "branches/activity_list.html", context, status=200 if asked["valid"] else 400)


@public_page
@one_look()
def statistics(request):
    kept, form = request.stamp.kept, StatisticsFilter(request.GET)
    offered = kept(("statistics choices",), choices)
    if not form.is_valid():
        context = {"meta": statistics_meta(None), "form": form, "choices": offered}
        return render(request, "branches/statistics.html", context, status=400)
    scope, by, page = form.scope, form.way, page_of(request, announced(form.scope))
    context = {
        "meta": statistics_meta(scope, page.number, by),
        "form": form,
        "choices": with_chosen(offered, scope),
        "scope": scope,
        "by": by,
        "page": page,
        "comparisons": lazily(
            lambda: kept(("comparisons", *scope.key, page.number), lambda: compared(page.object_list))
        ),
        **addresses(scope, by),
        **seen(kept, scope, by),
    }
    return render(request, "branches/statistics.html", context)


def statistics_download(request, extension):
    """The numbers that the page shows, for whoever calculates further."""
    form = StatisticsFilter(request.GET)
    if not form.is_valid():
        return statistics(request)
    return statistics_response(request, form.scope, form.way, extension)
