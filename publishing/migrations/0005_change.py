"""The row that triggers mark when content changes; the triggers themselves come after ``migrate``, on every table."""

from django.db import migrations, models

# Each transaction that writes has its own row, so that none waits for another; old rows go now and then.
FUNCTION = """
CREATE FUNCTION publishing_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO publishing_change (key, mark, at)
    VALUES (txid_current(), (random() * 9007199254740991)::bigint, extract(epoch FROM clock_timestamp())::bigint)
    ON CONFLICT (key) DO UPDATE SET mark = excluded.mark, at = excluded.at;
    IF random() < 0.01 THEN
        DELETE FROM publishing_change WHERE key IN
            (SELECT key FROM publishing_change ORDER BY key DESC OFFSET 256 FOR UPDATE SKIP LOCKED);
    END IF;
    RETURN NULL;
END
$$
"""


def add_function(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)


def drop_triggers(apps, schema_editor):
    """They write into the table that is about to go."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION publishing_note_change() CASCADE")
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%publishing_change%'")
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f'DROP TRIGGER "{name}"')


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_sent_form_digest")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="事务")),
                ("mark", models.BigIntegerField(verbose_name="随机标记")),
                ("at", models.BigIntegerField(help_text="自1970年起的秒数。", verbose_name="时间")),
            ],
            options={"verbose_name": "内容变动", "verbose_name_plural": "内容变动"},
        ),
        migrations.RunPython(add_function, drop_triggers),
    ]
