"""A small published site with everything that a page can show, for tests of pages."""

from dataclasses import dataclass

from articles.models import FactBox, MapBlock, Story
from mapdata.models import Edition, Event, SituationMap
from newsroom.publishing import Kind
from tests.makers import (
    EAST,
    SQUARE,
    add_block,
    day,
    held_by,
    make_event,
    make_heading,
    make_image,
    make_map,
    make_person,
    make_quote,
    make_region,
    make_section,
    make_source,
    make_story,
    publish_edition,
    publish_event,
    publish_story,
)


@dataclass
class Site:
    map: SituationMap
    editions: list[Edition]
    events: list[Event]
    story: Story
    translation: Story
    other: Story

    @property
    def addresses(self) -> list[str]:
        """One of each kind of page."""
        story, map_ = f"/stories/{self.story.slug}/", f"/maps/{self.map.slug}/"
        return [
            "/",
            story,
            f"{story}versions/",
            f"{story}versions/1/",
            f"/stories/{self.translation.slug}/",
            map_,
            f"{map_}editions/1/",
            f"{map_}changes/",
            f"/events/{self.events[0].pk}/",
            "/people/jens-stoltenberg/",
        ]


def make_site() -> Site:
    """A map with three editions and three events, a story of every kind of block in three versions, its translation."""
    source = make_source("NAVO", title="Persconferentie", url="https://www.nato.int/x", published_at=day(5))
    section = make_section("oorlog", name_nl="Oorlog in Oekraïne", name_en="War in Ukraine")
    make_region("UA-14", name_nl="Donetsk", name_en="Donetsk")
    map_ = make_map("situatie-oekraine", title_en="Situation in Ukraine", methodology_nl="Zo doen wij dat.")
    editions = [
        publish_edition(map_, day(1), [held_by(ground=SQUARE)], source=source, published_before=day(1, 14)),
        publish_edition(
            map_,
            day(4),
            [held_by(ground=EAST), held_by("oekraine", SQUARE, "liberated")],
            source=source,
            published_before=day(4, 14),
        ),
        publish_edition(
            map_,
            day(6),
            [
                held_by(ground=EAST),
                held_by("oekraine", SQUARE, "liberated"),
                held_by("rusland", SQUARE, "contested", claimed_by="rusland"),
            ],
            source=source,
            published_before=day(6, 14),
        ),
    ]
    image = make_image(alt="Een verlaten plein", credit="Foto: Redactie", caption="Het plein van Bucha.")
    events = [
        make_event(
            map_,
            source,
            title_nl="Honderden doden in Bucha",
            text_nl="Wat daar is gevonden.",
            place_nl="Bucha",
            place_en="Bucha",
            lon=30.2123,
            lat=50.5456,
            happened_at=day(2),
            verification="verified",
            casualties_low=300,
            casualties_according_to="burgemeester van Bucha",
            image=image,
            graphic=True,
        ),
        make_event(
            map_, source, title_nl="Raketten op Odesa", place_nl="Odesa", happened_at=day(3), lon=30.7, lat=46.5
        ),
        make_event(map_, source, title_nl="Oproep in Luhansk", title_en="Call in Luhansk", happened_at=day(6, 9)),
    ]
    for event in events:
        publish_event(event, published_before=day(6, 10))
    story, translation, other = _stories(map_, source, section, image, events)
    return Site(map_, editions, events, story, translation, other)


def _stories(map_, source, section, image, events) -> tuple[Story, Story, Story]:
    other = make_story("mariupol", ["Kort."], headline="Mariupol onder vuur", section=section)
    publish_story(other, published_before=day(5))
    speaker = make_person(slug="jens-stoltenberg", role_en="secretary general of NATO")
    quote = make_quote(
        speaker=speaker, source=source, place="Brussel", original_text="A crucial phase.", original_language="en"
    )
    story = make_story(
        "na-kyiv",
        ["De burgemeester riep op."],
        headline="Na Kyiv de Donbas",
        standfirst="Wat er nu gebeurt.",
        section=section,
    )
    publish_story(story, published_before=day(5, 16))
    story.blocks()[0].delete()
    facts = FactBox(title="In cijfers", rows="42 dagen | duurt de invasie")
    for thing in ["De gouverneur riep op.", make_heading("Weken"), quote, map_, image, events[0], facts, other]:
        add_block(story, thing)
    publish_story(
        story, kind=Kind.CORRECTION, note="Wij noemden hem burgemeester.", note_en="Not mayor.", published_before=day(6)
    )
    story.lead_image = image
    story.save()
    publish_story(story, note="Met een foto.", published_before=day(6, 16))
    translation = make_story(
        "after-kyiv",
        ["The governor called.", MapBlock(map=map_, caption="Red is held.")],
        headline="After Kyiv the Donbas",
        language="en",
        translation_of=story,
        section=section,
    )
    publish_story(translation, published_before=day(6, 17))
    return story, translation, other
