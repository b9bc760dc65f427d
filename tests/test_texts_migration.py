"""Columns for each language become one with all of them, and back, with everything that stood there."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import TransactionTestCase

from tests.makers import make_event, make_map, make_place, make_section, publish_event

BEFORE = [("mapdata", "0008_contributors"), ("articles", "0004_contributors")]
HARD = 'Zo\'n 100% "vuur"\n\\ \t<b> Ґедь 🛰'


@pytest.mark.slow
class MigrationTests(TransactionTestCase):
    def tearDown(self):
        self.migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    def migrate(self, targets):
        executor = MigrationExecutor(connection)
        executor.migrate(targets)
        return MigrationExecutor(connection).loader.project_state(targets).apps

    def test_every_text_stays_and_empty_ones_are_left_out(self):
        leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
        make_section("oorlog", name={"nl": "Oorlog", "en": "War"})
        event = make_event(make_map(title={"nl": "Kaart"}), title={"nl": HARD, "uk": "Вогонь"}, text={"en": HARD})
        place = make_place("Kyiv", name_uk="Київ", population=7)
        folded = place.folded
        version = publish_event(event)

        old = self.migrate(BEFORE)
        row = old.get_model("mapdata.Event").objects.get()
        self.assertEqual((row.title_nl, row.title_en, row.title_uk), (HARD, "", "Вогонь"))
        self.assertEqual((row.text_nl, row.text_en, row.place_nl), ("", HARD, "Kramatorsk"))
        self.assertEqual(old.get_model("articles.Section").objects.get().name_en, "War")
        row.title_en = "Fire"
        row.save()

        self.migrate(leaves)
        event.refresh_from_db()
        place.refresh_from_db()
        self.assertEqual(event.title, {"nl": HARD, "en": "Fire", "uk": "Вогонь"})
        self.assertEqual((event.text, event.place), ({"en": HARD}, {"nl": "Kramatorsk"}))
        self.assertEqual((place.name, place.folded), ({"nl": "Kyiv", "uk": "Київ"}, folded))
        self.assertEqual(event.map.title, {"nl": "Kaart"})
        self.assertEqual(event.map.methodology, {})
        version.refresh_from_db()
        self.assertEqual(version.computed_digest(), version.digest)
