"""Articles: the reports themselves, with bylines, photos and tags."""

import re

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from articles.checks import article_findings, article_gaps, article_unfilled
from articles.photo_marks import photo_marks
from branches.models import Activity, Branch
from branches.models.scope import BranchPartQuerySet, BranchRecord, BranchScopedQuerySet
from hospitals.ownership import desk_index
from publishing.models import Picture, publishable_constraints
from publishing.neighbours import Neighbours
from publishing.richtext import RichTextField, plain_text, with_photos

_HEADING_LEAD = re.compile(r"<h2>([^<\s]{2,8})\s+")  # 党建赋能 优质医疗“动”起来: the first words lead


def _with_lead(html: str) -> str:
    return _HEADING_LEAD.sub(r"<h2><b>\1</b> ", html)


#: of an article and its hospital, what an entry in a list shows
_TEASER_FIELDS = (
    "section_label", "kicker", "title", "subtitle", "lede", "publisher", "source_date", "source_date_text",
    "published_at", "working_copy_of", "hospital__name", "hospital__slug",
)  # fmt: skip


class ArticleQuerySet(BranchScopedQuerySet):
    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def neighbours(self, article: "Article") -> Neighbours:
        """Above and below it in the list of its hospital; what is not published yet will stand at the top."""
        hour, pk = article.published_at or timezone.now(), article.root_pk
        rows = self.filter(hospital=article.hospital_id).only("title", "working_copy_of").newest_first()
        # The first condition says no more than the second, but where in the index to begin.
        above = rows.filter(models.Q(published_at__gte=hour), models.Q(published_at__gt=hour) | models.Q(pk__gt=pk))
        below = rows.filter(models.Q(published_at__lte=hour), models.Q(published_at__lt=hour) | models.Q(pk__lt=pk))
        return Neighbours.of(above.reverse(), below)

    def of_branch(self, branch: Branch):
        return self.filter(branches=branch)

    def about(self, activity: Activity):
        return self.filter(activities=activity.root_pk)

    def tagged(self, slug: str):
        return self.filter(tags__slug=slug)

    def of_year(self, year: int):
        """Articles dated in a year: by the original's date, or by the publication here where it has none."""
        return self.filter(
            models.Q(source_date__year=year) | models.Q(source_date__isnull=True, published_at__year=year)
        )

    def _of_any(self, branches):
        naming = Article.branches.through.objects.filter(branch__in=branches)
        return models.Q(pk__in=naming.values("article"))

    def with_details(self):
        """All that the article's own page shows."""
        return self.select_related("hospital").prefetch_related(
            "photos",
            "bylines",
            "tags",
            models.Prefetch("branches", Branch.objects.public().with_current_brand().in_order()),
            models.Prefetch("activities", Activity.objects.public().as_compact_entries().newest_first()),
        )

    def with_teaser(self):
        """All that a list entry shows, in two queries."""
        return self.select_related("hospital").prefetch_related("photos").only(*_TEASER_FIELDS)


class Article(BranchRecord):
    parts = ("bylines", "photos")
    searched_fields = ("title", "lede", "body", "subtitle", "kicker", "editors_note", "publisher")
    searched_rows = {
        "hospital": "name", "bylines": "name", "photos": "caption", "branches": "name", "tags": "name",
    }  # fmt: skip

    section_label = models.CharField(_("栏目"), max_length=30, blank=True, help_text=_("例如：特别报道。"))
    kicker = models.CharField(_("引题"), max_length=60, blank=True, help_text=_("主标题上面的一行小字。"))
    title = models.CharField(_("标题"), max_length=80)
    subtitle = models.CharField(_("副题"), max_length=100, blank=True)
    lede = models.TextField(_("导语"), blank=True, help_text=_("两三句话，用在首页和列表里。"))
    editors_note = models.TextField(_("编者按"), blank=True)
    body = RichTextField(
        _("正文"),
        blank=True,
        extensions=with_photos("photos"),
        help_text=_("照片放在哪里，就在那里单起一行写“[图1]”“[图2]”；没有写到的照片排在文末。"),
    )
    note = models.TextField(_("编辑说明"), blank=True, help_text=_("例如更正、原文不全等，显示在文末。"))
    publisher = models.CharField(_("来源"), max_length=60, blank=True, help_text=_("转载时填原载媒体。"))
    source_url = models.URLField(_("原文链接"), blank=True)
    source_date = models.DateField(_("原文日期"), null=True, blank=True)
    source_date_text = models.CharField(_("原文日期说明"), max_length=60, blank=True)
    dateline = models.CharField(_("电头"), max_length=30, blank=True, help_text=_("例如：济宁报道。"))
    branches = models.ManyToManyField(Branch, blank=True, related_name="articles", verbose_name=_("文中支部"))
    activities = models.ManyToManyField(Activity, blank=True, related_name="articles", verbose_name=_("文中活动"))
    tags = TaggableManager(_("标签"), blank=True, help_text=_("用逗号或顿号隔开。"))

    objects = ArticleQuerySet.as_manager()

    class Meta(BranchRecord.Meta):
        default_related_name = "articles"
        ordering = ["-published_at", "-id"]
        verbose_name = _("稿件")
        verbose_name_plural = _("稿件")
        constraints = publishable_constraints("articles_article")
        indexes = [
            desk_index("articles_article"),
            models.Index(fields=["-published_at", "-id"], name="articles_article_newest"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("article", args=[self.root_pk])

    @property
    def branch_keys(self) -> set[int]:
        return {branch.pk for branch in self.branches.all()} if self.pk else set()

    @property
    def is_reprint(self) -> bool:
        """It appeared elsewhere first: only then is there an original whose author and date may be missing."""
        return bool(self.publisher or self.source_date or self.source_date_text)

    @property
    def length(self) -> int:
        """Characters of the body without white space, as an editor counts them."""
        return len(re.sub(r"\s", "", plain_text(self.body)))

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.length / 400))  # 400 characters a minute: an unhurried adult reader

    @property
    def credits(self) -> list[str]:
        """The bylines as a newspaper prints them: 记者 郭纪轩, 通讯员 张德君 董体; people of one role together."""
        names: dict[str, list[str]] = {}
        for byline in self.bylines.all():
            names.setdefault(byline.role, []).append(byline.name)
        unstated = Byline.Role.UNSTATED
        return [
            " ".join(([] if role == unstated else [str(Byline.Role(role).label)]) + own) for role, own in names.items()
        ]

    @property
    def authors(self) -> list[str]:
        """Who wrote it; photographers and editors are named on the page, but not as its authors."""
        others = {Byline.Role.PHOTOGRAPHER, Byline.Role.EDITOR}
        return [byline.name for byline in self.bylines.all() if byline.role not in others]

    @property
    def blocks(self) -> list[dict]:
        """The body in order: pieces of HTML, and photos where the text says [图1]; photos not named come last."""
        photos = dict(enumerate(self.photos.all(), start=1))
        blocks, start = [], 0
        for mark in photo_marks(self.body):
            blocks += [{"html": _with_lead(self.body[start : mark.start()])}, {"photo": photos.pop(int(mark[1]), None)}]
            start = mark.end()
        blocks += [{"html": _with_lead(self.body[start:])}, *({"photo": photo} for photo in photos.values())]
        return [block for block in blocks if any(block.values())]

    @property
    def numbers_without_photo(self) -> list[int]:
        """What the body names as a photo and is none: [图3] where there are two."""
        count = len(self.photos.all()) if self.pk else 0
        return sorted({int(mark[1]) for mark in photo_marks(self.body)} - set(range(1, count + 1)))

    @property
    def cover(self):
        """The first photo, from the prefetched ones where a list has fetched them."""
        return next(iter(self.photos.all()), None)

    @property
    def told_with(self):
        """The numbers that it was written with, of each activity that it was made of."""
        told = self._meta.get_field("telling").related_model.objects.filter(article=self.root_pk)
        return told.select_related("activity") if self.pk else told.none()

    def own_findings(self):
        return article_findings(self)

    def own_gaps(self):
        return article_gaps(self)

    def unfilled(self):
        return article_unfilled(self)


class ArticlePartQuerySet(BranchPartQuerySet):
    hospital_path = "article__hospital"


class Byline(models.Model):
    class Role(models.TextChoices):
        REPORTER = "reporter", _("记者")
        CORRESPONDENT = "correspondent", _("通讯员")
        PHOTOGRAPHER = "photographer", _("摄影")
        CONTRIBUTOR = "contributor", _("供稿")
        EDITOR = "editor", _("编辑")
        UNSTATED = "unstated", _("未注明")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines", verbose_name=_("稿件"))
    name = models.CharField(_("姓名"), max_length=50)
    role = models.CharField(_("署名"), max_length=20, choices=Role, default=Role.CORRESPONDENT)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    objects = ArticlePartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("署名")
        verbose_name_plural = _("署名")

    def __str__(self):
        return self.name


class ArticlePhoto(Picture):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photos", verbose_name=_("稿件"))

    objects = ArticlePartQuerySet.as_manager()

    class Meta(Picture.Meta):
        verbose_name = _("稿件照片")
        verbose_name_plural = _("稿件照片")
