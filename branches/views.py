"""Public pages of brands and activities, and the downloads of exactly what a list shows."""

from django.http import Http404
from django.shortcuts import render

from branches.downloads import ledger_response
from branches.filters import ActivityFilter, period_choices
from branches.ledger import PUBLIC_LEDGER
from branches.models import Activity, ActivityKind, Branch, Figure
from branches.plaques import wall
from hospitals.models import Hospital
from publishing.freshness import public_page
from publishing.paging import page_of


@public_page
def brand_wall(request):
    hospitals = list(Hospital.objects.public().with_places())
    chosen = request.GET.get("hospital", "")
    if chosen not in {"", *(hospital.slug for hospital in hospitals)}:
        raise Http404
    groups = wall(hospital for hospital in hospitals if chosen in {"", hospital.slug})
    context = {
        "hospitals": hospitals,
        "chosen": chosen,
        "groups": groups,
        "hung": sum(group.hung for group in groups),
        "empty": sum(group.empty for group in groups),
    }
    return render(request, "branches/brand_wall.html", context)


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
    form = ActivityFilter(request.GET)
    valid = form.is_valid()
    rows = form.rows() if valid else Activity.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows.with_summary().newest_first()),
        "totals": Figure.objects.totals_of(rows),
        "kinds": ActivityKind.objects.with_public_counts(),
        "chosen_kinds": request.GET.getlist("kind"),
        "periods": period_choices(Activity.objects.public().years()),
        "branches": Branch.objects.public().of_hospital_slug(request.GET.get("hospital", "")),
    }
    return render(request, "branches/activity_list.html", context, status=200 if valid else 400)
