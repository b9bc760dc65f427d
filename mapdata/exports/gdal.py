"""What the formats that GDAL writes have in common: columns as arrays, and a fixed date of writing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from mapdata.exports.tables import FLAG, INTEGER, REAL, TEXT, Column, Table
from mapdata.gdal import pyogrio

WGS84 = "EPSG:4326"
_TYPES = {TEXT: object, INTEGER: np.int64, REAL: np.float64, FLAG: np.bool_}
_EMPTY = {INTEGER: 0, REAL: 0.0, FLAG: False}


def write(path: Path, table: Table, columns: Sequence[Column], data: Sequence[Sequence[Any]], **options: Any) -> None:
    """Write a layer with these columns. `options` are those of pyogrio.raw.write.

    GDAL stamps files with the time of writing, unless it is told another: the table's `as_of`.
    """
    shapes = shapely.to_wkb(np.array([row.shape for row in table.rows], dtype=object)) if table.shapes else None
    values = [_array(column.kind, said) for column, said in zip(columns, data, strict=True)]
    before = pyogrio().get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio().set_gdal_config_options({"OGR_CURRENT_DATE": f"{table.as_of:%Y-%m-%dT%H:%M:%S}.000Z"})
    try:
        pyogrio().raw.write(
            path,
            shapes,
            [array for array, _nulls in values],
            [column.name for column in columns],
            field_mask=[nulls for _array, nulls in values],
            geometry_type=table.shapes or None,
            crs=WGS84 if table.shapes else None,
            **options,
        )
    finally:
        pyogrio().set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _array(kind: str, said: Sequence[Any]) -> tuple[np.ndarray, np.ndarray]:
    """The values of a column, and which of them are null."""
    nulls = np.array([value is None for value in said], dtype=bool)
    if kind != TEXT:
        said = [_EMPTY[kind] if value is None else value for value in said]
    return np.array(said, dtype=_TYPES[kind]), nulls
