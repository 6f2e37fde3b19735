"""A row of the log as people read it: what changed, in words, and the sheet of many rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.comparison import Piece, Side, compare
from publishing.long_lists import one_after_the_other
from publishing.models import LogEntry
from publishing.shown import show_all
from publishing.spreadsheets import Column, Sheet

_NOT_KEPT = _("内容不记入日志")
_SAME_WORDS = _("文字没有变")
_PHOTO = _("照片（没有说明）")
_VERBS = dict(LogEntry.Verb.choices)  # Django's own ``get_verb_display`` makes this table anew for every row
_LONGEST = 300  # characters of one value in a sheet; the page of the row has them all


@dataclass(frozen=True)
class ChangedValue:
    """One line of what changed: a field, or a row of a part with its ``state`` (新增, 删除, 有修改, 调整顺序)."""

    label: str
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()
    state: str = ""
    note: str = ""


def kind_of(entry: LogEntry) -> str:
    """What the row is about in general: 活动, 稿件."""
    return ContentType.objects.get_for_id(entry.about_type_id).name if entry.about_type_id else ""


def changed_values(entry: LogEntry) -> list[ChangedValue]:
    """What changed, with the words marked that differ. Nothing that is in the row is left out."""
    model = _model(entry)
    if model is None:
        return [_as_stored(change) for change in entry.changes]
    before, after = _contents(entry, model)
    found = {change.name: change for change in compare(model, before, after).changes}
    values = []
    for change in entry.changes:
        compared = found.get(change["name"])
        if compared is None:
            is_kept = change["before"] is not None or change["after"] is not None
            values.append(ChangedValue(change["label"], note=str(_SAME_WORDS if is_kept else _NOT_KEPT)))
            continue
        for one in compared.entries:
            sides = {side.which: _pieces(side) for side in one.sides}
            state = "".join(filter(None, (getattr(one, "state_label", ""), getattr(one, "places_text", ""))))
            values.append(ChangedValue(change["label"], **sides, state=state, note=one.note))
    return values


def in_words(entry: LogEntry) -> str:
    """What changed as lines of text, long values cut."""
    if not entry.changes:
        return ""
    model = _model(entry)
    if model is None:
        lines = [(change["label"], str(change["before"] or ""), str(change["after"] or "")) for change in entry.changes]
    else:
        old, new = ({shown.name: shown.text for shown in show_all(model, side)} for side in _contents(entry, model))
        lines = [
            (change["label"], old.get(change["name"], ""), new.get(change["name"], "")) for change in entry.changes
        ]
    return "\n".join(_line(label, before, after) for label, before, after in lines)


def sheet(*, conditions: str, exported_by: str) -> Sheet:
    exported = timezone.localtime()
    return Sheet(
        title=str(_("操作日志")),
        columns=COLUMNS,
        facts=(
            (_("导出时间"), f"{exported:%Y-%m-%d %H:%M}"),
            (_("导出人"), exported_by),
            (_("筛选条件"), conditions),
        ),
        created=exported,
    )


COLUMNS = (
    Column("时间", lambda entry: entry.at, 19, kind="datetime"),
    Column("人员", lambda entry: entry.user_name, 10),
    Column("单位", lambda entry: entry.institution, 18),
    Column("动作", lambda entry: _VERBS.get(entry.verb, entry.verb), 10),
    Column("类型", kind_of, 10),
    Column("对象", lambda entry: entry.about, 28),
    Column("改动", in_words, 50),
    Column("说明", lambda entry: entry.reason, 28),
    Column("平台管理员代行", lambda entry: "是" if entry.is_override else "", 8),
    Column("网络地址", lambda entry: entry.address, 16),
    Column("编号", lambda entry: str(entry.pk), 10),
)


def rows(entries: models.QuerySet) -> Iterator[LogEntry]:
    """For a sheet."""
    return one_after_the_other(entries)


def _model(entry: LogEntry) -> type[models.Model] | None:
    """None for a model that the site no longer has."""
    return ContentType.objects.get_for_id(entry.about_type_id).model_class() if entry.about_type_id else None


def _contents(entry: LogEntry, model: type[models.Model]) -> tuple[dict, dict]:
    """Both sides of the changes in the shape that ``publishing.content`` gives a whole record."""
    parts = getattr(model, "parts", ())
    fields = [change for change in entry.changes if change["name"] not in parts]
    rows_ = [change for change in entry.changes if change["name"] in parts]
    before, after = (
        {
            "fields": {change["name"]: change[side] for change in fields},
            "parts": {change["name"]: change[side] or [] for change in rows_},
        }
        for side in ("before", "after")
    )
    return before, after


def _pieces(side: Side) -> Sequence[Piece]:
    """A photo is named by what is said of it: its file may be gone."""
    if side.picture and not "".join(piece.text for piece in side.pieces).strip():
        return [Piece(str(side.picture.alternative or _PHOTO))]
    return side.pieces


def _as_stored(change: dict) -> ChangedValue:
    before, after = (str(change[side]) if change[side] else "" for side in ("before", "after"))
    return ChangedValue(change["label"], [Piece(before)], [Piece(after)])


def _line(label: str, before: str, after: str) -> str:
    if not before and not after:
        return f"{label}（{_NOT_KEPT}）"
    return f"{label}：{_cut(before) or '（空）'} → {_cut(after) or '（空）'}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
