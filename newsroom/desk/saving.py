"""A form of the desk is saved once, however often it is sent, and the browser learns that it was.

Each form carries a token, made when the page was. Who presses Save twice sends the same twice: the second time nothing
is written, and the answer is the first one's. Who goes back, changes something and saves sends something else: that is
saved, or refused, as ever. What was sent stands as a digest in the log entry of what was saved, which is written in the
same transaction. keeping.js keeps what is typed in a form, under its token, until a cookie names that one as saved.
"""

import hashlib
import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

FIELD = "_form"
COOKIE = "saved-forms"
# So many tokens a cookie names: who saves more before they open a form again is offered what they have saved.
NAMED = 20
# As long as keeping.js keeps what was typed.
KEPT = timedelta(days=30)
# Nobody's second click comes later.
REPEATED = timedelta(days=1)


def token_of(request) -> str:
    """The token of the form that is sent; empty where it has none."""
    token = request.POST.get(FIELD, "")
    return token if re.fullmatch(r"[0-9a-f]{16}", token) else ""


def sending(request) -> str:
    """What is sent, in short: another one if anything in it is another; empty for a form without a token."""
    if not token_of(request):
        return ""
    files = [(name, file.name, file.size) for name, file in request.FILES.items()]
    return hashlib.sha256(f"{request.POST.urlencode()} {files}".encode()).hexdigest()[:32]


def context(request) -> dict[str, str]:
    """What `admin/_kept.html` wants to know: a form that comes back because of a mistake is still the same form."""
    return {"form_token": token_of(request) or secrets.token_hex(8)}


def saved(request, response):
    """Tell the browser that what was typed in this form need not be kept any longer."""
    if token := token_of(request):
        tokens = [one for one in request.COOKIES.get(COOKIE, "").split(".") if one and one != token]
        response.set_cookie(
            COOKIE,
            ".".join([*tokens, token][-NAMED:]),
            max_age=KEPT,
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


class SavedOnce(admin.ModelAdmin):
    """A ModelAdmin whose form may be sent twice."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        extra_context = {**(extra_context or {}), **context(request)}
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            # What one person sends at the same time is dealt with one after the other.
            get_user_model().objects.select_for_update(no_key=True).get(pk=request.user.pk)
            if (obj := self._saved_already(request)) is not None:
                return self.response_change(request, obj) if object_id else self.response_add(request, obj)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _saved_already(self, request):
        """What this very sending was saved as a moment ago, if it was."""
        if not (same := sending(request)):
            return None
        entry = LogEntry.objects.filter(
            user=request.user,
            content_type=ContentType.objects.get_for_model(self.model, for_concrete_model=False),
            action_time__gt=timezone.now() - REPEATED,
            change_message__contains=f'"form": "{same}"',
        ).first()
        return entry and self.get_object(request, entry.object_id)

    def construct_change_message(self, request, form, formsets, add=False):
        message = super().construct_change_message(request, form, formsets, add)
        sent = sending(request)
        return [*message, {"form": sent}] if sent else message

    def response_add(self, request, obj, post_url_continue=None):
        return saved(request, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return saved(request, super().response_change(request, obj))
