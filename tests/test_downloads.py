"""Files to download: which there are, what is in them, and that they hold nothing that may not be read."""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import StringIO
from unittest import mock

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from mapdata import exports
from mapdata.models import Edition
from mapdata.reading.downloads import GROUND
from newsroom.downloads import download
from newsroom.downloads.download import everything, make_missing
from newsroom.downloads.export import MOST_PAST, Export
from newsroom.publishing.immutability import protection_off
from tests.downloaded import QUEUED, addresses, body, make_files
from tests.makers import (
    EAST,
    day,
    editor,
    held_by,
    make_event,
    make_map,
    make_quote,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)
from tests.markup import attribute, every, page, text
from tests.small_site import make_site

pytestmark = pytest.mark.usefixtures("english")


class FileTests(TestCase):
    """On a site with a map of three editions, three events, and a story with a quote."""

    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()
        make_files()

    def json(self, address: str) -> dict:
        return json.loads(body(self.client.get(address)))

    def test_every_file_is_served_under_its_type_and_name(self):
        for address in addresses():
            with self.subTest(address):
                response = self.client.get(address)
                self.assertEqual(response.status_code, 200)
                data = body(response)
                made = exports.FORMATS[address.partition(".")[2]]
                self.assertEqual(response.headers["Content-Type"], made.content_type)
                self.assertEqual(int(response.headers["Content-Length"]), len(data))
                self.assertRegex(
                    response.headers["Content-Disposition"], rf'^attachment; filename="[-\w]+\.{made.extension}"$'
                )
                self.assertEqual(response.headers["Cache-Control"], "public, no-cache")

    def test_head_answers_as_get_does_and_who_has_it_is_told_so(self):
        for address in addresses():
            got, asked = self.client.get(address), self.client.head(address)
            self.assertEqual(asked.status_code, 200)
            self.assertEqual(asked.content, b"") if not asked.streaming else self.assertEqual(body(asked), b"")
            for name in ("Content-Length", "Content-Type", "ETag", "Content-Disposition"):
                self.assertEqual(asked.headers[name], got.headers[name])
            again = self.client.get(address, headers={"if-none-match": got.headers["ETag"]})
            self.assertEqual(again.status_code, 304)

    def test_what_is_no_format_is_not_there(self):
        for address in ("control.exe", "control.shp", "events.shp.zip", "events.", "editions/1/control.html"):
            self.assertEqual(self.client.get(f"/maps/situatie-oekraine/{address}").status_code, 404, address)
        elsewhere = ["/maps/nergens/control.csv", "/maps/situatie-oekraine/editions/9/control.csv"]
        for address in ("/quotes.shp.zip", *elsewhere):
            self.assertEqual(self.client.get(address).status_code, 404, address)
        self.assertEqual(self.client.get("/quotes.csv?as_of=gisteren").status_code, 400)

    def test_an_edition_has_its_ground_and_what_it_says_of_itself(self):
        edition = self.site.editions[1]
        found = self.json("/maps/situatie-oekraine/editions/2/control.geojson")
        self.assertEqual((found["edition"], found["digest"]), (2, edition.digest))
        self.assertEqual(
            (found["situation_at"], found["published_at"]), ("2022-04-04T12:00:00Z", "2022-04-04T14:00:00Z")
        )
        self.assertEqual([one["properties"]["party"] for one in found["features"]], ["rusland", "oekraine"])
        self.assertEqual(found["sources"][0]["publisher"], "NAVO")

    def test_the_series_has_the_ground_of_every_moment(self):
        found = self.json("/maps/situatie-oekraine/control.geojson")
        self.assertEqual([edition["edition"] for edition in found["editions"]], [1, 2, 3])
        self.assertEqual([one["properties"]["edition"] for one in found["features"]], [1, 2, 2, 3, 3, 3])
        self.assertEqual(found["as_of"], "2022-04-06T14:00:00Z")

    def test_events_are_where_readers_see_them(self):
        found = self.json("/maps/situatie-oekraine/events.geojson")
        self.assertEqual(
            [one["properties"]["title_nl"][:9] for one in found["features"]], ["Oproep in", "Raketten ", "Honderden"]
        )
        # The exact place is 30.2123, 50.5456.
        self.assertEqual(found["features"][-1]["geometry"]["coordinates"], [30.21, 50.55])

    def test_quotes_have_speaker_source_and_story(self):
        found = self.json("/quotes.geojson")["features"]
        self.assertEqual([one["geometry"] for one in found], [None])
        said = found[0]["properties"]
        self.assertEqual(
            (said["speaker"], said["story"], said["version"]), ("Jens Stoltenberg", "/stories/na-kyiv/", 3)
        )
        self.assertIn("NAVO: Persconferentie", said["sources"])

    def test_quotes_come_in_every_format_that_needs_no_place(self):
        for extension in exports.OTHER_FORMATS:
            with self.subTest(extension):
                self.assertIn(b"Jens Stoltenberg", body(self.client.get(f"/quotes.{extension}")))

    def test_the_licence_is_the_sites_unless_the_map_has_one(self):
        self.site.map.licence = "ODbL 1.0"
        self.site.map.save()
        with self.settings(DATA_LICENCE="CC BY 4.0"):
            publish_edition(self.site.map, day(8), [held_by(ground=EAST)])
            make_files()
            self.assertEqual(self.json("/maps/situatie-oekraine/editions/3/control.geojson")["licence"], "CC BY 4.0")
            self.assertEqual(self.json("/maps/situatie-oekraine/editions/4/control.geojson")["licence"], "ODbL 1.0")
            self.assertEqual(self.json("/maps/situatie-oekraine/events.geojson")["licence"], "ODbL 1.0")
            self.assertEqual(self.json("/quotes.geojson")["licence"], "CC BY 4.0")
            root = page(self.client.get("/maps/situatie-oekraine/"))
        self.assertIn("ODbL 1.0", text(next(iter(every(root, "section", class_="downloads")))))

    def test_pages_announce_the_files_and_all_of_those_open(self):
        announced = set()
        for address in self.site.addresses:
            root = page(self.client.get(address))
            for link in every(root, "link", rel="alternate"):
                if "hreflang" not in dict(link.attributes) and "feed" not in attribute(link, "href"):
                    announced.add(attribute(link, "href"))
        self.assertEqual(announced, set(addresses(editions=(1, 3))))

    def test_map_pages_offer_them_and_stories_do_not(self):
        for address in self.site.addresses:
            root = page(self.client.get(address))
            offered = {
                attribute(link, "href") for found in every(root, class_="downloads") for link in every(found, "a")
            }
            self.assertEqual(bool(offered), address.startswith("/maps/"), address)

    def test_a_link_keeps_the_moment_that_the_reader_asks_for(self):
        root = page(self.client.get("/maps/situatie-oekraine/?as_of=2022-04-05&at=2022-04-02&lang=en"))
        found = next(iter(every(root, class_="downloads")))
        links = [attribute(link, "href") for link in every(found, "a")]
        self.assertIn("/maps/situatie-oekraine/editions/1/control.csv?as_of=2022-04-05", links)

    def test_no_file_costs_more_queries_than_it_did_when_there_is_more(self):
        def queries(address: str) -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                self.assertEqual(self.client.get(address).status_code, 200)
            return len(asked)

        wanted = addresses()
        before = {address: queries(address) for address in wanted}
        self.assertLessEqual(max(before.values()), 8)
        for number in range(3):
            publish_edition(self.site.map, day(8 + number), [held_by(ground=EAST)])
            publish_event(make_event(self.site.map, happened_at=day(3)))
            publish_story(make_story(blocks=[make_quote()]))
        make_files()
        self.assertEqual({address: queries(address) for address in wanted}, before)
        self.assertLessEqual(max(map(queries, wanted)), 8)


class KnownTests(TestCase):
    """What is withdrawn, scheduled, or not known yet is in no file that is served."""

    def setUp(self):
        self.map = make_map("kaart", title_nl="Kaart")

    def status(self, address: str) -> int:
        return self.client.get(address).status_code

    def numbers(self, address: str = "/maps/kaart/control.geojson") -> list[int]:
        make_files()
        if self.status(address) == 503:
            cache.clear()
        found = json.loads(body(self.client.get(address)))
        return [one["properties"].get("edition") or one["properties"]["event_id"] for one in found["features"]]

    def test_of_a_map_that_shows_nothing_yet_there_is_nothing(self):
        make_files()
        for address in addresses("kaart", [1]):
            self.assertEqual(self.status(address), 404, address)

    def test_a_scheduled_edition_has_its_files_and_gives_them_at_its_moment(self):
        with protection_off(connection), time_machine.travel(datetime(2022, 4, 6, 12, tzinfo=UTC), tick=False) as clock:
            publish_edition(self.map, day(5), [held_by()])
            publish_edition(self.map, day(6), [held_by(ground=EAST)], release_at=day(6, 18))
            self.assertEqual(self.numbers(), [1])
            self.assertTrue(Export.objects.filter(subject=f"edition {self.map.pk} 2", format="csv").exists())
            for address in (f"/maps/kaart/editions/2/control.{extension}" for extension in GROUND):
                self.assertEqual(self.status(address), 404)
                self.assertEqual(self.status(f"{address}?as_of=2022-05-01"), 404)
            clock.move_to(day(6, 18))
            cache.clear()
            with mock.patch("mapdata.exports.csv.write", side_effect=AssertionError("made again")):
                self.assertEqual(self.status("/maps/kaart/editions/2/control.csv"), 200)
            # The series of before is not what is asked for now.
            with self.settings(TASKS=QUEUED):
                self.assertEqual(self.status("/maps/kaart/control.geojson"), 503)
            self.assertEqual(self.numbers(), [1, 2])

    def test_an_edition_is_not_there_before_it_was_published(self):
        publish_edition(self.map, day(4), [held_by()], published_before=day(4, 14))
        publish_edition(self.map, day(5), [held_by()], published_before=day(5, 14))
        make_files()
        address = "/maps/kaart/editions/2/control.csv"
        self.assertEqual(self.status(address), 200)
        self.assertEqual(self.status(f"{address}?as_of=2022-04-05T13:59Z"), 404)
        self.assertEqual(self.status(f"{address}?as_of=2022-04-05T14:00Z"), 200)

    def test_a_series_as_of_a_moment_is_made_when_somebody_asks_and_has_what_was_known(self):
        publish_edition(self.map, day(4), [held_by()], published_before=day(4, 14))
        publish_edition(self.map, day(5), [held_by()], published_before=day(5, 14))
        make_files()
        address = "/maps/kaart/control.geojson?as_of=2022-04-04"
        self.assertEqual(self.status(address), 503)
        self.assertEqual(self.numbers(address), [1])
        # Another moment with the same answer has the same file.
        with self.settings(TASKS=QUEUED):
            self.assertEqual(self.status("/maps/kaart/control.geojson?as_of=2022-04-05T12:00Z"), 200)
            self.assertEqual(self.status("/maps/kaart/control.geojson?as_of=2022-04-03"), 404)
            self.assertEqual(self.status("/maps/kaart/control.geojson?as_of=2100-01-01"), 200)

    def test_events_as_of_a_moment_bear_the_words_that_the_map_had_then(self):
        publish_event(make_event(self.map), published_before=day(3))
        publish_edition(self.map, day(4), [held_by()], published_before=day(4, 14))
        self.map.title["nl"] = "Later zo genoemd"
        self.map.save()
        publish_edition(self.map, day(5), [held_by()], published_before=day(5, 14))
        address = "/maps/kaart/events.geojson?as_of=2022-04-04"
        self.assertEqual(self.status(address), 503)
        self.assertNotIn(b"Later zo genoemd", body(self.client.get(address)))
        make_files()
        self.assertIn(b"Later zo genoemd", body(self.client.get("/maps/kaart/events.geojson")))

    def test_files_of_past_moments_do_not_pile_up(self):
        for number in range(MOST_PAST + 3):
            Export.keep("series kaart", f"{number}", "csv", f"{number}".encode(), past=True)
        self.assertEqual(Export.objects.count(), MOST_PAST)
        self.assertFalse(Export.objects.filter(state="0").exists())
        make_missing(everything())
        download.make_all.func()
        self.assertFalse(Export.objects.exists())

    def test_a_withdrawn_edition_is_gone_from_every_file_at_once_and_from_the_disk_soon(self):
        publish_edition(self.map, day(4), [held_by()])
        second = publish_edition(self.map, day(5), [held_by(ground=EAST)])
        self.assertEqual(self.numbers(), [1, 2])
        held = [export.name for export in Export.objects.filter(subject=f"edition {self.map.pk} 2")]
        held += [export.name for export in Export.objects.filter(subject="series kaart")]
        second.withdraw(editor(), "Op last van de rechter.")
        with self.settings(TASKS=QUEUED):
            for extension in GROUND:
                response = self.client.get(f"/maps/kaart/editions/2/control.{extension}")
                self.assertContains(response, "Op last van de rechter.", status_code=410)
                self.assertEqual(self.status(f"/maps/kaart/control.{extension}"), 503)
        download.make_all.func()
        self.assertEqual([name for name in held if default_storage.exists(name)], [])
        self.assertEqual(self.numbers(), [1])

    def test_of_what_is_withdrawn_altogether_a_stub_is_left(self):
        edition = publish_edition(self.map, day(4), [held_by()])
        event = publish_event(make_event(self.map))
        story = publish_story(make_story(blocks=[make_quote()]))
        make_files()
        for version in (edition, event, story):
            type(version).objects.get(pk=version.pk).withdraw(editor(), "Gevaarlijk.")
        for address in addresses("kaart", [1]):
            self.assertEqual(self.status(address), 410, address)

    def test_a_corrected_moment_is_in_the_series_once(self):
        publish_edition(self.map, day(4), [held_by()])
        publish_edition(self.map, day(4), [held_by(ground=EAST)])
        self.assertEqual(self.numbers(), [2])

    def test_a_withdrawn_version_of_an_event_gives_way_to_the_one_before(self):
        event = make_event(self.map, title_nl="Eerst")
        publish_event(event, published_before=day(5))
        event.title["nl"] = "Later"
        second = publish_event(event)
        self.assertEqual(self.numbers("/maps/kaart/events.geojson"), [event.pk])
        second.withdraw(editor(), "")
        make_files()
        self.assertNotIn(b"Later", body(self.client.get("/maps/kaart/events.geojson")))


class MakingTests(TestCase):
    """Who makes the files, and when."""

    def setUp(self):
        self.map = make_map("kaart")
        publish_edition(self.map, day(4), [held_by()])

    def test_a_request_never_makes_a_file_but_queues_that_it_is_made(self):
        with self.settings(TASKS=QUEUED):
            for _ in range(3):
                response = self.client.get("/maps/kaart/control.kml?lang=en")
            self.assertContains(response, "This file is being made", status_code=503)
            self.assertEqual(response.headers["Retry-After"], "10")
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertEqual(self.client.head("/maps/kaart/control.kml").status_code, 503)
        self.assertFalse(Export.objects.exists())
        # Asked for once, however many readers want it.
        result = DBTaskResult.objects.get()
        self.assertEqual(result.args_kwargs["args"], [["mapdata.reading.downloads.series", "kaart"], None])
        download.make_one.func(*result.args_kwargs["args"])
        self.assertEqual(self.client.get("/maps/kaart/control.kml").status_code, 200)

    def test_a_file_that_was_lost_is_made_again(self):
        make_files()
        default_storage.delete(Export.objects.get(subject="series kaart", format="csv").name)
        self.assertEqual(self.client.get("/maps/kaart/control.csv").status_code, 503)
        self.assertEqual(self.client.get("/maps/kaart/control.csv").status_code, 200)

    def test_what_is_there_is_not_made_again(self):
        make_files()
        before = list(Export.objects.order_by("pk").values())
        with mock.patch("mapdata.reading.downloads.control_table", side_effect=AssertionError):
            make_files()
        self.assertEqual(list(Export.objects.order_by("pk").values()), before)

    def test_one_that_cannot_be_made_does_not_keep_readers_from_the_others(self):
        publish_event(make_event(self.map))
        with (
            mock.patch("mapdata.reading.downloads.events_table", side_effect=ValueError),
            self.assertLogs("newsroom.downloads"),
        ):
            make_files()
        self.assertEqual(self.client.get("/maps/kaart/control.csv").status_code, 200)
        self.assertFalse(Export.objects.filter(subject="events kaart").exists())

    def test_a_file_of_a_state_that_has_passed_meanwhile_is_not_kept(self):
        found = next(one for one in everything() if one.subject == "series kaart")
        publish_edition(self.map, day(3), [held_by()])
        Edition.objects.get(number=1).withdraw(editor(), "")
        self.assertEqual(found.make_missing(), 0)

    def test_the_command_makes_what_is_missing(self):
        other = make_map("elders")
        publish_edition(other, day(4), [held_by()])
        said = StringIO()
        call_command("build_exports", map="kaart", stdout=said)
        self.assertIn("10 files", said.getvalue())
        call_command("build_exports", stdout=said)
        self.assertIn("10 files", said.getvalue().splitlines()[1])
        call_command("build_exports", stdout=said)
        self.assertIn("0 files", said.getvalue().splitlines()[2])
        with self.assertRaisesMessage(CommandError, "nergens"):
            call_command("build_exports", map="nergens")
        with (
            mock.patch("mapdata.reading.downloads.control_table", side_effect=ValueError),
            self.assertLogs("newsroom.downloads"),
        ):
            Export.objects.all().discard()
            with self.assertRaisesMessage(CommandError, "4 downloads"):
                call_command("build_exports", stdout=said)

    def test_a_download_that_waits_while_the_site_is_brought_up_to_date_is_still_made(self):
        with self.settings(TASKS=QUEUED):
            self.client.get("/maps/kaart/control.kml")
        moved = import_module("newsroom.migrations.0006_moved_tasks")
        moved.backwards(apps, None)
        old = DBTaskResult.objects.get()
        self.assertIn(old.task_path, moved.MOVED)
        self.assertIn(old.args_kwargs["args"][0][0], moved.RECIPES)
        moved.forwards(apps, None)
        now = DBTaskResult.objects.get()
        self.assertEqual(now.task_path, download.make_one.module_path)
        download.make_one.func(*now.args_kwargs["args"])
        self.assertEqual(self.client.get("/maps/kaart/control.kml").status_code, 200)


class AfterPublicationTests(TransactionTestCase):
    def queued(self) -> list:
        return list(DBTaskResult.objects.order_by("run_after").values_list("task_path", "run_after"))

    def test_publishing_has_the_files_made_soon_once_for_several(self):
        map_ = make_map("kaart")
        with self.settings(TASKS=QUEUED):
            for number in (3, 4, 5):
                publish_edition(map_, day(number), [held_by()])
            ((path, moment),) = self.queued()
        self.assertEqual(path, "newsroom.downloads.download.make_all")
        self.assertLess(moment, datetime.now(UTC) + download.GATHERED)

    def test_a_release_to_come_has_them_made_at_its_moment_too(self):
        release = datetime.now(UTC) + timedelta(hours=3)
        with self.settings(TASKS=QUEUED):
            publish_edition(make_map("kaart"), day(3), [held_by()], release_at=release)
            moments = [moment for _path, moment in self.queued()]
        self.assertEqual(moments[1], release)
        self.assertLess(moments[0], release - timedelta(hours=2))
