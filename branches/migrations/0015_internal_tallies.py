"""Tallies hold the figures that only staff see as well: those that were made without them are made anew."""

from django.db import migrations


def forget(apps, schema_editor):
    for name in ("Tally", "GroupTally"):
        apps.get_model("branches", name)._default_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0014_statistics_indexes")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
