from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = _("发布")

    def ready(self):
        from publishing import freshness, signals

        signals.connect()
        post_migrate.connect(freshness.watch_tables, sender=self, dispatch_uid="publishing.watch_tables")
