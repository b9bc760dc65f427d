"""Geometry in a plain database: WKB in the column, a shapely geometry in Python. WGS84, longitude before latitude."""

import json

import shapely
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry


def validate_geometry(geometry: BaseGeometry) -> None:
    """Valid, not empty, and on the globe: longitude within ±180, latitude within ±90 degrees."""
    if geometry.is_empty:
        raise ValidationError(_("There is no ground in it."))
    if not geometry.is_valid:
        raise ValidationError(_("The shape crosses itself: %(why)s") % {"why": shapely.is_valid_reason(geometry)})
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValidationError(_("Coordinates must be longitude and latitude in degrees (WGS84)."))


def from_geojson(text: str) -> BaseGeometry:
    """A geometry from a GeoJSON geometry, Feature or FeatureCollection (whose shapes are joined)."""
    try:
        data = json.loads(text)
        if data.get("type") == "FeatureCollection":
            shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in data["features"]]
            return shapely.force_2d(shapely.union_all(shapes))
        if data.get("type") == "Feature":
            data = data["geometry"]
        return shapely.force_2d(shapely.from_geojson(json.dumps(data)))
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.GEOSException) as error:
        raise ValidationError(_("This is not a shape in GeoJSON.")) from error


class GroundField(models.BinaryField):
    """Polygonal ground: a shapely MultiPolygon, stored as WKB with full double precision."""

    description = "WGS84 MultiPolygon as WKB"
    default_validators = [validate_geometry]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        return None if value is None else shapely.from_wkb(bytes(value))

    def to_python(self, value):
        if value is None or isinstance(value, BaseGeometry):
            geometry = value
        elif isinstance(value, (bytes, memoryview)):
            geometry = shapely.from_wkb(bytes(value))
        else:
            geometry = from_geojson(value)
        if isinstance(geometry, shapely.Polygon):
            geometry = shapely.MultiPolygon([geometry])
        if geometry is not None and not isinstance(geometry, shapely.MultiPolygon):
            raise ValidationError(_("Ground is made of polygons, not of %(kind)s.") % {"kind": geometry.geom_type})
        return geometry

    def get_prep_value(self, value):
        return None if value is None else shapely.to_wkb(self.to_python(value), byte_order=1)

    def get_db_prep_value(self, value, connection, prepared=False):
        return super().get_db_prep_value(value if prepared else self.get_prep_value(value), connection, True)

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else shapely.to_geojson(value)

    def formfield(self, **kwargs):
        return None
