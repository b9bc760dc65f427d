"""The admin site, as the newsroom calls it; its first page says what waits for whom."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from newsroom import accounts
from newsroom.accounts import AccountEvent
from newsroom.desk import jobs
from newsroom.desk.library_words import ScriptWords
from newsroom.desk.worklists import worklists


class DeskSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("The desk")
    site_url = "/"

    def get_urls(self):
        return jobs.addresses(self) + super().get_urls()

    def each_context(self, request):
        return super().each_context(request) | {"account_events": accounts.told(request)}

    def password_change(self, request, extra_context=None):
        """Whoever chooses a password of their own has seen who had set it for them."""
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            AccountEvent.password_set(request.user, by=request.user)
        return response

    def index(self, request, extra_context=None):
        context = {"worklists": worklists(self, request), "jobs": jobs.recent(request.user)}
        return super().index(request, {**context, **(extra_context or {})})

    def i18n_javascript(self, request, extra_context=None):
        return ScriptWords.as_view(packages=["django.contrib.admin"])(request)
