"""What goes to an inspection (迎检材料), and the file of a brand (品牌档案): the entries of one archive.

Only what the public can read, without remarks and internal figures, because it leaves the house; with the names of those
who recorded and approved it, because an inspection asks for them. docs/decisions/0016-packs.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches.ledger import PACK_LEDGER, settled_sheet
from branches.models import Activity, ActivityPhoto, Brand, Figure, PeriodReport
from branches.packed_records import PackedRecord, PackedReport, link, packed_records, packed_reports, page
from publishing.approvals import Approvals, approvals_of, latest_since
from publishing.archives import EPOCH, Entry, stored_blocks
from publishing.file_names import Names
from publishing.spreadsheets import xlsx_blocks

#: of one pack: more than an inspection reads, and few enough to be asked for by their keys
MOST_RECORDS = 5000
#: bytes of an activity's sheet with its rows in ledger and index, for what a pack will weigh
_SHEET = 8_000


class Line(NamedTuple):
    """A record in the contents on the cover, which are kept until the end."""

    reference: str
    title: str
    time: str
    owner: str
    href: str
    photos: int = 0
    missing: int = 0

    @classmethod
    def of_activity(cls, packed: PackedRecord) -> "Line":
        row, time = packed.row, str(packed.activity.period)
        return cls(row.reference, row.title, time, row.organiser, link(packed.path), len(packed.photos), packed.missing)

    @classmethod
    def of_report(cls, packed: PackedReport) -> "Line":
        report = packed.report
        return cls("", report.title, str(report.period), report.owner_name, link(packed.path))


@dataclass(frozen=True)
class Contents:
    activities: list[Line] = field(default_factory=list)
    reports: list[Line] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Photos whose file is gone."""
        return sum(line.missing for line in self.activities)


@dataclass(frozen=True)
class Stock:
    """What the storage has of a pack's photos. ``missing``: the activities that show one whose file is gone."""

    photos: int
    size: int
    missing: dict[int, str]


@dataclass(frozen=True)
class Pack:
    """``activities``, ``reports``: public ones in their order · ``left_out``: what is not in it, in words for the cover ·
    ``site``: scheme and host that go before links.
    """

    unit: str
    period: str
    conditions: str
    activities: QuerySet[Activity]
    reports: QuerySet[PeriodReport]
    left_out: list[str]
    site: str

    @property
    def name(self) -> str:
        """What it is called on its cover, over its index and as a file."""
        return _("%(unit)s%(period)s迎检材料") % {"unit": self.unit, "period": self.period}

    @property
    def about(self) -> type[Activity] | Brand:
        """What the log says was exported."""
        return Activity

    @cached_property
    def count(self) -> int:
        return self.activities.count()

    @property
    def why_not(self) -> str:
        """Why there is nothing to download, for whoever asked; '' where there is."""
        if self.count > MOST_RECORDS:
            words = _("这次选中%(count)d条，一份材料最多%(most)d条。请选一个支部，或把时间缩短，分几份下载。")
            return words % {"count": self.count, "most": MOST_RECORDS}
        return "" if self.count or self.has_own else _("没有可以收入的内容。请去掉一两个条件，或换一段时间再看。")

    @property
    def has_own(self) -> bool:
        """Something besides activities."""
        return self.reports.exists()

    @cached_property
    def stock(self) -> Stock:
        """Asks the storage for the size of each photo."""
        storage, photos, size, missing = ActivityPhoto._meta.get_field("image").storage, 0, 0, {}
        rows = ActivityPhoto.objects.filter(activity__in=self.activities.order_by().values("pk")).order_by("activity")
        for name, key, reference in rows.values_list("image", "activity", "activity__reference"):
            try:
                size += storage.size(name)
                photos += 1
            except FileNotFoundError:
                missing[key] = reference
        return Stock(photos, size, missing)

    @property
    def size(self) -> int:
        """Bytes, as far as they can be told before."""
        return self.stock.size + self.count * _SHEET

    @cached_property
    def keys(self) -> list[int]:
        """Which activities are in it is settled here; what they say, when their turn comes."""
        return list(self.activities.values_list("pk", flat=True))

    @cached_property
    def until(self) -> datetime:
        """When the newest of what is in it became what it is."""
        return max(filter(None, [latest_since(self.activities), latest_since(self.reports)]), default=EPOCH)

    def entries(self) -> Iterator[Entry]:
        names, contents = Names(), Contents()
        if self.keys:
            yield self._ledger(names)
        for record in packed_records(self.keys, names):
            contents.activities.append(Line.of_activity(record))
            yield from record.entries(self.site)
        for report in packed_reports(self.reports, names):
            contents.reports.append(Line.of_report(report))
            yield report.entry()
        yield from self._front(contents, names)

    def _ledger(self, names: Names) -> Entry:
        activities = Activity.objects.filter(pk__in=self.keys).newest_first()
        about = {"unit": self.unit, "period": self.period, "conditions": self.conditions}
        around = settled_sheet(PACK_LEDGER, until=self.until, **about)
        blocks = xlsx_blocks(around, PACK_LEDGER.rows(activities, self.site))
        return Entry(names.take("台账.xlsx"), _("活动台账"), blocks, at=self.until)

    def _front(self, contents: Contents, names: Names) -> Iterator[Entry]:
        """What one begins with; written last, when it is known what there is."""
        cover = page("cover", {"pack": self, "contents": contents})
        yield Entry(names.take("封面.html"), _("封面和目录"), cover, at=self.until)


@dataclass(frozen=True)
class Dossier(Pack):
    """The file of a public brand: what it says of itself, how that was approved, and its activities with their sums."""

    brand: Brand

    @property
    def name(self) -> str:
        named = {"unit": self.unit, "brand": self.brand, "period": self.period}
        return _("%(unit)s“%(brand)s”%(period)s品牌档案") % named

    @property
    def about(self) -> Brand:
        return self.brand

    @property
    def why_not(self) -> str:
        if not self.brand.is_public:
            return _("“%s”还没有审核发布。请先送审发布这个品牌，再导出它的档案。") % self.brand
        return super().why_not

    @property
    def has_own(self) -> bool:
        return True

    @cached_property
    def approvals(self) -> Approvals:
        return approvals_of([self.brand])[self.brand.pk]

    @cached_property
    def until(self) -> datetime:
        return max(filter(None, [latest_since(self.activities), self.approvals.since]))

    def _front(self, contents: Contents, names: Names) -> Iterator[Entry]:
        emblem, path = self.brand.emblem, names.take("标识.jpg")
        is_there = bool(emblem) and emblem.storage.exists(emblem.name)
        if emblem:
            blocks = stored_blocks(emblem.storage, emblem.name) if is_there else None
            yield Entry(path, _("品牌标识"), blocks, at=self.approvals.since)
        context = {
            "pack": self,
            "contents": contents,
            "brand": self.brand,
            "emblem": link(path) if is_there else "",
            "totals": Figure.objects.totals_of(Activity.objects.filter(pk__in=self.keys)),
        }
        yield Entry(names.take("品牌档案.html"), _("品牌档案和目录"), page("dossier", context), at=self.until)
