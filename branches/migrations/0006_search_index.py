"""On PostgreSQL: which texts have which pairs of characters, and which begin with which title."""

from django.db import migrations

from publishing.search_indexes import search_indexes


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0005_desk_indexes"),
        ("publishing", "0007_search_pairs"),
    ]

    operations = [
        search_indexes(
            "branches_branch",
            "branches_brand",
            "branches_initiative",
            "branches_activity",
            "branches_periodreport",
            titled=("branches_brand", "branches_initiative", "branches_activity"),
        )
    ]
