"""What the pages of hospitals say of themselves (``publishing.meta``)."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hospitals.models import Hospital, Region
from publishing.meta import (
    NOT_INDEXED_BUT_FOLLOWED,
    Address,
    Column,
    PageMeta,
    description_of,
    list_path,
    organisation,
)


def hospital_list_meta(region: Region | None, query: str) -> PageMeta:
    own = reverse("hospital_list")
    return PageMeta(
        title=_("医院（%s）") % region.full_name if region else _("医院"),
        description=_("按地区查公立医院：各医院的党支部、品牌、活动与报道，曾用名和第二名称也能查到。"),
        path=list_path(own, {"region": region.code if region else "", "q": query}),
        crumbs=((_("医院"), own),),
        column=Column(
            _("医院"), _("公立医院名录，按地区排列"), (_("公立医院"), _("党组织"), _("党支部")), _("概况信息")
        ),
        robots=NOT_INDEXED_BUT_FOLLOWED if query or region else "",
    )


def hospital_crumbs(hospital: Hospital) -> tuple[tuple[str, str], ...]:
    return ((_("医院"), reverse("hospital_list")), (hospital.name, hospital.get_absolute_url()))


def hospital_meta(hospital: Hospital) -> PageMeta:
    return PageMeta(
        title=hospital.name,
        description=description_of(hospital.introduction, _("%s的党支部、品牌、活动与报道") % hospital.name),
        path=hospital.get_absolute_url(),
        crumbs=hospital_crumbs(hospital),
        keywords=(hospital.name, *hospital.official_names),
        json_ld=(_as_hospital(hospital),),
        feeds=feeds_of(hospital),
    )


def feeds_of(hospital: Hospital | None = None) -> tuple[tuple[str, str], ...]:
    """The feeds of articles and of activities, with their titles: of a hospital, or of all."""
    name, args = (hospital.name, [hospital.slug]) if hospital else (settings.SITE_NAME, [])
    prefix = "hospital_" if hospital else ""
    return (
        (_("%s：报道") % name, reverse(f"{prefix}article_feed", args=args)),
        (_("%s：活动") % name, reverse(f"{prefix}activity_feed", args=args)),
    )


def _as_hospital(hospital: Hospital) -> dict:
    """Only what the page says; its address is the division it lies in, a street is not kept."""
    province, *below = [region.name for region in hospital.region.lineage]
    place = {"@type": "PostalAddress", "addressCountry": "CN", "addressRegion": province}
    facts = {
        "@type": "Hospital",
        "name": hospital.name,
        "url": Address(hospital.get_absolute_url()),
        "alternateName": hospital.official_names,
        "telephone": hospital.hotline,
        "address": place | ({"addressLocality": "".join(below)} if below else {}),
    }
    return {name: value for name, value in facts.items() if value}


def as_organisation(hospital: Hospital) -> dict:
    """The hospital where another thing's data names it."""
    return organisation(hospital.name, hospital.get_absolute_url())
