"""What is exported comes back the same from every format: the ground, the fields, and what is said about the whole."""

import csv
import json
import sqlite3
import unittest
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyogrio.raw
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, box

from mapdata.exports import FORMATS, GROUND_FORMATS, OTHER_FORMATS
from mapdata.exports.cells import as_written
from mapdata.exports.control import ExportedEdition, columns, control_table
from mapdata.exports.events import Happening, events_table
from mapdata.exports.events import columns as event_columns
from mapdata.exports.tables import FLAG, INTEGER, REAL, Table, Terms
from mapdata.ground.areas import Holding, area_km2
from mapdata.imports.control.assigning import assign, pieces_of
from mapdata.imports.files.reading import open_file
from tests.properties import examples
from tests.shared_data import shared

PUBLISHED = datetime(2022, 4, 6, 18, 30, 0, 123456, tzinfo=UTC)
TERMS = Terms('De "Redactie", Kyiv', "CC BY 4.0", ("nl", "en", "uk"))
ODD = 'Росія, "de\nfacto"; <b>&amp;</b> it\'s'
SOURCE = {
    "publisher": ODD,
    "title": "Карта, 6 april",
    "url": "https://example.org/?a=1&b=2",
    "archived_url": "",
    "published_at": None,
    "retrieved_at": None,
    "reliability": "B",
    "credibility": 2,
    "licence": "CC0 1.0",
}


def picture(grounds, number: int = 3, withheld: tuple[str, ...] = (), names=None, **content) -> ExportedEdition:
    """An edition whose areas are held by parties a, b, ... in turn."""
    parties = {f"p{index}": {"name": names or {"nl": ODD, "en": "Russia"}} for index in range(len(grounds))}
    areas = [
        {
            "party": slug,
            "status": "controlled",
            "basis": "assessed",
            "claimed_by": "",
            "km2": round(area_km2(ground), 2),
        }
        for slug, ground in zip(parties, grounds, strict=True)
    ]
    said = {
        "map": {"slug": "kaart", "title": {"nl": ODD}, "licence": ""},
        "situation_at": "2022-04-06T15:00:00+03:00",
        "parties": parties,
        "areas": areas,
        "sources": [SOURCE],
    }
    return ExportedEdition(
        number, "update", "ab" * 32, PUBLISHED, said | content, [] if withheld else grounds, withheld
    )


def read_back(extension: str, data: bytes, table: Table) -> tuple[list[dict], list]:
    """The rows of a file by the names of the table's columns, and their shapes; as a stranger's program reads them."""
    if extension == "csv":
        return _rows_of_csv(data, table)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{table.name}.{extension}")
        path.write_bytes(data)
        if extension == "shp.zip":
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
            path = Path(folder, f"{table.name}.shp")
        meta, _fids, shapes, values = pyogrio.raw.read(path, layer=table.name)
    short = {column.short or column.name: column.name for column in table.columns}
    fields = [short.get(name, name) for name in meta["fields"]]
    rows = [dict(zip(fields, row, strict=True)) for row in zip(*values, strict=True)]
    shapes = shapely.force_2d(shapely.from_wkb(shapes)) if shapes is not None else [None] * len(rows)
    return rows, list(shapes)


def _rows_of_csv(data: bytes, table: Table) -> tuple[list[dict], list]:
    rows = [
        {name: as_written(cell) for name, cell in row.items()}
        for row in csv.DictReader(StringIO(data.decode(), newline=""))
    ]
    if table.shapes == "Point":
        return rows, [shapely.Point(float(row["lon"]), float(row["lat"])) if row["lon"] else None for row in rows]
    return rows, [shapely.from_wkt(row.pop("wkt")) if row["wkt"] else None for row in rows]


def same(column, wrote, got) -> bool:
    """Whether a value came back; formats differ in how they write nothing."""
    if wrote is None or wrote == "":
        return got in (None, "") or got != got
    if got is None:
        return False
    if isinstance(got, np.datetime64):
        return np.datetime64(wrote.rstrip("Z")).astype("datetime64[ms]") == got
    if column.kind == FLAG:
        return str(got).lower() in ({"true", "1", "1.0"} if wrote else {"false", "0", "0.0"})
    if column.kind == INTEGER:
        return int(got) == wrote
    if column.kind == REAL:
        return float(got) == wrote
    return got == wrote


def different(table: Table, rows: list[dict], most: int = 0) -> list[tuple]:
    """Every value that did not come back: row, column, written, got. `most` bytes are what a text may have."""
    found = []
    assert len(rows) == len(table.rows)
    for number, (row, back) in enumerate(zip(table.rows, rows, strict=True)):
        for column, wrote in zip(table.columns, row.values, strict=True):
            got = back.get(column.name)
            if most and isinstance(wrote, str) and len(wrote.encode()) > most:
                assert got.endswith("…")
                assert wrote.startswith(got[:-1])
            elif not same(column, wrote, got):
                found.append((number, column.name, wrote, got))
    return found


def most_of(extension: str) -> int:
    return 254 if extension == "shp.zip" else 0


class RealGroundTests(unittest.TestCase):
    """The ground of real editions, with holes, many parts and thousands of vertices."""

    @classmethod
    def setUpClass(cls):
        files = sorted(shared("control/deepstate-2022").glob("*.geojson"))
        cls.pictures = []
        for number, path in enumerate((files[0], files[10], files[-1]), start=1):
            pieces = pieces_of(open_file(path).features, "status")
            values = sorted({value for value, _ground in pieces})
            areas = assign(pieces, {value: Holding(f"p{index}") for index, value in enumerate(values)}).areas
            cls.pictures.append(picture([area.ground for area in areas], number))

    def test_every_format_gives_the_same_ground_and_fields_back(self):
        table = control_table(self.pictures, TERMS, PUBLISHED)
        self.assertGreater(sum(shapely.get_num_coordinates(row.shape) for row in table.rows), 15_000)
        for extension in GROUND_FORMATS:
            with self.subTest(extension):
                rows, shapes = read_back(extension, FORMATS[extension].write(table), table)
                self.assertEqual(different(table, rows, most_of(extension)), [])
                for row, shape in zip(table.rows, shapes, strict=True):
                    apart = shapely.symmetric_difference(shapely.make_valid(shape), row.shape)
                    self.assertLess(area_km2(apart), 0.01)

    def test_what_is_exported_can_be_imported_as_control(self):
        """By the site's own importer, which takes GeoJSON; the fields say who holds what."""
        for before in self.pictures:
            data = FORMATS["geojson"].write(control_table([before], TERMS, PUBLISHED))
            with TemporaryDirectory() as folder:
                path = Path(folder, "control.geojson")
                path.write_bytes(data)
                reading = open_file(path)
            self.assertEqual((reading.refused, reading.notes), ((), ()))
            self.assertEqual(reading.moment, datetime(2022, 4, 6, 12, tzinfo=UTC))
            meanings = {slug: Holding(slug) for slug in before.content["parties"]}
            areas = assign(pieces_of(reading.features, "party"), meanings).areas
            back = {area.holding.party: area.ground for area in areas}
            for area, ground in zip(before.content["areas"], before.grounds, strict=True):
                self.assertLess(area_km2(shapely.symmetric_difference(back[area["party"]], ground)), 0.01)


class WholeFileTests(unittest.TestCase):
    """What is said about all of a file."""

    @classmethod
    def setUpClass(cls):
        cls.table = control_table([picture([MultiPolygon([box(37, 47, 38, 48)])])], TERMS, PUBLISHED)
        cls.about = {
            "map": "kaart",
            "publisher": TERMS.publisher,
            "licence": "CC BY 4.0",
            "as_of": "2022-04-06T18:30:00.124Z",
            "edition": 3,
            "situation_at": "2022-04-06T12:00:00Z",
            "published_at": "2022-04-06T18:30:00.124Z",
            "digest": "ab" * 32,
        }

    def test_geojson_says_it_in_members_beside_the_features(self):
        document = json.loads(FORMATS["geojson"].write(self.table))
        self.assertEqual({name: document[name] for name in self.about}, self.about)
        self.assertEqual(document["sources"], [SOURCE])

    def test_a_geopackage_has_a_table_of_it(self):
        with TemporaryDirectory() as folder:
            path = Path(folder, "a.gpkg")
            path.write_bytes(FORMATS["gpkg"].write(self.table))
            connection = sqlite3.connect(path)
            said = dict(connection.execute("SELECT key, value FROM about"))
            tables = connection.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY 1").fetchall()
            connection.close()
        self.assertEqual(tables, [("about", "attributes"), ("control", "features")])
        self.assertEqual({name: said[name] for name in self.about}, self.about | {"edition": "3"})
        self.assertEqual(json.loads(said["sources"]), [SOURCE])

    def test_kml_has_it_as_the_documents_description(self):
        text = FORMATS["kml"].write(self.table).decode()
        self.assertIn('"licence": "CC BY 4.0"', text)
        self.assertIn('"digest": "' + "ab" * 32, text)

    def test_a_shapefile_has_it_beside_the_layer_with_the_full_names_of_its_columns(self):
        with zipfile.ZipFile(BytesIO(FORMATS["shp.zip"].write(self.table))) as archive:
            names = archive.namelist()
            about = json.loads(archive.read("about.json"))
            self.assertEqual(archive.read("control.cpg"), b"UTF-8")
            self.assertIn(b"WGS_1984", archive.read("control.prj"))
        self.assertEqual(names, [*(f"control.{part}" for part in ("shp", "shx", "dbf", "prj", "cpg")), "about.json"])
        self.assertEqual({name: about[name] for name in self.about}, self.about)
        self.assertEqual(about["columns"]["datetime"], "situation_at")
        self.assertTrue(all(len(column.short or column.name) <= 10 for column in columns(["nl", "pt-br"])))

    def test_a_map_with_a_licence_of_its_own_has_that_one(self):
        own = picture([MultiPolygon([box(0, 0, 1, 1)])], map={"slug": "k", "title": {}, "licence": "ODbL 1.0"})
        table = control_table([own], TERMS, PUBLISHED)
        self.assertEqual(table.about["licence"], "ODbL 1.0")
        self.assertIn("ODbL 1.0", table.rows[0].values)

    def test_an_edition_that_is_left_out_keeps_a_row_that_says_why_and_no_ground(self):
        grounds = [MultiPolygon([box(37, 47, 38, 48)])]
        table = control_table([picture(grounds), picture(grounds, 4, ("ISW", "NZZ"))], TERMS, PUBLISHED)
        for extension in GROUND_FORMATS:
            with self.subTest(extension):
                rows, shapes = read_back(extension, FORMATS[extension].write(table), table)
                self.assertEqual(different(table, rows, most_of(extension)), [])
                self.assertEqual([row["left_out"] or "" for row in rows], ["", "not for redistribution: ISW, NZZ"])
                self.assertIsNone(shapes[1])
                self.assertIn(rows[1]["party"], (None, ""))
        self.assertEqual(table.about["editions"][1]["left_out"], "not for redistribution: ISW, NZZ")


words = st.text(st.characters(codec="utf-8"), max_size=60)
EASTERN = timezone(timedelta(hours=3))
moments = st.integers(0, 4 * 10**15).map(
    lambda count: datetime(1980, 1, 1, tzinfo=EASTERN) + timedelta(microseconds=count)
)
corners = st.integers(-1_700_000, 1_700_000)


@st.composite
def grounds(draw) -> MultiPolygon:
    """One to three squares side by side, on the grid, one of them perhaps with a hole."""
    west, south = draw(corners) / 10_000, draw(st.integers(-800_000, 700_000)) / 10_000
    count = draw(st.integers(1, 3))
    squares = [box(west + 2 * index, south, west + 2 * index + 1, south + 1) for index in range(count)]
    if draw(st.booleans()):
        squares[0] = squares[0].difference(box(west + 0.25, south + 0.25, west + 0.75, south + 0.75))
    return MultiPolygon(squares)


@st.composite
def happenings(draw) -> Happening:
    number = draw(st.integers(1, 10**9))
    casualties = draw(st.none() | st.integers(0, 10**6))
    said = {
        "title": {"nl": draw(words), "uk": draw(words)},
        "text": {"nl": draw(words)},
        "place": {"nl": draw(words), "en": draw(words)},
        "type": "battle",
        "sub_type": "",
        "happened_at": draw(moments).isoformat(),
        "time_precision": "day",
        "lon": draw(st.integers(-1_800_000, 1_800_000)) / 10_000,
        "lat": draw(st.integers(-850_000, 850_000)) / 10_000,
        "location_precision": "exact",
        "verification": "verified",
        "casualties": {"low": casualties, "best": None, "high": None, "according_to": draw(words)},
        "graphic": draw(st.booleans()),
        "sources": [SOURCE | {"publisher": draw(words)}],
    }
    withheld = draw(st.sampled_from([(), ("ISW",)]))
    return Happening(number, 1, "cd" * 32, draw(moments), said, withheld)


class PropertyTests(unittest.TestCase):
    @examples(25)
    @given(st.lists(grounds(), min_size=1, max_size=3), words, moments)
    def test_ground_and_words_survive_every_format(self, shapes, name, published_at):
        before = picture(shapes, names={"nl": name})
        table = control_table([before], TERMS, published_at)
        for extension in GROUND_FORMATS:
            data = FORMATS[extension].write(table)
            rows, back = read_back(extension, data, table)
            lost = different(table, rows, most_of(extension))
            if extension in {"shp.zip", "kml"}:
                # A .dbf pads with blanks, and XML reads every line ending as a newline.
                lost = [found for found in lost if plain(found[2]) != plain(found[3])]
            self.assertEqual(lost, [], extension)
            for shape, after in zip(shapes, back, strict=True):
                self.assertLess(area_km2(shapely.symmetric_difference(shape, after)), 0.01, extension)

    @examples(25)
    @given(st.lists(happenings(), max_size=4), moments)
    def test_events_survive_every_format(self, found, as_of):
        table = events_table(found, {"slug": "kaart", "title": {"nl": ODD}}, TERMS, as_of)
        self.assertEqual(len(table.columns), len(event_columns(TERMS.languages)))
        for extension in OTHER_FORMATS:
            rows, places = read_back(extension, FORMATS[extension].write(table), table)
            lost = different(table, rows)
            if extension == "kml":
                lost = [one for one in lost if plain(one[2]) != plain(one[3])]
            self.assertEqual(lost, [], extension)
            for row, place in zip(table.rows, places, strict=True):
                if row.shape is None:
                    self.assertTrue(place is None or place.is_empty, extension)
                else:
                    self.assertTrue(shapely.equals_exact(place, row.shape, 1e-9), extension)

    @examples(10)
    @given(st.lists(grounds(), min_size=1, max_size=2), words, moments)
    def test_the_same_input_makes_the_same_bytes(self, shapes, name, as_of):
        first, second = (control_table([picture(shapes, names={"nl": name})], TERMS, as_of) for _ in range(2))
        for extension in GROUND_FORMATS:
            self.assertEqual(FORMATS[extension].write(first), FORMATS[extension].write(second), extension)


def plain(value) -> str:
    """A text as the formats that are careless with white space keep it."""
    return " ".join(str(value or "").split())
