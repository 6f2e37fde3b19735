"""The forms of 导入来稿: a report that is sent, and what may be made of what it mentions."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.intake.files import MOST_BYTES, TOO_LARGE, ReportError
from articles.intake.report import read_report
from branches.models import ActivityKind, Branch, Measure
from branches.models.scope import why_not_for
from branches.periods import Period
from hospitals.models import Hospital
from publishing.quantities import parse

MOST_TEXT = 50_000


class ReportUpload(forms.Form):
    hospital = forms.ModelChoiceField(Hospital.objects.none(), label=_("哪家医院的稿件"), empty_label=_("请选择"))
    branch = forms.ModelChoiceField(
        Branch.objects.none(), label=_("哪个支部的稿件"), required=False, empty_label=_("全院，或以后再选")
    )
    file = forms.FileField(
        label=_("稿件文件"),
        required=False,
        max_length=120,
        help_text=_(
            "Word或WPS的.docx，或纯文本.txt，最大%sMB，可以直接拖到这一页。.doc和.wps请先另存为.docx；PDF请找到原来的Word文档。"
        )
        % (MOST_BYTES // 2**20),
        error_messages={
            "empty": _("这个文件是空的。请重新选择稿件再试。"),
            "max_length": _("文件名太长，请改短一些再传。"),
        },
        widget=forms.FileInput({"accept": ".docx,.txt", "data-most-bytes": MOST_BYTES, "data-too-large": TOO_LARGE}),
    )
    text = forms.CharField(
        label=_("或者把文字粘贴在这里"),
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        help_text=_("一段一行。只有文字，照片以后在稿件里上传。"),
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        may = [one for one in Hospital.objects.editable_by(user) if user.has_perm("articles.add_article", one)]
        self.only_hospital = may[0] if len(may) == 1 else None
        self.fields["hospital"].queryset = Hospital.objects.filter(pk__in=[one.pk for one in may])
        branches = Branch.objects.reportable_by(user).filter(hospital__in=may).select_related("hospital").in_order()
        self.fields["branch"].queryset = branches
        if self.only_hospital:
            del self.fields["hospital"]
            self.fields["branch"].label_from_instance = lambda branch: branch.name
        else:
            self.fields["branch"].label_from_instance = lambda branch: f"{branch.hospital}{branch.name}"

    @property
    def chosen_hospital(self) -> Hospital | None:
        return self.only_hospital or self.cleaned_data.get("hospital")

    @property
    def branches(self) -> list[Branch]:
        branch = self.cleaned_data.get("branch")
        return [branch] if branch else []

    def clean(self):
        data = super().clean()
        file, text, hospital = data.get("file"), data.get("text", ""), self.chosen_hospital
        if hospital and self.branches and self.branches[0].hospital_id != hospital.pk:
            self.add_error("branch", _("这个支部不属于所选医院，请重新选择。"))
        elif hospital and (refusal := why_not_for(self.user, hospital, self.branches)):
            self.add_error("branch", refusal)
        if "file" in self.errors:
            return data
        if not file and not text.strip():
            raise ValidationError({"file": _("请选择稿件文件，或把文字粘贴在下面。")})
        if file and text.strip():
            raise ValidationError({"text": _("文件和粘贴的文字只要一样，请清空其中一个。")})
        if file and file.size > MOST_BYTES:
            raise ValidationError({"file": TOO_LARGE})
        self.name = file.name if file else str(_("粘贴的文字.txt"))
        self.content = file.read() if file else text.encode()
        try:
            self.report = read_report(self.name, self.content, hospital)
        except ReportError as refusal:
            raise ValidationError({"file" if file else "text": refusal.messages}) from refusal
        return data


class SuggestedBranches(forms.Form):
    """``found``: recorded branches that the report names and the article does not yet."""

    branches = forms.ModelMultipleChoiceField(
        Branch.objects.none(),
        label=_("文中提到的支部"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请先勾选支部。"), "invalid_choice": _("有的支部不在可选之列，请刷新页面再选。")},
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, label_suffix="", prefix="branches", **kwargs)
        self.fields["branches"].queryset = found
        self.fields["branches"].label_from_instance = lambda branch: branch.name


class SuggestedActivity(forms.Form):
    """An activity of what the report says. ``suggestions``: as they are kept with it; what is sent is only their places."""

    title = forms.CharField(label=_("活动主题"), max_length=80)
    kind = forms.ModelChoiceField(ActivityKind.objects.order_by("position"), label=_("类别"), empty_label=_("请选择"))
    when = forms.ChoiceField(label=_("时间"), required=False)
    place = forms.CharField(label=_("地点"), max_length=100, required=False)
    figures = forms.MultipleChoiceField(
        label=_("数字"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("有的数字不在可选之列，请刷新页面再选。")},
    )  # fmt: skip

    def __init__(self, *args, article, suggestions, **kwargs):
        super().__init__(*args, label_suffix="", prefix="activity", **kwargs)
        self.article, self.suggestions = article, suggestions
        measures = {row.slug: row for row in Measure.objects.filter(slug__in=self._slugs())}
        self.dates = [row for row in suggestions.get("dates", []) if row["start"]]
        self.offered = [
            (number, row, measures[row["measure"]])
            for number, row in enumerate(suggestions.get("figures", []))
            if row["measure"] in measures and _is_readable(row["as_stated"])
        ]
        self.fields["when"].choices = [
            *((str(number), f"{_period(row)}（{row['as_stated']}）") for number, row in enumerate(self.dates)),
            ("", _("以后再填")),
        ]
        self.fields["figures"].choices = [
            (str(number), f"{measure.name}：{row['as_stated']}") for number, row, measure in self.offered
        ]
        if not self.offered:
            del self.fields["figures"]
        places, kinds = suggestions.get("places", []), suggestions.get("kinds", [])
        self.initial |= {
            "title": article.title,
            "kind": ActivityKind.objects.filter(slug__in=kinds[:1]).first(),
            "when": "0" if self.dates else "",
            "place": places[0] if places else "",
        }

    def _slugs(self) -> set[str]:
        return {row["measure"] for row in self.suggestions.get("figures", []) if row["measure"]}

    @property
    def period(self) -> Period | None:
        chosen = self.cleaned_data["when"]
        return _period(self.dates[int(chosen)]) if chosen else None

    @property
    def chosen(self) -> list[tuple[dict, Measure]]:
        keys = set(self.cleaned_data.get("figures", []))
        return [(row, measure) for number, row, measure in self.offered if str(number) in keys]

    def clean_figures(self):
        """One number of each measure: two of one are parts of each other, or of two activities."""
        keys = self.cleaned_data["figures"]
        names = [measure.name for number, _row, measure in self.offered if str(number) in keys]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValidationError(
                _("“%s”选了不止一个数。一条活动只填一个，其余的另建活动，或写在正文里。") % "、".join(twice)
            )
        return keys


def _is_readable(stated: str) -> bool:
    try:
        parse(stated)
    except ValidationError:
        return False
    return True


def _period(row: dict) -> Period:
    return Period(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), row["precision"])
