"""Ground held since before the map's beginning is told apart, by an edition that may be withdrawn one day."""

from django.test import TestCase

from mapdata.reading.social_cards import card_of
from tests import makers


class BaselineTests(TestCase):
    def setUp(self):
        self.map = makers.make_map("situatie", baseline_at=makers.day(5))
        self.before = makers.publish_edition(self.map, makers.day(4), [makers.held_by("rusland", makers.SQUARE)])
        both = makers.SQUARE.union(makers.EAST)
        self.after = makers.publish_edition(self.map, makers.day(6), [makers.held_by("rusland", both)])

    def drawn(self) -> int:
        """How many shapes readers see of the newest edition."""
        return self.client.get("/maps/situatie/").content.decode().count('data-party="rusland"')

    def test_ground_held_before_is_a_shape_of_its_own(self):
        self.assertEqual(self.drawn(), 2)

    def test_a_withdrawn_baseline_is_not_seen_in_later_editions(self):
        card = card_of(self.after)
        self.before.withdraw(makers.editor())
        self.assertEqual(self.drawn(), 1)
        self.assertNotEqual(card_of(self.after), card)

    def test_a_later_change_of_the_maps_beginning_changes_no_published_edition(self):
        self.map.baseline_at = None
        self.map.save()
        self.after.drawings.all().delete()
        self.assertEqual(self.drawn(), 2)
