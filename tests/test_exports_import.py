"""What was exported is imported again by the desk's own importer, from every format, as the same ground and events."""

from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import shapely
from django.core.management import call_command
from django.test import TestCase

from mapdata.ground.areas import Holding, area_km2
from mapdata.imports.control.assigning import assign, pieces_of
from mapdata.imports.files.reading import open_file
from mapdata.models import Event, SituationMap
from mapdata.reading.downloads import EVENTS, GROUND
from newsroom.downloads.download import everything, make_missing
from tests.makers import (
    day,
    held_by,
    make_event,
    make_map,
    make_party,
    make_source,
    publish_edition,
    publish_event,
    texts,
)
from tests.shared_data import shared

ODD = 'Росія, "de\nfacto"; <b>'


class ImportTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.map = make_map("kaart", title_nl=ODD)
        cls.elsewhere = make_map("elders")
        make_party("rusland", name_nl=ODD, name_en="Russia")

    def imported(self, address: str, kind: str, map_: SituationMap, *options: str) -> str:
        """Download a file as a reader does, and import it; says what the command said."""
        make_missing(everything())
        response = self.client.get(address)
        said = StringIO()
        with TemporaryDirectory() as folder:
            path = Path(folder, address.rpartition("/")[2])
            path.write_bytes(b"".join(response.streaming_content))
            call_command("import_file", path, "--kind", kind, "--map", map_.slug, *options, stdout=said, stderr=said)
        return said.getvalue()

    def test_an_edition_comes_back_from_every_format_with_the_same_ground_and_holdings(self):
        path = sorted(shared("control/deepstate-2022").glob("*.geojson"))[0]
        pieces = pieces_of(open_file(path).features, "status")
        statuses = iter(("controlled", "contested", "liberated", "unknown", "advance"))
        meanings = {value: Holding("rusland", next(statuses)) for value in sorted({value for value, _ in pieces})}
        before = [*assign(pieces, meanings).areas, held_by(status="contested", claimed_by="oekraine")]
        edition = publish_edition(self.map, day(3), before)
        words = [
            ":".join(filter(None, (h.party, h.status, h.basis, h.claimed_by))) for h in (a.holding for a in before)
        ]
        for number, extension in enumerate(GROUND):
            with self.subTest(extension):
                target = make_map(f"doel{number}")
                options = [part for word in words for part in ("--as", f"{word}={word}")]
                self.imported(
                    f"/maps/kaart/editions/1/control.{extension}", "control", target, "--field", "holding", *options
                )
                draft = target.editions.get()
                self.assertEqual(draft.situation_at, edition.situation_at)
                after = {area.holding: area.ground for area in draft.ground_areas()}
                self.assertEqual(set(after), {area.holding for area in before})
                for area in before:
                    apart = shapely.symmetric_difference(after[area.holding], area.ground)
                    self.assertLess(area_km2(apart), 0.01, area.holding)

    def test_events_come_back_from_every_format_with_the_same_fields(self):
        fields = {
            "title_nl": 'Vuur, "zwaar"; Краматорськ', "title_en": "Shelling", "text_nl": "Regel één.\nRegel twee.",
            "place_nl": "Kramatorsk", "place_uk": "Краматорськ", "type": "explosion", "verification": "partly_verified",
            "happened_at": day(5, 9), "lon": 37.55, "lat": 48.72, "location_precision": "locality",
            "casualties_low": 3, "casualties_best": 5, "graphic": True,
        }  # fmt: skip
        event = make_event(self.map, make_source("NOS"), casualties_according_to="burgemeester", **fields)
        publish_event(event)
        for extension in EVENTS:
            with self.subTest(extension):
                self.elsewhere.events.all().delete()
                said = self.imported(f"/maps/kaart/events.{extension}", "events", self.elsewhere)
                back = Event.objects.get(map=self.elsewhere)
                said_before = texts(fields)
                got = {name: getattr(back, name) for name in said_before}
                self.assertEqual(got, said_before, said)

    def test_what_a_spreadsheet_would_calculate_comes_back_as_it_was_written(self):
        titles = ["=HYPERLINK(1)", "+31 6 12", "-5 graden", "@redactie", "'=geen formule", "'s Ochtends vuur"]
        for number, title in enumerate(titles):
            publish_event(make_event(self.map, title_nl=title, happened_at=day(number + 1), lon=-70.5, lat=-33.25))
        said = self.imported("/maps/kaart/events.csv", "events", self.elsewhere)
        back = Event.objects.filter(map=self.elsewhere).order_by("happened_at")
        self.assertEqual([event.title["nl"] for event in back], titles, said)
        self.assertEqual({(event.lon, event.lat) for event in back}, {(-70.5, -33.25)})
