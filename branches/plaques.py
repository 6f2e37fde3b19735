"""Brand plaques: the slogan of a branch or hospital as it hangs on the wall, or the empty place for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.models import Branch, Brand
from hospitals.models import Hospital

HOSPITAL_SEAL = "医院品牌"
#: asked of the wall like the stage of a brand: the places in which none hangs yet
NO_BRAND = "none"


@dataclass(frozen=True)
class Plaque:
    url: str
    seal: str
    owner: str
    owner_note: str
    slogan: list[str]  # empty: no brand declared yet

    @property
    def is_short(self) -> bool:
        return len(self.slogan) == 1 and len(self.slogan[0]) <= 4


def plaque_of_branch(branch: Branch) -> Plaque:
    brand = branch.current_brands[0] if branch.current_brands else None
    note = "" if branch.short_name in branch.label else branch.short_name
    return Plaque(branch.get_absolute_url(), branch.seal, branch.label, note, brand.slogan if brand else [])


def plaque_of_hospital(hospital: Hospital, brand: Brand) -> Plaque:
    return Plaque(
        f"{hospital.get_absolute_url()}#brand",
        HOSPITAL_SEAL,
        hospital.usual_name,
        brand.brand_type,
        brand.slogan,
    )


def plaque_of_brand(brand: Brand) -> Plaque:
    """The plaque as it hangs while this is the current brand."""
    if brand.branch is None:
        return plaque_of_hospital(brand.hospital, brand)
    brand.branch.current_brands = [brand]
    return plaque_of_branch(brand.branch)


def plaques_of(hospital: Hospital, branches: Iterable[Branch], brand: Brand | None) -> list[Plaque]:
    """A hospital's row: its own brand first, then every branch in order, with or without a brand."""
    own = [plaque_of_hospital(hospital, brand)] if brand else []
    return own + [plaque_of_branch(branch) for branch in branches]


def plaques_beside(branch: Branch) -> list[Plaque]:
    """Of the other branches of its hospital."""
    others = Branch.objects.public().of_hospitals([branch.hospital]).besides(branch).with_current_brand()
    return plaques_of(branch.hospital, others.in_order(), None)


@dataclass(frozen=True)
class WallGroup:
    hospital: Hospital
    plaques: list[Plaque]

    @property
    def hung(self) -> int:
        return sum(bool(plaque.slogan) for plaque in self.plaques)

    @property
    def empty(self) -> int:
        return len(self.plaques) - self.hung

    @property
    def own(self) -> Plaque | None:
        """The hospital's own brand."""
        return next((plaque for plaque in self.plaques if plaque.seal == HOSPITAL_SEAL), None)

    @property
    def headline(self) -> str:
        """What a list of hospitals says of its brands: its own brand's name, or 一支部一品牌."""
        return "".join(self.own.slogan) if self.own else "一支部一品牌"

    @property
    def note(self) -> str:
        branches = self.hung - bool(self.own)
        parts = [
            "1个医院品牌" if self.own else "",
            f"{branches}个支部品牌" if branches else "",
            f"{self.empty}个支部待申报" if self.empty else "",
        ]
        return "，".join(part for part in parts if part)


def fullest_group() -> WallGroup | None:
    """The row of the hospital with the most brands on the wall, without making the others' rows."""
    hospitals = Hospital.objects.public().with_places().filter(pk=Brand.objects.public().current().fullest_hospital())
    return next(iter(wall(hospitals)), None)


def wall(hospitals: Iterable[Hospital], *, stage: str = "", query: str = "") -> list[WallGroup]:
    """The brand wall, fullest hospital first, in three queries however many hospitals there are.

    ``stage`` leaves the brands that stand there, or with NO_BRAND the empty places; ``query`` what its words describe.
    """
    hospitals = list(hospitals)
    current, rows = Brand.objects.public().current(), Branch.objects.public().of_hospitals(hospitals)
    own = current.of_whole_hospitals(hospitals)
    if stage == NO_BRAND:
        rows, own = rows.without_brand(), own.none()
    elif stage:
        rows, own = rows.with_brand_among(current.of_stage(stage)), own.of_stage(stage)
    if query:
        rows, own = rows.known_by(query, current.search(query)), own.search(query)
    branches: dict[int, list[Branch]] = {}
    for branch in rows.with_current_brand().in_order():
        branches.setdefault(branch.hospital_id, []).append(branch)
    brands = {brand.hospital_id: brand for brand in own}
    groups = [
        WallGroup(hospital, plaques_of(hospital, branches.get(hospital.pk, []), brands.get(hospital.pk)))
        for hospital in hospitals
    ]
    return sorted((group for group in groups if group.plaques), key=lambda group: -group.hung)
