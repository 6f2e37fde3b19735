"""What the site map for people lists, as plain data: all of it changes with the content and is kept until then."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.tag_list import public_tags
from branches.models import Activity
from branches.plaques import Plaque, wall
from hospitals.meta import feeds_of
from hospitals.models import Hospital

MOST_TAGS = 200  # the most used; a rarer one is reached from its records


class Link(NamedTuple):
    name: str
    path: str
    note: str = ""


class HospitalPart(NamedTuple):
    """A hospital with what is below it. ``feeds``: its own two."""

    province: str
    link: Link
    branches: list[Link]
    feeds: list[Link]


class SiteMap(NamedTuple):
    hospitals: list[HospitalPart]
    kinds: list[Link]
    years: list[Link]
    tags: list[Link]
    tag_count: int
    feeds: list[Link]


def site_map_of() -> SiteMap:
    activities, tags = reverse("activity_list"), public_tags()
    kinds, years = Activity.objects.public().kinds_and_years()
    return SiteMap(
        hospitals=_hospitals(),
        kinds=[
            Link(kind["name"], f"{activities}?{urlencode({'kind': kind['slug']})}", str(kind["count"]))
            for kind in kinds
        ],
        years=[Link(_("%d年") % year, f"{activities}?period={year}") for year in years],
        tags=[Link(tag.name, reverse("tag", args=[tag.slug]), str(tag.count)) for tag in tags[:MOST_TAGS]],
        tag_count=len(tags),
        feeds=[Link(*feed) for feed in feeds_of()],
    )


def _hospitals() -> list[HospitalPart]:
    hospitals = list(Hospital.objects.public().with_places())
    plaques = {group.hospital.pk: group.plaques for group in wall(hospitals)}
    return [
        HospitalPart(
            hospital.province.name,
            Link(hospital.name, hospital.get_absolute_url(), hospital.region.full_name),
            [_branch(plaque) for plaque in plaques.get(hospital.pk, [])],
            [Link(title.rpartition("：")[2], path) for title, path in feeds_of(hospital)],
        )
        for hospital in hospitals
    ]


def _branch(plaque: Plaque) -> Link:
    """A branch, or the hospital's own brand, with the slogan."""
    return Link(_("医院品牌") if plaque.url.endswith("#brand") else plaque.owner, plaque.url, " ".join(plaque.slogan))
