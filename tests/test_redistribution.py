"""A source that may not be passed on keeps what rests on it out of files, and files and pages say so."""

import json
import zipfile
from io import BytesIO

from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from newsroom.models import PublicChange, Source
from newsroom.publishing.immutability import protection_off
from tests.downloaded import QUEUED, addresses, body, make_files
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_event,
    make_map,
    make_quote,
    make_source,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)


class RedistributionTests(TestCase):
    def setUp(self):
        self.map = make_map("kaart")
        self.source = make_source("ISW", title="Kaart", url="https://example.org/isw")
        publish_edition(self.map, day(4), [held_by()])
        publish_edition(self.map, day(5), [held_by(ground=EAST)], source=self.source)
        publish_event(make_event(self.map, title_nl="Vrij"))
        publish_event(make_event(self.map, self.source, title_nl="Geheim"))
        quotes = [make_quote("Vrije woorden."), make_quote("Andermans woorden.", source=self.source)]
        publish_story(make_story(blocks=quotes))

    def mark(self, marked: bool = True) -> None:
        self.source.not_for_redistribution = marked
        self.source.save()
        make_files()

    def features(self, address: str) -> list[dict]:
        return json.loads(body(self.client.get(address)))["features"]

    def test_ground_events_and_quotes_stay_out_and_the_files_say_why(self):
        self.mark()
        for address, name in (
            ("/maps/kaart/control.geojson", "party"),
            ("/maps/kaart/events.geojson", "title_nl"),
            ("/quotes.geojson", "text"),
        ):
            out = [one for one in self.features(address) if one["properties"]["left_out"]]
            self.assertEqual([one["properties"]["left_out"] for one in out], ["not for redistribution: ISW"], address)
            self.assertEqual((out[0]["geometry"], out[0]["properties"][name]), (None, None), address)
            self.assertEqual(len(self.features(address)), 2, address)
        self.assertEqual([one["geometry"] for one in self.features("/maps/kaart/editions/2/control.geojson")], [None])
        self.assertIsNotNone(self.features("/maps/kaart/editions/1/control.geojson")[0]["geometry"])

    def test_no_format_has_a_word_of_it(self):
        self.mark()
        for address in addresses("kaart", [1, 2]):
            data = body(self.client.get(address))
            if address.endswith(".zip"):
                with zipfile.ZipFile(BytesIO(data)) as archive:
                    data = b"".join(archive.read(name) for name in archive.namelist())
            self.assertNotIn(b"Geheim", data, address)
            self.assertNotIn(b"Andermans", data, address)

    def test_the_mark_counts_at_once_in_files_and_on_pages(self):
        make_files()
        self.assertEqual(self.client.get("/maps/kaart/editions/2/").status_code, 200)
        self.source.not_for_redistribution = True
        self.source.save()
        with self.settings(TASKS=QUEUED):
            for address in ("editions/2/control.csv", "control.csv", "events.csv"):
                self.assertEqual(self.client.get(f"/maps/kaart/{address}").status_code, 503, address)
            self.assertEqual(self.client.get("/maps/kaart/editions/1/control.csv").status_code, 200)
        for address, says in (
            ("/maps/kaart/editions/2/?lang=en", "rests on a source that may not be passed on (ISW)"),
            ("/maps/kaart/editions/1/?lang=en", "Without what rests on sources that may not be passed on (ISW)"),
            ("/maps/kaart/changes/?lang=en", "Without what rests on sources that may not be passed on (ISW)"),
        ):
            self.assertContains(self.client.get(address), says)
        self.assertNotContains(self.client.get("/maps/kaart/editions/2/"), 'editions/2/control.csv" type')

    def test_as_published_or_as_it_is_now_either_keeps_it_out(self):
        self.mark()
        publish_edition(self.map, day(6), [held_by(ground=SQUARE)], source=self.source)
        self.mark(False)
        out = [one["properties"]["left_out"] for one in self.features("/maps/kaart/control.geojson")]
        self.assertEqual(out, ["", "", "not for redistribution: ISW"])

    def test_versions_of_before_sources_had_ids_are_matched_by_what_they_say(self):
        with protection_off(connection):
            for version in (*self.map.editions.all(), *(event.versions.get() for event in self.map.events.all())):
                for source in version.content["sources"]:
                    del source["id"], source["not_for_redistribution"]
                version.digest = version.computed_digest()
                version.save()
        self.assertEqual(Source.objects.filter(not_for_redistribution=True).count(), 0)
        self.mark()
        self.assertEqual(
            len([one for one in self.features("/maps/kaart/events.geojson") if one["geometry"] is None]), 1
        )
        self.assertIsNone(self.features("/maps/kaart/editions/2/control.geojson")[0]["geometry"])
        self.assertIsNotNone(self.features("/maps/kaart/editions/1/control.geojson")[0]["geometry"])

    def test_a_renamed_source_still_keeps_its_ground_out(self):
        self.source.publisher, self.source.title, self.source.url = "Institute", "", ""
        self.mark()
        self.assertIsNone(self.features("/maps/kaart/editions/2/control.geojson")[0]["geometry"])
        self.assertIn("", [one["properties"]["title_nl"] or "" for one in self.features("/maps/kaart/events.geojson")])

    def test_only_the_mark_is_a_change_for_readers(self):
        before = PublicChange.token()
        self.source.title = "Andere titel"
        self.source.save()
        self.assertEqual(PublicChange.token(), before)
        self.mark()
        self.assertNotEqual(PublicChange.token(), before)

    def test_saying_what_is_left_out_costs_as_many_queries_however_much_it_is(self):
        self.mark()

        def queries() -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                self.client.get("/maps/kaart/")
            return len(asked)

        before = queries()
        for number in range(3):
            other = make_source(f"Ander {number}", not_for_redistribution=True)
            publish_edition(self.map, day(7 + number), [held_by()], source=other)
            publish_event(make_event(self.map, other))
        self.assertEqual(queries(), before)
