"""Events: what happened, where and when, how sure we are, and what of the place readers get to see."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.admin.forms import EventForm
from mapdata.admin.imports.importing import Importing
from mapdata.models import Event, EventVersion, SituationMap
from mapdata.models.events import DECIMALS, coarsened
from newsroom.desk import PublishingAdmin
from newsroom.templatetags.moments import written
from newsroom.texts.fields import InLanguage
from newsroom.texts.languages import in_language


@admin.register(Event)
class EventAdmin(Importing, PublishingAdmin):
    import_kind = "events"
    form = EventForm
    list_display = ["__str__", "place_in_words", "happened_at", "type", "verification", "desk_stage", "desk_published"]
    list_filter = ["map", "type", "verification", "stage", "graphic"]
    search_fields = ["title", "place"]
    date_hierarchy = "happened_at"
    autocomplete_fields = ["image", "sources"]
    readonly_fields = ["on_the_map", "public_place"]
    radio_fields = {"location_precision": admin.VERTICAL, "verification": admin.VERTICAL}
    fieldsets = [
        (
            _("What happened"),
            {
                "fields": [
                    "map",
                    "title",
                    "text",
                    ("type", "sub_type"),
                    "graphic",
                ]
            },
        ),
        (_("When"), {"fields": [("happened_at", "on_the_map"), "time_precision"]}),
        (
            _("Where"),
            {
                "fields": [
                    "place",
                    "point",
                    ("lon", "lat"),
                    "location_precision",
                    "public_place",
                ]
            },
        ),
        (_("How we know"), {"fields": ["sources", "verification"]}),
        (
            _("Casualties"),
            {"fields": [("casualties_low", "casualties_best", "casualties_high"), "casualties_according_to"]},
        ),
        (_("Picture"), {"fields": ["image"]}),
    ]

    @admin.display(description=_("place"), ordering=InLanguage("place"))
    def place_in_words(self, event: Event) -> str:
        return in_language(event.place)

    @admin.display(description=_("on the map"))
    def on_the_map(self, event: Event) -> str:
        if event.pk is None:
            return "–"
        return written(event.happened_at, "exact", event.map.zone)

    @admin.display(description=_("readers see"))
    def public_place(self, event: Event) -> str:
        if event.pk is None:
            return _t("Shown here once this is saved; never the exact place.")
        lon, lat = coarsened(event.lon, event.lat, event.location_precision)
        words = _t("%(precision)s: longitude %(lon)s, latitude %(lat)s")
        return words % {"precision": event.get_location_precision_display(), "lon": lon, "lat": lat}

    def version_url(self, version: EventVersion) -> str:
        return reverse("event", args=[version.event_id])

    def version_title(self, version: EventVersion) -> str:
        return in_language(version.content["title"])

    def get_changeform_initial_data(self, request):
        maps = list(SituationMap.objects.values_list("pk", flat=True)[:2])
        only = {"map": maps[0]} if len(maps) == 1 else {}
        return only | super().get_changeform_initial_data(request)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if "point" in form.fields:
            form.fields["point"].widget.desk = self.desk(obj)
            form.fields["point"].widget.csp_nonce = request.csp_nonce
        return super().render_change_form(request, context, add, change, form_url, obj)

    def desk(self, event: Event | None) -> dict:
        """What the script of the map is told."""
        shown = event.map if event else SituationMap.objects.first()
        west, south, east, north = shown.bounds if shown else (-170, -60, 170, 75)
        return {
            "base": reverse(f"{self.admin_site.name}:mapdata_edition_base"),
            "bounds": [[south, west], [north, east]],
            "decimals": DECIMALS,
            "words": {"exact": _t("the exact place"), "public": _t("Readers see")},
        }
