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
            migrations.AddField(
                model_name=name,
                name="staff_sums",
                field=models.JSONField(default=dict, verbose_name="只供工作人员看的合计"),
            )
            for name in ("tally", "grouptally", "unpublishedtally")
        ),
    ]
