"""A draft edition and who may draw in it, for the tests of its page."""

import json

import shapely
from django.conf import settings
from django.test import TestCase
from django.urls import reverse

from mapdata.ground.areas import area_km2
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_edition,
    make_map,
    make_party,
    make_region,
    make_user,
)

BOW_TIE = json.dumps({"type": "Polygon", "coordinates": [[[37, 47], [38, 48], [38, 47], [37, 48], [37, 47]]]})


def geojson(geometry) -> str:
    return shapely.to_geojson(geometry)


def keys(answer: dict) -> set[str]:
    """Whose ground is drawn otherwise."""
    return {area["properties"]["key"] for area in answer["areas"]["changed"]}


class DrawCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map()
        cls.map_editor = make_user("wim", groups=["map editor"])
        cls.other = make_user("ada", groups=["map editor"])
        cls.russia, cls.ukraine = make_party("rusland"), make_party("oekraine")
        cls.region = make_region("UA-14", name_nl="Donetsk", boundary=SQUARE)
        cls.draft = make_edition(cls.map, day(6), [held_by("oekraine", EAST)], written_by=cls.map_editor)

    def setUp(self):
        self.log_in(self.map_editor)

    def log_in(self, person):
        self.client.force_login(person)
        # The tests read the words as they stand in the source.
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def url(self, name: str = "draw", **query) -> str:
        return reverse(f"admin:mapdata_edition_{name}", args=[self.draft.pk], query=query or None)

    def held(self) -> dict:
        """km² by party, status and basis."""
        return {
            (area.holding.party, area.holding.status, area.holding.basis): round(area_km2(area.ground))
            for area in self.draft.ground_areas()
        }
