"""What the desk's pages cost: queries that do not grow with what a story has, and one look at what it says."""

from collections.abc import Callable
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely import box

from articles.models import FactBox, Story
from mapdata.ground.areas import Holding
from mapdata.models import Edition, Event, corrections, drafting
from tests.makers import (
    add_block,
    day,
    held_by,
    make_edition,
    make_event,
    make_heading,
    make_image,
    make_map,
    make_party,
    make_quote,
    make_source,
    make_story,
    make_user,
    publish,
    publish_edition,
)
from tests.test_desk_publishing import DeskTestCase, address


class Counting:
    """Queries, and how often it was put together what something says, while the block runs."""

    def __init__(self, model):
        self.model, self.contents = model, 0

    def __enter__(self):
        said = self.model.complete_content

        def counted(draft):
            self.contents += 1
            return said(draft)

        self.patch = mock.patch.object(self.model, "complete_content", counted)
        self.patch.start()
        self.captured = CaptureQueriesContext(connection)
        self.captured.__enter__()
        return self

    def __exit__(self, *error):
        self.captured.__exit__(*error)
        self.patch.stop()
        self.queries = len(self.captured)


@pytest.mark.slow
class StoryTests(DeskTestCase):
    def story(self, rounds: int) -> Story:
        """Eight blocks a round, one of each kind; every other map is pinned."""
        map_ = make_map()
        edition = publish_edition(map_)
        story = make_story(blocks=[], lead_image=make_image(), written_by=self.reporter)
        for number in range(rounds):
            event, other = make_event(map_), make_story()
            publish(event)
            publish(other)
            facts = FactBox(title="Cijfers", rows="12 | doden, volgens de gouverneur")
            shown = [map_ if number % 2 else edition, make_quote(), make_image(), event, other, make_heading(), facts]
            for thing in [f"Alinea {number}.", *shown]:
                add_block(story, thing)
        return story

    def costs(self, page: Callable[[Story], object]) -> list[tuple[int, int]]:
        """Of a story with 8 blocks, and of one with 40: queries, and contents put together."""
        found = []
        for story in (self.story(1), self.story(5)):
            # What a process remembers for itself (permissions' content types) is not the page's.
            self.client.get(address(story, "change"))
            with Counting(Story) as counted:
                page(story)
            found.append((counted.queries, counted.contents))
        return found

    def assert_constant(self, costs: list[tuple[int, int]], *, queries: int, contents: int) -> None:
        few, many = costs
        self.assertEqual(few, many)
        self.assertLessEqual(many[0], queries)
        self.assertEqual(many[1], contents)

    def test_the_form_costs_the_same_for_however_many_blocks(self):
        costs = self.costs(lambda story: self.client.get(address(story, "change")))
        self.assert_constant(costs, queries=25, contents=0)

    def test_so_does_the_form_for_whoever_only_reads_it(self):
        self.client.force_login(make_user(groups=["map editor"]))
        costs = self.costs(lambda story: self.client.get(address(story, "change")))
        self.assert_constant(costs, queries=25, contents=0)

    def test_so_does_the_preview(self):
        costs = self.costs(lambda story: self.client.get(address(story, "preview")))
        self.assert_constant(costs, queries=25, contents=1)

    def test_the_publish_page_looks_once_at_what_it_says(self):
        costs = self.costs(lambda story: self.client.get(address(story, "publish")))
        self.assert_constant(costs, queries=31, contents=1)

    def test_so_does_publishing(self):
        costs = self.costs(self.published)
        self.assert_constant(costs, queries=31 + 51, contents=2)

    def published(self, story: Story) -> None:
        """Two requests: the page is opened, and its button pressed."""
        self.assertEqual(self.publish(story).status_code, 302)

    def test_so_does_a_page_that_refuses(self):
        def refused(story: Story) -> None:
            response = self.client.post(address(story, "publish"), {"seen": "iets anders"})
            self.assertContains(response, "errorlist nonfield")

        costs = self.costs(refused)
        self.assert_constant(costs, queries=40, contents=1)

    def test_a_form_that_was_refused_shows_what_was_chosen(self):
        story = self.story(2)
        other = make_quote("Van een ander.")
        data = self.opened(story) | {"articles_quoteblock_set-0-quote": other.pk, "headline": ""}
        self.assertContains(self.save(story, data), "Van een ander.")

    def test_what_is_chosen_stands_in_the_form_with_its_name(self):
        story = self.story(2)
        page = self.client.get(address(story, "change")).content.decode()
        for block in story.blocks():
            for name in ("quote", "image", "event", "story", "edition"):
                if chosen := getattr(block, name, None):
                    self.assertRegex(page, f'<option value="{chosen.pk}" selected>\\s*[^<]+</option>')


class EventAndEditionTests(DeskTestCase):
    def test_they_are_looked_at_once_too(self):
        map_ = make_map()
        publish_edition(map_)
        edition = make_edition(map_, areas=[held_by()], written_by=self.reporter)
        edition.sources.add(make_source("ISW"))
        event = make_event(map_, written_by=self.reporter)
        for draft, model in ((edition, Edition), (event, Event)):
            with self.subTest(draft=draft):
                with Counting(model) as opening:
                    self.client.get(address(draft, "publish"))
                with Counting(model) as publishing:
                    self.publish(draft, kind="update", note="Nieuw.")
                self.assertEqual((opening.contents, publishing.contents), (1, 2))
                self.assertTrue(draft.sealed_versions().exists())

    def test_so_is_a_correction_with_what_carries_it_forward(self):
        map_ = make_map()
        first, _second = (publish_edition(map_, day(number), [held_by()]) for number in (1, 2))
        make_party("oekraine")
        draft, _begun = corrections.begin_correction(first, self.reporter)
        drafting.give(draft, box(37, 47, 37.5, 48), Holding("oekraine", "liberated"), self.reporter)
        corrections.carry_forward(draft, self.reporter, {later.pk for later, _moves in corrections.reach(draft)})
        note = {"kind": "correction", "note": "Een vergissing.", "carried": "on"}
        with Counting(Edition) as counted:
            self.assertEqual(self.publish(draft, **note).status_code, 302)
        # The correction and what carries it, when the page is opened and when its button is pressed.
        self.assertEqual(counted.contents, 4)
        self.assertEqual(map_.editions.sealed().count(), 4)
