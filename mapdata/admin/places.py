"""The gazetteer: by it the desk finds where something lies."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mapdata.admin.imports.importing import Importing
from mapdata.models import Place
from newsroom.desk import ShownAdmin
from newsroom.texts.languages import in_order


@admin.register(Place)
class PlaceAdmin(Importing, ShownAdmin):
    import_kind = "places"
    list_display = ["__str__", "other_names", "population", "region", "code"]
    list_filter = ["region"]
    list_select_related = ["region"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["region"]
    fieldsets = [(None, {"fields": ["name", "population", "region", ("lon", "lat"), "code"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("region__boundary")

    @admin.display(description=_("other names"), empty_value="–")
    def other_names(self, place: Place) -> str | None:
        names = dict.fromkeys(place.name[language] for language in in_order(place.name))
        return ", ".join(name for name in names if name != str(place)) or None

    def get_search_results(self, request, queryset, search_term):
        """By any of its names, as the map desk searches; by its code too."""
        if not search_term.strip():
            return queryset, False
        found = queryset.named(search_term)
        return (found if found.exists() else queryset.filter(code=search_term.strip())), False
