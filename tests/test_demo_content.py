"""What the demo newsroom says is complete, attributed, in place, and agrees with itself."""

import csv
import re
from datetime import datetime
from functools import cache

import pytest
import shapely
from shapely import Point

from articles.demo import content, pictures
from articles.models import Quote
from mapdata.drawing import basemap
from mapdata.ground.areas import ASSESSED, CLAIMED, area_km2, is_partition
from mapdata.models import Event
from newsroom.models import Source
from newsroom.moments import MomentPrecision
from newsroom.publishing import Kind
from tests.shared_data import shared

ALLOWED_TAGS = {"p", "a", "strong", "em", "ul", "ol", "li"}
NEWSROOM_OPENS = datetime.fromisoformat("2022-04-07T00:00:00+02:00")


@cache
def sources() -> dict:
    return content.read("sources")


@cache
def drawn() -> dict:
    return {edition.key: edition for edition in content.editions()}


@cache
def borders() -> dict:
    return {region.code: region.boundary for region in basemap.regions()}


def blocks(kind: str):
    """(language, block) of every block of a kind, in all stories."""
    for story in content.stories():
        yield from ((story["language"], block) for block in story["block"].values() if block["type"] == kind)


def km2(key: str, party: str = "rusland", status: str = "controlled") -> float:
    return sum(
        area_km2(area.ground)
        for area in drawn()[key].areas
        if (area.holding.party, area.holding.status, area.holding.basis) == (party, status, ASSESSED)
    )


def test_every_quote_has_speaker_day_channel_and_source():
    people = {person["slug"] for person in content.read("desk")["person"]}
    quotes = content.read("quotes")
    assert len(quotes) >= 4
    for key, quote in quotes.items():
        assert quote["speaker"] in people, key
        assert quote["source"] in sources(), key
        assert quote["channel"] in Quote.Channel.values, key
        assert quote["precision"] in MomentPrecision.values, key
        assert quote["said_at"] < NEWSROOM_OPENS, key
        assert bool(quote.get("original_text")) == bool(quote.get("original_language")), key


def test_every_quote_in_a_story_has_words_in_its_language():
    quotes = content.read("quotes")
    for language, block in blocks("quote"):
        assert quotes[block["quote"]][f"text_{language}"]


def test_every_source_is_graded_and_the_known_fields_are_filled():
    fields = {field.name for field in Source._meta.fields}
    for key, source in sources().items():
        assert source.keys() <= fields, key
        assert all(source[name] for name in ("publisher", "title")), key
        assert source["reliability"] in Source.Reliability.values, key
        assert source["credibility"] in Source.Credibility.values, key


def test_events_are_sourced_and_use_the_vocabulary():
    fields = {field.name for field in Event._meta.fields} | {"key", "oblast", "sources", "published_at", "later"}
    events = content.events()
    assert len(events) >= 20
    for event in events:
        key = event["key"]
        assert event.keys() <= fields, key
        assert set() < set(event["sources"]) <= sources().keys(), key
        assert event["type"] in Event.Type.values, key
        assert event["time_precision"] in MomentPrecision.values, key
        assert event["location_precision"] in Event.LocationPrecision.values, key
        assert event["verification"] in Event.Verification.values, key
        assert event["happened_at"] < event["published_at"] < NEWSROOM_OPENS, key
        assert all(event[field][language] for field in ("title", "text", "place") for language in ("nl", "en"))
        counted = any(name in event for name in ("casualties_low", "casualties_best", "casualties_high"))
        assert counted == ("casualties_according_to" in event), key


def test_keys_and_titles_of_events_are_used_once():
    events = content.events()
    for values in ([event["key"] for event in events], [event["title"]["nl"] for event in events]):
        assert len(values) == len(set(values))


def test_events_lie_in_the_region_that_they_name():
    """Natural Earth's city of Kyiv is twice the real one, so that Irpin and Hostomel lie in it."""
    for event in content.events():
        around = [borders()[event["oblast"]]] + ([borders()["UA-30"]] if event["oblast"] == "UA-32" else [])
        place = Point(event["lon"], event["lat"])
        # Half a kilometre: ports and spits lie beyond a coast that is drawn for a map of the whole country.
        assert any(shapely.dwithin(place, ground, 0.05) for ground in around), event["key"]


def test_events_lie_near_the_place_that_they_name():
    path = shared("places/ukraine-places.csv")
    with path.open(encoding="utf-8") as file:
        places = {}
        for row in csv.DictReader(file):
            places.setdefault((row["name_en"], row["oblast_iso"]), []).append((float(row["lon"]), float(row["lat"])))
    checked = 0
    for event in content.events():
        for lon, lat in places.get((event["place"]["en"], event["oblast"]), ()):
            assert Point(lon, lat).distance(Point(event["lon"], event["lat"])) < 0.2, event["key"]
            checked += 1
    assert checked >= 15


def test_text_has_only_the_tags_that_a_story_may_have():
    for _language, block in blocks("text"):
        assert set(re.findall(r"</?([a-z0-9]+)", block["html"])) <= ALLOWED_TAGS
        assert block["html"].strip().startswith("<p>")
        for tag in ALLOWED_TAGS:
            assert len(re.findall(rf"<{tag}[ >]", block["html"])) == block["html"].count(f"</{tag}>")


def test_stories_refer_only_to_what_is_there():
    events = {event["key"] for event in content.events()}
    views = {view["slug"] for view in content.read("map")["view"]}
    published: set[str] = set()
    for story in content.stories():
        for block in story["block"].values():
            assert block.get("event") in events | {None}
            assert block.get("view") in views | {None}
            assert block.get("edition") in drawn().keys() | {None}
            assert block.get("story") in published | {None}
        published.add(story["slug"])
        used = {name for version in story["version"] for name in version["body"]}
        assert used == story["block"].keys(), "a block that no version shows"


def test_versions_come_one_after_the_other_and_say_what_changed():
    for story in content.stories():
        versions = story["version"]
        moments = [version["published_at"] for version in versions]
        assert moments == sorted(set(moments))
        assert moments[-1] < NEWSROOM_OPENS
        assert [version["kind"] == Kind.FIRST for version in versions] == [True] + [False] * (len(versions) - 1)
        for version in versions[1:]:
            assert version["kind"] in Kind.values
            assert version["note"]
            assert version["note_en"]


def test_the_main_story_has_a_correction_and_versions_on_successive_days():
    versions = content.read("stories/story-nl")["version"]
    assert len(versions) >= 3
    assert len({version["published_at"].date() for version in versions}) >= 2
    assert Kind.CORRECTION in [version["kind"] for version in versions]


def test_the_main_story_has_its_map_in_the_middle_of_a_text_of_decent_length():
    story = content.read("stories/story-nl")
    body = story["version"][-1]["body"]
    words = [len(re.sub(r"<[^>]+>", " ", story["block"][name].get("html", "")).split()) for name in body]
    place = body.index("kaart")
    assert 500 <= sum(words) <= 700
    assert 0.2 < sum(words[:place]) / sum(words) < 0.6


def test_the_pictures_of_editions_are_partitions_in_every_layer():
    assert len(drawn()) >= 9
    country = shapely.union_all(list(borders().values())).buffer(1e-4)
    for key, edition in drawn().items():
        assert is_partition(edition.areas), key
        assert all(country.covers(area.ground) for area in edition.areas), key


def test_editions_are_published_in_order_with_sources_and_notes_in_two_languages():
    records = [edition.record for edition in drawn().values()]
    moments = [record["published_at"] for record in records]
    assert moments == sorted(set(moments))
    for record in records:
        assert record["situation_at"] < record["published_at"] < NEWSROOM_OPENS
        assert record["note_nl"]
        assert record["note_en"]
        assert set(record["sources"]) <= sources().keys()
        assert record["sources"]


def test_an_edition_corrects_one_of_the_same_moment():
    for edition in drawn().values():
        if corrects := edition.record.get("corrects"):
            earlier = drawn()[corrects].record
            assert earlier["situation_at"] == edition.record["situation_at"]
            assert edition.record["kind"] == Kind.CORRECTION
    assert any("corrects" in edition.record for edition in drawn().values())


def test_the_ground_is_of_the_size_that_is_generally_known():
    """Rough outlines: the bounds are those between which published totals of the day lie."""
    assert 42_000 < km2("2022-02-23") < 45_000
    assert 110_000 < km2("2022-04-06") < 125_000
    for key in ("2022-03-10", "2022-03-20"):
        assert 145_000 < km2(key) + km2(key, status="advance") < 170_000
    assert km2("2022-04-06", "oekraine", "liberated") > 35_000


def test_claimed_ground_is_seen_and_goes_beyond_what_the_claimant_holds():
    claims = [
        (edition, area) for edition in drawn().values() for area in edition.areas if area.holding.basis == CLAIMED
    ]
    assert claims
    for edition, claim in claims:
        held = [area.ground for area in edition.areas if area.holding.status == "controlled" and area is not claim]
        assert area_km2(claim.ground) > 100
        assert all(area_km2(shapely.intersection(claim.ground, ground)) < 1 for ground in held)


def test_the_figures_in_the_fact_boxes_are_those_of_the_map():
    for _language, block in blocks("facts"):
        for label, text in block["rows"]:
            if "km²" in label:
                assert round(km2("2022-04-06"), -3) == int(re.sub(r"\D", "", label))
                assert "44" in text
                assert round(km2("2022-02-23"), -3) == 44_000


def test_the_picture_of_the_ground_held_ends_at_the_newest_edition():
    figures = content.held_ground(list(drawn().values()))
    assert figures[0].held == pytest.approx(0, abs=1)
    assert figures[-1].before + figures[-1].held == pytest.approx(km2("2022-04-06"), abs=1)
    assert max(figures, key=lambda one: one.total).day.isoformat() == "2022-03-10"


def test_pictures_are_drawn_the_same_every_time_and_have_alternative_text_and_credit():
    editions = list(drawn().values())
    for key, spec in content.read("pictures").items():
        assert all(spec[name] for name in ("alt", "credit")), key
        data = content.draw_picture(spec, editions)
        assert data == content.draw_picture(spec, editions), key


def test_what_is_drawn_in_pictures_is_in_the_font_that_pillow_carries():
    """It has ASCII only; what it lacks would be a box."""
    for spec in content.read("pictures").values():
        drawn_words = [spec["title"], spec["subtitle"], *(word for day in spec.get("days", ()) for word in day)]
        assert all(word.isascii() for word in drawn_words)
    assert all(word.isascii() for words in pictures.WORDS.values() for word in words.values())
