"""What tests of the import wizard share: a desk with a map, and a browser that only sends what a page's form holds."""

import json
from html.parser import HTMLParser

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from shapely import to_geojson

from mapdata.models import Import
from tests.makers import EAST, SQUARE, day, held_by, make_map, make_party, make_region, make_user, publish_edition


def geojson(*features: tuple[dict, object], **members) -> bytes:
    """A FeatureCollection of (properties, shapely geometry)."""
    listed = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(to_geojson(geometry))}
        for properties, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed} | members).encode()


CONTROL = geojson(({"status": "occupied"}, SQUARE), ({"status": "liberated"}, EAST))


class Controls(HTMLParser):
    """What the fields of a page's forms hold, by name, as a browser sends it; buttons are left out."""

    def __init__(self):
        super().__init__()
        self.values: dict = {}
        self.select = ""

    @classmethod
    def of(cls, markup: str) -> dict:
        parser = cls()
        parser.feed(markup)
        return parser.values

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        kind, name, value = said.get("type", "text"), said.get("name", ""), said.get("value") or ""
        if tag == "input" and name and kind not in {"submit", "radio", "checkbox", "hidden"}:
            self.values[name] = value
        elif tag == "input" and kind in {"radio", "checkbox"} and "checked" in said:
            self.add(name, value)
        elif tag == "input" and kind == "hidden" and name not in {"csrfmiddlewaretoken", "next"}:
            self.values[name] = value
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in said:
            self.add(self.select, value)

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""

    def add(self, name: str, value: str) -> None:
        self.values[name] = [*self.values[name], value] if name in self.values else [value]


class WizardCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map_editor, cls.administrator = make_user(groups=["map editor"]), make_user(groups=["administrator"])
        cls.map = make_map(west=36, south=46, east=40, north=49)
        make_region("UA-14", name_nl="Donetsk", name_en="Donetsk", boundary=SQUARE)
        make_party("oekraine", name_en="Ukraine")
        make_party("rusland", name_en="Russia")
        publish_edition(cls.map, day(3), [held_by("rusland", EAST)])

    def setUp(self):
        self.log_in(self.map_editor)

    def log_in(self, person):
        self.client.force_login(person)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def upload(self, data: bytes, name: str = "front-2022-04-06.geojson", kind: str = "control", **answers):
        """What the page answers to an upload; where it was taken, the page of the import."""
        answers = {"kind": kind, "map": self.map.pk, "file": SimpleUploadedFile(name, data)} | answers
        return self.client.post(reverse("admin:mapdata_import_add"), answers, follow=True)

    @property
    def row(self) -> Import:
        return Import.objects.latest("id")

    @property
    def address(self) -> str:
        return reverse("admin:mapdata_import_change", args=[self.row.pk])

    def answers(self, page, **changes) -> dict:
        """What a browser would send of the page's form."""
        return Controls.of(page.content.decode()) | changes

    def look(self, page, **changes):
        return self.client.post(self.address, self.answers(page, _look="1", **changes), follow=True)

    def make(self, page, **changes):
        return self.client.post(self.address, self.answers(page, _make="1", **changes), follow=True)
