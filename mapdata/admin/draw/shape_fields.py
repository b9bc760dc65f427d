"""Form fields for shapes that are drawn, typed or pasted: ground, a line, a point. WGS84, longitude before latitude."""

import re

import numpy as np
import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from shapely import LineString, MultiPolygon, Point, Polygon

from mapdata.fields import from_geojson, validate_geometry
from mapdata.ground.areas import clean

# Of a degree: the grid of ground.
DIGITS = 7

# Two numbers with a comma, a semicolon or blanks between them: "30.52, 50.45".
_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)\s*")


def _crossing(geometry) -> dict[str, str] | None:
    """Where a shape crosses itself, in degrees, for a sentence; None where it does not."""
    place = re.search(r"Self-intersection\[(\S+) (\S+)\]", shapely.is_valid_reason(geometry))
    return place and {name: f"{float(value):.3f}" for name, value in zip(("lon", "lat"), place.groups(), strict=True)}


def is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def typed_points(text: str, least: int) -> list[tuple[float, float]]:
    """Points from text, one a line: longitude, latitude. Raises ValidationError with the line that is none."""
    points = []
    for number, row in enumerate(filter(str.strip, text.splitlines()), 1):
        if not (pair := _PAIR.fullmatch(row)):
            raise ValidationError(
                _("Line %(number)s is not a longitude and a latitude, such as 30.52, 50.45.") % {"number": number}
            )
        points.append((float(pair[1]), float(pair[2])))
    if len(points) < least:
        raise ValidationError(
            _("Here are %(count)s points; it takes %(least)s.") % {"count": len(points), "least": least}
        )
    return points


class ShapeInput(forms.CharField):
    """Text that becomes a shape; None where it is empty. A subclass says in `shape` how."""

    def shape(self, text: str):
        raise NotImplementedError

    def to_python(self, value):
        text = super().to_python(value)
        return None if text in self.empty_values else self.shape(text)

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"])

    def run_validators(self, value):
        """Those of a CharField are about text."""


class GroundFormField(ShapeInput):
    """Polygons in GeoJSON, or the corners of one, a line each; its value is a shapely MultiPolygon."""

    widget = forms.Textarea

    def shape(self, text: str) -> MultiPolygon:
        geometry = from_geojson(text) if is_json(text) else Polygon(typed_points(text, 3))
        if where := _crossing(geometry):
            raise ValidationError(
                _("The shape crosses itself, near longitude %(lon)s, latitude %(lat)s: move a point, or draw it again.")
                % where
            )
        validate_geometry(geometry)
        ground = clean(geometry)
        if ground.is_empty:
            raise ValidationError(_("This is no ground: it has no surface of more than a few metres."))
        return ground


class LineFormField(ShapeInput):
    """A GeoJSON LineString, or a point a line: longitude, latitude. Its value is a shapely LineString on the grid."""

    widget = forms.Textarea

    def shape(self, text: str) -> LineString:
        line = from_geojson(text) if is_json(text) else LineString(typed_points(text, 2))
        if line.geom_type != "LineString":
            raise ValidationError(_("This is no line."))
        line = shapely.transform(line, lambda points: np.round(points, DIGITS))
        if len(set(line.coords)) < 2:
            raise ValidationError(_("A line has two different points at least."))
        validate_geometry(line)
        return line


class PointFormField(ShapeInput):
    """Longitude, latitude; its value is a shapely Point."""

    def shape(self, text: str) -> Point:
        if not (pair := _PAIR.fullmatch(text)):
            raise ValidationError(_("Write a longitude and a latitude, such as 30.52, 50.45."))
        point = Point([float(number) for number in pair.groups()])
        validate_geometry(point)
        return point
