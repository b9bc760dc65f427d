"""Control files as they are found: what is repaired and named, what is refused and why, and which day they show."""

import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from shapely.geometry import box, mapping

from mapdata.ground.areas import Holding, area_km2, is_partition
from mapdata.imports.control.assigning import assign, pieces_of
from mapdata.imports.files import dating
from mapdata.imports.files.reading import Limits, open_file
from mapdata.imports.files.records import Unreadable
from tests.shared_data import shared

pytestmark = pytest.mark.usefixtures("english")

SQUARE = mapping(box(37, 48, 38, 49))
RED, BLUE = Holding("rusland"), Holding("oekraine", "liberated")
BOW_TIE = [[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]


def feature(status="occupied", geometry=SQUARE, **properties):
    return {"type": "Feature", "properties": {"status": status} | properties, "geometry": geometry}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.fixture
def reading_of(tmp_path):
    """Writes what it is given (features, or bytes, or any JSON) to a file and reads that."""

    def made(*features, name="control.geojson", data=None, **options):
        path = tmp_path / name
        if not isinstance(data, bytes):
            whole = {"type": "FeatureCollection", "features": list(features)} if data is None else data
            data = json.dumps(whole).encode()
        path.write_bytes(data)
        return open_file(path, geojson_only=True, **options)

    return made


def test_a_good_file_is_read_as_it_is(reading_of):
    reading = reading_of(feature(), feature("liberated"))
    assert [(item.number, item.properties["status"], item.repairs) for item in reading.features] == [
        (1, "occupied", ()),
        (2, "liberated", ()),
    ]
    assert reading.features[0].ground.equals(box(37, 48, 38, 49))
    assert (reading.count, reading.refused, reading.notes) == (2, (), ())


def test_the_digest_is_that_of_the_bytes(reading_of):
    data = json.dumps(feature()).encode()
    assert reading_of(data=data).digest == hashlib.sha256(data).hexdigest()


def test_another_field_can_say_who_holds_it_and_numbers_are_text(reading_of):
    reading = reading_of(feature(owner=1), feature(owner=None), feature())
    assert [value for value, _ground in pieces_of(reading.features, "owner")] == ["1", "", ""]


class TestForms:
    @pytest.mark.parametrize(
        "data",
        [
            feature(),
            SQUARE,
            [feature()],
            {"value": {"type": "FeatureCollection", "features": [feature()]}, "count": 1},
            {"type": "GeometryCollection", "geometries": [SQUARE]},
        ],
    )
    def test_other_wrappings_of_features_are_understood(self, reading_of, data):
        assert [item.ground.bounds for item in reading_of(data=data).features] == [(37, 48, 38, 49)]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_does_not_matter(self, reading_of, encoding):
        text = json.dumps({"type": "FeatureCollection", "features": [feature(name="Бахмут")]}, ensure_ascii=False)
        assert len(reading_of(data=text.replace("\n", "\r\n").encode(encoding)).features) == 1

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b'{"type": "FeatureCollection", "features": [{"type": "Fea', "cut off"),
            (b'{"type": "FeatureCollection", oops}', "line 1, column 31"),
            (b"<kml></kml>", "XML"),
            (b"\x1f\x8b\x08\x00", "compressed"),
            (b"PK\x03\x04", "compressed"),
            (b'{"type": "FeatureCollection", "features": []}', "no features"),
            (b'{"type": "FeatureCollection"}', "no list"),
            (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
            (b'{"status": "ok"}', "not GeoJSON"),
            (b"12", "no features"),
            (b"[" * 100_000, "nested"),
        ],
    )
    def test_what_is_no_geojson_is_refused_with_the_reason(self, reading_of, data, reason):
        with pytest.raises(Unreadable, match=reason):
            reading_of(data=data)

    def test_a_file_that_is_too_large_is_refused(self, reading_of):
        with pytest.raises(Unreadable, match="larger"):
            reading_of(feature(), limits=Limits(packed=100, unpacked=100, features=10, vertices=100))

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(Unreadable, match="cannot be read"):
            open_file(tmp_path / "nowhere.geojson", geojson_only=True)

    def test_another_encoding_is_found_out_and_told(self, reading_of):
        text = json.dumps(feature(name="Донецька область"), ensure_ascii=False)
        reading = reading_of(data=text.encode("windows-1251"))
        assert reading.features[0].properties["name"] == "Донецька область"
        assert "Windows-1251" in reading.notes[0]


class TestRepairs:
    def repaired(self, reading, words):
        (item,) = reading.features
        assert words in " ".join(item.repairs)
        assert item.ground.is_valid
        return item

    def test_outlines_that_cross_are_repaired_and_the_change_is_measured(self, reading_of):
        item = self.repaired(reading_of(feature(geometry=polygon(BOW_TIE))), "crossed")
        assert item.changed_km2 == pytest.approx(area_km2(item.ground), rel=0.001)

    def test_an_open_ring_is_closed(self, reading_of):
        item = self.repaired(reading_of(feature(geometry=polygon([[37, 48], [38, 48], [38, 49], [37, 49]]))), "closed")
        assert item.ground.equals(box(37, 48, 38, 49))
        assert item.changed_km2 == 0

    def test_parts_that_overlap_are_joined(self, reading_of):
        boxes = [box(24, 48, 25, 49), box(24.5, 48.5, 25.5, 49.5)]
        parts = {"type": "MultiPolygon", "coordinates": [mapping(part)["coordinates"] for part in boxes]}
        assert self.repaired(reading_of(feature(geometry=parts)), "crossed").ground.area == pytest.approx(1.75)

    def test_points_and_lines_among_polygons_are_left_out(self, reading_of):
        line = {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}
        nested = {"type": "GeometryCollection", "geometries": [line, {"type": "GeometryCollection", "geometries": []}]}
        mixed = {"type": "GeometryCollection", "geometries": [nested, SQUARE, {"type": "Point", "coordinates": [1, 1]}]}
        self.repaired(reading_of(feature(geometry=mixed)), "left out: 2")

    def test_parts_and_holes_without_area_are_left_out(self, reading_of):
        hole = [[37.5, 48.5], [37.6, 48.5], [37.5, 48.5]]
        self.repaired(reading_of(feature(geometry=polygon(SQUARE["coordinates"][0], hole))), "without area")

    def test_numbers_written_as_text_are_numbers(self, reading_of):
        text = [[str(x), str(y)] for x, y in SQUARE["coordinates"][0]]
        assert self.repaired(reading_of(feature(geometry=polygon(text))), "text").ground.equals(box(37, 48, 38, 49))

    def test_a_strip_of_less_than_a_centimetre_is_no_ground(self, reading_of):
        strip = [[26, 48], [27, 48], [27, 48.00000001], [26, 48]]
        assert self.repaired(reading_of(feature(geometry=polygon(strip))), "narrower").ground.is_empty

    def test_heights_are_left_out_and_noted_once(self, reading_of):
        high = polygon([[x, y, 0] for x, y in SQUARE["coordinates"][0]])
        reading = reading_of(feature(geometry=high), feature(geometry=high))
        assert not reading.features[0].ground.has_z
        assert reading.features[0].repairs == ()
        assert len(reading.notes) == 1

    def test_metres_are_converted_where_the_file_names_its_reference_system(self, reading_of):
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        ring = [[4118821.2, 6106854.8], [4230140.7, 6106854.8], [4230140.7, 6274861.4], [4118821.2, 6274861.4]]
        data = {"type": "FeatureCollection", "crs": crs, "features": [feature(geometry=polygon([*ring, ring[0]]))]}
        assert reading_of(data=data).features[0].ground.bounds == pytest.approx((37, 48, 38, 49), abs=1e-4)

    @pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
    def test_degrees_by_any_name_stay_longitude_first(self, reading_of, name):
        crs = {"type": "name", "properties": {"name": name}}
        data = {"type": "FeatureCollection", "crs": crs, "features": [feature()]}
        assert reading_of(data=data).features[0].ground.bounds == (37, 48, 38, 49)

    def test_a_reference_system_that_nobody_knows_is_refused(self, reading_of):
        for crs in ({"type": "name", "properties": {"name": "moon"}}, {"type": "link"}, "x"):
            data = {"type": "FeatureCollection", "crs": crs, "features": [feature()]}
            with pytest.raises(Unreadable, match="reference system"):
                reading_of(data=data)


class TestRefusals:
    @pytest.mark.parametrize(
        ("geometry", "reason"),
        [
            (None, "no geometry"),
            ({"type": "Polygon", "coordinates": []}, "empty"),
            ({"type": "Polygon"}, "no coordinates"),
            ({"type": "Circle", "coordinates": []}, "Circle"),
            ("POLYGON ((1 1))", "no kind"),
            (polygon([[34, 48], [35, 48], [34, 48]]), "fewer than three"),
            (polygon([[28, 48], [29, None], [29, 49], [28, 48]]), "pair of numbers"),
            (polygon([[28, 48], [29], [29, 49], [28, 48]]), "pair of numbers"),
            (polygon([[28, 48], [29, "x"], [29, 49], [28, 48]]), "pair of numbers"),
            (polygon([[28, 48], [29, float("nan")], [29, 49], [28, 48]]), "pair of numbers"),
            (polygon([28, 48, 29, 49]), "pair of numbers"),
            (polygon([[30, 95], [31, 95], [31, 96], [30, 95]]), "30, 95"),
            (polygon([[3278047, 6386035], [3275275, 6386104], [3269765, 6381223]]), "reference system"),
            (polygon([[30, 50], [31, 50], [32, 50], [30, 50]]), "encloses no ground"),
            ({"type": "MultiPolygon", "coordinates": [5]}, "rings"),
        ],
    )
    def test_a_feature_without_ground_is_refused_with_its_number(self, reading_of, geometry, reason):
        reading = reading_of(feature(), feature("liberated", geometry))
        (refusal,) = reading.refused
        assert (refusal.feature, refusal.properties) == (2, {"status": "liberated"})
        assert reason in refusal.reason

    @pytest.mark.parametrize("odd", [None, 5, [], {"type": "Polygon"}])
    def test_what_is_no_feature_is_refused_with_its_number(self, reading_of, odd):
        assert [refusal.feature for refusal in reading_of(feature(), odd).refused] == [2]


class TestDating:
    @pytest.mark.parametrize(
        ("name", "moment"),
        [
            ("2022-04-06", date(2022, 4, 6)),
            ("deepstatemap_data_20240708", date(2024, 7, 8)),
            ("nzz-2022_04_05-wrapped", date(2022, 4, 5)),
            ("control-2022-04-06T1830Z", datetime(2022, 4, 6, 18, 30, tzinfo=UTC)),
            ("2022-04-06-to-2022-04-08", None),
            ("2022-13-06", None),
            ("120220406", None),
            ("control", None),
        ],
    )
    def test_from_the_name(self, name, moment):
        assert dating.from_name(name) == moment

    @pytest.mark.parametrize(
        ("value", "moment"),
        [
            ("2022-04-06", date(2022, 4, 6)),
            ("2022/04/06", date(2022, 4, 6)),
            ("2022-04-06T18:05:00+00:00", datetime(2022, 4, 6, 18, 5, tzinfo=UTC)),
            ("2022-04-06T18:05:00Z", datetime(2022, 4, 6, 18, 5, tzinfo=UTC)),
            (1649203200, datetime(2022, 4, 6, tzinfo=UTC)),
            ("1649203200000", datetime(2022, 4, 6, tzinfo=UTC)),
            ("spring", None),
            (2022, None),
            (True, None),
            (None, None),
        ],
    )
    def test_from_what_stands_in_it(self, value, moment):
        assert dating.from_value(value) == moment

    def test_the_name_comes_first_then_the_file_then_its_features(self, reading_of):
        data = {"type": "FeatureCollection", "date": "2022-04-02", "features": [feature(date="2022-04-03")]}
        assert reading_of(data=data, name="2022-04-01.geojson").moment == date(2022, 4, 1)
        assert reading_of(data=data).moment == date(2022, 4, 2)
        assert reading_of(feature(date="2022-04-03"), feature()).moment == date(2022, 4, 3)

    def test_features_that_do_not_agree_say_nothing(self, reading_of):
        assert reading_of(feature(date="2022-04-03"), feature(date="2022-04-04")).moment is None


class TestAssigning:
    def test_overlap_goes_to_the_value_named_first(self, reading_of):
        reading = reading_of(feature(), feature("liberated", mapping(box(37.5, 48, 39, 49))))
        for meanings in ({"occupied": RED, "liberated": BLUE}, {"liberated": BLUE, "occupied": RED}):
            made = assign(pieces_of(reading.features, "status"), meanings)
            first, second = meanings
            assert set(made.overlaps) == {(first, second)}
            assert is_partition(made.areas)
            assert made.overlap_km2 == pytest.approx(area_km2(box(37.5, 48, 38, 49)), abs=0.1)

    def test_values_of_one_meaning_become_one_area_and_are_measured_apart(self, reading_of):
        reading = reading_of(feature(), feature("before", mapping(box(36, 48, 37, 49))))
        made = assign(pieces_of(reading.features, "status"), {"occupied": RED, "before": RED})
        (area,) = made.areas
        assert area.ground.equals(box(36, 48, 38, 49))
        assert set(made.area_km2) == {"occupied", "before"}

    def test_claims_do_not_take_assessed_ground(self, reading_of):
        claim = Holding("rusland", "advance", "claimed", "rusland")
        pieces = pieces_of(reading_of(feature(), feature("claim")).features, "status")
        made = assign(pieces, {"claim": claim, "occupied": RED})
        assert made.overlaps == {}
        assert {area.holding: area.ground.bounds for area in made.areas} == {
            RED: (37, 48, 38, 49),
            claim: (37, 48, 38, 49),
        }


class TestSharedFiles:
    def test_every_defect_of_the_invalid_rings_is_repaired_or_refused(self):
        reading = open_file(shared("imports/invalid-rings.geojson"))
        assert {refusal.properties["defect"] for refusal in reading.refused} == {
            "too few points",
            "null geometry",
            "empty coordinates",
            "null coordinate",
            "out of range",
        }
        assert len(reading.features) == 10
        assert {item.properties["defect"] for item in reading.features if item.repairs} == {
            "bow-tie",
            "unclosed ring",
            "hole outside shell",
            "hole crosses shell",
            "duplicate and spike vertices",
            "overlapping multipolygon parts",
        }

    def test_a_map_straight_from_its_publisher_is_understood(self):
        reading = open_file(shared("imports/deepstate-2022-04-06-raw.geojson"))
        assert reading.moment == date(2022, 4, 6)
        assert Counter(item.kind for item in reading.features) == {"ground": 64, "point": 5}
        assert reading.refused == ()

    def test_a_wrapped_map_is_unwrapped(self):
        reading = open_file(shared("imports/nzz-2022-04-05-wrapped.json"))
        assert len(reading.features) == 3
        assert reading.refused == ()

    @pytest.mark.parametrize("name", ["oblasts-bom-crlf.geojson", "oblasts-3857-crs-member.geojson"])
    def test_oblasts_are_the_same_however_they_are_written(self, name):
        total = sum(area_km2(item.ground) for item in open_file(shared(f"imports/{name}")).features)
        assert total == pytest.approx(599_094.3, abs=1)
