"""What is kept is kept by kind and month, too: so all of it is made anew."""

from django.db import migrations


def forget(apps, schema_editor):
    for name in ("Tally", "GroupTally", "UnpublishedTally"):
        apps.get_model("branches", name)._default_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0018_unpublished_tallies")]
    operations = [migrations.RunPython(forget, forget)]
