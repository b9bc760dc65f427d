"""Files as strangers send them: every format, odd in the ways that were met, hostile in those that were thought of."""

import contextlib
import gzip
import io
import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import box

from mapdata.imports.files.records import Unreadable
from tests.map_files import (
    SQUARE,
    collection,
    feature,
    opener,
    polygon,
    projected,
    refused,
    shapefile,
    written,
    zipped,
)

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def opened(tmp_path):
    return opener(tmp_path)


class TestGeoJSON:
    def test_all_kinds_of_geometry_are_read_as_they_are(self, opened):
        shapes = [
            shapely.Point(30, 50), shapely.LineString([(30, 50), (31, 51)]), SQUARE,
            shapely.MultiPoint([(30, 50), (31, 50)]), shapely.GeometryCollection([SQUARE, shapely.Point(30, 50)]),
        ]  # fmt: skip
        reading = opened(collection(*map(feature, shapes)))
        assert [item.kind for item in reading.features] == ["point", "line", "ground", "point", "ground"]
        assert reading.features[4].ground.equals(SQUARE)
        assert reading.features[3].point is None
        assert reading.bounds == (30, 48, 38, 51)

    def test_heights_are_left_out(self, opened):
        ring = [[37, 48, 5], [38, 48, 5], [38, 49, 5], [37, 48, 5]]
        reading = opened(collection(feature(polygon(ring)), feature({"type": "Point", "coordinates": [30, 50, 9]})))
        assert not any(item.geometry.has_z for item in reading.features)
        assert any("Heights" in note for note in reading.notes)

    @pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::32637", "EPSG:32637", "urn:ogc:def:crs:EPSG:6.9:32637"])
    def test_a_named_reference_system_is_converted(self, opened, crs):
        member = {"type": "name", "properties": {"name": crs}}
        reading = opened(collection(feature(projected(SQUARE, "EPSG:32637")), crs=member))
        assert reading.crs == "EPSG:32637"
        assert reading.bounds == pytest.approx((37, 48, 38, 49), abs=1e-4)
        assert reading.proposals == ()

    def test_a_reference_system_is_no_file_and_no_address(self, opened):
        for name in ("/etc/passwd", "https://example.org/crs", "file:///etc/passwd", "+proj=utm +zone=36", "Mars"):
            with pytest.raises(Unreadable, match="reference system"):
                opened(collection(feature(), crs={"type": "name", "properties": {"name": name}}))

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "null", '"x"', "[]", "true"])
    def test_a_number_that_is_none_refuses_its_feature_by_number(self, opened, number):
        text = json.dumps(collection(feature(), feature(shapely.Point(30, 50)))).replace(
            "[30.0, 50.0]", f"[{number}, 95]"
        )
        reading = opened(text)
        assert (reading.count, len(reading.features), set(refused(reading))) == (2, 1, {2})

    def test_an_integer_of_ten_thousand_digits_is_an_error_in_words(self, opened):
        with pytest.raises(Unreadable, match="too long"):
            opened('{"type": "FeatureCollection", "features": [], "id": ' + "9" * 10_000 + "}")

    def test_deep_nesting_is_refused(self, opened):
        with pytest.raises(Unreadable, match="deep"):
            opened("[" * 100_000)
        for levels in (300, 800, 3000, 50_000):
            inside = (
                '{"type": "GeometryCollection", "geometries": [' * levels + '{"type": "Point", "coordinates": [1, 1]}'
            )
            with contextlib.suppress(Unreadable):
                assert opened(f'{{"type": "Feature", "geometry": {inside}{"]}" * levels}}}').count == 1

    def test_markup_and_halves_of_characters_become_text(self, opened):
        said = {
            "a": "<b>Kyiv</b><br>is <script>alert(1)</script>hier &amp; nu",
            "b": "&lt;script&gt;alert(1)&lt;/script&gt;",
        }
        said |= {"c": "a\ud800b\0c", "d": "2 < 3 en 4 > 3", "e": 5}
        (item,) = opened(json.dumps(collection(feature(**said)))).features
        assert item.properties["a"] == "Kyiv\nis hier & nu"
        assert "<script" not in item.properties["b"]
        assert item.properties["c"] == "a?bc"
        assert (item.properties["d"], item.properties["e"]) == ("2 < 3 en 4 > 3", 5)

    def test_other_encodings_are_found_out(self, opened):
        text = json.dumps(collection(feature(naam="Запорізька область, Київ")), ensure_ascii=False)
        for encoding, name in (
            ("cp1251", "Windows-1251"),
            ("utf-8-sig", "UTF-8"),
            ("utf-16", "UTF-16LE"),
            ("utf-8", "UTF-8"),
        ):
            reading = opened(text.encode(encoding))
            assert (reading.encoding, reading.features[0].properties["naam"]) == (name, "Запорізька область, Київ")

    def test_an_encoding_that_is_named_is_used_and_one_that_is_none_is_refused(self, opened):
        text = json.dumps(collection(feature(naam="Київ")), ensure_ascii=False).encode("koi8_u")
        assert opened(text, encoding="KOI8-U").features[0].properties["naam"] == "Київ"
        for name in ("klingon", "base64", "zlib", "idna"):
            with pytest.raises(Unreadable):
                opened(text, encoding=name)

    def test_the_moment_comes_from_the_name_or_the_content(self, opened):
        assert opened(collection(feature()), name="front-2022-04-06.geojson").moment.isoformat() == "2022-04-06"
        assert opened(collection(feature(date="2022-04-07"))).moment.isoformat() == "2022-04-07"


class TestPlacing:
    def test_swapped_axes_are_proposed_not_done(self, opened):
        data = collection(feature(shapely.Point(50, 30)), feature(shapely.Point(49, 31)))
        reading = opened(data)
        (proposal,) = reading.proposals
        assert (proposal.kind, proposal.bounds) == ("swap_axes", (30, 49, 31, 50))
        assert reading.bounds == (49, 30, 50, 31)
        assert opened(data, accept=["swap_axes"]).bounds == (30, 49, 31, 50)
        assert opened(data, accept=["as_it_is"]).proposals == ()

    def test_one_row_that_is_swapped_among_good_ones_is_warned_of(self, opened):
        reading = opened(collection(*(feature(shapely.Point(*at)) for at in [(30, 50), (31, 49), (49, 31), (0, 0)])))
        assert reading.proposals == ()
        assert [warning.feature for warning in reading.warnings] == [3, 4]

    @pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32636", "EPSG:28406"])
    def test_metres_are_proposed_as_what_brings_them_to_the_map(self, opened, crs):
        data = collection(feature(projected(box(33, 48, 34, 49), crs)))
        reading = opened(data)
        assert not reading.features
        assert "reference system" in refused(reading)[1]
        accepted = next(proposal for proposal in reading.proposals if proposal.crs == crs)
        again = opened(data, accept=[accepted.accept])
        assert again.bounds == pytest.approx((33, 48, 34, 49), abs=1e-3)
        assert accepted.bounds == pytest.approx(again.bounds, abs=0.05)

    def test_metres_that_are_said_to_be_degrees_are_proposed_too(self, opened, tmp_path):
        packed = shapefile(tmp_path, [projected(SQUARE, "EPSG:3857")], crs="EPSG:4326", naam=["x"])
        assert "EPSG:3857" in [proposal.crs for proposal in opened(packed, name="x.zip").proposals]

    def test_metres_with_north_first_are_proposed_as_such(self, opened):
        data = collection(feature(projected(box(33, 48, 34, 49), "EPSG:28406", swap=True)))
        accepted = [proposal.accept for proposal in opened(data).proposals if proposal.crs == "EPSG:28406"]
        assert accepted == ["crs:EPSG:28406+swap_axes"]
        assert opened(data, accept=accepted).bounds == pytest.approx((33, 48, 34, 49), abs=1e-3)

    def test_longitudes_up_to_360_are_proposed_to_be_counted_from_the_west(self, opened):
        data = collection(feature(shapely.Point(285, 40)), feature(shapely.Point(190, 60)))
        (proposal,) = [found for found in opened(data, frame=None).proposals if found.kind == "wrap_longitudes"]
        assert proposal.bounds == (-170, 40, -75, 60)
        assert opened(data, frame=None, accept=["wrap_longitudes"]).bounds == (-170, 40, -75, 60)

    def test_what_is_elsewhere_and_stays_elsewhere_is_just_read(self, opened):
        reading = opened(collection(feature(box(-75, 40, -74, 41))))
        assert (len(reading.features), reading.proposals) == (1, ())

    def test_a_crs_that_somebody_names_is_used(self, opened):
        data = collection(feature(projected(SQUARE, "EPSG:3857")))
        assert opened(data, crs="EPSG:3857").bounds == pytest.approx((37, 48, 38, 49), abs=1e-4)
        with pytest.raises(Unreadable, match="reference system"):
            opened(data, crs="EPSG:999999")

    def test_ground_across_the_180th_meridian_is_read_and_told(self, opened):
        ring = [[179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]]
        reading = opened(collection(feature(polygon(ring))), frame=None)
        assert "180th" in reading.warnings[0].reason


class TestOtherFormats:
    def test_topojson(self, opened):
        arcs = [[[37, 48], [38, 48], [38, 49], [37, 49], [37, 48]]]
        objects = {
            "a": {"type": "Polygon", "arcs": [[0]], "properties": {"naam": "één"}},
            "b": {"type": "Point", "coordinates": [30, 50]},
        }
        reading = opened({"type": "Topology", "objects": objects, "arcs": arcs}, name="x.json")
        assert (reading.format, reading.count) == ("TopoJSON", 2)
        assert reading.bounds == (30, 48, 38, 50)
        assert reading.features[0].properties["naam"] == "één"

    def test_topojson_whose_arcs_are_not_there(self, opened):
        with pytest.raises(Unreadable):
            opened({"type": "Topology", "objects": {}})
        objects = {"a": {"type": "Polygon", "arcs": [[7]]}}
        with contextlib.suppress(Unreadable):
            assert opened({"type": "Topology", "objects": objects, "arcs": []}).features == ()

    def test_a_shapefile_in_folders_among_junk(self, opened, tmp_path):
        packed = shapefile(tmp_path, [SQUARE], within="kaarten 2022/mei/", naam=["Donetsk"])
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members |= {"__MACOSX/kaarten 2022/mei/._ground.shp": b"Mac OS X", "Thumbs.db": b"x", "LEESMIJ.txt": b"hoi"}
        reading = opened(zipped(members), name="x.zip")
        assert (reading.format, reading.bounds) == ("Shapefile", (37, 48, 38, 49))
        assert reading.features[0].properties == {"naam": "Donetsk"}

    @pytest.mark.parametrize(
        ("encoding", "name"), [("CP1251", "Windows-1251"), ("CP866", "IBM866"), ("UTF-8", "UTF-8")]
    )
    def test_a_table_without_its_encoding(self, opened, tmp_path, encoding, name):
        names = ["Запорожская область", "Херсонская область", "Одесская область"]
        shapes = [box(at, 48, at + 1, 49) for at in (33, 34, 35)]
        packed = shapefile(tmp_path, shapes, encoding=encoding, leave={".cpg"}, naam=names)
        reading = opened(packed, name="x.zip")
        assert (reading.encoding, [item.properties["naam"] for item in reading.features]) == (name, names)

    def test_a_shapefile_in_another_system_and_one_that_does_not_say(self, opened, tmp_path):
        packed = shapefile(tmp_path, [projected(SQUARE, "EPSG:32637")], crs="EPSG:32637", naam=["x"])
        assert opened(packed, name="x.zip").bounds == pytest.approx((37, 48, 38, 49), abs=1e-4)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            bare = zipped({name: archive.read(name) for name in archive.namelist() if not name.endswith(".prj")})
        assert "EPSG:32637" in [proposal.crs for proposal in opened(bare, name="x.zip").proposals]

    def test_one_of_several_shapefiles_can_be_named(self, opened, tmp_path):
        with zipfile.ZipFile(io.BytesIO(shapefile(tmp_path, [SQUARE], naam=["x"]))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        twice = members | {name.replace("ground", "zee"): data for name, data in members.items()}
        reading = opened(zipped(twice), name="x.zip", layer="zee")
        assert reading.notes == ()
        assert any("zee.shp" in note for note in opened(zipped(twice), name="x.zip").notes)
        with pytest.raises(Unreadable):
            opened(zipped(twice), name="x.zip", layer="weg")

    def test_a_shapefile_without_its_index_or_table(self, opened, tmp_path):
        packed = shapefile(tmp_path, [SQUARE], leave={".shx", ".dbf"}, naam=["x"])
        assert opened(packed, name="x.zip").bounds == (37, 48, 38, 49)

    def test_a_part_of_a_shapefile_alone(self, opened, tmp_path):
        with zipfile.ZipFile(io.BytesIO(shapefile(tmp_path, [SQUARE], naam=["x"]))) as archive:
            with pytest.raises(Unreadable, match="zip"):
                opened(archive.read("ground.shp"), name="ground.shp")

    def test_geopackage_and_the_choice_of_a_layer(self, opened, tmp_path):
        path = written(tmp_path, "x.gpkg", [projected(SQUARE, "EPSG:3857")], "GPKG", "EPSG:3857", naam=["Київ"])
        shapes = shapely.to_wkb(np.array([shapely.Point(30, 50)], dtype=object))
        pyogrio.raw.write(
            str(path),
            shapes,
            [],
            [],
            layer="punten",
            driver="GPKG",
            crs="EPSG:4326",
            geometry_type="Point",
            append=False,
        )
        reading = opened(path.read_bytes(), name="y.gpkg")
        assert (reading.format, reading.crs, reading.features[0].properties["naam"]) == (
            "GeoPackage",
            "EPSG:3857",
            "Київ",
        )
        assert reading.bounds == pytest.approx((37, 48, 38, 49), abs=1e-4)
        assert "punten" in reading.notes[0]
        assert opened(path.read_bytes(), name="y.gpkg", layer="punten").features[0].point is not None
        with pytest.raises(Unreadable, match="punten"):
            opened(path.read_bytes(), name="y.gpkg", layer="weg")

    def test_a_database_that_is_no_geopackage(self, opened):
        with pytest.raises(Unreadable, match="GeoPackage"):
            opened(b"SQLite format 3\x00" + bytes(200), name="x.gpkg")

    def test_gpx_gives_waypoints_and_counts_tracks(self, opened):
        data = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
        <wpt lat="50" lon="30"><ele>1</ele><time>2022-04-06T10:00:00Z</time><name>Één</name></wpt>
        <trk><trkseg><trkpt lat="50" lon="30"/><trkpt lat="51" lon="31"/></trkseg></trk></gpx>"""
        reading = opened(data, name="x.gpx")
        assert (reading.format, reading.count) == ("GPX", 2)
        assert [item.kind for item in reading.features] == ["point", "line"]
        assert reading.features[0].properties["name"] == "Één"

    def test_kml_in_folders_with_data_styles_and_links(self, opened):
        data = """<kml xmlns="http://earth.google.com/kml/2.2" xmlns:gx="x"><Document><Folder><Folder>
        <Placemark><name>Een</name><styleUrl>#ru</styleUrl>
        <description><![CDATA[<p onclick="x()">Tekst</p>]]></description>
        <ExtendedData><SchemaData><SimpleData name="wie">rusland</SimpleData></SchemaData></ExtendedData>
        <Polygon><outerBoundaryIs><LinearRing><coordinates>37,48,0 38,48,0 38,49,0 37,48,0</coordinates></LinearRing>
        </outerBoundaryIs></Polygon></Placemark></Folder>
        <NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink></Folder>
        <Placemark><name>Twee</name><Point><coordinates>30,50</coordinates></Point></Placemark>
        <Placemark><name>Drie</name></Placemark></Document></kml>"""
        reading = opened(data, name="x.kml")
        assert reading.features[0].properties == {
            "Name": "Een",
            "description": "Tekst",
            "wie": "rusland",
            "styleUrl": "#ru",
        }
        assert [item.number for item in reading.features] == [1, 2]
        assert "no geometry" in refused(reading)[3]
        assert any("Links" in note for note in reading.notes)

    def test_kml_points_that_are_no_numbers_are_refused_not_moved_to_zero(self, opened):
        texts = ("30.5, 50.4, 0", "30.5,abc", "", "30.5", "nan,50", "30,50,0,7")
        places = "".join(f"<Placemark><Point><coordinates>{text}</coordinates></Point></Placemark>" for text in texts)
        reading = opened(f"<kml>{places}</kml>", name="x.kml")
        assert [(item.number, item.geometry.wkt) for item in reading.features] == [(1, "POINT (30.5 50.4)")]
        assert set(refused(reading)) == {2, 3, 4, 5, 6}
        assert "number" in refused(reading)[2]
        assert "empty" in refused(reading)[3]

    def test_gpx_points_that_are_no_numbers_are_refused_not_moved_to_zero(self, opened):
        points = "".join(f'<wpt lat="{lat}" lon="30"/>' for lat in ("x", "", "50", "nan", "200"))
        reading = opened(f'<gpx version="1.1">{points}<wpt lat="50"/></gpx>', name="x.gpx")
        assert ([item.number for item in reading.features], set(refused(reading))) == ([3], {1, 2, 4, 5, 6})

    @pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-8"])
    def test_xml_in_other_encodings(self, opened, encoding):
        kml = "<kml><Placemark><name>Київ</name><Point><coordinates>30,50</coordinates></Point></Placemark></kml>"
        for body in (kml, '<gpx version="1.1"><wpt lat="50" lon="30"><name>Київ</name></wpt></gpx>'):
            reading = opened(f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding), name="x.xml")
            assert "Київ" in reading.features[0].properties.values()
            assert reading.encoding.lower() == encoding

    def test_a_kml_inside_a_kmz_with_pictures(self, opened):
        kml = b"<kml><Placemark><Point><coordinates>30,50</coordinates></Point></Placemark></kml>"
        assert opened(zipped({"files/i.png": b"x", "doc.kml": kml}), name="x.kmz").format == "KMZ"

    def test_another_file_in_a_zip_is_read_and_others_are_named(self, opened):
        data = json.dumps(collection(feature())).encode()
        reading = opened(zipped({"a/x.geojson": data, "b/y.geojson": data}), name="x.zip")
        assert (reading.format, reading.count) == ("GeoJSON", 1)
        assert any("a/x.geojson" in note for note in reading.notes)

    def test_the_first_bytes_count_not_the_name(self, opened):
        assert opened(gzip.compress(json.dumps(collection(feature())).encode()), name="x.csv").format == "GeoJSON"
        assert opened("lat,lon\n50,30\n", name="x.json.txt").format == "CSV"


def test_reading_can_be_stopped(opened):
    class Stopped(Exception):
        pass

    def progress(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        opened(collection(*[feature(n=n) for n in range(200)]), progress=progress)


def test_fields_give_samples_and_counts_for_whoever_matches_them(opened):
    reading = opened(collection(*(feature(wie="rood" if n % 3 else "blauw", nummer=n, leeg=None) for n in range(90))))
    who, number, empty = reading.fields
    assert (who.name, dict(who.values), who.samples) == ("wie", {"blauw": 30, "rood": 60}, ("blauw", "rood"))
    assert (number.values, number.filled, len(number.samples)) == ({}, 90, 5)
    assert (empty.filled, empty.samples) == (0, ())
