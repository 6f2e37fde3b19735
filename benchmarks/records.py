"""Sample activities by the million: some of them made by ``make_records``, the others copies that the database makes.

A copy has its own number and reference; its hospital, branch, kind, dates, figures, branches, partners and tags are those of
the record it was copied from. The copies of a million take three minutes instead of twenty.
"""

from django.core.management import call_command
from django.db import connection
from django.db.models import Max

from branches.models import Activity, Figure

#: as many are made one by one; they use every combination that the sample has
MOST_MADE = 250_000
PARTS = [Figure, Activity.joint_branches.through, Activity.partners.through, Activity.further_kinds.through]


def make(database_name: str, activities: int, hospitals: int, seed: int) -> None:
    """As many activities as asked for, on top of what there is."""
    missing = activities - Activity.objects.count()
    if missing <= 0:
        return
    made = min(missing, max(0, MOST_MADE - Activity.objects.count()))
    if made:
        call_command("make_records", activities=made, hospitals=hospitals, seed=seed, into=database_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('branches_activity_search'::regclass)")
        (search_index,) = cursor.fetchone()
        cursor.execute("DROP INDEX branches_activity_search")  # one by one, pairs of characters take most of the time
        while (missing := activities - Activity.objects.count()) > 0:
            _copy(missing)
        cursor.execute("UPDATE branches_figure SET is_internal = true WHERE id % 100 = 7")  # the sample has none
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(search_index)
        cursor.execute("VACUUM ANALYZE")  # as a server's own autovacuum would have done


def _copy(most: int) -> None:
    """The first records once more, no more than there are."""
    last = Activity.objects.aggregate(Max("pk"))["pk__max"]
    with connection.cursor() as cursor:
        _copy_rows(cursor, Activity, f"id <= {most}", id=f"id + {last}", reference=f"'C' || (id + {last})")
        for part in PARTS:
            latest = part.objects.aggregate(Max("pk"))["pk__max"] or 0
            _copy_rows(cursor, part, f"activity_id <= {most}", id=f"id + {latest}", activity_id=f"activity_id + {last}")


def _copy_rows(cursor, model, condition: str, **changed: str) -> None:
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    values = [changed.get(column, f'"{column}"') for column in columns]
    names, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {condition}")
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
