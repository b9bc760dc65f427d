"""Leaflet maps in forms: django-leaflet's form template, map and scripts, without the GDAL that its own widget imports.

It draws what the desk's scripts find in `desk` (addresses of the base map and of an edition's areas, bounds, words).
Its script is inline, so it carries the nonce of the request: whoever makes the form sets `csp_nonce`.
"""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.template.defaultfilters import slugify
from django.template.loader import render_to_string

LEAFLET = ("leaflet/leaflet.js", "leaflet/leaflet.extras.js")
LEAFLET_STYLES = ("leaflet/leaflet.css", "mapdata/map.css", "mapdata/desk/desk.css")


def module(name: str) -> Script:
    """One of the desk's own scripts, an ES module."""
    return Script(f"mapdata/{name}.js", type="module")


# What a page with a map needs that is no field of its form.
EDITION_MEDIA = forms.Media(css={"screen": LEAFLET_STYLES}, js=[*LEAFLET, module("desk/edition")])
DRAW_MEDIA = forms.Media(css={"screen": [*LEAFLET_STYLES, "mapdata/draw/draw.css"]}, js=[*LEAFLET, module("draw/draw")])


class MapWidget(forms.Widget):
    """A Leaflet map in a form. `desk` is what its script is told, as JSON: bounds, addresses, words."""

    csp_nonce = ""

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs)
        self.desk: dict[str, Any] = {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.desk = dict(self.desk)
        return copied

    def id_for_label(self, id_):
        # A map is not something that a label can put the focus in.
        return ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        id_css = slugify(context["widget"]["attrs"].get("id") or name)
        id_ = id_css.replace("-", "_")
        return context | {
            "id": id_,
            "id_css": id_css,
            "id_map": f"{id_css}-map",
            "id_desk": f"{id_css}-desk",
            "loadevent": "load",
            "settings_overrides": {},
            "csp_nonce": self.csp_nonce,
            "desk": self.desk,
        }

    def render(self, name, value, attrs=None, renderer=None):
        # Not by the form renderer: that one does not look into the project's own templates.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PointWidget(MapWidget):
    """Shows the point that the form's `lon` and `lat` fields name, and writes into them; it has no value of its own."""

    template_name = "admin/mapdata/widgets/point.html"

    class Media:
        css = {"screen": LEAFLET_STYLES}
        js = [*LEAFLET, module("desk/point")]

    def value_from_datadict(self, data, files, name):
        return None

    def value_omitted_from_data(self, data, files, name):
        return False
