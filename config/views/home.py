from django.shortcuts import render
from django.utils import timezone

from articles.models import Article
from branches.models import Activity, PeriodFigure
from branches.plaques import wall
from hospitals.models import Hospital
from publishing.freshness import public_page


@public_page
def home(request):
    hospitals = list(Hospital.objects.public().with_places())
    articles = list(Article.objects.public().with_teaser().newest_first()[:4])
    groups = wall(hospitals)
    context = {
        "today": timezone.localdate(),
        "hospitals": hospitals,
        "article_count": Article.objects.public().count(),
        "lead": articles[0] if articles else None,
        "stories": articles[1:],
        "activities": Activity.objects.public().with_summary().newest_first()[:5],
        "wall": groups[0] if groups else None,
        "figures": PeriodFigure.objects.headline(reports=2, each=2),
    }
    return render(request, "home.html", context)
