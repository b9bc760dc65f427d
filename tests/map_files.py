"""Map files made on the spot, of any kind: what a test sends to the importer."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer
from shapely.geometry import box, mapping

from mapdata.imports.files.reading import Limits, Reading, open_file

# Bounds of the map that files are judged by.
FRAME = (22, 44, 40.5, 52.5)
SQUARE = box(37, 48, 38, 49)
LIMITS = Limits(packed=5_000_000, unpacked=10_000_000, features=1000, vertices=50_000)


def opener(folder: Path):
    """What writes bytes, text or JSON to a file of that name in the folder, and opens it."""

    def opened(data, name="file.geojson", limits=LIMITS, frame=FRAME, **options) -> Reading:
        path = folder / name
        data = data if isinstance(data, bytes | str) else json.dumps(data)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return open_file(path, limits, frame=frame, **options)

    return opened


def feature(geometry=SQUARE, **properties) -> dict:
    geometry = geometry if isinstance(geometry, dict) or geometry is None else mapping(geometry)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features, **members) -> dict:
    return {"type": "FeatureCollection", "features": list(features)} | members


def polygon(*rings) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def zipped(members: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def written(folder: Path, name: str, geometries, driver: str, crs="EPSG:4326", encoding=None, **fields) -> Path:
    """A file that GDAL made; `fields` are columns."""
    shapes = np.array(geometries, dtype=object)
    columns = [np.array(values, dtype=object) for values in fields.values()]
    kinds = {geometry.geom_type for geometry in geometries}
    pyogrio.raw.write(
        str(folder / name), shapely.to_wkb(shapes), columns, list(fields), driver=driver, crs=crs, encoding=encoding,
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
    )  # fmt: skip
    return folder / name


def shapefile(folder: Path, geometries, crs="EPSG:4326", encoding="UTF-8", within="", leave=(), **fields) -> bytes:
    made = folder / "made"
    made.mkdir()
    written(made, "ground.shp", geometries, "ESRI Shapefile", crs, encoding, **fields)
    return zipped({f"{within}{path.name}": path.read_bytes() for path in made.iterdir() if path.suffix not in leave})


def projected(geometry, crs: str, swap: bool = False):
    transformer = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    moved = shapely.transform(geometry, lambda points: np.column_stack(transformer.transform(*points.T)))
    return shapely.transform(moved, lambda points: points[:, ::-1]) if swap else moved


def refused(reading: Reading) -> dict:
    return {refusal.feature: refusal.reason for refusal in reading.refused}
