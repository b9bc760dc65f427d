"""What tests of `manage.py import_file` have in common: a map, a folder for files, and the report."""

import json
import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from shapely.geometry import box, mapping

from mapdata.imports import kinds
from mapdata.imports.decisions import Decision
from mapdata.models import Edition, Event, Place, Region
from newsroom.models import Source
from tests.makers import make_map, make_party

SQUARE = box(37, 48, 38, 49)
BOW_TIE = {"type": "Polygon", "coordinates": [[[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]]]}
EVENTS = """titel,datum,lat,lon,soort,bron
Beschieting van Charkiv,2022-04-06,49.99,36.23,shelling,https://example.org/a
Gevecht bij Izjoem,2022-04-07,49.2,37.25,battle,https://example.org/a
"""


def feature(geometry=SQUARE, **properties) -> dict:
    geometry = geometry if isinstance(geometry, dict) or geometry is None else mapping(geometry)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.usefixtures("english")
class Importing(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("oekraine")
        make_party("rusland")
        make_party("oekraine")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, *features, name="2022-04-06.geojson", text: str = "") -> Path:
        path = self.folder / name
        path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    def run_import(self, path: Path, kind: str, *arguments: str, **options) -> dict:
        """The JSON report; what the command ended with is in `self.error`."""
        said, self.aside, self.error = StringIO(), StringIO(), ""
        options = {"map": "oekraine", "report": "json"} | options
        call = [str(path), "--kind", kind, *arguments]
        try:
            call_command("import_file", *call, stdout=said, stderr=self.aside, **options)
        except CommandError as error:
            self.error = str(error)
        return json.loads(said.getvalue()) if said.getvalue().startswith("{") else {"text": said.getvalue()}

    def decided(self, path: Path, **said):
        """The plan for a file, as a wizard would make it."""
        decision = Decision(**said)
        return kinds.plan(decision.open(path, self.map.bounds), self.map, decision)

    def nothing_written(self):
        for model in (Edition, Event, Place, Region, Source):
            self.assertFalse(model.objects.exists(), model)
