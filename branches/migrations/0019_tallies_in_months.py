"""What is kept is kept by kind and month, too, apart from what visitors' pages read; so all of it is made anew."""

from django.db import migrations, models


def forget(apps, schema_editor):
    for name in ("Tally", "GroupTally", "UnpublishedTally"):
        apps.get_model("branches", name)._default_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0018_unpublished_tallies")]
    operations = [
        migrations.RunPython(forget, forget),
        *(
            migrations.AddField(model, column, models.JSONField(default=dict, verbose_name=name))
            for model in ("tally", "grouptally", "unpublishedtally")
            for column, name in (("internal_sums", "内部数据的合计"), ("detailed_sums", "细分合计"))
        ),
    ]
