"""On PostgreSQL: which texts have which pairs of characters, and which begin with which title."""

from django.db import migrations

from publishing.search_indexes import search_indexes


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_desk_index"),
        ("publishing", "0007_search_pairs"),
    ]

    operations = [search_indexes("articles_article", titled=("articles_article",))]
