"""What is kept of all hospitals is one row more: made with the sums of their groups, so those are made anew."""

from django.db import migrations


def forget(apps, schema_editor):
    for name in ("Tally", "GroupTally"):
        apps.get_model("branches", name)._default_manager.all().delete()


class Migration(migrations.Migration):
    dependencies = [("branches", "0015_internal_tallies")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
