"""CSV (RFC 4180) in UTF-8: one line of names, then the rows. Polygons are well-known text in the last column, `wkt`;
places have columns of their own, `lon` and `lat`. No comments above: the licence is a column like others. Numbers are
numbers; text that a spreadsheet would calculate is marked as text (`cells.py`)."""

import csv
from io import BytesIO, TextIOWrapper
from typing import Any

import shapely

from mapdata.exports.cells import harmless
from mapdata.exports.tables import Table


def write(table: Table) -> bytes:
    file = BytesIO()
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    lines = csv.writer(text)
    ground = table.shapes == "MultiPolygon"
    lines.writerow([column.name for column in table.columns] + (["wkt"] if ground else []))
    for row in table.rows:
        # As precisely as coordinates are kept: the shortest text that reads as the same number.
        shape = [shapely.to_wkt(row.shape, rounding_precision=-1) if row.shape is not None else ""] if ground else []
        lines.writerow([_text(value) for value in row.values] + shape)
    return file.getvalue()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else str(value)
