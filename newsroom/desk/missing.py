"""What a page of the desk answers when the object in its address is not there."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _


def does_not_exist(model_admin: admin.ModelAdmin, request, object_id: str) -> HttpResponseRedirect:
    """Back to the desk's first page, with Django's own words."""
    words = _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?")
    said = words % {"name": model_admin.opts.verbose_name, "key": unquote(object_id)}
    model_admin.message_user(request, said, messages.WARNING)
    return HttpResponseRedirect(reverse(f"{model_admin.admin_site.name}:index"))
