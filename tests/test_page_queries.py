"""What a page costs the database, cold: a number that does not grow with what was published."""

from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.makers import (
    EAST,
    add_block,
    day,
    held_by,
    make_event,
    make_heading,
    make_image,
    make_map,
    make_quote,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)
from tests.small_site import make_site

MOST = 12


@pytest.mark.slow
class PageQueryTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()

    def queries(self, address: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(address).status_code, 200)
        return len(queries)

    def test_no_page_asks_more_than_a_story_may(self):
        for address in self.site.addresses:
            with self.subTest(address):
                self.assertLessEqual(self.queries(address), MOST)

    def test_more_of_everything_costs_no_page_another_query(self):
        addresses = [*self.site.addresses, "/feed/", "/maps/situatie-oekraine/?at=2022-04-03"]
        before = {address: self.queries(address) for address in addresses}
        self.publish_more()
        self.assertEqual({address: self.queries(address) for address in addresses}, before)

    def publish_more(self):
        map_, story = self.site.map, self.site.story
        for number in range(4):
            publish_edition(map_, day(7 + number), [held_by(ground=EAST)], published_before=day(7 + number, 14))
        events = [make_event(map_, title_nl=f"Nummer {number}", happened_at=day(2, number)) for number in range(12)]
        for event in events:
            publish_event(event, published_before=day(6, 11))
        others = [make_story(f"verhaal-{number}", headline=f"Verhaal {number}") for number in range(4)]
        for other in others:
            publish_story(other, published_before=day(5))
        speaker = story.blocks()[2].quote.speaker
        quotes = [make_quote(f"Woorden {number}.", speaker=speaker) for number in range(4)]
        pictures = [make_image() for _ in range(3)]
        for thing in [*quotes, *events[:4], *others, *pictures]:
            add_block(story, thing)
        publish_story(story, published_before=day(12))

    def test_more_maps_on_a_page_cost_no_more_than_one(self):
        before = self.queries("/stories/na-kyiv/")
        other = make_map("elders")
        edition = publish_edition(other, day(3), published_before=day(3, 14))
        publish_edition(other, day(5), published_before=day(5, 14))
        publish_event(make_event(other, happened_at=day(2)), published_before=day(3))
        for thing in (other, edition, self.site.editions[0], self.site.map):
            add_block(self.site.story, thing)
        publish_story(self.site.story)
        self.assertEqual(self.queries("/stories/na-kyiv/"), before)

    def test_maps_with_more_events_than_dots_are_counted_together(self):
        with mock.patch("mapdata.reading.situation.MOST_DOTS", 2):
            for thing in (self.site.map, self.site.editions[2], make_heading(), self.site.map):
                add_block(self.site.story, thing)
            publish_story(self.site.story)
            self.assertLessEqual(self.queries("/stories/na-kyiv/"), MOST)
            self.assertContains(self.client.get("/stories/na-kyiv/"), "De nieuwste 2 van 3", 4)

    def test_a_kept_page_costs_one_query(self):
        for address in self.site.addresses:
            self.client.get(address)
            with self.assertNumQueries(1):
                self.client.get(address)
