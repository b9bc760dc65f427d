"""Maps with their views, parties, and regions."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from mapdata.admin import pictures
from mapdata.admin.forms import BoundsForm
from mapdata.admin.imports.importing import Importing
from mapdata.drawing.legend import patterns_of
from mapdata.drawing.paths import path_of_polygons
from mapdata.drawing.projection import Frame
from mapdata.ground.areas import area_km2
from mapdata.models import Party, Region, SituationMap, View
from newsroom.desk import LastingAddress, SavedOnce, ShownAdmin

BOUNDS = ("west", "south", "east", "north")


class ViewInline(admin.TabularInline):
    model = View
    form = BoundsForm
    extra = 0
    prepopulated_fields = {"slug": ["name"]}
    fields = ["name", "slug", *BOUNDS]


@admin.register(SituationMap)
class SituationMapAdmin(LastingAddress):
    form = BoundsForm
    list_display = ["__str__", "slug", "time_zone"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [ViewInline]
    fieldsets = [
        (None, {"fields": ["title", "slug"]}),
        (_("How it is made"), {"fields": ["methodology", "licence"]}),
        (_("Time"), {"fields": ["time_zone", "baseline_at"]}),
        (
            _("What it shows"),
            {
                "fields": [BOUNDS],
                "description": _("Degrees of longitude and latitude, west and south below zero: 22, 44, 40.5, 52.5."),
            },
        ),
    ]

    class Media:
        css = {"screen": ["mapdata/map.css", "mapdata/desk/desk.css"]}


@admin.register(View)
class ViewAdmin(ShownAdmin):
    """The same views as on their map's page, for map editors, who do not change the map itself."""

    form = BoundsForm
    list_display = ["__str__", "slug", "map"]
    list_filter = ["map"]
    list_select_related = ["map"]
    search_fields = ["name", "slug"]
    fieldsets = [
        (None, {"fields": ["map", "name", "slug"]}),
        (_("What it shows"), {"fields": [BOUNDS], "description": _("Degrees of longitude and latitude.")}),
    ]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["name"]}


@admin.register(Party)
class PartyAdmin(LastingAddress):
    list_display = ["__str__", "drawn", "slug", "pattern"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (_("On the map"), {"fields": ["colour", "pattern"]}),
    ]

    class Media:
        css = {"screen": ["mapdata/map.css", "mapdata/desk/desk.css"]}

    @admin.display(description=_("colour"))
    def drawn(self, party: Party):
        """With a little piece of the ground that it controls, as the maps draw it."""
        style = pictures.style(party, prefix=f"party-{party.pk}")
        context = {"party": party, "style": style, "patterns": patterns_of([style])}
        return render_to_string("admin/mapdata/party/_drawn.html", context)


# Of the regions that are shipped; another file may bring others, which stay as they are.
KINDS = [gettext_noop("autonomous republic"), gettext_noop("city"), gettext_noop("oblast")]


class KindFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice | {"display": gettext(str(choice["display"]))}


@admin.register(Region)
class RegionAdmin(Importing, SavedOnce):
    """Names can be corrected; boundaries come with `manage.py import_regions`, so nothing is added by hand."""

    import_kind = "regions"
    list_display = ["__str__", "code", "kind_in_words", "level", "parent"]
    list_filter = ["level", ("kind", KindFilter)]
    search_fields = ["code", "name"]
    readonly_fields = ["code", "drawing", "area"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["code", "name"]}),
        (_("Kind"), {"fields": ["kind", "level", "parent"]}),
        (_("Boundary"), {"fields": ["drawing", "area"]}),
    ]

    class Media:
        css = {"screen": ["mapdata/map.css", "mapdata/desk/desk.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent").defer("boundary", "parent__boundary")

    def has_add_permission(self, request) -> bool:
        return False

    @admin.display(description=_("kind"), ordering="kind")
    def kind_in_words(self, region: Region) -> str:
        return gettext(region.kind) if region.kind else "–"

    @admin.display(description=_("boundary"))
    def drawing(self, region: Region):
        frame = Frame(region.boundary.bounds, width=480, height=320)
        d = path_of_polygons(frame.transform(region.boundary))
        return render_to_string("admin/mapdata/region/_drawing.html", {"region": region, "d": d})

    @admin.display(description=_("area"))
    def area(self, region: Region) -> str:
        return f"{number_format(round(area_km2(region.boundary)), force_grouping=True)} km²"
