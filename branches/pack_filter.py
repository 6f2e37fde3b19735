"""What a pack is narrowed down to: the choices of the ledger, for one hospital or branch and by where things are counted."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from branches.ledger_filter import LedgerFilter
from branches.models import Activity, PeriodReport
from branches.models.branch import whole_hospitals
from branches.packs import Dossier, Pack
from branches.periods import Period, Precision
from hospitals.models import Hospital


class PackFilter(LedgerFilter):
    """Without data it is a form to begin with; of what is asked for nothing is exported unless all of it can be read."""

    def __init__(self, data, *, user):
        super().__init__(data or None, user=user)
        for name in ("status", *self.of_cell):  # only what the public can read
            del self.fields[name]
        *years, _unknown = self.fields["year"].choices[1:]
        self.fields["year"].initial = years[0][0] if years else ""  # the latest in which there is anything

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if self.institution is None:
            self.add_error("hospital", _("请选一家医院：一份材料只装一家医院的。"))
        elif not (data["branch"] or data["brand"] or self._reaches_all_of(self.institution)):
            self.add_error("branch", _("您只填报部分支部，请选一个支部（或一个品牌）；全院的材料请台账员导出。"))
        elif data["brand"] and data["brand"].hospital_id != self.institution.pk:
            self.add_error("brand", _("这个品牌不属于所选医院，请重新选择。"))
        return data

    def _reaches_all_of(self, hospital: Hospital) -> bool:
        held = self.user.memberships.filter(hospital=hospital)
        return self.user.is_superuser or whole_hospitals(held).exists()

    @property
    def institution(self) -> Hospital | None:
        chosen, brand = super().institution, self.cleaned_data["brand"]
        return brand.hospital if chosen is None and brand else chosen

    @property
    def span(self) -> Period | None:
        """The time in which what is in it is counted."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return self.period or (Period(since, until, Precision.DAY) if since or until else None)

    def rows(self):
        """The activities that are counted in the chosen time, whatever their status."""
        return self._counted(Activity.objects.editable_by(self.user).originals())

    def _counted(self, rows):
        return self.narrowed(rows).of_hospital(self.institution).belonging_to(self.span).newest_first()

    @property
    def unapproved(self):
        """What would be in it if it were published: drafts, what is under review, what will be public at its hour."""
        public = self.rows().public().order_by().values("pk")
        return self.rows().not_withdrawn().exclude(pk__in=public).select_related("hospital")

    def pack(self, site: str) -> Pack:
        return Pack(reports=self._reports(), **self._contents(site))

    def dossier(self, site: str) -> Dossier | None:
        """Of the brand that was chosen."""
        brand = self.cleaned_data["brand"]
        return Dossier(reports=PeriodReport.objects.none(), brand=brand, **self._contents(site)) if brand else None

    def _contents(self, site: str) -> dict:
        return {
            "unit": self.unit,
            "period": self.period_text,
            "conditions": "；".join([*self.in_words(), str(_("只含已发布的记录"))]),
            "activities": self.rows().public(),
            "left_out": self._left_out,
            "site": site,
        }

    def _reports(self):
        """Announced numbers are of a unit and a time; of a kind or a brand there are none."""
        data, rows = self.cleaned_data, PeriodReport.objects.editable_by(self.user).public()
        if data["group"] or data["kind"] or data["brand"]:
            return rows.none()
        rows = rows.of_hospital(self.institution)
        if data["branch"]:
            rows = rows.of_branch(data["branch"])
        return rows.belonging_to(self.span).newest_first()

    @cached_property
    def _left_out(self) -> list[str]:
        """What one might look for in it, in words: for the page and for the cover."""
        counted = self.rows().order_by().values("pk")
        mine = self.narrowed(Activity.objects.editable_by(self.user).public()).of_hospital(self.institution)
        everybodys = self._counted(Activity.objects.public())
        counts = (
            (self.unapproved, _("另有%d条还没有审核发布，没有收入。")),
            (
                self.in_time(mine).exclude(pk__in=counted),
                _("另有%d条与这段期间有重叠，但开始得更早或写明的时间更长，不归在这段期间，没有收入。"),
            ),
            (everybodys.exclude(pk__in=counted), _("另有%d条由其他支部主办，不归导出的人填报，没有收入。")),
        )
        return [str(words % count) for rows, words in counts if (count := rows.count())]
