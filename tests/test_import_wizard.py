"""Control files in the import wizard: looked at, given a meaning, and made into a draft edition or nothing at all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from shapely import Point, Polygon

from mapdata.models import Edition, ImportPreset
from tests.makers import EAST, SQUARE
from tests.shared_data import shared
from tests.wizard import CONTROL, WizardCase, geojson

pytestmark = pytest.mark.usefixtures("english")


class ControlTests(WizardCase):
    def test_a_file_is_looked_at_before_anything_is_made(self):
        page = self.upload(CONTROL)
        self.assertTemplateUsed(page, "admin/mapdata/import/choose.html")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertContains(page, "Say what these values of “status” mean")
        # "occupied" names nobody: it is guessed to be who holds most of the newest edition.
        self.assertEqual(
            self.row.choices["decision"]["meanings"], [["occupied", ["rusland", "controlled", "assessed", ""]]]
        )
        page = self.look(page, party_1="oekraine", status_1="liberated")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertContains(page, "Who holds what")
        self.assertContains(page, "<td>nobody named</td>")
        self.assertContains(page, "<td>Ukraine (liberated)</td>")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_one_click_makes_the_draft_edition(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine", status_1="liberated", source="ISW: Front")
        name = self.row.file.name
        with self.captureOnCommitCallbacks(execute=True):
            page = self.make(page)
        self.assertTemplateUsed(page, "admin/mapdata/import/done.html")
        draft = Edition.objects.get(published_at=None)
        self.assertEqual(draft.written_by, self.map_editor)
        self.assertEqual(
            {(area.party.slug, area.status) for area in draft.areas.all()},
            {("rusland", "controlled"), ("oekraine", "liberated")},
        )
        self.assertEqual([str(source) for source in draft.sources.all()], ["ISW: Front"])
        self.assertEqual(draft.situation_at.date().isoformat(), "2022-04-06")
        self.assertContains(page, reverse("admin:mapdata_edition_change", args=[draft.pk]))
        self.assertFalse(default_storage.exists(name))

    def test_what_was_not_looked_at_is_not_made(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine")
        page = self.make(page, status_1="contested")
        self.assertContains(page, "nothing is imported yet")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())
        self.assertEqual(self.row.choices["decision"]["meanings"][1][1][1], "contested")
        self.make(page)
        self.assertTrue(Edition.objects.filter(published_at=None).exists())

    def test_while_something_must_be_said_nothing_is_made(self):
        page = self.make(self.upload(CONTROL))
        self.assertContains(page, "It cannot be imported yet")
        self.assertNotContains(page, "Make the draft edition")
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_where_values_overlap_the_one_with_the_lowest_order_gets_it(self):
        page = self.upload(geojson(({"status": "russian"}, SQUARE), ({"status": "ukrainian"}, SQUARE.union(EAST))))
        self.assertContains(page, "overlap on")

        def holders(page):
            return {area["holding"]["party"] for area in page.context["plan"]["areas"]}

        self.assertEqual(holders(page), {"rusland", "oekraine"})
        page = self.look(page, order_0="5")
        self.assertEqual(holders(page), {"oekraine"})

    def test_a_value_can_be_left_out_or_claimed(self):
        page = self.upload(geojson(({"status": "claimed by Russia"}, SQUARE), ({"status": "noise"}, EAST)))
        page = self.look(page, party_1="-")
        areas = page.context["plan"]["areas"]
        self.assertEqual(
            [area["holding"] for area in areas],
            [{"party": "rusland", "status": "controlled", "basis": "claimed", "claimed_by": "rusland"}],
        )
        self.assertContains(page, "Its value “noise” is skipped.")

    def test_assessed_ground_has_no_claimant_and_what_was_typed_stays(self):
        page = self.look(self.upload(CONTROL), claimed_by_0="oekraine", source="ISW")
        self.assertContains(page, "Assessed ground is claimed by nobody")
        self.assertContains(page, 'value="ISW"')

    def test_a_file_that_says_nowhere_who_holds_it_is_held_alike(self):
        page = self.upload(geojson(({"FID": 1}, SQUARE), ({"FID": 2}, EAST)))
        self.assertContains(page, "Say who holds this ground.")
        page = self.look(page, party_0="rusland")
        self.assertEqual(len(page.context["plan"]["areas"]), 1)
        with self.captureOnCommitCallbacks(execute=True):
            self.make(page)
        self.assertEqual(Edition.objects.get(published_at=None).areas.count(), 1)

    def test_another_column_brings_its_own_values(self):
        page = self.upload(
            geojson(({"status": "x", "holder": "RU"}, SQUARE), ({"status": "y", "holder": "Ukraine"}, EAST))
        )
        page = self.look(page, field="holder")
        self.assertEqual([row["value"] for row in page.context["form"].values], ["RU", "Ukraine"])
        self.assertEqual(page.context["plan"]["problems"], [])

    def test_swapped_axes_are_proposed_and_corrected_only_when_chosen(self):
        swapped = geojson(({"status": "occupied"}, shapely.transform(SQUARE, lambda points: points[:, ::-1])))
        page = self.upload(swapped)
        self.assertContains(page, "Exchange latitude and longitude")
        self.assertTrue(page.context["plan"]["problems"])
        page = self.look(page, accept="swap_axes")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertEqual(page.context["found"]["bounds"], list(SQUARE.bounds))

    def test_what_is_repaired_and_refused_is_told_by_number(self):
        bow = Polygon([(37, 47), (38, 48), (38, 47), (37, 48)])
        page = self.upload(geojson(({"status": "occupied"}, bow), ({"status": "occupied"}, Point(37, 47))))
        self.assertContains(page, "Was repaired (1)")
        self.assertContains(page, "Feature 2: It is a point, and has no ground.")

    def test_the_day_can_be_said_where_the_file_does_not(self):
        page = self.upload(CONTROL, name="front.geojson")
        self.assertContains(page, "which day it shows")
        page = self.look(page, party_1="oekraine", situation_at="2022-04-07T12:00")
        self.assertEqual(page.context["plan"]["problems"], [])
        self.assertContains(self.look(page, situation_at=""), "which day it shows")
        page = self.look(page, situation_at="2122-04-07T12:00")
        self.assertContains(page, "This moment lies in the future.")

    def test_a_day_that_was_cleared_is_asked_for(self):
        page = self.look(self.upload(CONTROL), party_1="oekraine", situation_at="")
        self.assertContains(page, "Say which moment it shows.")
        self.make(page)
        self.assertFalse(Edition.objects.filter(published_at=None).exists())

    def test_the_map_of_the_page_has_the_shapes_in_their_colours(self):
        self.look(self.upload(CONTROL), party_1="oekraine")
        address = reverse("admin:mapdata_import_shapes", args=[self.row.pk])
        features = self.client.get(address).json()["features"]
        self.assertEqual({feature["properties"]["colour"] for feature in features}, {"red"})
        self.assertEqual(len(features), 2)

    def test_what_values_mean_is_remembered_under_a_name(self):
        page = self.upload(CONTROL)
        page = self.look(page, party_0="-", party_1="oekraine", status_1="liberated", remember="DeepState")
        self.assertContains(page, "Remembered as “DeepState”.")
        preset = ImportPreset.objects.get()
        self.assertEqual((preset.kind, preset.by), ("control", self.map_editor))
        page = self.upload(CONTROL, name="front-2022-04-07.geojson", preset=preset.pk)
        decision = self.row.choices["decision"]
        self.assertEqual(decision["meanings"], [["liberated", ["oekraine", "liberated", "assessed", ""]]])
        self.assertEqual(decision["skip"], ["occupied"])
        # The day is that of the new file.
        self.assertTrue(decision["at"].startswith("2022-04-07"))

    def test_real_files_become_draft_editions(self):
        for name, km2 in (("isw-control-2022-06-04.zip", 116_582), ("control-wkt.csv", None)):
            with self.subTest(name):
                page = self.upload(shared(f"imports/{name}").read_bytes(), name)
                page = self.look(page, party_0="rusland", situation_at="2022-06-04T12:00")
                self.assertEqual(page.context["plan"]["problems"], [])
                if km2:
                    self.assertAlmostEqual(page.context["plan"]["areas"][0]["km2"], km2, delta=50)
                # A map to look at, not the whole file.
                self.assertLess(len(json.dumps(self.row.plan["shapes"])), 500_000)


class TwiceTests(WizardCase):
    """What docs/imports.md promises: importing twice changes nothing, by whichever way the file comes in."""

    def imported(self, data: bytes = CONTROL, name: str = "front-2022-04-06.geojson", **answers):
        page = self.look(self.upload(data, name), party_1="oekraine", status_1="liberated", **answers)
        with self.captureOnCommitCallbacks(execute=True):
            return self.make(page)

    @property
    def drafts(self):
        return Edition.objects.filter(published_at=None)

    def test_the_same_file_twice_is_one_draft(self):
        self.imported()
        page = self.imported()
        self.assertEqual(self.drafts.count(), 1)
        self.assertContains(page, "Nothing new was made")
        self.assertEqual(self.row.edition, self.drafts.get())

    def test_before_it_is_made_the_page_says_that_it_is_there(self):
        self.assertNotContains(self.look(self.upload(CONTROL), party_1="oekraine"), "makes nothing new")
        self.imported()
        page = self.look(self.upload(CONTROL), party_1="oekraine", status_1="liberated")
        self.assertContains(page, "Importing it makes nothing new.")
        self.assertEqual(page.context["plan"]["problems"], [])

    def test_the_same_file_of_another_moment_is_another_draft(self):
        self.imported()
        self.imported(situation_at="2022-04-06T12:00:00")
        self.assertEqual(self.drafts.count(), 2)

    def test_todays_file_twice_is_one_draft_though_the_end_of_today_moves(self):
        for hour in (10, 12):
            with time_machine.travel(datetime(2022, 4, 6, hour, 30, tzinfo=UTC), tick=False):
                self.log_in(self.map_editor)
                self.imported(party_0="rusland")
        self.assertEqual(self.drafts.count(), 1)

    def test_what_the_command_imported_the_desk_finds_and_the_other_way_round(self):
        meanings = ("--as", "occupied=rusland:controlled", "--as", "liberated=oekraine:liberated")
        with TemporaryDirectory() as folder:
            path = Path(folder, "front-2022-04-06.geojson")
            path.write_bytes(CONTROL)

            def by_command(name: str, *arguments: str) -> None:
                call_command(name, str(path), *arguments, *meanings, map=self.map.slug, verbosity=0)

            by_command("import_control")
            self.imported()
            by_command("import_file", "--kind", "control")
            self.assertEqual(self.drafts.count(), 1)
            by_command("import_control", "--publish")
            self.imported()
        self.assertEqual((self.drafts.count(), Edition.objects.count()), (0, 2))
        self.assertContains(self.client.get(self.address), "Go to the edition")
