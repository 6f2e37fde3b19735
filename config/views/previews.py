"""Previews of what has no page of its own: brands, initiatives and reports are read on those of branch or hospital."""

from branches.meta import preview_meta
from branches.models import Brand, Initiative, PeriodReport
from branches.plaques import plaque_of_brand
from publishing.previews import preview_or_404, render_record


def brand_preview(request, pk):
    brand = preview_or_404(request, Brand.objects.select_related("hospital", "branch__hospital"), pk=pk)
    context = {"meta": preview_meta(brand.name), "brand": brand, "plaque": plaque_of_brand(brand)}
    return render_record(request, "branches/brand_preview.html", context, brand)


def initiative_preview(request, pk):
    initiative = preview_or_404(request, Initiative.objects.with_figures(), pk=pk)
    context = {"meta": preview_meta(initiative.name), "initiative": initiative}
    return render_record(request, "branches/initiative_preview.html", context, initiative)


def report_preview(request, pk):
    report = preview_or_404(request, PeriodReport.objects.with_lines().select_related("hospital"), pk=pk)
    context = {"meta": preview_meta(report.title), "report": report}
    return render_record(request, "branches/report_preview.html", context, report)
