"""On PostgreSQL: which texts have which pairs of characters."""

from django.db import migrations

from publishing.search_indexes import search_indexes


class Migration(migrations.Migration):
    dependencies = [
        ("hospitals", "0004_staff_accounts"),
        ("publishing", "0007_search_pairs"),
    ]

    operations = [search_indexes("hospitals_hospital")]
