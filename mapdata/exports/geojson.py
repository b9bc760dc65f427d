"""GeoJSON (RFC 7946). What is said about the whole file stands beside its features, as members of its own."""

import json
from io import BytesIO
from typing import Any

import shapely

from mapdata.exports.tables import Table

# What GeoJSON gives a meaning to.
_RESERVED = {"type", "features", "coordinates", "geometries", "geometry", "properties", "bbox", "crs"}


def write(table: Table) -> bytes:
    """A FeatureCollection in UTF-8, a feature on each line; coordinates as precisely as they are kept."""
    head = {"type": "FeatureCollection", "name": table.name, "title": table.title, **table.about}
    assert not _RESERVED & set(table.about), "These members mean something else in GeoJSON."
    file = BytesIO()
    file.write(f'{_json(head)[:-1]},"features":['.encode())
    names = [column.name for column in table.columns]
    for number, row in enumerate(table.rows):
        shape = "null" if row.shape is None else shapely.to_geojson(row.shape)
        properties = _json(dict(zip(names, row.values, strict=True)))
        feature = f'{{"type":"Feature","properties":{properties},"geometry":{shape}}}'
        file.write(f"{',' if number else ''}\n{feature}".encode())
    file.write(b"\n]}\n")
    return file.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
