"""Triggers that note in whose records something was written, and whether it was published: ``HospitalChange``, for
``branches.tallies``.

As those of ``publishing.freshness`` they see every way of writing, in the transaction that writes. They are put on after
``migrate``, because a migration that rebuilds a table on SQLite drops its triggers.
"""

from typing import Any

from django.db import connection

_OF_ITS_ACTIVITY = (
    "SELECT hospital_id, status = ''published'' FROM branches_activity WHERE id IN (SELECT activity_id FROM written)",
    "SELECT hospital_id, status = 'published' FROM branches_activity WHERE id = {row}.activity_id",
)
#: of a written row (PostgreSQL: of ``written``, all rows of the statement) the hospitals, and whether it was published
HOSPITALS_OF = {
    "branches_activity": (
        "SELECT hospital_id, status = ''published'' FROM written",
        "SELECT {row}.hospital_id, {row}.status IN ('published')",
    ),
    "branches_figure": _OF_ITS_ACTIVITY,
    "branches_activity_joint_branches": _OF_ITS_ACTIVITY,
    "hospitals_hospital": (
        "SELECT id, true FROM written UNION ALL SELECT id, false FROM written",
        "SELECT {row}.id, true UNION ALL SELECT {row}.id, false",
    ),
}
OF_ALL = "SELECT id, true FROM hospitals_hospital UNION ALL SELECT id, false FROM hospitals_hospital"
#: which states of a row name a hospital: what moves from one to another changes both
STATES = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


def watch_hospitals(sender: Any = None, **kwargs: Any) -> None:
    """After ``migrate``: put the triggers on the tables that have none."""
    existing = set(connection.introspection.table_names())
    if not existing.issuperset({*HOSPITALS_OF, "branches_hospitalchange"}):
        return
    watch = _watch_on_postgresql if connection.vendor == "postgresql" else _watch_on_sqlite
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "branches_hospitalchange")
        if "is_published" not in {column.name for column in columns}:  # migrated back to before there was one
            return
        for table, (of_statement, of_row) in HOSPITALS_OF.items():
            watch(cursor, table, of_statement if connection.vendor == "postgresql" else of_row)


def _watch_on_postgresql(cursor: Any, table: str, hospitals: str) -> None:
    """A statement is noted once, however many rows it wrote."""
    cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", [connection.ops.quote_name(table)])
    existing = {name for (name,) in cursor.fetchall()}
    for event, states in STATES.items():
        for state in states:
            name = f"{table}_{event}_{state}_hospitals".lower()
            if name not in existing:
                cursor.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {state} TABLE AS written "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION branches_note_hospitals('{hospitals}')"
                )
    name = f"{table}_truncate_hospitals"
    if name not in existing:
        cursor.execute(
            f"CREATE TRIGGER {name} AFTER TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION branches_note_hospitals('{OF_ALL}')"
        )


def _watch_on_sqlite(cursor: Any, table: str, hospitals: str) -> None:
    for event, states in STATES.items():
        notes = "".join(
            "INSERT OR IGNORE INTO branches_hospitalchange (key, hospital_id, is_published) "
            f"SELECT 1, * FROM ({hospitals.format(row=state)}); "
            for state in states
        )
        cursor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {table}_{event.lower()}_hospitals AFTER {event} ON {table} BEGIN {notes}END",
            [],
        )
