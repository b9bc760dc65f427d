"""What the script of the page that edits a draft's ground is answered."""

import json
import uuid

import shapely
from django.urls import reverse
from shapely import box

from mapdata.ground.areas import area_km2
from mapdata.models import Operation, Place, drafting
from tests.draw_case import BOW_TIE, DrawCase, geojson, keys
from tests.makers import (
    EAST,
    SQUARE,
    day,
    held_by,
    make_event,
    make_user,
    publish_edition,
)


class ScriptTests(DrawCase):
    def ask(self, **fields):
        fields = {"kind": "ground", "to": "rusland", "status": "controlled", "revision": self.draft.revision} | fields
        return self.client.post(self.url("operate"), fields, headers={"accept": "application/json"})

    def test_an_answer_has_the_revision_what_is_drawn_otherwise_and_what_was_done(self):
        answer = self.ask(ground=geojson(box(38.5, 47, 39, 48)), key=uuid.uuid4()).json()
        self.draft.refresh_from_db()
        self.assertTrue(answer["saved"])
        self.assertEqual(answer["revision"], self.draft.revision)
        self.assertEqual(keys(answer), {"oekraine/controlled/assessed/", "rusland/controlled/assessed/"})
        self.assertEqual(answer["areas"]["removed"], [])
        self.assertEqual(answer["step"]["flows"][0]["km2"], round(area_km2(box(38.5, 47, 39, 48)), 3))
        self.assertEqual(answer["undo"]["id"], answer["step"]["id"])
        self.assertIsNone(answer["redo"])
        changed = shapely.from_geojson(json.dumps(answer["ground"]))
        self.assertTrue(changed.equals(box(38.5, 47, 39, 48)))

    def test_an_area_that_is_gone_is_named(self):
        answer = self.ask(ground=geojson(EAST)).json()
        self.assertEqual(answer["areas"]["removed"], ["oekraine/controlled/assessed/"])

    def test_asked_twice_it_is_done_once(self):
        key = uuid.uuid4()
        first, again = (self.ask(ground=geojson(SQUARE), key=key).json() for _ in range(2))
        self.assertEqual(first["step"], again["step"])
        self.assertEqual(Operation.objects.count(), 1)

    def test_what_changes_nothing_is_answered(self):
        answer = self.ask(ground=geojson(EAST), to="oekraine").json()
        self.assertTrue(answer["saved"])
        self.assertIsNone(answer["step"])

    def test_a_preview_shows_the_ground_and_saves_nothing(self):
        answer = self.ask(ground=geojson(SQUARE), preview="1").json()
        self.assertFalse(answer["saved"])
        self.assertTrue(shapely.from_geojson(json.dumps(answer["ground"])).equals(SQUARE))
        self.assertFalse(Operation.objects.exists())

    def test_a_preview_of_a_front_line_has_both_sides(self):
        answer = self.ask(kind="line", line="37 47.5\n40 47.5", preview="1").json()
        left, right = answer["sides"]
        self.assertEqual((left["side"], left["words"]), ("left", "north of the line"))
        self.assertEqual((right["side"], right["words"]), ("right", "south of the line"))
        self.assertIn("4,1", left["said"])
        self.assertTrue(shapely.from_geojson(json.dumps(left["ground"])).equals(box(38, 47.5, 39, 48)))

    def test_mistakes_are_named_by_field(self):
        response = self.ask(ground=BOW_TIE, to="")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(set(response.json()["errors"]), {"ground", "to"})

    def test_a_conflict_shows_what_others_did_there_and_the_new_picture(self):
        drafting.give(self.draft, box(38.5, 47, 39, 48), held_by("rusland").holding, self.other)
        response = self.ask(ground=geojson(EAST), status="contested", revision=self.draft.revision - 1)
        self.assertEqual(response.status_code, 409)
        answer = response.json()
        (step,) = answer["conflict"]["steps"]
        self.assertEqual(step["by"], "ada")
        self.assertTrue(shapely.from_geojson(json.dumps(step["ground"])).equals(box(38.5, 47, 39, 48)))
        self.assertEqual(len(answer["areas"]["changed"]), 2)
        self.draft.refresh_from_db()
        self.assertEqual(answer["revision"], self.draft.revision)

    def test_undo_and_redo_answer_alike(self):
        done = self.ask(ground=geojson(SQUARE)).json()
        undone = self.ask(action="undo", step=done["undo"]["id"]).json()
        self.assertEqual(undone["areas"]["removed"], ["rusland/controlled/assessed/"])
        self.assertTrue(undone["history"][0]["undone"])
        again = self.ask(action="redo", step=undone["redo"]["id"]).json()
        self.assertIn("rusland/controlled/assessed/", keys(again))
        self.assertFalse(again["history"][0]["undone"])

    def test_undoing_what_is_not_the_last_any_more_is_a_conflict(self):
        mine = self.ask(ground=geojson(SQUARE)).json()
        drafting.give(self.draft, box(30, 50, 31, 51), held_by("rusland").holding, self.other)
        self.assertEqual(self.ask(action="undo", step=mine["undo"]["id"]).status_code, 409)
        nothing = self.ask(action="redo")
        self.assertEqual(
            (nothing.status_code, nothing.json()["errors"]["__all__"]), (400, ["There is nothing to do again."])
        )

    def test_the_state_tells_what_others_did_and_who_is_here(self):
        seen = self.draft.revision
        self.log_in(self.other)
        self.client.get(self.url())
        drafting.give(self.draft, SQUARE, held_by("rusland").holding, self.other)
        self.log_in(self.map_editor)
        state = self.client.get(self.url("state", since=seen)).json()
        self.assertEqual([person["name"] for person in state["people"]], ["ada"])
        self.assertEqual([step["by"] for step in state["steps"]], ["ada"])
        self.assertIn("rusland/controlled/assessed/", keys(state))
        self.assertTrue(state["open"])
        quiet = self.client.get(self.url("state", since=state["revision"])).json()
        self.assertEqual((quiet["steps"], quiet["areas"]["changed"]), ([], []))

    def test_a_script_whose_session_is_gone_is_told_where_to_log_in(self):
        self.client.logout()
        response = self.ask(ground=geojson(SQUARE))
        self.assertEqual((response.status_code, response.json()["login"]), (401, reverse("admin:login")))

    def test_a_draft_that_is_closed_says_so(self):
        self.draft.submit()
        response = self.ask(ground=geojson(SQUARE))
        self.assertEqual(response.status_code, 403)
        self.assertIn("can no longer be changed", response.json()["errors"]["__all__"][0])
        self.assertFalse(self.client.get(self.url("state")).json()["open"])

    def test_the_form_needs_its_token(self):
        self.client.handler.enforce_csrf_checks = True
        self.assertEqual(self.ask(ground=geojson(SQUARE)).status_code, 403)
        self.assertFalse(Operation.objects.exists())

    def test_the_newest_published_edition_is_the_outline(self):
        self.assertEqual(self.client.get(self.url("outline")).json()["features"], [])
        publish_edition(self.map, day(3), [held_by("rusland", SQUARE)])
        (feature,) = self.client.get(self.url("outline")).json()["features"]
        self.assertEqual(feature["properties"]["party"], "rusland")

    def test_what_had_happened_is_on_the_map(self):
        make_event(self.map, happened_at=day(5), title_nl="Voor")
        make_event(self.map, happened_at=day(8), title_nl="Na")
        (feature,) = self.client.get(self.url("events")).json()["features"]
        self.assertEqual(feature["properties"]["title"], "Voor")

    def test_places_are_found_by_their_names(self):
        Place.objects.create(code="x:1", name={"nl": "Kyiv", "uk": "Київ"}, lon=30.52, lat=50.45)
        for asked in ("kyi", "Київ"):
            (place,) = self.client.get(self.url("places", q=asked)).json()["places"]
            self.assertEqual((place["name"], place["lon"]), ("Kyiv", 30.52))
        self.assertEqual(self.client.get(self.url("places", q="nergens")).json()["places"], [])

    def test_the_desk_alone_gets_any_of_it(self):
        self.client.logout()
        for name in ("draw", "state", "outline", "events", "places"):
            self.assertEqual(self.client.get(self.url(name)).status_code, 302)
        self.log_in(make_user("lezer"))
        for name in ("draw", "state", "outline", "events", "places"):
            self.assertEqual(self.client.get(self.url(name)).status_code, 302)

    def test_only_the_ways_that_are_meant_are_answered(self):
        self.assertEqual(self.client.get(self.url("operate")).status_code, 405)
        for name in ("state", "outline", "events", "places"):
            self.assertEqual(self.client.post(self.url(name)).status_code, 405)
