"""The desk's pages for sources, pictures, and the people who log in."""

import re

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from newsroom import pictures
from newsroom.accounts import AccountEvent
from newsroom.desk import SavedOnce, ShownAdmin, archiving
from newsroom.desk.archiving import ArchivedFilter
from newsroom.models import Image, Source
from newsroom.roles import permission_in_words, role_in_words


@admin.register(Source)
class SourceAdmin(ShownAdmin):
    list_display = ["__str__", "archived", "for_readers_only", "reliability", "credibility", "published_at", "licence"]
    list_filter = [ArchivedFilter, "not_for_redistribution", "reliability", "credibility"]
    actions = ["ask_for_copies"]
    readonly_fields = ["archived"]
    search_fields = ["publisher", "title", "url"]
    date_hierarchy = "published_at"
    # An address without a scheme is one of the web as it is today.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["publisher", "title", "url", "archived_url", "archived", "published_at", "retrieved_at"]}),
        (
            _("How far to trust it"),
            {
                "fields": ["reliability", "credibility"],
                "description": _("The Admiralty scale: the letter grades the source, the number what it says."),
            },
        ),
        (_("Use"), {"fields": ["licence", "not_for_redistribution"]}),
    ]

    @admin.display(description=_("archived copy"))
    def archived(self, source: Source):
        return render_to_string("admin/newsroom/source/_archived.html", {"source": source})

    @admin.display(description=_("not for redistribution"))
    def for_readers_only(self, source: Source) -> str:
        return _t("Yes") if source.not_for_redistribution else ""

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not settings.ARCHIVE_URL:
            actions.pop("ask_for_copies", None)
        return actions

    @admin.action(description=_("Ask an archive for copies"), permissions=["change"])
    def ask_for_copies(self, request, queryset):
        """One by one and not at once: the list shows what is still asked for, and what could not be had."""
        asked = archiving.ask_for_copies(queryset)
        if not asked:
            self.message_user(request, _t("Each of these has a copy already, or no address."), messages.INFO)
            return None
        words = ngettext(
            "A copy of %(count)d source is asked for. This list shows what became of it.",
            "Copies of %(count)d sources are asked for, one after the other. This list shows what became of each.",
            asked,
        )
        self.message_user(request, words % {"count": asked}, messages.SUCCESS)
        return HttpResponseRedirect(f"{request.path}?archived=waiting")


@admin.register(Image)
class ImageAdmin(ShownAdmin):
    """The file of a picture is never replaced: what was published with it shows that file."""

    list_display = ["thumbnail", "alt", "credit", "size"]
    list_display_links = ["thumbnail", "alt"]
    search_fields = ["alt", "credit", "caption"]

    def get_fields(self, request, obj=None):
        first = ["thumbnail", "size"] if obj else ["original"]
        return [*first, "alt", "credit", "caption"]

    def get_readonly_fields(self, request, obj=None):
        return ["thumbnail", "size"] if obj else []

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image):
        if not image.renditions:
            return ""
        smallest = min(image.renditions, key=lambda one: one["width"])
        rendition = [image.digest, smallest["width"], smallest["format"]]
        address = reverse(f"{self.admin_site.name}:newsroom_image_rendition", args=rendition)
        return render_to_string("admin/newsroom/image/_thumbnail.html", {"image": image, "address": address})

    @admin.display(description=_("size"))
    def size(self, image: Image):
        largest = pictures.fallback(image.content())
        return f"{largest['width']} × {largest['height']}"

    def get_urls(self):
        pixels = path(
            "rendition/<str:digest>/<int:width>.<str:extension>",
            self.admin_site.admin_view(self.rendition_view),
            name="newsroom_image_rendition",
        )
        return [pixels, *super().get_urls()]

    def rendition_view(self, request, digest: str, width: int, extension: str):
        """A rendition for the desk: readers' addresses give only what is published."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = get_object_or_404(Image, digest=digest)
        if not any((one["width"], one["format"]) == (width, extension) for one in image.renditions):
            raise Http404
        file = default_storage.open(pictures.rendition_name(digest, width, extension))
        return FileResponse(file, content_type=f"image/{extension}", headers={"Cache-Control": "private"})


class RoleChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, group) -> str:
        return role_in_words(group.name)


class PermissionChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission) -> str:
        return permission_in_words(permission)


class RoleFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field, request, model_admin):
        return [(pk, role_in_words(name)) for pk, name in super().field_choices(field, request, model_admin)]


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(SavedOnce, GroupAdmin):
    list_display = ["in_words"]

    @admin.display(description=pgettext_lazy("user", "role"), ordering="name")
    def in_words(self, group) -> str:
        return role_in_words(group.name)

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        return super().formfield_for_manytomany(db_field, request, form_class=PermissionChoices, **kwargs)


admin.site.unregister(get_user_model())


@admin.register(get_user_model())
class AccountAdmin(SavedOnce, UserAdmin):
    """Accounts are kept by administrators, who give roles; nobody makes themselves or others a superuser here."""

    list_display = ["username", "full_name", "roles", "active", "last_login"]
    list_filter = [("groups", RoleFilter), "is_active"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user) -> str:
        return ", ".join(role_in_words(group.name) for group in user.groups.all())

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user) -> str:
        return user.get_full_name()

    @admin.display(description=_("active"), ordering="is_active")
    def active(self, user) -> str:
        return _t("Yes") if user.is_active else _t("No")

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        return super().formfield_for_manytomany(db_field, request, form_class=RoleChoices, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            # Whoever gets an account works here; what they may do is their roles'.
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            AccountEvent.password_set(obj, by=request.user)

    def user_change_password(self, request, id, form_url=""):
        """Whose password it is will be told."""
        with transaction.atomic():
            before = self.get_object(request, unquote(id))
            response = super().user_change_password(request, id, form_url)
            after = before and self.get_object(request, unquote(id))
            if before and before.password != after.password:
                AccountEvent.password_set(after, by=request.user)
        return response

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and self._within_reach(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._within_reach(request, obj)

    def _within_reach(self, request, user) -> bool:
        return user is None or not user.is_superuser or request.user.is_superuser


def with_unpublished_pictures(page: HttpResponse) -> HttpResponse:
    """A preview's pictures come from the desk: readers' addresses do not give what is not published."""
    example = "0" * 64
    readers = reverse("picture", args=[example, "1.png"]).partition(example)[0]
    desk = reverse("admin:newsroom_image_rendition", args=[example, 1, "png"]).partition(example)[0]
    page.content = re.sub(
        rb'(?<=[" ])' + re.escape(readers.encode()) + rb"(?=[0-9a-f]{64}/)", desk.encode(), page.content
    )
    return page
