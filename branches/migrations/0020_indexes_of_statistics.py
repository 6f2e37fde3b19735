"""What statistics are made from is in indexes as a whole; two that had less of it go."""

from django.db import migrations, models
from django.db.models import Q

ASKED = ["kind", "hospital", "region", "precision", "start", "end", "id"]
COUNTED = Q(working_copy_of__isnull=True) & ~Q(nature="summary")


def _add(model: str, name: str, fields: list[str], condition: Q) -> migrations.AddIndex:
    return migrations.AddIndex(model, models.Index(fields=fields, condition=condition, name=name))


class Migration(migrations.Migration):
    dependencies = [("branches", "0019_tallies_in_months")]
    operations = [
        migrations.RemoveIndex("activity", "branches_activity_unpublished"),
        migrations.RemoveIndex("activity", "branches_activity_not_of_a_day"),
        _add("activity", "branches_activity_counted", ["status", "ordered_on", *ASKED], COUNTED),
        _add(
            "activity",
            "branches_activity_not_of_a_day",
            ["ordered_on", "status", *ASKED],
            COUNTED & ~Q(precision="day"),
        ),
        _add(
            "figure",
            "branches_figure_summed",
            ["activity", "measure", "value", "precision", "is_internal"],
            Q(measure__isnull=False),
        ),
    ]
