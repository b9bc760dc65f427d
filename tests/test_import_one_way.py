"""A control file comes in one way, whoever brings it: the same columns, words and ground by command and at the desk."""

import gzip
import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import box, mapping

from mapdata.imports.files import formats
from mapdata.models import Edition
from tests.makers import EAST
from tests.map_files import shapefile, written, zipped
from tests.shared_data import shared
from tests.wizard import WizardCase

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("english")]

# Not all of the newest edition's ground, and not beyond the map's.
RED, BLUE = box(37, 47, 38, 48), box(38, 47, 39, 48)
STATUS = {"status": ["occupied", "liberated"]}
MEANINGS = ("--as", "occupied=rusland:controlled", "--as", "liberated=oekraine:liberated")


def geojson(*features) -> bytes:
    listed = [{"type": "Feature", "properties": said, "geometry": mapping(shape)} for said, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": listed}).encode()


PLAIN = geojson(({"status": "occupied"}, RED), ({"status": "liberated"}, BLUE))


def topojson() -> bytes:
    rings = [[list(point) for point in shape.exterior.coords] for shape in (RED, BLUE)]
    parts = [
        {"type": "Polygon", "properties": {"status": said}, "arcs": [[place]]}
        for place, said in enumerate(STATUS["status"])
    ]
    collection = {"type": "GeometryCollection", "geometries": parts}
    return json.dumps({"type": "Topology", "arcs": rings, "objects": {"ground": collection}}).encode()


def kml(*placemarks: tuple[str, str, object]) -> bytes:
    """Of (name, style, polygon): no column says who holds it, but the colour does."""

    def placemark(name, style, shape):
        ring = " ".join(f"{x},{y}" for x, y in shape.exterior.coords)
        drawn = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
        return f"<Placemark><name>{name}</name><styleUrl>{style}</styleUrl><Polygon>{drawn}</Polygon></Placemark>"

    inside = "".join(placemark(*one) for one in placemarks)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'.encode()


def files(folder: Path) -> dict[str, tuple[str, bytes]]:
    """By format a file's name, and the same two pieces of ground in it."""
    by_style = kml(("Polygon 1", "occupied", RED), ("Polygon 2", "liberated", BLUE))
    package = written(folder, "ground.gpkg", [RED, BLUE], "GPKG", **STATUS).read_bytes()
    table = f'status,wkt\noccupied,"{RED.wkt}"\nliberated,"{BLUE.wkt}"\n'
    return {
        "GeoJSON": ("front-2022-04-06.geojson", PLAIN),
        "TopoJSON": ("front-2022-04-06.topojson", topojson()),
        "KML": ("front-2022-04-06.kml", by_style),
        "KMZ": ("front-2022-04-06.kmz", zipped({"doc.kml": by_style})),
        "Shapefile (zip)": ("front-2022-04-06.zip", shapefile(folder, [RED, BLUE], **STATUS)),
        "GeoPackage": ("front-2022-04-06.gpkg", package),
        "CSV": ("front-2022-04-06.csv", table.encode()),
    }


class OneWayTests(WizardCase):
    def setUp(self):
        super().setUp()
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def by_command(self, data: bytes, name: str, *arguments: str, command: str = "import_file") -> tuple[dict, str]:
        """The report, and what the command ended with."""
        said, error = StringIO(), ""
        path = self.folder / name
        path.write_bytes(data)
        kind = ["--kind", "control"] if command == "import_file" else []
        try:
            call_command(
                command, str(path), *kind, *arguments, map=self.map.slug, report="json", stdout=said, stderr=StringIO()
            )
        except CommandError as why:
            error = str(why).removeprefix(f"{name}: ")
        report = json.loads(said.getvalue())
        return (report[0] if isinstance(report, list) else report), error

    def at_the_desk(self, data: bytes, name: str) -> dict:
        """What the page has worked out, in the words of the command's report."""
        page = self.upload(data, name)
        details = self.row.plan["details"]
        self.assertEqual(page.context["form"].fields["field"].initial, details["field"])
        return {name: details[name] for name in ("field", "values")}

    def assert_same_columns(self, data: bytes, name: str) -> dict:
        report, _error = self.by_command(data, name, "--dry-run")
        self.assertEqual(self.at_the_desk(data, name), {name: report[name] for name in ("field", "values")})
        return report


class ColumnTests(OneWayTests):
    def test_the_colours_of_a_kml_say_who_holds_ground_rather_than_its_names(self):
        data = kml(("Polygon 1", "#ru", RED), ("Polygon 2", "#ua", BLUE))
        report = self.assert_same_columns(data, "front.kml")
        self.assertEqual((report["field"], report["values"]), ("styleUrl", {"#ru": 1, "#ua": 1}))

    def test_real_files_are_taken_to_say_the_same(self):
        for name in (
            "control-2024-06-01.kml",
            "deepstate-2022-04-06-raw.geojson",
            "nzz-2022-04-05-wrapped.json",
            "isw-control-2022-06-04.zip",
            "control-wkt.csv",
            "oblasts.kmz",
        ):
            with self.subTest(name):
                self.assert_same_columns(shared(f"imports/{name}").read_bytes(), name)

    def test_only_what_stands_beside_ground_is_asked_about(self):
        data = geojson(({"status": "occupied"}, RED), ({"status": "a town"}, RED.centroid))
        report = self.assert_same_columns(data, "front.geojson")
        self.assertEqual(report["values"], {"occupied": 1})
        self.assertEqual([row["value"] for row in self.client.get(self.address).context["form"].values], ["occupied"])

    def test_a_column_that_numbers_the_features_says_nothing(self):
        data = geojson(*(({"name": f"place {n}"}, box(37 + n / 100, 47, 37.01 + n / 100, 48)) for n in range(20)))
        self.assertEqual(self.assert_same_columns(data, "front.geojson")["field"], "")


class FormatTests(OneWayTests):
    def test_every_format_comes_in_by_command_and_desk_as_one_draft(self):
        walked = files(self.folder)
        self.assertEqual({*walked, "GPX"}, set(formats.KINDS.split(", ")))
        walked["GeoJSON, gzipped"] = ("front-2022-04-06.geojson.gz", gzip.compress(PLAIN))
        for format_, (name, data) in walked.items():
            with self.subTest(format_):
                Edition.objects.filter(published_at=None).delete()
                self.assert_same_columns(data, name)
                report, error = self.by_command(data, name, *MEANINGS)
                self.assertEqual((report["result"]["outcome"], error), ("drafted", ""))
                draft = Edition.objects.get(published_at=None)
                self.assertEqual({area.status for area in draft.areas.all()}, {"controlled", "liberated"})
                page = self.look(
                    self.upload(data, name),
                    party_0="rusland",
                    status_0="controlled",
                    party_1="oekraine",
                    status_1="liberated",
                )
                said = {area["holding"]["party"]: area["km2"] for area in page.context["plan"]["areas"]}
                self.assertEqual(said["rusland"], report["areas"]["occupied"])
                with self.captureOnCommitCallbacks(execute=True):
                    self.make(page)
                self.assertEqual(self.row.edition, draft)
                self.assertEqual(Edition.objects.filter(published_at=None).count(), 1)


class WordsTests(OneWayTests):
    def test_what_is_wrong_with_a_file_is_told_in_the_same_words(self):
        for data, name in (
            (b" \n", "empty.geojson"),
            (PLAIN[:-40], "cut-off.geojson"),
            (b'{"type": "FeatureCollection", oops}', "no-json.geojson"),
            (b'{"type": "FeatureCollection", "features": []}', "without.geojson"),
            (b'{"status": "ok"}', "no-map.geojson"),
            (b'{"type": "FeatureCollection", "crs": "moon", "features": [{}]}', "moon.geojson"),
        ):
            with self.subTest(name):
                report, error = self.by_command(data, name)
                strict, _error = self.by_command(data, name, *MEANINGS, command="import_control")
                self.upload(data, name)
                reason = report["refused"][0]["reason"]
                self.assertEqual(error, reason)
                self.assertEqual([refusal["reason"] for refusal in strict["refused"]], [reason])
                self.assertEqual(self.row.trouble, reason)

    def test_what_must_be_said_is_asked_in_the_same_words(self):
        nowhere = geojson(({"FID": 1}, RED), ({"FID": 2}, BLUE))
        astray = geojson(({"status": "occupied"}, box(47, 37, 48, 38)))
        for data, name in ((nowhere, "2022-04-06.geojson"), (PLAIN, "front.geojson"), (astray, "2022-04-06.geojson")):
            with self.subTest(name):
                report, _error = self.by_command(data, name, "--dry-run")
                # What occupied means is guessed for a person who looks at it, and for no command.
                said, _error = self.by_command(data, name, "--dry-run", *MEANINGS[:2])
                page = self.upload(data, name)
                self.assertTrue(report["undecided"])
                self.assertIn(page.context["plan"]["problems"], (report["undecided"], said["undecided"]))

    def test_what_lies_among_ground_and_is_none_is_told_everywhere(self):
        mixed = {"type": "GeometryCollection", "geometries": [mapping(RED), mapping(RED.centroid)]}
        feature = {"type": "Feature", "properties": {"status": "occupied"}, "geometry": mixed}
        data = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
        told = [{"feature": 1, "repairs": ["points or lines left out: 1"], "km2": 0.0}]
        for command in ("import_file", "import_control"):
            report, _error = self.by_command(data, "2022-04-06.geojson", *MEANINGS, "--dry-run", command=command)
            self.assertEqual(report["repairs"], told, command)
        self.assertContains(self.upload(data), "points or lines left out: 1")

    def test_ground_that_lies_on_the_map_only_with_exchanged_axes_is_not_imported_unasked(self):
        # Half of it: too little for a proposal to exchange them.
        half = box(47.5, 37, 48, 38)
        data = geojson(({"status": "occupied"}, half), ({"status": "occupied"}, box(-60, -30, -59, -29)))
        for command in ("import_file", "import_control"):
            report, error = self.by_command(data, "2022-04-06.geojson", *MEANINGS, command=command)
            self.assertIn("seem to be swapped", str(report), command)
            self.assertTrue(error)
        page = self.upload(data)
        self.assertIn("seem to be swapped", page.context["plan"]["problems"][0])
        page = self.look(page, accept="as_it_is")
        self.assertEqual(page.context["plan"]["problems"], [])

    def test_with_exchanged_axes_accepted_the_command_for_many_files_takes_them_too(self):
        astray = geojson(({"status": "occupied"}, box(47, 37, 48, 38)))
        report, _error = self.by_command(astray, "2022-04-06.geojson", *MEANINGS, command="import_control")
        self.assertIn("swap_axes", report["refused"][0]["reason"])
        accepted = (*MEANINGS, "--accept", "swap_axes")
        report, error = self.by_command(astray, "2022-04-06.geojson", *accepted, command="import_control")
        self.assertEqual((report["outcome"], error), ("drafted", ""))
        self.assertEqual(Edition.objects.get(published_at=None).areas.get().ground.bounds, (37, 47, 38, 48))

    def test_a_skipped_value_may_be_of_what_cannot_be_read(self):
        lost = {"type": "Feature", "properties": {"status": "lost"}, "geometry": None}
        kept = {"type": "Feature", "properties": {"status": "occupied"}, "geometry": mapping(EAST)}
        data = json.dumps({"type": "FeatureCollection", "features": [kept, lost]}).encode()
        report, _error = self.by_command(data, "2022-04-06.geojson", *MEANINGS, "--skip", "lost")
        self.assertEqual((report["refused"], [left["feature"] for left in report["left_out"]]), ([], [2]))
        strict, _error = self.by_command(
            data, "2022-04-06.geojson", *MEANINGS, "--skip", "lost", command="import_control"
        )
        self.assertEqual(strict["outcome"], "unchanged")
