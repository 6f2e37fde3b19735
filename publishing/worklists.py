"""The lists a person works from: what came back to them, what waits for their review, what is under way or due.

Each board is one question, asked of the records of every kind at once: its keys are a UNION over the kinds, so that it
is counted, ordered and paged as one list. The rows are then read kind by kind, whatever number of boards shows them:
no list takes more queries because it is longer.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import models
from django.db.models import Count, Exists, F, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.models import WRITING, Publishable, ReviewEntry, Step

if TYPE_CHECKING:
    from publishing.admin_workflow import PublishableAdmin

#: What waits longer is marked.
OVERDUE = timedelta(days=3)
#: How long a publication counts as recent.
RECENT = timedelta(days=30)


def _trail(rows: models.QuerySet) -> models.QuerySet:
    """What the trail says of the present edition of each of these rows; for subqueries."""
    return ReviewEntry.objects.of_present_edition(rows.model).order_by("-pk")


def _own(rows: models.QuerySet, user) -> models.QuerySet:
    """Those the person has written on, be it one paragraph among colleagues."""
    wrote = _trail(rows).filter(user=user, step__in=WRITING)
    return rows.filter(Q(created_by=user) | Q(updated_by=user) | Exists(wrote))


def _drafts(rows: models.QuerySet) -> models.QuerySet:
    """With ``came_from``, the step that made it the draft it is: somebody's return, or '' where it is simply new."""
    steps = _trail(rows).exclude(step=Step.WRITE).values("step")
    return rows.drafts().annotate(came_from=Coalesce(Subquery(steps[:1]), Value("")))


def returned_to(rows: models.QuerySet, user) -> models.QuerySet:
    return _own(_drafts(rows).filter(came_from=Step.RETURN), user)


def drafts_of(rows: models.QuerySet, user) -> models.QuerySet:
    """Also working copies. What came back is on a list of its own."""
    return _drafts(rows).filter(Q(created_by=user) | Q(updated_by=user)).exclude(came_from=Step.RETURN)


def submitted_by(rows: models.QuerySet, user) -> models.QuerySet:
    return _own(rows.filter(status__in=Publishable.REVIEWS), user)


def awaiting_review_by(rows: models.QuerySet, user) -> models.QuerySet:
    return rows.awaiting_review_by(user)


def scheduled(rows: models.QuerySet, user) -> models.QuerySet:
    return rows.scheduled()


def recently_public(rows: models.QuerySet, user) -> models.QuerySet:
    return rows.public().filter(published_at__gte=timezone.now() - RECENT)


@dataclass(frozen=True)
class Board:
    """A list of records that concern a person in one way; ``rows`` takes all they may open to those on the list."""

    name: str  # in its address and in what its rows show
    title: str
    empty: str  # the sentence in the place of an empty list
    rows: Callable[[models.QuerySet, object], models.QuerySet]
    moment: str  # the field of the time it is ordered by
    is_oldest_first: bool = False
    is_duty: bool = False  # the person has something to do; the others they only look at
    note: str = ""
    opens: str = "change"  # the page of the record that a line leads to
    told_by: str = ""  # the step whose latest entry in the trail a line repeats


BOARDS = {
    board.name: board
    for board in (
        Board(
            "returned",
            _("退回给我的"),
            _("没有退回给您的记录。"),
            returned_to,
            "status_since",
            is_duty=True,
            told_by=Step.RETURN,
            note=_("看过原因，改好后再送审。"),
        ),
        Board(
            "awaiting",
            _("等我审核"),
            _("没有等您审核的记录。"),
            awaiting_review_by,
            "status_since",
            is_oldest_first=True,
            is_duty=True,
            opens="review",
            note=_("等得最久的在最前面。"),
        ),
        Board(
            "drafts",
            _("我的草稿"),
            _("没有未写完的草稿。"),
            drafts_of,
            "updated_at",
            is_duty=True,
            note=_("最近改过的在最前面。"),
        ),
        Board(
            "submitted",
            _("送审中的"),
            _("没有正在审核的记录。"),
            submitted_by,
            "status_since",
            note=_("您写的，现在到了哪一步。"),
        ),
        Board(
            "scheduled",
            _("定时发布"),
            _("没有等着定时发布的记录。"),
            scheduled,
            "published_at",
            is_oldest_first=True,
            note=_("到时自动公开，都是北京时间。"),
        ),
        Board(
            "latest",
            _("最近发布"),
            _("最近30天没有新发布的记录。"),
            recently_public,
            "published_at",
            note=_("最近30天公开的。"),
        ),
    )
}


class Key(NamedTuple):
    """A row of a board before it is read: which of the admins, which row, its time and, if it came back, by what."""

    admin: int
    pk: int
    moment: datetime
    entry: int | None


@dataclass(frozen=True)
class Task:
    """A record on a board, with what its line says."""

    record: Publishable
    url: str
    place: str
    moment: datetime
    came_back: ReviewEntry | None = None

    @property
    def kind(self) -> str:
        kind = self.record._meta.verbose_name
        return _("%s（修订稿）") % kind if self.record.is_working_copy else str(kind)

    @property
    def writer(self):
        return self.record.updated_by or self.record.created_by

    @property
    def waited(self) -> str:
        """已等3天5小时: how long it has been where it is."""
        days, hours = divmod(max((timezone.now() - self.moment) // timedelta(hours=1), 0), 24)
        if days and hours:
            return _("已等%(days)d天%(hours)d小时") % {"days": days, "hours": hours}
        return _("已等%d天") % days if days else _("已等%d小时") % hours if hours else str(_("不到1小时"))

    @property
    def is_overdue(self) -> bool:
        return timezone.now() - self.moment > OVERDUE


class Worklists:
    """The boards of one person, over all records of these admins that they may open."""

    def __init__(self, request, admins: Iterable["PublishableAdmin"]):
        self.request = request
        self.admins = list(admins)
        self._built: dict[str, list[models.QuerySet]] = {}

    def counts(self, boards: Collection[Board]) -> dict[str, int]:
        """How long each board is, by its name. One query."""
        parts = [
            rows.annotate(listed_on=Value(board.name)).values_list("listed_on").annotate(listed=Count("pk"))
            for board in boards
            for rows in self._rows(board)
        ]
        counts = {board.name: 0 for board in boards}
        for name, count in _union(parts) if parts else ():
            counts[name] += count
        return counts

    def keys(self, board: Board) -> models.QuerySet:
        """The whole board in its order, to be sliced or paged. One query."""
        parts = [
            rows.annotate(
                listed_by=Value(number), listed_at=F(board.moment), listed_with=self._entry(board, rows)
            ).values_list("listed_by", "pk", "listed_at", "listed_with")
            for number, rows in enumerate(self._rows(board))
        ]
        return _union(parts).order_by("listed_at" if board.is_oldest_first else "-listed_at", "listed_by", "-pk")

    def tasks(self, listed: dict[str, Iterable[tuple]]) -> dict[str, list[Task]]:
        """The lines of several boards from their keys. A query for each kind of record, one for the returns."""
        keys = {name: [Key(*key) for key in rows] for name, rows in listed.items()}
        wanted = defaultdict(set)
        for key in (key for rows in keys.values() for key in rows):
            wanted[key.admin].add(key.pk)
        records = {number: self._read(self.admins[number], pks) for number, pks in wanted.items()}
        entries = [key.entry for rows in keys.values() for key in rows if key.entry]
        returns = ReviewEntry.objects.in_bulk(entries) if entries else {}
        return {
            name: [
                self._task(BOARDS[name], key, records[key.admin][key.pk], returns.get(key.entry))
                for key in rows
                if key.pk in records[key.admin]  # it may be gone since its key was read
            ]
            for name, rows in keys.items()
        }

    def _rows(self, board: Board) -> list[models.QuerySet]:
        """What is on it of each kind: put together once, for its length and for its keys."""
        if board.name not in self._built:
            user = self.request.user
            self._built[board.name] = [board.rows(own.rows(self.request), user).order_by() for own in self.admins]
        return self._built[board.name]

    @staticmethod
    def _entry(board: Board, rows: models.QuerySet):
        """The key of the entry in the trail that a line repeats."""
        if not board.told_by:
            return Value(None, output_field=models.BigIntegerField())
        return Subquery(_trail(rows).filter(step=board.told_by).values("pk")[:1])

    def _read(self, admin, pks: Iterable[int]) -> dict[int, Publishable]:
        long_texts = [field.name for field in admin.opts.concrete_fields if isinstance(field, models.TextField)]
        rows = admin.rows(self.request).select_related("created_by", "updated_by").defer(*long_texts)
        return rows.in_bulk(pks)

    def _task(self, board: Board, key: Key, record: Publishable, came_back: ReviewEntry | None) -> Task:
        admin = self.admins[key.admin]
        return Task(record, admin.page_of(record, board.opens), admin.place_of(record), key.moment, came_back)


def _union(parts: list[models.QuerySet]) -> models.QuerySet:
    return parts[0].union(*parts[1:], all=True)
