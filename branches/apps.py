from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = _("支部与活动")

    def ready(self):
        from branches.hospital_changes import watch_hospitals

        post_migrate.connect(watch_hospitals, sender=self, dispatch_uid="branches.watch_hospitals")
