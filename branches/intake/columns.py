"""What the cells of each column mean: a widget cleans a cell, a field says where its value goes in a PlannedRow."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.widgets import Widget

from branches.intake.names import CellError, Names, nearest, split
from branches.models.kind import WHOLE_UNITS
from branches.periods import Period
from branches.stated_periods import read_period
from publishing.quantities import parse
from publishing.tables import Cell, Formula

_CLOCK = r"(\d{1,2})[:：.时点](\d{2})?分?"
_TIMES = re.compile(rf"{_CLOCK}(?:(?:-|—+|–|~|～|至|到){_CLOCK})?")
_MESSAGE_OF_TIMES = _("没有看懂“%s”。请写成08:00-11:30，或者只写开始时间08:00。")


def text_of(cell: Cell) -> str:
    """A cell as the text it shows: 12 and not 12.0, a date as 2023-06-01."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime):
        return text_of(cell.date()) if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return str(cell)
    number = Decimal(repr(cell) if isinstance(cell, float) else cell)
    if not number.is_finite() or abs(number.adjusted()) > 20:
        return str(cell)
    number = round(number, 6)  # what is behind that, binary fractions have made
    return f"{number.normalize():f}" if number else "0"


class LedgerWidget(Widget):
    """Cells are texts, whatever a spreadsheet program has made of them."""

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, Formula):
            raise CellError(_("这一格是公式，没有采用。请复制这一格，用“选择性粘贴—数值”粘贴回来。"))
        return self.read(text_of(value), row=row, names=kwargs["names"])

    def read(self, text: str, *, row: dict, names: Names):
        return text


class PeriodWidget(LedgerWidget):
    def read(self, text, **_known) -> Period | None:
        return read_period(text) if text else None


class TimesWidget(LedgerWidget):
    """活动时间: begin and end, either of which may be missing."""

    def read(self, text, **_known) -> tuple[time | None, time | None]:
        if not text:
            return None, None
        found = _TIMES.fullmatch(text.replace(" ", ""))
        if not found:
            raise CellError(_MESSAGE_OF_TIMES % text)
        hours = found.groups()
        try:
            begin = time(int(hours[0]), int(hours[1] or 0))
            return begin, time(int(hours[2]), int(hours[3] or 0)) if hours[2] else None
        except ValueError as error:
            raise CellError(_MESSAGE_OF_TIMES % text) from error


class OrganiserWidget(LedgerWidget):
    def read(self, text, *, row, names):
        return names.organiser(text, text_of(row.get("医院名称", "")))


class BranchesWidget(LedgerWidget):
    def read(self, text, *, row, names):
        known = {branch.name for branch in names.branches}
        return list(dict.fromkeys(names.branch(name) for name in split(text, known.__contains__)))


class PartnersWidget(LedgerWidget):
    def read(self, text, *, row, names):
        return [names.partner(name) for name in split(text, names.partners.__contains__)]


class KindsWidget(LedgerWidget):
    """活动类别: the main kind, then further ones."""

    def read(self, text, *, row, names):
        if not text:
            raise CellError(_("请填写活动类别。") + nearest("", names.kinds))
        return [names.kind(name) for name in split(text, names.kinds.__contains__)]


class NamedWidget(LedgerWidget):
    """A brand or an initiative; of several with one name, that of the row's branch."""

    def __init__(self, kind: str, label: str):
        super().__init__()
        self.kind, self.label = kind, label

    def read(self, text, *, row, names):
        known = getattr(names, self.kind)
        found = known.get(text, [])
        if len(found) > 1:
            try:
                branch, _all = names.organiser(text_of(row.get("党组织名称", "")), "")
            except CellError:
                branch = None
            found = [one for one in found if one.branch_id == (branch and branch.pk)] or found[:1]
        if text and not found:
            raise CellError(
                _("本院没有名为“%(name)s”的%(label)s（或者还没有公开）。") % {"name": text, "label": self.label}
                + nearest(text, known)
            )
        return found[0] if found else None


class RegionWidget(LedgerWidget):
    """That of the hospital goes without saying."""

    def read(self, text, *, row, names):
        if not text:
            return None
        code = text.zfill(6)
        if code not in names.regions:
            raise CellError(_("没有行政区划代码“%s”。请填六位数字的代码，例如370828；和本院相同的可以不填。") % text)
        return None if code == names.hospital.region_id else names.regions[code]


class QuantityWidget(LedgerWidget):
    def __init__(self, slug: str):
        super().__init__()
        self.slug = slug

    def read(self, text, *, row, names):
        if not text:
            return None
        return parse(text, whole=names.measures[self.slug].unit in WHOLE_UNITS)


class LedgerField(Field):
    """``attribute``: of a PlannedRow. Empty cells empty what they stand for."""

    def __init__(self, header: str, attribute: str, widget: Widget | None = None):
        super().__init__(attribute=attribute, column_name=header, widget=widget or LedgerWidget())


def messages_of(error: Exception) -> list[str]:
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]
