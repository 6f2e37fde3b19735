from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("branches", "0006_search_index")]

    operations = [
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["-published_at", "-id"], name="branches_activity_published"),
        ),
    ]
