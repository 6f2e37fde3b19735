from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BranchesConfig(AppConfig):
    name = "branches"
    verbose_name = _("支部与活动")

    def ready(self):
        from branches import tallies
        from branches.hospital_changes import watch_hospitals
        from publishing.signals import public_changed

        public_changed.connect(tallies.remember, sender=self.get_model("Activity"), dispatch_uid="branches.remember")
        request_finished.connect(tallies.make_what_was_changed, dispatch_uid="branches.make_what_was_changed")
        post_migrate.connect(watch_hospitals, sender=self, dispatch_uid="branches.watch_hospitals")
