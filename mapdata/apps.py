from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MapdataConfig(AppConfig):
    name = "mapdata"
    verbose_name = _("Maps")
