"""The records in a pack. An activity has a folder with its record sheet, on which its approvals stand, and its photos;
a period report is a sheet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from branches.ledger import PACK_LEDGER, Row
from branches.models import Activity, ActivityPhoto, PeriodReport
from publishing.approvals import Approvals, approvals_of
from publishing.archives import Entry, stored_blocks
from publishing.file_names import Names, legal_name

#: so many are fetched together, in a fixed number of queries
RECORDS_AT_A_TIME = 50


def page(name: str, context: dict) -> bytes:
    """A sheet of a pack, from ``templates/branches/pack/``."""
    return render_to_string(f"branches/pack/{name}.html", context).encode()


def link(path: str, depth: int = 0) -> str:
    """To a file from a sheet that stands so many folders deep above it."""
    return quote("/".join(path.split("/")[depth:]))


@dataclass(frozen=True)
class PackedPhoto:
    """The stored JPEG, which has no data beside its pixels (publishing/images.py)."""

    photo: ActivityPhoto
    path: str
    #: from the record sheet; empty where the file is missing
    src: str

    @property
    def caption(self) -> str:
        return self.photo.caption

    @property
    def width(self) -> int:
        return self.photo.width

    @property
    def height(self) -> int:
        return self.photo.height

    def entry(self, reference: str, at) -> Entry:
        image = self.photo.image
        content = stored_blocks(image.storage, image.name) if self.src else None
        return Entry(self.path, self.caption or _("活动照片"), content, reference, at)


class PackedRecord:
    """``names``: those of the archive, from which it takes its own."""

    def __init__(self, activity: Activity, row: Row, approvals: Approvals, names: Names):
        self.activity, self.row, self.approvals = activity, row, approvals
        self._folders = ("活动", legal_name(f"{row.reference} {row.title}"))
        self.path = names.take(*self._folders, "记录表.html")
        self.photos = [self._packed(number, photo, names) for number, photo in enumerate(activity.photos.all(), 1)]

    def _packed(self, number: int, photo: ActivityPhoto, names: Names) -> PackedPhoto:
        path = names.take(*self._folders, "照片", f"{number:02} {photo.caption}.jpg")
        is_there = photo.image.storage.exists(photo.image.name)
        return PackedPhoto(photo, path, link(path, len(self._folders)) if is_there else "")

    @cached_property
    def missing(self) -> int:
        """Photos whose file is not in the storage."""
        return sum(not photo.src for photo in self.photos)

    def entries(self, site: str) -> Iterator[Entry]:
        context = {"record": self, "activity": self.activity, "row": self.row, "photos": self.photos, "site": site}
        reference, at = self.row.reference, self.approvals.since
        yield Entry(self.path, _("活动记录表"), page("record", context), reference, at)
        for photo in self.photos:
            yield photo.entry(reference, at)


def packed_records(keys: list[int], names: Names) -> Iterator[PackedRecord]:
    """The activities with these keys, in their order; what was deleted meanwhile is passed over.

    Six queries for each ``RECORDS_AT_A_TIME`` of them, so that they fit into memory however many there are.
    """
    for start in range(0, len(keys), RECORDS_AT_A_TIME):
        batch = keys[start : start + RECORDS_AT_A_TIME]
        rows = Activity.objects.filter(pk__in=batch)
        ledger = {row.reference: row for row in PACK_LEDGER.rows(rows)}
        activities = {activity.pk: activity for activity in rows.with_record_sheet()}
        approvals = approvals_of(activities.values())
        for key in filter(activities.__contains__, batch):
            activity = activities[key]
            yield PackedRecord(activity, ledger[activity.reference], approvals[key], names)


@dataclass(frozen=True)
class PackedReport:
    report: PeriodReport
    approvals: Approvals
    path: str

    def entry(self) -> Entry:
        context = {"report": self.report, "approvals": self.approvals}
        return Entry(self.path, _("统计期间报数"), page("report", context), at=self.approvals.since)


def packed_reports(reports: QuerySet[PeriodReport], names: Names) -> Iterator[PackedReport]:
    """Few enough to be fetched at once, in four queries."""
    rows = list(reports.select_related("hospital").with_lines())
    approvals = approvals_of(rows)
    for number, report in enumerate(rows, 1):
        path = names.take("报数", f"{number:02} {report.title}.html")
        yield PackedReport(report, approvals[report.pk], path)
