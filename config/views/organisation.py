"""Hospitals and their branches, with all that the other applications know of them."""

from django.shortcuts import render

from articles.models import Article
from branches.meta import branch_meta
from branches.models import Activity, Branch, Brand, Initiative, PeriodReport
from branches.plaques import plaques_beside, plaques_of, wall
from branches.statistics import Scope, by_kind, latest_months
from branches.sums import public_counts
from hospitals.filters import HospitalFilter
from hospitals.meta import hospital_list_meta, hospital_meta
from hospitals.models import Hospital, Region
from publishing.freshness import public_page
from publishing.kept import find_or_404, lazily


@public_page
def hospital_list(request):
    form = HospitalFilter(request.GET)
    valid = form.is_valid()
    region, query = form.cleaned_data.get("region"), request.GET.get("q", "")
    found = form.rows() if valid else Hospital.objects.none()
    hospitals = lazily(list, found.with_places().with_figures())
    context = {
        "meta": lazily(hospital_list_meta, region, query),
        "form": form,
        "query": query,
        "region": region,
        "total": request.stamp.kept(("hospital count",), Hospital.objects.public().count),
        "hospitals": hospitals,
        "regions": lazily(Region.objects.with_hospitals),
        "walls": lazily(lambda: {group.hospital.pk: group for group in wall(hospitals)}),
        "activity_counts": request.stamp.kept(("activity counts",), public_counts),
        "article_counts": request.stamp.kept(("article counts",), Article.objects.public().counts_by_hospital),
    }
    return render(request, "hospitals/hospital_list.html", context, status=200 if valid else 400)


@public_page
def hospital_detail(request, slug):
    hospital = find_or_404(request.stamp, Hospital.objects.public, Hospital.objects.with_details, slug=slug)
    activities = lazily(lambda: Activity.objects.public().of_hospital(hospital.pk))
    brand = lazily(lambda: Brand.objects.public().current().of_whole_hospitals([hospital.pk]).first())
    branches = lazily(Branch.objects.on_wall_of, [hospital.pk])
    context = {
        "meta": lazily(hospital_meta, hospital),
        "hospital": hospital,
        "brand": brand,
        "branches": branches,
        "plaques": lazily(plaques_of, hospital, branches, brand),
        "initiatives": lazily(lambda: Initiative.objects.public().of_hospital(hospital.pk).with_figures()),
        "reports": lazily(
            lambda: PeriodReport.objects.public().of_hospital(hospital.pk).of_whole_hospital().with_lines()
        ),
        "activities": lazily(lambda: activities.as_entries().newest_first()[:6]),
        "activity_count": lazily(lambda: activities.count()),
        "by_kind": lazily(by_kind, Scope(hospital)),
        "by_month": lazily(latest_months, hospital),
        "articles": lazily(lambda: Article.objects.public().of_hospital(hospital.pk).with_teaser().newest_first()[:4]),
    }
    return render(request, "hospitals/hospital_detail.html", context)


@public_page
def branch_detail(request, hospital_slug, slug):
    rows, lookup = Branch.objects, {"hospital__slug": hospital_slug, "slug": slug}
    branch = find_or_404(request.stamp, rows.on_record, rows.with_current_brand, **lookup)
    brand = lazily(lambda: next(iter(branch.current_brands), None))
    activities = lazily(Activity.objects.public().of_branch, branch)
    context = {
        "meta": lazily(branch_meta, branch, brand),
        "branch": branch,
        "brand": brand,
        "hospital_brand": lazily(
            lambda: Brand.objects.public().current().of_whole_hospitals([branch.hospital]).first()
        ),
        "initiatives": lazily(lambda: Initiative.objects.public().of_branch(branch.pk).with_figures()),
        "reports": lazily(lambda: PeriodReport.objects.public().of_branch(branch.pk).with_lines()),
        "activities": lazily(lambda: activities.as_entries().newest_first()[:20]),
        "activity_count": lazily(lambda: activities.count()),
        "articles": lazily(lambda: Article.objects.public().of_branch(branch.pk).with_teaser().newest_first()[:3]),
        "others": lazily(plaques_beside, branch),
    }
    return render(request, "branches/branch_detail.html", context)
