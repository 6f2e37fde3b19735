from django.shortcuts import render
from django.utils import timezone

from articles.models import Article
from branches.models import Activity, PeriodFigure
from branches.plaques import fullest_group
from config.meta import home_meta
from hospitals.models import Hospital
from publishing.freshness import public_page
from publishing.kept import lazily


@public_page
def home(request):
    kept = request.stamp.kept
    context = {
        "meta": lazily(home_meta),
        "today": timezone.localdate(),
        "hospital_count": kept(("hospital count",), lambda: Hospital.objects.public().count()),
        "article_count": kept(("article count",), lambda: Article.objects.public().count()),
        "articles": lazily(lambda: list(Article.objects.public().with_teaser().newest_first()[:4])),
        "activities": lazily(lambda: Activity.objects.public().as_compact_entries().newest_first()[:5]),
        "wall": lazily(fullest_group),
        "figures": lazily(PeriodFigure.objects.headline, 2, 2),
    }
    return render(request, "home.html", context)
