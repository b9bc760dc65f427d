"""Shapefile, for ground only: the files of one layer in a zip, in UTF-8, with names of at most ten characters.

A text in a .dbf holds 254 bytes: a longer one is cut, and stands whole in `about.json` beside it.
"""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mapdata.exports import gdal
from mapdata.exports.tables import TEXT, Column, Table

MOST_BYTES = 254
PARTS = ("shp", "shx", "dbf", "prj", "cpg")
ELLIPSIS = "…"


def write(table: Table) -> bytes:
    columns = [Column(column.short or column.name, column.kind) for column in table.columns]
    data = [
        [_cut(value) for value in table.values(index)] if column.kind == TEXT else list(table.values(index))
        for index, column in enumerate(table.columns)
    ]
    about = {
        "title": table.title,
        "columns": {short.name: column.name for short, column in zip(columns, table.columns, strict=True)},
        **table.about,
    }
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{table.name}.shp")
        gdal.write(
            path,
            table,
            columns,
            data,
            driver="ESRI Shapefile",
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": f"{table.as_of:%Y-%m-%d}"},
        )
        files = {f"{table.name}.{part}": path.with_suffix(f".{part}").read_bytes() for part in PARTS}
    files["about.json"] = json.dumps(about, ensure_ascii=False, indent=1).encode()
    return _zipped(files)


def _zipped(files: dict[str, bytes]) -> bytes:
    """With one fixed date, so that the same files make the same zip."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _cut(value: Any) -> Any:
    if not isinstance(value, str) or len(value.encode()) <= MOST_BYTES:
        return value
    return value.encode()[: MOST_BYTES - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS
