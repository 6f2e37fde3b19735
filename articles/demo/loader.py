"""Loads the demo hospitals. What is already there, by its natural key, stays as it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from articles.demo import content, pictures
from articles.demo.accounts import Office
from articles.models import Article
from branches.models import Activity, ActivityKind, Branch, Brand, Initiative, Measure, Partner, PeriodReport
from hospitals.models import Hospital, Region
from publishing.models import Picture
from publishing.quantities import parse


def load(
    hospitals: list[dict],
    *,
    office_of: Callable[[Hospital], Office],
    photos: list[Picture] | None,
    advance: Callable[[], object] = lambda: None,
) -> None:
    """Load all hospitals, and see what is new through its reviews.

    ``office_of``: who writes and reviews for a hospital. ``photos`` collects the pictures that were stored; None loads
    the texts without them. ``advance`` is called after each step.
    """
    _load_regions()
    drafts: list[tuple[date, str, Article, Office]] = []
    for hospital in hospitals:
        drafts += _HospitalLoader(hospital, office_of, photos, advance).load()
    # The front page leads with what was published last: the report with the latest date of its own.
    for _day, _key, article, office in sorted(drafts, key=lambda draft: draft[:2]):
        office.release(article)


def _load_regions() -> None:
    for region in content.regions():
        Region.objects.get_or_create(
            code=region["code"], defaults={"name": region["name"], "parent_id": region.get("parent")}
        )


def _picked(entry: dict, *names: str) -> dict:
    """The fields of an entry that go into the record as they are."""
    return {name: entry[name] for name in names if name in entry}


def _add_figures(owner, figures: list[dict], own_fields: Callable[[dict], dict]) -> dict:
    """The numbers of a record in order, by their ids in the file."""
    rows = {}
    for position, entry in enumerate(figures, start=1):
        parent = {owner.figures.field.name: owner}
        figure = owner.figures.model(
            **parent, position=position, **_picked(entry, "label", "unit"), **own_fields(entry)
        )
        figure.set_quantity(parse(entry["stated"]))
        figure.full_clean()
        figure.save()
        rows[entry["id"]] = figure
    return rows


@dataclass
class _HospitalLoader:
    """One hospital's file. The keys of the file are resolved to the records made from it."""

    entries: dict
    office_of: Callable[[Hospital], Office]
    photos: list[Picture] | None
    advance: Callable[[], object]

    def __post_init__(self) -> None:
        self.articles = {entry["key"]: entry for entry in self.entries["article"]}
        self.kinds = {kind.slug: kind for kind in ActivityKind.objects.all()}
        self.measures = {measure.slug: measure for measure in Measure.objects.all()}
        self.branches: dict[str, Branch] = {}
        self.brands: dict[str, Brand] = {}
        self.initiatives: dict[str, Initiative] = {}
        self.partners: dict[str, Partner] = {}
        self.activities: dict[str, Activity] = {}

    def load(self) -> list[tuple[date, str, Article, Office]]:
        """Returns the new articles, still drafts, each with the date of its original, its key and who is to release it."""
        self._load_hospital(self.entries["hospital"])
        self.office = self.office_of(self.hospital)
        self.advance()
        for load_one, table in (
            (self._load_hospital_brand, "hospital_brand"),
            (self._load_branch, "branch"),
            (self._load_initiative, "initiative"),
            (self._load_partner, "partner"),
        ):
            for position, entry in enumerate(self.entries.get(table, []), start=1):
                load_one(entry, position)
                self.advance()
        # In the order of their dates, so that the running numbers of a year are too; undated ones after them.
        for entry in sorted(self.entries["activity"], key=lambda entry: (entry.get("start", date.max), entry["id"])):
            self._load_activity(entry)
            self.advance()
        for entry in self.entries.get("report", []):
            self._load_report(entry)
            self.advance()
        drafts = [self._load_article(entry) for entry in self.entries["article"]]
        return [draft for draft in drafts if draft]

    def _load_hospital(self, entry: dict) -> None:
        self.hospital = Hospital.objects.filter(slug=entry["slug"]).first()
        if self.hospital:
            return
        self.hospital = Hospital(
            region_id=entry["region"],
            introduction=entry["introduction"].strip(),
            **_picked(entry, "slug", "code", "name", "short_name", "level", "level_note", "party_committee"),
            **_picked(entry, "hotline", "hotline_note"),
        )
        self.hospital.full_clean()
        self.hospital.save()
        for position, other in enumerate(entry.get("names", []), start=1):
            self.hospital.names.create(name=other["name"], kind=other["kind"], position=position)
        for position, leader in enumerate(entry.get("leaders", []), start=1):
            self.hospital.leaders.create(name=leader["name"], office=leader["office"], position=position)
        _add_figures(
            self.hospital,
            entry.get("figures", []),
            lambda figure: {
                "as_of_text": figure.get("as_of_text", ""),
                "source": content.source(self.articles[figure["source"]], dated=False),
            },
        )
        self.hospital.refresh_search_text()

    def _record(self, model, natural_key: dict, **fields):
        """The hospital's record with this key and whether it is new; a new one has passed its model's checks."""
        record = model.objects.filter(hospital=self.hospital, **natural_key).first()
        if record:
            return record, False
        record = model(
            hospital=self.hospital,
            created_by=self.office.writer,
            updated_by=self.office.writer,
            **natural_key,
            **fields,
        )
        record.full_clean(exclude=["reference"])
        record.save()
        return record, True

    def _load_branch(self, entry: dict, position: int) -> None:
        branch = Branch.objects.filter(hospital=self.hospital, slug=entry["slug"]).first()
        if branch is None:
            branch = Branch(
                hospital=self.hospital,
                position=position,
                traits="、".join(entry.get("traits", [])),
                **_picked(entry, "slug", "number", "name", "short_name", "secretary", "secretary_office"),
                **_picked(entry, "departments", "motto", "introduction"),
            )
            branch.full_clean()
            branch.save()
        self.branches[entry["key"]] = branch
        if "brand" in entry:
            self._load_brand(entry["brand"], branch, entry["key"])

    def _load_hospital_brand(self, entry: dict, _position: int) -> None:
        self._load_brand(entry, None, "hospital")

    def _load_brand(self, entry: dict, branch: Branch | None, key: str) -> None:
        self.brands[key], is_new = self._record(
            Brand,
            {"name": entry["name"], "branch": branch},
            highlights="\n".join(entry.get("highlights", [])),
            **_picked(entry, "display_lines", "brand_type", "stage", "idea", "connotation"),
        )
        if is_new:
            self.office.release(self.brands[key])

    def _load_initiative(self, entry: dict, _position: int) -> None:
        initiative, is_new = self._record(
            Initiative,
            {"name": entry["name"]},
            branch=self._branch_of(entry),
            brand=self._brand_of(entry),
            items="\n".join(entry.get("items", [])),
            **_picked(entry, "kind", "description", "claimed_count", "place", "hotline", "period_text"),
        )
        self.initiatives[entry["name"]] = initiative
        if is_new:
            figures = entry.get("figures", [])
            _add_figures(initiative, figures, lambda figure: {"is_internal": figure.get("internal", False)})
            self.office.release(initiative)

    def _load_partner(self, entry: dict, _position: int) -> None:
        self.partners[entry["name"]], _is_new = Partner.objects.get_or_create(
            hospital=self.hospital, name=entry["name"], defaults={"kind": entry["kind"]}
        )

    def _load_activity(self, entry: dict) -> None:
        activity, is_new = self._record(
            Activity,
            {"title": entry["title"]},
            kind=self.kinds[entry["kind"]],
            branch=self._branch_of(entry),
            brand=self._brand_of(entry),
            initiative=self.initiatives[entry["initiative"]] if "initiative" in entry else None,
            region_id=entry.get("region"),
            source=content.source(self.articles[entry["source"]]),
            **_picked(entry, "nature", "all_branches", "start", "end", "precision", "date_text", "start_time", "place"),
            **_picked(entry, "host", "summary", "results"),
        )
        self.activities[entry["id"]] = activity
        if not is_new:
            return
        activity.further_kinds.set(self.kinds[slug] for slug in entry.get("further_kinds", []))
        activity.joint_branches.set(self.branches[key] for key in entry.get("joint_branches", []))
        activity.partners.set(self.partners[name] for name in entry.get("partners", []))
        _add_figures(
            activity,
            entry.get("figures", []),
            lambda figure: {
                "measure": self.measures[figure["measure"]] if "measure" in figure else None,
                "is_internal": figure.get("internal", False),
            },
        )
        self._add_tags_and_photos(activity, entry)
        self.office.release(activity)

    def _load_report(self, entry: dict) -> None:
        report, is_new = self._record(
            PeriodReport,
            {"title": entry["title"]},
            branch=self._branch_of(entry),
            source=content.source(self.articles[entry["source"]]),
            **_picked(entry, "start", "end", "precision", "date_text", "stated_by", "note"),
        )
        if not is_new:
            return
        lines = _add_figures(
            report,
            entry["lines"],
            lambda line: {
                "kind": self.kinds[line["kind"]],
                "measure": self.measures[line["measure"]],
                "activity": self.activities[line["activity"]] if "activity" in line else None,
            },
        )
        for line in entry["lines"]:
            if "subset_of" in line:
                figure = lines[line["id"]]
                figure.subset_of = lines[line["subset_of"]]
                figure.full_clean()
                figure.save()
        self.office.release(report)

    def _load_article(self, entry: dict) -> tuple[date, str, Article, Office] | None:
        article, is_new = self._record(
            Article,
            {"title": entry["title"]},
            body=content.html(entry["body"]),
            note=entry.get("truncated_note", ""),
            publisher=content.publisher(entry),
            **_picked(entry, "section_label", "kicker", "subtitle", "dateline", "source_date", "source_date_text"),
            **_picked(entry, "editors_note", "lede"),
        )
        if is_new:
            for position, byline in enumerate(entry["bylines"], start=1):
                article.bylines.create(name=byline["name"], role=byline["role"], position=position)
            article.branches.set(self.branches[key] for key in entry["branches"])
            article.activities.set(self.activities[key] for key in entry["activities"])
            self._add_tags_and_photos(article, entry)
        self.advance()
        return (entry.get("source_date", date.min), entry["key"], article, self.office) if is_new else None

    def _add_tags_and_photos(self, record: Activity | Article, entry: dict) -> None:
        for tag in entry.get("tags", []):
            record.tags.add(tag)  # one by one: together they would come in no order
        if self.photos is not None:
            for photo in pictures.add_photos(record, entry.get("photos", [])):
                self.photos.append(photo)
                self.advance()
        record.refresh_search_text()

    def _branch_of(self, entry: dict) -> Branch | None:
        return self.branches[entry["branch"]] if "branch" in entry else None

    def _brand_of(self, entry: dict) -> Brand | None:
        return self.brands[entry["brand"]] if "brand" in entry else None
