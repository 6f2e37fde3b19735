from django.contrib.admin.apps import AdminConfig


class HongfanAdminConfig(AdminConfig):
    default_site = "config.admin_site.HongfanAdminSite"
