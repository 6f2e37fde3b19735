"""Previews of what has no page of its own: brands, initiatives and reports are read on those of branch or hospital."""

from branches.models import Brand, Initiative, PeriodReport
from branches.plaques import Plaque, plaque_of_branch, plaque_of_hospital
from publishing.previews import preview_or_404, render_record


def brand_preview(request, pk):
    brand = preview_or_404(request, Brand.objects.select_related("hospital", "branch__hospital"), pk=pk)
    context = {"brand": brand, "plaque": _plaque_with(brand)}
    return render_record(request, "branches/brand_preview.html", context, brand)


def initiative_preview(request, pk):
    initiative = preview_or_404(request, Initiative.objects.with_figures(), pk=pk)
    return render_record(request, "branches/initiative_preview.html", {"initiative": initiative}, initiative)


def report_preview(request, pk):
    report = preview_or_404(request, PeriodReport.objects.with_lines().select_related("hospital"), pk=pk)
    return render_record(request, "branches/report_preview.html", {"report": report}, report)


def _plaque_with(brand: Brand) -> Plaque:
    """The plaque as it will hang once this is the current brand."""
    if brand.branch is None:
        return plaque_of_hospital(brand.hospital, brand)
    brand.branch.current_brands = [brand]
    return plaque_of_branch(brand.branch)
