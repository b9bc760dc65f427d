"""Editions: begun from an earlier one, changed on the page that draws, frozen when published."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import condition, require_safe

from mapdata.admin import pictures
from mapdata.admin.draw import views as draw
from mapdata.admin.draw.answers import History
from mapdata.admin.forms import BeginEditionForm, EditionForm
from mapdata.admin.imports.importing import Importing
from mapdata.admin.sheet import views as sheet
from mapdata.admin.sheet.publishing import EditionProof, EditionPublishForm
from mapdata.admin.widgets import EDITION_MEDIA
from mapdata.drawing.legend import patterns_of
from mapdata.models import Edition, SituationMap, corrections
from newsroom.desk import PublishingAdmin
from newsroom.desk.saving import saved
from newsroom.serving import compression
from newsroom.templatetags.moments import written


@admin.register(Edition)
class EditionAdmin(Importing, PublishingAdmin):
    """The pages that draw and those of the change sheet have modules of their own (draw/views.py, sheet/views.py)."""

    import_kind = "control"
    publish_form = EditionPublishForm
    proof = EditionProof
    named_by = ("map",)
    form = EditionForm
    change_form_template = "admin/mapdata/edition/change_form.html"
    list_display = ["__str__", "desk_stage", "situation_at", "written_by", "desk_published"]
    list_filter = ["map", "stage"]
    list_select_related = ["map", "written_by"]
    search_fields = ["map__title", "note"]
    date_hierarchy = "situation_at"
    autocomplete_fields = ["sources"]
    readonly_fields = ["of_map", "on_the_map", "readers_note"]

    BEGIN = [(None, {"fields": ["map", "situation_at", "start_from", "other"]})]
    ABOUT = (_("This edition"), {"fields": ["of_map", ("situation_at", "on_the_map"), "sources"]})
    SEALED = (_("This edition"), {"fields": ["of_map", ("situation_at", "on_the_map"), "sources", "readers_note"]})

    def get_queryset(self, request):
        # What was published of an edition is long, and nothing here shows it.
        return super().get_queryset(request).defer("content")

    @admin.display(description=_("situation map"))
    def of_map(self, edition: Edition) -> str:
        return str(edition.map)

    @admin.display(description=_("on the map"))
    def on_the_map(self, edition: Edition) -> str:
        return written(edition.situation_at, "exact", edition.map.zone)

    @admin.display(description=_("note to readers"))
    def readers_note(self, edition: Edition) -> str:
        return edition.note or "–"

    def version_url(self, version: Edition) -> str:
        return reverse("edition", args=[version.map.slug, version.number])

    def version_title(self, version: Edition) -> str:
        return str(version)

    # The steps

    def may(self, request, step: str, obj) -> bool:
        if step == "sheet":
            return self.has_view_permission(request, obj)
        if step in {"correct", "carry"}:
            return self.has_add_permission(request) and self.has_view_permission(request, obj)
        return super().may(request, step, obj)

    def steps(self, request, obj) -> list[str]:
        # Nothing is drawn yet on an edition that is about to begin, so there is nothing to submit.
        return [] if obj is None else super().steps(request, obj)

    def response_after_saving(self, request, obj):
        """Whoever hands an edition in looks at what it changes first: the sheet has the button."""
        if "_submit" in request.POST and self.may(request, "submit", obj):
            return HttpResponseRedirect(self.step_url("sheet", obj))
        return super().response_after_saving(request, obj)

    def publish_context(self, request, obj: Edition, proof: EditionProof) -> dict:
        return super().publish_context(request, obj, proof) | sheet.sheet_context(self, request, obj, proof)

    def publish_initial(self, obj: Edition, proof: EditionProof) -> dict:
        notes = {"note": proof.sheet.note("nl"), "note_en": proof.sheet.note("en")}
        return super().publish_initial(obj, proof) | notes

    def lock_before_publishing(self, object_id: str) -> None:
        """While it is compared with what the person saw, nobody changes what would be published with it."""
        if not unquote(object_id).isdecimal():
            return
        SituationMap.objects.select_for_update().filter(editions=unquote(object_id)).first()
        list(Edition.objects.drafts().select_for_update().filter(carries=unquote(object_id)))

    def publish_version(self, request, obj: Edition, proof: EditionProof, form: EditionPublishForm) -> Edition:
        if not form.cleaned_data.get("carried"):
            return super().publish_version(request, obj, proof, form)
        contents = {draft.pk: content for draft, content in proof.carried}
        said = {"content": proof.content, "carried": contents}
        version = corrections.publish_with_carried(obj, request.user, **said, **form.words())
        for draft in Edition.objects.filter(pk__in=contents):
            self.log_change(request, draft, self.published_words(draft))
        return version

    # The form

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.BEGIN
        return [self.ABOUT] if self.has_change_permission(request, obj) else [self.SEALED]

    def get_exclude(self, request, obj=None):
        return BeginEditionForm.Meta.exclude if obj is None else super().get_exclude(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = BeginEditionForm
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["show_save_and_add_another"] = False
        if obj is not None:
            may_draw = self.has_change_permission(request, obj)
            context["picture"] = self.picture(obj) | {"draw_url": draw.draw_url(self, obj) if may_draw else ""}
            context["sheet_url"] = self.step_url("sheet", obj)
            context["correct_url"] = self.step_url("correct", obj) if sheet.may_correct(self, request, obj) else ""
            context["media"] += EDITION_MEDIA
        return super().render_change_form(request, context, add, change, form_url, obj)

    def picture(self, edition: Edition) -> dict:
        """What the map and the table of an edition's page are made from."""
        rows = pictures.who_holds_what(edition)
        return {
            "rows": rows,
            "patterns": patterns_of(row.style for row in rows),
            "desk": self.desk(edition),
            "last": History.of(edition).undo,
        }

    def desk(self, edition: Edition) -> dict:
        """What the script of the map is told."""
        west, south, east, north = edition.map.bounds
        return {
            "base": reverse(f"{self.admin_site.name}:mapdata_edition_base"),
            "areas": reverse(f"{self.admin_site.name}:mapdata_edition_areas", args=[edition.pk]),
            "bounds": [[south, west], [north, east]],
            "key": f"edition-{edition.pk}",
        }

    # Saving

    def save_form(self, request, form, change):
        if change:
            return super().save_form(request, form, change)
        data = form.cleaned_data
        return Edition.begin(data["map"], request.user, data["situation_at"], copy_of=form.copied())

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        if not change:
            return
        super().save_related(request, form, formsets, change)

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, _t("The draft has begun. Give the ground that changed hands."), messages.SUCCESS)
        return saved(request, HttpResponseRedirect(draw.draw_url(self, obj)))

    # What the map is drawn from

    def get_urls(self):
        return [
            *draw.addresses(self),
            *sheet.addresses(self),
            path("base.json", self.admin_site.admin_view(base_view, cacheable=True), name="mapdata_edition_base"),
            path(
                "<int:pk>/areas.json",
                self.admin_site.admin_view(self.areas_view, cacheable=True),
                name="mapdata_edition_areas",
            ),
            *super().get_urls(),
        ]

    def areas_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = Edition.objects.filter(pk=pk).first()
        if edition is None or not self.has_view_permission(request, edition):
            raise Http404
        response = JsonResponse({"type": "FeatureCollection", "features": pictures.areas(edition)})
        patch_cache_control(response, private=True, no_cache=True)
        return response


def _base_etag(request: HttpRequest) -> str:
    return f'W/"{pictures.regions_stamp()}-{get_language()}"'


@require_safe
@condition(etag_func=_base_etag)
def base_view(request: HttpRequest) -> HttpResponse:
    """The same for everybody at the desk; asked again in every visit, and sent again only when a region changed."""
    bodies = pictures.base(pictures.regions_stamp(), get_language())
    coding, body = compression.choose(request.headers.get("Accept-Encoding", ""), bodies)
    response = HttpResponse(body, content_type="application/json")
    if coding:
        response.headers["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    patch_cache_control(response, private=True, no_cache=True)
    return response
