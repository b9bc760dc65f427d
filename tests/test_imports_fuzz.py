"""Any bytes at all are a reading or are refused in words: never another exception, never a crash."""

import gzip
import io
import json
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from mapdata.imports.files.reading import Limits, Reading, open_file
from mapdata.imports.files.records import Unreadable
from tests.properties import examples

LIMITS = Limits(200_000, 400_000, 1000, 20_000)
FRAME = (22, 44, 40.5, 52.5)
NAMES = ("x.geojson", "x.csv", "x.kml", "x.gpx", "x.zip", "x.gpkg", "x.json.gz", "x")
SHAPES = [box(30, 50, 31, 51), box(33, 48, 34, 49).difference(box(33.2, 48.2, 33.4, 48.4))]


def read(data: bytes, name: str) -> Reading | None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            reading = open_file(path, LIMITS, frame=FRAME)
        except Unreadable:
            return None
    for feature in reading.features:
        west, south, east, north = shapely.total_bounds(feature.geometry)
        assert feature.geometry.is_empty or (-180 <= west <= east <= 180 and -90 <= south <= north <= 90)
        assert feature.ground.is_valid
    numbers = [refusal.feature for refusal in reading.refused if refusal.feature]
    assert len(reading.features) + len(numbers) == reading.count or not reading.features
    # What a report says of it can be written.
    json.dumps([field.as_json() for field in reading.fields], ensure_ascii=False).encode()
    return reading


@cache
def seeds() -> dict[str, bytes]:
    """One good file of each kind."""
    feature = [{"type": "Feature", "properties": {"naam": "Київ"}, "geometry": mapping(shape)} for shape in SHAPES]
    collection = json.dumps({"type": "FeatureCollection", "features": feature}, ensure_ascii=False).encode()
    arcs = [list(map(list, shape.exterior.coords)) for shape in SHAPES]
    objects = {"a": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[n]]} for n in (0, 1)]}}
    ring = " ".join(f"{x},{y},0" for x, y in SHAPES[0].exterior.coords)
    kml = (
        "<kml><Document><Folder><Placemark><name>a</name><styleUrl>#b</styleUrl><ExtendedData><Data name='c'><value>d"
        f"</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"
    ).encode()
    with TemporaryDirectory() as folder:
        made = Path(folder)
        columns = [np.array(["Київ", "b"], dtype=object)]
        wkb = shapely.to_wkb(np.array(SHAPES, dtype=object))
        for name, driver in (("x.gpkg", "GPKG"), ("x.shp", "ESRI Shapefile")):
            pyogrio.raw.write(
                str(made / name), wkb, columns, ["naam"], driver=driver, crs="EPSG:4326", geometry_type="Polygon"
            )
        members = {path.name: path.read_bytes() for path in made.iterdir() if path.suffix != ".gpkg"}
        geopackage = (made / "x.gpkg").read_bytes()
    return {
        "x.geojson": collection,
        "x.json.gz": gzip.compress(collection, mtime=0),
        "x.topojson": json.dumps({"type": "Topology", "objects": objects, "arcs": arcs}).encode(),
        "x.kml": kml,
        "x.gpx": b'<gpx version="1.1"><wpt lat="50" lon="30"><name>a</name></wpt><trk><trkseg/></trk></gpx>',
        "x.csv": 'naam;lat;lon;datum\r\nKyïv;50,45;"N 49° 13’ 02"""\r\nb;51;31;1-2-2022\r\n'.encode("cp1252"),
        "wkt.csv": f'a,wkt\n1,"{SHAPES[1].wkt}"\n2,POINT (1 2)\n'.encode(),
        "x.gpkg": geopackage,
        "x.kmz": packed({"doc.kml": kml}),
        "x.zip": packed(members),
    }


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@st.composite
def damaged(draw, data: bytes) -> bytes:
    """The bytes with some changed, left out, doubled or put in."""
    for _blow in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.sampled_from([0, 1, 4, 50]))
        put = draw(st.one_of(st.binary(max_size=6), st.just(data[place : place + length] * 2)))
        data = data[:place] + put + data[place + length :]
    return data


def test_the_files_that_are_damaged_here_are_good_ones():
    for name, data in seeds().items():
        reading = read(data, name)
        assert reading is not None, name
        assert reading.features, name


@pytest.mark.parametrize(
    "name", ["x.geojson", "x.json.gz", "x.topojson", "x.kml", "x.gpx", "x.csv", "wkt.csv", "x.kmz"]
)
@examples(25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name, data):
    read(data.draw(damaged(seeds()[name])), name)


@examples(15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_geopackage_is_read_or_refused(data):
    read(data.draw(damaged(seeds()["x.gpkg"])), "x.gpkg")


@examples(40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_shapefile_with_a_damaged_part_is_read_or_refused(data):
    with zipfile.ZipFile(io.BytesIO(seeds()["x.zip"])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    part = data.draw(st.sampled_from(sorted(members)))
    members[part] = data.draw(damaged(members[part]))
    read(packed(members), "x.zip")


@given(st.binary(max_size=300), st.sampled_from(NAMES))
def test_any_bytes_are_read_or_refused(data, name):
    read(data, name)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inside: (
            st.lists(inside, max_size=4)
            | st.dictionaries(
                st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "arcs", "objects"]),
                inside,
            )
        ),
        max_leaves=20,
    ),
    st.sampled_from(
        ["FeatureCollection", "Feature", "Point", "Polygon", "MultiPolygon", "GeometryCollection", "Topology"]
    ),
)
def test_any_json_is_read_or_refused(value, kind):
    value = {
        "type": kind,
        "features": value,
        "geometry": value,
        "coordinates": value,
        "geometries": value,
        "objects": value,
    }
    read(json.dumps(value).encode(), "x.geojson")
