"""The filters of the article list, all of them in the URL."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from branches.models import Branch
from hospitals.models import Hospital
from publishing.search import MAX_QUERY_LENGTH


class ArticleFilter(forms.Form):
    hospital = forms.ModelChoiceField(
        Hospital.objects.none(),
        to_field_name="slug",
        required=False,
        label=_("医院"),
        empty_label=_("全部医院"),
        error_messages={"invalid_choice": _("没有这家医院，请重新选择。")},
    )
    branch = forms.CharField(required=False, max_length=60, label=_("支部"))
    year = forms.IntegerField(
        required=False,
        label=_("年份"),
        min_value=1949,
        max_value=2100,
        error_messages={"invalid": _("年份要写成四位数字，例如2023。")},
    )
    tag = forms.CharField(required=False, max_length=100, label=_("标签"))
    q = forms.CharField(required=False, max_length=MAX_QUERY_LENGTH, label=_("关键词"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Hospital.objects.public()

    def clean_branch(self):
        slug = self.cleaned_data["branch"]
        return Branch.objects.public().by_slug(self.cleaned_data.get("hospital"), slug) if slug else None

    def rows(self):
        """The public articles that match."""
        data, rows = self.cleaned_data, Article.objects.public()
        if data["hospital"]:
            rows = rows.of_hospital(data["hospital"])
        if data["branch"]:
            rows = rows.of_branch(data["branch"])
        if data["year"]:
            rows = rows.of_year(data["year"])
        if data["tag"]:
            rows = rows.tagged(data["tag"])
        return rows.search(data["q"])
