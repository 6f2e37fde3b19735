"""The filters of the article list, all of them in the URL."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from branches.filters import ListFilter


class ArticleFilter(ListFilter):
    year = forms.IntegerField(
        required=False,
        label=_("年份"),
        min_value=1949,
        max_value=2100,
        error_messages={
            "invalid": _("年份要写成四位数字，例如2023。"),
            "min_value": _("年份要写成四位数字，例如2023。"),
            "max_value": _("年份要写成四位数字，例如2023。"),
        },
    )

    def rows(self):
        """The public articles that match."""
        rows = self.narrowed(Article.objects.public())
        return rows.of_year(self.cleaned_data["year"]) if self.cleaned_data["year"] else rows
