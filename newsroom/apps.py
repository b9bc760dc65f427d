from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    default = True
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        # What has tables is imported once there are models.
        immutability = import_module("newsroom.publishing.immutability")
        post_migrate.connect(immutability.after_migrate)
        pre_migrate.connect(immutability.before_migrate)
        import_module("newsroom.publishing.checks")
        user_logged_in.connect(import_module("newsroom.accounts").logged_in)


class AdminConfig(SimpleAdminConfig):
    """The admin without autodiscovery: `leaflet.admin` imports GDAL, which the machine need not have."""

    default_site = "newsroom.desk.DeskSite"

    def ready(self) -> None:
        super().ready()
        for app in ("django.contrib.auth", "newsroom", "mapdata", "articles"):
            import_module(f"{app}.admin")
