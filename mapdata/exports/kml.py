"""KML 2.2. Columns are ExtendedData with a schema; what is said about the whole file is the document's description.

Written here and not by GDAL, whose driver holds the whole document in memory: 1.7 GB for 100,000 events.
"""

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry

from mapdata.exports.tables import FLAG, INTEGER, REAL, TEXT, Column, Row, Table, printable

_TYPES = {TEXT: "string", INTEGER: "int", REAL: "double", FLAG: "bool"}


def write(table: Table) -> bytes:
    file = BytesIO()
    for line in _lines(table):
        file.write(f"{line}\n".encode())
    return file.getvalue()


def _lines(table: Table) -> Iterator[str]:
    about = printable(json.dumps(table.about, ensure_ascii=False, indent=1))
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2">'
    yield "<Document>"
    yield f"<name>{_text(printable(table.title))}</name>"
    yield f"<description>{_text(about)}</description>"
    yield f'<Schema name="{table.name}" id="{table.name}">'
    for column in table.columns:
        yield f'<SimpleField type="{_TYPES[column.kind]}" name={quoteattr(column.name)}/>'
    yield "</Schema>"
    # A folder is what programs call a layer.
    yield f"<Folder><name>{table.name}</name>"
    for row in table.rows:
        yield _placemark(table.name, table.columns, row)
    yield "</Folder>"
    yield "</Document>"
    yield "</kml>"


def _placemark(schema: str, columns: Sequence[Column], row: Row) -> str:
    said = "".join(
        f"<SimpleData name={quoteattr(column.name)}>{_text(value)}</SimpleData>"
        for column, value in zip(columns, row.values, strict=True)
        if value is not None
    )
    data = f'<ExtendedData><SchemaData schemaUrl="#{schema}">{said}</SchemaData></ExtendedData>'
    return f"<Placemark><name>{_text(row.name)}</name>{data}{_shape(row.shape)}</Placemark>"


def _shape(shape: BaseGeometry | None) -> str:
    if shape is None:
        return ""
    if isinstance(shape, Polygon):
        holes = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
    if isinstance(shape, BaseMultipartGeometry):
        return f"<MultiGeometry>{''.join(map(_shape, shape.geoms))}</MultiGeometry>"
    return f"<Point>{_coordinates(shape)}</Point>"


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(line: BaseGeometry) -> str:
    points = " ".join(f"{lon!r},{lat!r}" for lon, lat in shapely.get_coordinates(line).tolist())
    return f"<coordinates>{points}</coordinates>"


def _text(value: Any) -> str:
    """As XML's readers give it back: they make a newline of every line ending, unless it is written as a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value), {"\r": "&#13;"})
