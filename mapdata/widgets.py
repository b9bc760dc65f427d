"""Leaflet maps in forms: django-leaflet's form template, map and scripts, without the GDAL that its own widget imports.

Both draw what the desk's scripts find in `desk` (addresses of the base map and of an edition's areas, bounds, words).
Their scripts are inline, so they carry the nonce of the request: whoever makes the form sets `csp_nonce`.
"""

from typing import Any

from django import forms
from django.forms.widgets import Script
from django.template.defaultfilters import slugify
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from shapely import to_geojson
from shapely.geometry.base import BaseGeometry

# Leaflet.draw's words (L.drawLocal) by their path; django-leaflet has them in eight languages, Dutch is not among them.
DRAW_WORDS = {
    "draw.toolbar.actions.title": _("Stop drawing; the shape is not kept"),
    "draw.toolbar.actions.text": _("Cancel"),
    "draw.toolbar.finish.title": _("Close the shape"),
    "draw.toolbar.finish.text": _("Done"),
    "draw.toolbar.undo.title": _("Remove the last point"),
    "draw.toolbar.undo.text": _("Remove the last point"),
    "draw.toolbar.buttons.polygon": _("Draw ground point by point"),
    "draw.toolbar.buttons.rectangle": _("Draw a rectangle of ground"),
    "draw.handlers.polygon.tooltip.start": _("Click where the ground begins."),
    "draw.handlers.polygon.tooltip.cont": _("Click along its border."),
    "draw.handlers.polygon.tooltip.end": _("Click the first point to close the shape."),
    "draw.handlers.rectangle.tooltip.start": _("Drag to draw a rectangle."),
    "draw.handlers.simpleshape.tooltip.end": _("Let go to finish."),
    "edit.toolbar.actions.save.title": _("Keep the changes"),
    "edit.toolbar.actions.save.text": _("Done"),
    "edit.toolbar.actions.cancel.title": _("Undo the changes"),
    "edit.toolbar.actions.cancel.text": _("Cancel"),
    "edit.toolbar.actions.clearAll.title": _("Remove all that is drawn"),
    "edit.toolbar.actions.clearAll.text": _("Remove all"),
    "edit.toolbar.buttons.edit": _("Move points of what is drawn"),
    "edit.toolbar.buttons.editDisabled": _("Nothing is drawn"),
    "edit.toolbar.buttons.remove": _("Remove what is drawn"),
    "edit.toolbar.buttons.removeDisabled": _("Nothing is drawn"),
    "edit.handlers.edit.tooltip.text": _("Drag a point to move it."),
    "edit.handlers.edit.tooltip.subtext": _("Cancel undoes the changes."),
    "edit.handlers.remove.tooltip.text": _("Click a shape to remove it."),
}

LEAFLET = ("leaflet/leaflet.js", "leaflet/leaflet.extras.js")
LEAFLET_STYLES = ("leaflet/leaflet.css", "mapdata/map.css", "mapdata/desk/desk.css")


def module(name: str) -> Script:
    """One of the desk's own scripts, an ES module."""
    return Script(f"mapdata/desk/{name}.js", type="module")


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


class GroundWidget(MapWidget):
    """Draws polygons; their value is GeoJSON. What cannot be read comes back as it was typed."""

    template_name = "admin/mapdata/widgets/ground.html"

    class Media:
        css = {"screen": ["leaflet/draw/leaflet.draw.css", *LEAFLET_STYLES]}
        js = [*LEAFLET, "leaflet/draw/leaflet.draw.js", "leaflet/leaflet.forms.js", module("edition")]

    def format_value(self, value) -> str:
        return to_geojson(value) if isinstance(value, BaseGeometry) else value or ""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        # What leaflet/widget.html wants to know, and what leaflet.forms.js makes of it.
        context["widget"]["attrs"] |= {"geom_name": "MULTIPOLYGON", "map_srid": 4326}
        return context | {
            "module": f"geodjango_{context['id']}",
            "id_map_callback": f"{context['id']}_map_callback",
            "modifiable": True,
            "target_map": None,
            "geometry_field_class": "L.GeometryField",
            "field_store_class": "L.GroundStore",
            "serialized": self.format_value(value),
            "display_raw": False,
            "reset_view_icon": f"url({static('leaflet/images/reset-view.png')})",
            "FORCE_IMAGE_PATH": False,
            "words": {path: str(word) for path, word in DRAW_WORDS.items()},
        }


class PointWidget(MapWidget):
    """Shows the point that the form's `lon` and `lat` fields name, and writes into them; it has no value of its own."""

    template_name = "admin/mapdata/widgets/point.html"

    class Media:
        css = {"screen": LEAFLET_STYLES}
        js = [*LEAFLET, module("point")]

    def value_from_datadict(self, data, files, name):
        return None

    def value_omitted_from_data(self, data, files, name):
        return False
