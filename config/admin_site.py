"""The admin's front page: Chinese, and in the order in which the work goes."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

#: (heading, models in their order); a model not named here comes last under its own application.
SECTIONS = [
    (_("填报"), ["branches.activity", "articles.article", "branches.periodreport"]),
    (_("品牌与举措"), ["branches.brand", "branches.initiative"]),
    (_("组织"), ["hospitals.hospital", "branches.branch", "branches.partner"]),
    (_("设置"), ["branches.activitykind", "branches.measure", "hospitals.region", "taggit.tag", "hospitals.user"]),
]


class HongfanAdminSite(AdminSite):
    site_header = _("红帆 · 党建工作后台")
    site_title = _("红帆后台")
    index_title = _("工作台")
    site_url = "/"

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {
            f"{app['app_label']}.{model['model']._meta.model_name}": model for app in apps for model in app["models"]
        }
        sections = [
            {
                "name": heading,
                "app_label": f"section-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": [models.pop(name) for name in names if name in models],
            }
            for number, (heading, names) in enumerate(SECTIONS)
        ]
        rest = [app | {"models": [model for model in app["models"] if model in models.values()]} for app in apps]
        return [section for section in [*sections, *rest] if section["models"]]
