"""KML 2.2, as GDAL's LIBKML writes it. Columns are ExtendedData; what is said about the whole file is the document's
description."""

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from mapdata.exports import gdal
from mapdata.exports.tables import Column, Table, printable

# LIBKML gives every point a line of its own, far from the margin.
_POINTS = re.compile(rb"<coordinates>[-+.,0-9eE\s]+</coordinates>")
_SPACE = re.compile(rb"\s+")


def write(table: Table) -> bytes:
    columns = [Column("Name"), *table.columns]
    data = [[row.name for row in table.rows], *(list(table.values(index)) for index in range(len(table.columns)))]
    about = printable(json.dumps(table.about, ensure_ascii=False, indent=1))
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{table.name}.kml")
        gdal.write(
            path,
            table,
            columns,
            data,
            driver="LIBKML",
            layer=table.name,
            dataset_options={"NAME": printable(table.title), "DESCRIPTION": about},
        )
        return _POINTS.sub(lambda found: _SPACE.sub(b" ", found.group()), path.read_bytes())
