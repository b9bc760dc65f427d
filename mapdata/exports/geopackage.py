"""GeoPackage: a layer with the rows, and a table `about` (key, value) with what is said about the whole file."""

import json
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mapdata.exports import gdal
from mapdata.exports.tables import Column, Row, Table


def write(table: Table) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{table.name}.gpkg")
        for layer in (table, _about(table)):
            data = [list(layer.values(index)) for index in range(len(layer.columns))]
            gdal.write(path, layer, layer.columns, data, driver="GPKG", layer=layer.name)
        return path.read_bytes()


def _about(table: Table) -> Table:
    rows = [Row(key, (key, _text(value)), None) for key, value in {"title": table.title, **table.about}.items()]
    return Table("about", "", "", (Column("key"), Column("value")), rows, table.as_of)


def _text(value: Any) -> str | datetime:
    return value if isinstance(value, str | datetime) else json.dumps(value, ensure_ascii=False)
