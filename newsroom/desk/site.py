"""The admin site, as the newsroom calls it; its first page says what waits for whom."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from newsroom.desk.words import ScriptWords
from newsroom.desk.worklists import worklists


class DeskSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("The desk")
    site_url = "/"

    def index(self, request, extra_context=None):
        return super().index(request, {"worklists": worklists(self, request), **(extra_context or {})})

    def i18n_javascript(self, request, extra_context=None):
        return ScriptWords.as_view(packages=["django.contrib.admin"])(request)
