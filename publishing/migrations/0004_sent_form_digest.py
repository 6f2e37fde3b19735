from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0003_watched_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='sentform',
            name='digest',
            field=models.CharField(db_default='', default='', max_length=64),
        ),
    ]
