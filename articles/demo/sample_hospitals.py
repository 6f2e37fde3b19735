"""Made-up hospitals with their branches, brands, initiatives and partners: where the sample records happen."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from django.utils import timezone

from articles.demo import wording
from branches.models import Branch, Brand, Initiative, Partner
from branches.numerals import han
from hospitals.models import Hospital, Region
from publishing.models import Publishable

MOST = 10 * 99  # 甲一县 to 癸九十九县


@dataclass(frozen=True)
class Scene:
    """A sample hospital with what its records refer to; partners in the order in which the database lists them."""

    hospital: Hospital
    branches: list[Branch]
    brands: dict[int, Brand]  # by branch
    initiatives: list[Initiative]
    partners: list[Partner]


def scenes(count: int) -> list[Scene]:
    """The first so many sample hospitals, made where they do not exist yet. They are the same in every database."""
    provinces = list(Region.objects.filter(parent=None))
    return [_scene(number, provinces[number % len(provinces)]) for number in range(1, count + 1)]


def _scene(number: int, province: Region) -> Scene:
    code = f"T{number:03d}"
    hospital = Hospital.objects.filter(code=code).first() or _make(number, code, province)
    for record in (branches := list(hospital.branches.in_order())):
        record.hospital = hospital
    return Scene(
        hospital,
        branches,
        {brand.branch_id: brand for brand in hospital.brands.current()},
        list(hospital.initiatives.order_by("pk")),
        list(hospital.partners.all()),
    )


def _make(number: int, code: str, province: Region) -> Hospital:
    rng = Random(code)  # not the run's own: a second run with another seed must find what it would have made
    tens, stem = divmod(number - 1, len(wording.COUNTIES))
    county = f"{wording.COUNTIES[stem]}{han(tens + 1)}县"
    hospital = Hospital.objects.create(
        name=f"{county}人民医院",
        slug=f"sample-{number:03d}",
        code=code,
        short_name=f"{county}医院",
        region=province,
        party_committee=f"{county}人民医院党委",
        introduction=f"{county}人民医院是为测量网站速度而虚构的医院，它的支部、活动和报道都由程序生成。",
    )
    hospital.names.create(name="县医院", kind="short", position=1)
    hospital.refresh_search_text()
    since = datetime(2019, 1, 1, 8, tzinfo=timezone.get_default_timezone())
    public = partial(dict, hospital=hospital, status=Publishable.Status.PUBLISHED, published_at=since)
    for position, specialty in enumerate(wording.SPECIALTIES[: 6 + number % 9], start=1):
        branch = Branch.objects.create(
            hospital=hospital,
            number=position,
            name=f"第{han(position)}支部（{specialty}支部）",
            short_name=f"{specialty}支部",
            slug=f"zhibu-{position}",
            secretary=wording.person(rng),
            departments=f"{specialty}等科室",
        )
        slogan = rng.choice(wording.SLOGANS)
        Brand.objects.create(
            **public(branch=branch, name=f"{slogan}{specialty}在身边", display_lines=f"{slogan}|{specialty}在身边")
        )
    for kind, name in (("series", "健康走基层"), ("service", "便民服务十条"), ("team", "党员志愿服务队")):
        Initiative.objects.create(**public(kind=kind, name=name, description=f"{county}人民医院长期开展的工作。"))
    Partner.objects.bulk_create(
        Partner(hospital=hospital, kind=kind, name=f"{county}{name}")
        for kind, names in wording.PARTNERS.items()
        for name in names
    )
    return hospital
