from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = _("支部与活动")

    def ready(self):
        from branches import tallies
        from branches.hospital_changes import watch_hospitals
        from publishing.models import LogEntry

        request_started.connect(tallies.begin, dispatch_uid="branches.begin")
        post_save.connect(tallies.remember, sender=LogEntry, dispatch_uid="branches.remember")
        request_finished.connect(tallies.finish, dispatch_uid="branches.finish")
        post_migrate.connect(watch_hospitals, sender=self, dispatch_uid="branches.watch_hospitals")
