"""Imports at the desk: the list of one's own, the upload, and the page on which a file becomes rows or nothing."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.cache import patch_cache_control
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.admin.imports import jobs, pages
from mapdata.admin.imports.forms import UploadForm, to_remember
from mapdata.imports.decisions import Decision
from mapdata.models import Import, ImportPreset
from newsroom.desk import SavedOnce
from newsroom.desk.missing import does_not_exist
from newsroom.jobs.job import State


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    list_display = ["name", "kind", "map", "standing", "at", "by"]
    list_filter = ["kind"]
    list_select_related = ["map", "by", "job"]
    search_fields = ["name"]
    date_hierarchy = "at"

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).defer("found", "plan")

    def _may(self, request, upload: Import | None) -> bool:
        """An import is for who may add what is in it."""
        return upload is None or request.user.has_perm(Import.PERMISSIONS[upload.kind])

    def has_add_permission(self, request) -> bool:
        return super().has_add_permission(request) and bool(Import.kinds_for(request.user))

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and self._may(request, obj)

    @admin.display(description=_("state"))
    def standing(self, upload: Import) -> str:
        if upload.finished_at:
            return _t("imported")
        if upload.is_busy:
            return upload.job.get_state_display()
        return _t("failed") if upload.trouble else _t("waits for you")

    def get_urls(self):
        shapes = path(
            "<int:object_id>/shapes.json", self.admin_site.admin_view(self.shapes_view), name="mapdata_import_shapes"
        )
        return [shapes, *super().get_urls()]

    def get_object(self, request, object_id, from_field=None):
        """None also for somebody else's; whoever may see none at all is told that."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().get_object(request, object_id, from_field)

    # The upload

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        kinds = Import.kinds_for(request.user)
        initial = {"kind": request.GET.get("kind") if request.GET.get("kind") in kinds else kinds[0]}
        form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds, initial=initial)
        if request.method == "POST" and form.is_valid():
            upload = self.begin(request, form)
            return HttpResponseRedirect(jobs.page(upload.pk))
        context = {"form": form, "title": _t("Import a file"), "waiting": self.waiting(request)}
        return self.page(request, "upload", context)

    def begin(self, request, form: UploadForm) -> Import:
        with transaction.atomic():
            upload = form.save(commit=False)
            upload.by, upload.name = request.user, form.cleaned_data["file"].name[-200:]
            upload.save()
            self.log_addition(request, upload, [{"added": {}}])
        preset = form.cleaned_data["preset"]
        upload.begin(jobs.look, request.user, **({"preset": preset.pk} if preset else {}))
        return upload

    def waiting(self, request) -> list[Import]:
        """What this person began and did not finish."""
        return list(self.get_queryset(request).filter(by=request.user).unfinished().select_related("job")[:8])

    # The page of an import

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_change_permission(request):
            raise PermissionDenied
        upload = self.whole(request, object_id)
        if upload is None:
            return does_not_exist(self, request, object_id)
        if not self.has_change_permission(request, upload):
            raise PermissionDenied
        if request.method == "POST" and upload.is_busy:
            self.message_user(request, _t("It is still at work; cancel that first."), messages.WARNING)
            return HttpResponseRedirect(jobs.page(upload.pk))
        if upload.finished_at:
            return self.page(request, "done", pages.done(upload, self.admin_site.name), upload)
        if upload.is_busy:
            return self.page(request, "busy", {"job": upload.job}, upload)
        if upload.found is None:
            return self.unread(request, upload)
        return self.choose(request, upload)

    def whole(self, request, object_id: str) -> Import | None:
        found = Import.objects.visible_to(request.user).select_related("map", "job", "by", "edition__map")
        return found.filter(pk=object_id).first() if str(object_id).isdecimal() else None

    def unread(self, request, upload: Import):
        """The file could not be read, or that was cancelled."""
        if request.method == "POST":
            upload.begin(jobs.look, request.user)
            return HttpResponseRedirect(jobs.page(upload.pk))
        cancelled = upload.job is not None and upload.job.state == State.CANCELLED
        return self.page(request, "unread", {"cancelled": cancelled}, upload)

    def choose(self, request, upload: Import):
        """What it means, and what comes of that. What was not looked at is not made."""
        kind = jobs.KINDS[upload.kind]
        form = kind.Form(request.POST or None, upload=upload)
        if request.method == "POST" and form.is_valid():
            return self.chosen(request, upload, form)
        context = pages.choosing(upload, form, self.admin_site.name)
        return self.page(request, "choose", context, upload)

    def chosen(self, request, upload: Import, form):
        before, upload.choices = upload.choices, pages.plain(form.chosen())
        if name := form.cleaned_data["remember"]:
            remembered = to_remember(Decision.from_json(upload.choices["decision"]))
            ImportPreset.remember(upload.kind, name, remembered, request.user)
            self.message_user(request, _t("Remembered as “%(name)s”.") % {"name": name}, messages.SUCCESS)
        if "_make" in request.POST and upload.choices == before and upload.is_planned:
            if not upload.plan["problems"]:
                upload.begin(jobs.make, request.user)
                return HttpResponseRedirect(jobs.page(upload.pk))
            self.message_user(request, _t("It cannot be imported yet; see why below."), messages.ERROR)
        elif "_make" in request.POST:
            words = _t("You changed something, so nothing is imported yet: look at what comes of it, then import it.")
            self.message_user(request, words, messages.WARNING)
        upload.begin(jobs.look, request.user)
        return HttpResponseRedirect(jobs.page(upload.pk))

    def shapes_view(self, request, object_id: int):
        """What the map of the page draws."""
        upload = self.whole(request, str(object_id))
        if upload is None or not self.has_change_permission(request, upload):
            raise PermissionDenied
        response = JsonResponse(pages.shapes(upload))
        patch_cache_control(response, private=True, no_store=True)
        return response

    # Throwing away

    def delete_model(self, request, obj) -> None:
        obj.throw_away()

    def delete_queryset(self, request, queryset) -> None:
        for upload in queryset:
            upload.throw_away()

    def page(self, request, name: str, context: dict, upload: Import | None = None) -> TemplateResponse:
        base = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "upload": upload,
            "original": upload,
            "media": self.media,
        }
        if upload is not None:
            base |= {"title": upload.name, "subtitle": capfirst(upload.get_kind_display()), "trouble": upload.trouble}
            base["delete_url"] = reverse("admin:mapdata_import_delete", args=[upload.pk])
        return TemplateResponse(request, f"admin/mapdata/import/{name}.html", base | context)


@admin.register(ImportPreset)
class ImportPresetAdmin(SavedOnce):
    """They are made by remembering a file's; here they are given another name, or forgotten."""

    list_display = ["name", "kind", "by", "at"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    search_fields = ["name"]
    fields = ["name", "kind", "by", "at"]
    readonly_fields = ["kind", "by", "at"]

    def has_add_permission(self, request) -> bool:
        return False
