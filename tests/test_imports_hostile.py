"""Files that mean harm, or that somebody damaged: refused in words, before a library meets what is in them."""

import contextlib
import gzip
import json
import zlib

import pytest
import shapely

from mapdata.imports.files.reading import Limits, open_file
from mapdata.imports.files.records import Unreadable
from tests.map_files import LIMITS, collection, feature, opener, refused, zipped

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def opened(tmp_path):
    return opener(tmp_path)


class TestHostile:
    @pytest.mark.parametrize("name", ["../x.shp", "a/../../x.shp", "/x.shp", "C:\\x.shp", "..\\x.shp"])
    def test_names_that_lead_outside_are_refused_and_nothing_is_written(self, opened, tmp_path, name):
        before = sorted(tmp_path.parent.rglob("*.shp"))
        with pytest.raises(Unreadable, match="outside"):
            opened(zipped({name: b"x", "doc.kml": b"<kml/>"}), name="x.zip")
        assert sorted(tmp_path.parent.rglob("*.shp")) == before

    def test_bombs_are_stopped(self, opened):
        zeros = bytes(LIMITS.unpacked + 1)
        with pytest.raises(Unreadable, match="10 MB"):
            opened(zipped({"x.shp": zeros}), name="x.zip")
        with pytest.raises(Unreadable, match="10 MB"):
            opened(gzip.compress(zeros), name="x.geojson.gz")
        # Several members, each within the limit, and together beyond it.
        with pytest.raises(Unreadable, match="10 MB"):
            opened(zipped({f"{i}.shp": zeros[: LIMITS.unpacked // 2] for i in range(3)}), name="x.zip")

    def test_a_member_that_is_larger_than_it_says(self, opened):
        packed = bytearray(zipped({"doc.kml": bytes(LIMITS.unpacked + 1)}))
        size = (LIMITS.unpacked + 1).to_bytes(4, "little")
        lie = bytes(packed).replace(size, (100).to_bytes(4, "little"))
        with pytest.raises(Unreadable):
            opened(lie, name="x.zip")

    def test_what_is_packed_twice_is_not_unpacked_on_and_on(self, opened):
        inside = gzip.compress(gzip.compress(b"{}"))
        with pytest.raises(Unreadable, match="packed"):
            opened(inside, name="x.gz")
        with pytest.raises(Unreadable):
            opened(zipped({"x.geojson": zipped({"x.geojson": b"{}"})}), name="x.zip")

    def test_damaged_and_cut_off_packages(self, opened):
        whole = gzip.compress(json.dumps(collection(*(feature(n=n) for n in range(200)))).encode())
        for data in (whole[: len(whole) // 2], whole[:12], whole[:20] + b"x" * 40, b"\x1f\x8b"):
            with pytest.raises(Unreadable):
                opened(data, name="x.geojson.gz")
        whole = zipped({"x.geojson": json.dumps(collection(feature())).encode()})
        for data in (whole[:-30], whole[:50], whole[:40] + bytes([whole[40] ^ 255]) + whole[41:]):
            with pytest.raises(Unreadable):
                opened(data, name="x.zip")

    def test_a_gzip_of_several_parts_is_one_file(self, opened):
        text = json.dumps(collection(feature())).encode()
        assert opened(gzip.compress(text[:30]) + gzip.compress(text[30:]), name="x.gz").count == 1

    @pytest.mark.parametrize("kind", ["kml", "gpx"])
    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]>',
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
            '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://example.org/x"> %a;]>',
        ],
    )
    def test_a_document_type_is_refused(self, opened, kind, doctype):
        for encoding in ("utf-8", "utf-16"):
            with pytest.raises(Unreadable, match="DOCTYPE"):
                opened(f"{doctype}<{kind}>&a;</{kind}>".encode(encoding), name=f"x.{kind}")

    def test_a_document_type_inside_a_kmz_is_refused(self, opened):
        with pytest.raises(Unreadable, match="DOCTYPE"):
            opened(zipped({"doc.kml": b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>'}), name="x.kmz")

    def test_xml_that_would_open_other_files_is_no_map(self, opened):
        layer = "<OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
        vrt = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
        for name in ("x.kml", "x.gpkg", "x.shp", "x.vrt", "x.csv"):
            with pytest.raises(Unreadable):
                opened(vrt, name=name)
        with pytest.raises(Unreadable, match="web page"):
            opened("<!DOCTYPE html><html></html>", name="x.kml")

    def test_deep_xml_and_deep_wkt_are_refused(self, opened):
        with pytest.raises(Unreadable, match="deep"):
            opened("<kml>" + "<Folder>" * 50_000 + "</Folder>" * 50_000 + "</kml>", name="x.kml")
        deep = "GEOMETRYCOLLECTION(" * 100_000 + "POINT(1 1)" + ")" * 100_000
        assert "deep" in refused(opened(f'wkt\n"{deep}"\n', name="x.csv"))[1]

    def test_limits_on_bytes_features_and_points(self, opened):
        small = Limits(packed=1000, unpacked=1000, features=2, vertices=12)
        with pytest.raises(Unreadable, match="larger"):
            opened(collection(*[feature()] * 20), limits=small)
        small = Limits(packed=100_000, unpacked=100_000, features=2, vertices=12)
        with pytest.raises(Unreadable, match="2 features"):
            opened(collection(*[feature()] * 3), limits=small)
        with pytest.raises(Unreadable, match="12 points"):
            opened(collection(*[feature(shapely.Point(30, 50).buffer(1))] * 2), limits=small)

    def test_what_is_no_map_data_at_all(self, opened):
        picture = b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * 20)
        for data, name in (
            (picture, "x.png"),
            (b"", "x.geojson"),
            (b"  \n", "x.csv"),
            (b"%PDF-1.4\n%\xe2\xe3", "x.pdf"),
        ):
            with contextlib.suppress(Unreadable):
                assert opened(data, name=name).features == ()

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(Unreadable, match="cannot be read"):
            open_file(tmp_path / "weg.geojson", LIMITS)
