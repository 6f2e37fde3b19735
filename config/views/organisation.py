"""Hospitals and their branches, with all that the other applications know of them."""

from django.shortcuts import get_object_or_404, render

from articles.models import Article
from branches.models import Activity, Branch, Brand, Initiative, PeriodReport
from branches.plaques import plaques_of, wall
from hospitals.models import Hospital, Region
from publishing.freshness import public_page


@public_page
def hospital_list(request):
    query, region_code = request.GET.get("q", ""), request.GET.get("region", "")
    everything = Hospital.objects.public()
    region = get_object_or_404(Region, code=region_code) if region_code else None
    found = (everything.in_region(region) if region else everything).search(query).with_places().with_figures()
    hospitals = list(found)
    context = {
        "query": query,
        "region": region,
        "total": everything.count(),
        "hospitals": hospitals,
        "regions": Region.objects.with_hospitals(),
        "walls": {group.hospital.pk: group for group in wall(hospitals)},
        "activity_counts": Activity.objects.public().counts_by_hospital(),
        "article_counts": Article.objects.public().counts_by_hospital(),
    }
    return render(request, "hospitals/hospital_list.html", context)


@public_page
def hospital_detail(request, slug):
    hospital = get_object_or_404(Hospital.objects.public().with_places().with_figures(), slug=slug)
    activities = Activity.objects.public().of_hospital(hospital)
    brand = Brand.objects.public().current().of_whole_hospitals([hospital]).first()
    branches = list(Branch.objects.public().of_hospitals([hospital]).with_current_brand().in_order())
    context = {
        "hospital": hospital,
        "brand": brand,
        "branches": branches,
        "plaques": plaques_of(hospital, branches, brand),
        "initiatives": Initiative.objects.public().of_hospital(hospital).with_figures(),
        "reports": PeriodReport.objects.public().of_hospital(hospital).of_whole_hospital().with_lines(),
        "activities": activities.with_summary().newest_first()[:6],
        "activity_count": activities.count(),
        "by_kind": activities.counts_by_kind(),
        "articles": Article.objects.public().of_hospital(hospital).with_teaser().newest_first()[:4],
    }
    return render(request, "hospitals/hospital_detail.html", context)


@public_page
def branch_detail(request, hospital_slug, slug):
    branches = Branch.objects.on_record().with_current_brand()
    branch = get_object_or_404(branches, hospital__slug=hospital_slug, slug=slug)
    others = Branch.objects.public().of_hospitals([branch.hospital]).besides(branch).with_current_brand().in_order()
    activities = Activity.objects.public().of_branch(branch)
    context = {
        "branch": branch,
        "brand": next(iter(branch.current_brands), None),
        "hospital_brand": Brand.objects.public().current().of_whole_hospitals([branch.hospital]).first(),
        "initiatives": Initiative.objects.public().of_branch(branch).with_figures(),
        "reports": PeriodReport.objects.public().of_branch(branch).with_lines(),
        "activities": activities.with_summary().newest_first()[:20],
        "activity_count": activities.count(),
        "articles": Article.objects.public().of_branch(branch).with_teaser().newest_first()[:3],
        "others": plaques_of(branch.hospital, others, None),
    }
    return render(request, "branches/branch_detail.html", context)
