"""The page that edits a draft's ground, with its form alone: buttons, messages, and nothing lost."""

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box

from mapdata.ground.areas import area_km2, clean
from mapdata.models import Operation, drafting
from tests.draw_case import BOW_TIE, DrawCase, geojson
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_region,
    make_source,
    make_user,
    publish_edition,
)


class FormTests(DrawCase):
    """Without a script: buttons, messages, and nothing lost."""

    def press(self, button: str = "_do", value: str = "", **fields):
        fields = {"kind": "region", "status": "controlled", "basis": "assessed"} | fields
        return self.client.post(self.url("operate"), fields | {button: value})

    def test_the_page_opens_with_every_field(self):
        page = self.client.get(self.url())
        self.assertContains(page, 'id="draw-map"')
        for name in ("kind", "region", "ground", "line", "side", "point", "area", "edition", "to", "sources", "note"):
            self.assertContains(page, f'data-row="{name}"')

    def test_regions_are_given_to_a_party(self):
        other = make_region("UA-09", boundary=EAST)
        response = self.press(region=[self.region.pk, other.pk], to="rusland")
        self.assertRedirects(response, self.url())
        self.assertEqual(self.held(), {("rusland", "controlled", "assessed"): round(2 * area_km2(SQUARE))})

    def test_drawn_ground_leaves_whoever_had_it(self):
        whole = round(area_km2(EAST))
        self.press(kind="ground", ground=geojson(box(38.5, 47, 40, 48)), to="rusland", status="contested")
        held = self.held()
        self.assertLess(held["oekraine", "controlled", "assessed"], whole * 0.51)
        self.assertGreater(held["rusland", "contested", "assessed"], whole)

    def test_the_corners_of_ground_can_be_typed(self):
        self.press(kind="ground", ground="38.5, 47\n39 47\n39; 48\n38.5,48", to="rusland")
        half = round(area_km2(EAST) / 2)
        self.assertEqual(self.held()["rusland", "controlled", "assessed"], half)

    def test_a_front_line_gives_the_chosen_side(self):
        self.press(kind="line", line="37 47.5\n40 47.5", side="left", to="rusland")
        north = round(area_km2(box(38, 47.5, 39, 48)))
        self.assertEqual(self.held()["rusland", "controlled", "assessed"], north)

    def test_both_sides_of_a_front_line_are_shown_before_one_is_chosen(self):
        page = self.press("_preview", kind="line", line="37 47.5\n40 47.5")
        self.assertContains(page, "north of the line")
        self.assertContains(page, "south of the line")
        self.assertContains(page, "37 47.5\n40 47.5")
        self.assertFalse(Operation.objects.exists())

    def test_a_preview_says_what_would_change_and_changes_nothing(self):
        page = self.press("_preview", region=[self.region.pk], to="rusland")
        self.assertContains(page, "To Rusland (controlled, assessed)")
        self.assertFalse(Operation.objects.exists())

    def test_a_border_is_moved_and_both_neighbours_follow(self):
        self.draft.set_areas([held_by("oekraine", EAST), held_by("rusland", SQUARE)])
        self.press(kind="border", line="38 47.2\n38.5 47.2\n38.5 47.8\n38 47.8")
        self.assertGreater(self.held()["rusland", "controlled", "assessed"], round(area_km2(SQUARE)))
        self.assertLess(self.held()["oekraine", "controlled", "assessed"], round(area_km2(EAST)))

    def test_a_pocket_goes_to_who_lies_around_it(self):
        hole = box(38.4, 47.4, 38.6, 47.6)
        ring = clean(EAST.difference(hole))
        self.draft.set_areas([held_by("oekraine", ring), held_by("rusland", clean(hole))])
        self.press(kind="pocket", point="38.5, 47.5")
        self.assertEqual(self.held(), {("oekraine", "controlled", "assessed"): round(area_km2(EAST))})

    def test_all_ground_of_one_kind_changes_hands_or_goes_back_to_nobody(self):
        self.press(kind="area", area="oekraine/controlled/assessed/", to="oekraine", status="contested")
        self.assertEqual(list(self.held()), [("oekraine", "contested", "assessed")])
        self.press(kind="area", area="oekraine/contested/assessed/", to="nobody")
        self.assertEqual(self.held(), {})

    def test_another_editions_ground_is_taken_over_within_regions_or_whole(self):
        other = publish_edition(self.map, day(3), [held_by("rusland", clean(box(37, 47, 39, 48)))])
        self.press(kind="other", edition=other.pk, region=[self.region.pk])
        square = round(area_km2(SQUARE))
        self.assertEqual(self.held()["rusland", "controlled", "assessed"], square)
        self.press(kind="other", edition=other.pk)
        (mine,), (theirs,) = self.draft.ground_areas(), other.ground_areas()
        self.assertEqual(mine.holding, theirs.holding)
        self.assertTrue(mine.ground.equals(theirs.ground))

    def test_a_claim_lies_above_what_is_assessed(self):
        self.press(kind="ground", ground=geojson(EAST), to="rusland", basis="claimed", claimed_by=self.russia.pk)
        square = round(area_km2(EAST))
        self.assertEqual(
            self.held(),
            {("oekraine", "controlled", "assessed"): square, ("rusland", "controlled", "claimed"): square},
        )

    def test_what_changed_hands_is_said_and_kept_in_the_history(self):
        response = self.client.post(
            self.url("operate"),
            {
                "kind": "ground",
                "ground": geojson(box(38.5, 47, 39, 48)),
                "to": "rusland",
                "note": "Per radio",
                "_do": "",
            },
            follow=True,
        )
        said = "To Rusland (controlled, assessed) 4,188 km²; from Oekraine (controlled, assessed) 4,188 km²."
        self.assertContains(response, said, count=2)
        self.assertContains(response, "Per radio")
        self.assertEqual(LogEntry.objects.latest("id").get_change_message(), said)

    def test_it_says_in_which_regions(self):
        self.press(region=[self.region.pk], to="rusland")
        self.assertContains(self.client.get(self.url()), "from nobody 8,377 km²; in Donetsk 8,377 km².")

    def test_its_sources_are_kept_with_it(self):
        source = make_source("Reuters")
        self.press(region=[self.region.pk], to="rusland", sources=[source.pk])
        self.assertEqual(list(Operation.objects.get().sources.all()), [source])

    def test_giving_ground_that_they_have_already_changes_nothing(self):
        before = self.draft.ground_areas()
        response = self.client.post(
            self.url("operate"), {"kind": "ground", "ground": geojson(EAST), "to": "oekraine", "_do": ""}, follow=True
        )
        self.assertContains(response, "That changes nothing")
        self.assertEqual(self.draft.ground_areas(), before)

    def test_operations_are_undone_and_done_again(self):
        begun = self.draft.ground_areas()
        self.press(region=[self.region.pk], to="rusland")
        given = self.draft.ground_areas()
        done = Operation.objects.get()
        page = self.client.get(self.url())
        self.assertContains(page, f'name="_undo" value="{done.pk}"')
        self.assertContains(page, "wim, ")
        self.press("_undo", str(done.pk))
        self.assertEqual(self.draft.ground_areas(), begun)
        self.assertContains(self.client.get(self.url()), "<del>")
        self.press("_redo", str(done.pk))
        self.assertEqual(self.draft.ground_areas(), given)

    def test_where_there_is_nothing_to_undo_it_says_so(self):
        response = self.client.post(self.url("operate"), {"_undo": ""}, follow=True)
        self.assertContains(response, "There is nothing to undo")

    def test_ground_that_somebody_else_changed_is_not_written_over_and_nothing_typed_is_lost(self):
        seen = self.draft.revision
        drafting.give(self.draft, box(38.5, 47, 39, 48), held_by("rusland").holding, self.other)
        before = self.draft.ground_areas()
        asked = {"kind": "ground", "ground": geojson(EAST), "to": "rusland", "status": "contested"}
        page = self.press(**asked, revision=seen)
        self.assertContains(page, "ada changed some of this ground", status_code=400)
        self.assertContains(page, "ada, ", status_code=400)
        self.assertContains(page, geojson(EAST).replace('"', "&quot;"), status_code=400)
        self.assertEqual(self.draft.ground_areas(), before)
        self.press(**asked, revision=page.context["form"]["revision"].value())
        self.assertIn(("rusland", "contested", "assessed"), self.held())

    def refused(self, message: str, **fields):
        before = self.draft.ground_areas()
        response = self.press(**fields)
        self.assertContains(response, message, status_code=400)
        self.assertEqual(self.draft.ground_areas(), before)
        return response

    def test_a_shape_that_crosses_itself_comes_back_with_a_message(self):
        response = self.refused("crosses itself", kind="ground", ground=BOW_TIE, to="rusland")
        self.assertContains(response, BOW_TIE.replace('"', "&quot;"), status_code=400)
        self.assertContains(response, '<option value="rusland" selected>', status_code=400)

    def test_text_that_is_no_ground_comes_back_with_a_message(self):
        point = '{"type": "Point", "coordinates": [37, 47]}'
        for text in ("here", "{}", "[]", "5", "1 2\n3 4", "37,1 47,2\n38 47", point, '{"type": "Polygon"}'):
            with self.subTest(text):
                response = self.refused("errorlist", kind="ground", ground=text, to="rusland")
                self.assertContains(response, text.replace('"', "&quot;"), status_code=400)

    def test_text_that_is_no_line_comes_back_with_a_message(self):
        for text in (
            "here",
            "30 50",
            "30 50\n30 50",
            "30 50\nx y",
            geojson(EAST),
            '{"type": "LineString"}',
            "1 2\n500 3",
        ):
            with self.subTest(text):
                response = self.refused("errorlist", kind="line", line=text, side="left", to="rusland")
                self.assertContains(response, text.replace('"', "&quot;"), status_code=400)

    def test_a_line_says_which_of_its_rows_is_wrong(self):
        self.refused(
            "Line 2 is not a longitude and a latitude", kind="line", line="30 50\n30 N", side="left", to="rusland"
        )

    def test_a_line_that_cuts_nothing_says_so_beside_the_line(self):
        page = self.refused(
            "cuts no ground in two", kind="line", line="38.2 47.5\n38.4 47.6", side="left", to="rusland"
        )
        self.assertIn("line", page.context["form"].errors)

    def test_a_point_that_is_in_no_pocket_says_so_beside_the_point(self):
        for text, said in (("30, 50", "nobody holds it"), ("x", "Write a longitude")):
            page = self.refused(said, kind="pocket", point=text)
            self.assertIn("point", page.context["form"].errors)

    def test_latitude_before_longitude_is_noticed(self):
        self.refused("the wrong way round", kind="ground", ground=geojson(box(47, 37, 48, 38)), to="rusland")
        self.refused("the wrong way round", kind="line", line="47 37\n48 38", side="left", to="rusland")

    def test_each_kind_names_what_it_needs(self):
        needs = {"region": "region", "ground": "ground", "line": "line", "border": "line", "pocket": "point"}
        for kind, field in (needs | {"area": "area", "other": "edition"}).items():
            with self.subTest(kind):
                page = self.refused("This is needed", kind=kind, to="rusland")
                self.assertIn(field, page.context["form"].errors)

    def test_it_must_be_said_who_gets_it_and_which_side_of_a_line(self):
        self.refused("Say who gets this ground", region=[self.region.pk])
        self.refused("Say which side", kind="line", line="37 47.5\n40 47.5", to="rusland")

    def test_a_claim_has_a_claimant_and_only_a_claim(self):
        self.refused("Say who claims this ground", region=[self.region.pk], to="rusland", basis="claimed")
        self.refused("claimed by nobody", region=[self.region.pk], to="rusland", claimed_by=self.russia.pk)

    def test_a_draft_that_is_handed_in_is_not_for_map_editors_to_change(self):
        self.draft.submit()
        self.assertRedirects(self.client.get(self.url()), reverse("admin:mapdata_edition_change", args=[self.draft.pk]))
        self.assertEqual(self.press(region=[self.region.pk], to="rusland").status_code, 403)
        self.log_in(make_user("eva", groups=["editor"]))
        self.assertEqual(self.client.get(self.url()).status_code, 200)

    def test_queries_do_not_grow_with_what_was_done(self):
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.url())
            return len(queries)

        self.press(region=[self.region.pk], to="rusland")
        few = count()
        for step in range(5):
            drafting.give(self.draft, box(30 + step, 50, 31 + step, 51), held_by("rusland").holding, self.map_editor)
        self.assertLessEqual(count(), few)
