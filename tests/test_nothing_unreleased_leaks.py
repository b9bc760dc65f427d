"""No word of an unreleased version on any public address, whatever was scheduled, withdrawn, corrected or taken back.

Every version carries a word of its own ("zq7x") in every text that a journalist can write, and in every address. The
newsroom does things at random; then a reader asks every address of the URL configuration, with every question. A new
text field, a new address is covered by itself; a new kind of address must say here what it can be filled with.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count, product
from unittest import mock

import pytest
import time_machine
from django.contrib import admin
from django.core.cache import cache
from django.db import connection, models
from django.test import TestCase
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from django_prose_editor.fields import ProseEditorField
from hypothesis import Phase, example, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from articles.models import FactBox, Story
from mapdata.exports import FORMATS
from mapdata.models import Edition, Event
from newsroom.downloads.download import everything, make_missing
from newsroom.publishing import Kind, Refused, Version
from newsroom.publishing.immutability import protection_off
from tests.makers import (
    editor,
    held_by,
    make_edition,
    make_event,
    make_heading,
    make_image,
    make_map,
    make_person,
    make_quote,
    make_source,
    make_story,
    publish,
    publish_story,
    writer,
)
from tests.properties import examples

OPENING = datetime(2022, 4, 6, 6, tzinfo=UTC)
FUTURE = "2100-01-01"
WORD = re.compile(rb"zq[0-9]+x")
# Fields of text that are no text for readers, or that stay what they are: addresses that others refer to.
NO_WORDS = {"time_zone", "language", "original_language", "digest", "stage", "region"}
# More decimals than readers ever get.
EXACT = re.compile(rb"3[67]\.[0-9]{2}[0-9]*127|48\.[0-9]{2}[0-9]*083")
# What is not for readers: the desk (it has a test of its own below).
NOT_READERS = {"admin/"}

_numbers = count(1)


def new_word() -> str:
    return f"zq{next(_numbers)}x"


def fill(row: models.Model, word: str, keep: tuple[str, ...] = ()) -> None:
    """Put the word into every text of a row that is free to write, and save it."""
    for column in row._meta.concrete_fields:
        if not isinstance(column, models.CharField | models.TextField) or column.choices:
            continue
        if not column.editable or column.name in NO_WORDS or column.name in keep:
            continue
        text = word
        if isinstance(column, ProseEditorField):
            text = f"<p>{word}</p>"
        elif isinstance(column, models.URLField):
            text = f"https://example.org/{word}"
        elif isinstance(row, FactBox):
            text = f"{word} | {word}"
        setattr(row, column.name, text)
    row.save()


@dataclass
class Said:
    """A version, and what readers must be able to know it by."""

    version: Version
    word: str
    published_at: datetime
    withdrawn: bool = False
    digests: list[str] = field(default_factory=list)

    def is_known(self, as_of: datetime | None = None) -> bool:
        now = timezone.now()
        return not self.withdrawn and self.published_at <= min(as_of or now, now)


class Newsroom:
    """One story, one event and one map, with words of their own at every step."""

    def __init__(self):
        self.said: list[Said] = []
        self.pictures = []
        self.words: list[str] = []
        self.slugs = ["kaart", "ander-verhaal"]
        self.map = make_map("kaart")
        self.edition: Edition | None = None
        self.event = make_event(self.map)
        self.other = publish_story(make_story("ander-verhaal")).story
        self.publish("edition", None)
        self.publish("event", None)
        blocks = ["a", make_heading(), make_quote(), self.map, make_image(), self.event, FactBox(), self.other]
        self.story = make_story(blocks=blocks)
        self.publish("story", None)
        assert len(self.said) == 3, "Not everything could be published to begin with."

    # What journalists do

    def rewrite(self, subject: str) -> str:
        """Every text of it says a new word; it stays a draft."""
        word = new_word()
        self.words.append(word)
        getattr(self, f"_rewrite_{subject}")(word)
        return word

    def _picture(self, word: str):
        picture = make_image()
        fill(picture, word)
        self.pictures.append(picture)
        return picture

    def _rewrite_story(self, word: str) -> None:
        # Also the address of whom it quotes.
        self.slugs.append(word)
        story = Story.objects.get(pk=self.story.pk)
        fill(story.section, word)
        fill(story.authors.get(), word)
        story.lead_image = self._picture(word)
        story.changed_by(writer())
        fill(story, word)
        for block in story.blocks():
            if hasattr(block, "quote"):
                block.quote.speaker = make_person(word, slug=word)
                fill(block.quote.speaker, word)
                fill(block.quote.source, word)
                fill(block.quote, word)
            if hasattr(block, "image"):
                block.image = self._picture(word)
            fill(block, word)
        self.story = story

    def _rewrite_event(self, word: str) -> None:
        event = Event.objects.get(pk=self.event.pk)
        number = len(self.words)
        event.lon, event.lat = 36.5 + 0.01 * number + 0.00127, 48.5 + 0.01 * number + 0.00083
        event.location_precision = Event.LocationPrecision.values[number % 3 + 1]
        event.casualties_best = number
        event.image = self._picture(word)
        event.changed_by(writer())
        fill(event, word)
        fill(event.sources.get(), word)
        self.event = event

    def _rewrite_edition(self, word: str) -> None:
        fill(self.map, word, keep=("slug",))
        if self.edition is None or not self.edition.is_draft:
            self.edition = make_edition(self.map, areas=[])
        self.edition.situation_at = timezone.now() - timedelta(minutes=1)
        self.edition.save()
        self.edition.set_areas([held_by(word)])
        source = make_source()
        fill(source, word)
        self.edition.sources.set([source])

    def publish(self, subject: str, delay: int | None) -> None:
        word = self.rewrite(subject)
        release_at = delay and timezone.now() + timedelta(minutes=delay)
        options = {"note": word, "note_en": word, "release_at": release_at}
        try:
            if subject == "edition":
                version = self.edition.publish(editor(), **options)
            else:
                kind = Kind.CORRECTION if self.chain(subject) else Kind.FIRST
                version = publish(getattr(self, subject), kind=kind, **options)
        except Refused:
            # While another waits for its release; or a story shows an event or map of which nothing is left to read.
            return
        digests = [picture.digest for picture in version.images.all()] if hasattr(version, "images") else []
        self.said.append(Said(version, word, version.published_at, digests=digests))

    def chain(self, subject: str) -> list[Said]:
        return [said for said in self.said if said.version.subject_field == {"edition": "map"}.get(subject, subject)]

    def take_back(self, subject: str) -> None:
        try:
            (self.edition if subject == "edition" else getattr(self, subject)).take_back()
        except Refused:
            return
        self.said.remove(self.chain(subject)[-1])

    def withdraw(self, subject: str, index: int) -> None:
        chain = self.chain(subject)
        said = chain[index % len(chain)] if chain else None
        if said and said.is_known():
            type(said.version).objects.get(pk=said.version.pk).withdraw(editor(), "Op last van de rechter.")
            said.withdrawn = True

    # What readers may see

    def allowed(self, as_of: datetime | None) -> set[str]:
        return {said.word for said in self.said if said.is_known(as_of)}

    def released(self) -> set[str]:
        return {said.word for said in self.said if said.published_at <= timezone.now()}

    def shown_pictures(self) -> set[str]:
        return {digest for said in self.said if said.is_known() for digest in said.digests}

    # What an address can be filled with

    def fillings(self) -> dict[str, list]:
        most = max((said.version.number for said in self.said), default=0)
        return {
            "slug": self.slugs,
            "number": list(range(1, most + 2)),
            "pk": [self.event.pk, self.event.pk + 1],
            "extension": list(FORMATS),
        }

    def pictures_addresses(self) -> list[tuple[str, str]]:
        return [
            (picture.digest, f"{one['width']}.{one['format']}")
            for picture in self.pictures
            for one in picture.renditions[:1]
        ]


def patterns(resolver=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern for readers with the name by which it is reversed."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if str(pattern.pattern) in NOT_READERS:
            continue
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            assert pattern.name, f"The address {pattern.pattern} needs a name."
            yield prefix + pattern.name, pattern


def addresses(newsroom: Newsroom) -> Iterator[str]:
    """Every address that a reader could think of."""
    for name, pattern in patterns():
        if name == "picture":
            yield from (reverse(name, args=args) for args in newsroom.pictures_addresses())
            continue
        assert isinstance(pattern.pattern, RoutePattern), f"Say what the address {name} can be filled with."
        fillings = newsroom.fillings()
        missing = set(pattern.pattern.converters) - set(fillings)
        assert not missing, f"Say what {missing} of the address {name} can be."
        names = list(pattern.pattern.converters)
        for values in product(*(fillings[one] for one in names)):
            yield reverse(name, kwargs=dict(zip(names, values, strict=True)))


SUBJECTS = ["edition", "event", "story"]
EVERYTHING_AGAIN = [("publish", subject, None) for subject in SUBJECTS]
EVERYTHING_SCHEDULED = [("publish", subject, 300) for subject in SUBJECTS]
EVERYTHING_REWRITTEN = [("rewrite", subject) for subject in SUBJECTS]
EVERYTHING_TAKEN_BACK = [("take_back", subject) for subject in SUBJECTS]
EVERYTHING_WITHDRAWN = [("withdraw", subject, 1) for subject in SUBJECTS]

subjects = st.sampled_from(SUBJECTS)
steps = st.one_of(
    st.tuples(st.just("publish"), subjects, st.none() | st.integers(1, 600)),
    st.tuples(st.just("publish"), subjects, st.none() | st.integers(1, 600)),
    st.tuples(st.just("rewrite"), subjects),
    st.tuples(st.just("take_back"), subjects),
    st.tuples(st.just("withdraw"), subjects, st.integers(0, 5)),
    st.tuples(st.just("wait"), st.integers(1, 400)),
)


@pytest.mark.slow
class LeakTests(PropertyTestCase):
    """The clock is the program's. The database's triggers go by another, and are off here."""

    # Without shrinking: the sequences are short, and trying shorter ones takes minutes.
    @examples(6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(sequence=st.lists(steps, min_size=2, max_size=9))
    @example(sequence=[*EVERYTHING_AGAIN, ("wait", 60), *EVERYTHING_SCHEDULED, *EVERYTHING_REWRITTEN])
    @example(sequence=[*EVERYTHING_AGAIN, *EVERYTHING_WITHDRAWN, *EVERYTHING_SCHEDULED, *EVERYTHING_TAKEN_BACK])
    def test_no_reader_finds_a_word_that_was_not_released(self, sequence):
        # Numbers that a database gives again after a rollback would find pages of another newsroom.
        cache.clear()
        with ExitStack() as stack:
            stack.enter_context(protection_off(connection))
            # Whoever asks for a file twice has it: tests' tasks are done at once.
            stack.enter_context(mock.patch("newsroom.downloads.download.PATIENCE", 0))
            clock = stack.enter_context(time_machine.travel(OPENING, tick=False))
            newsroom = Newsroom()
            for name, *rest in sequence:
                clock.shift(timedelta(seconds=1))
                if name == "wait":
                    clock.shift(timedelta(minutes=rest[0]))
                else:
                    getattr(newsroom, name)(*rest)
                self.look_around(newsroom)
            self.look_everywhere(newsroom)

    def look_around(self, newsroom: Newsroom) -> None:
        """After every step, at what a cache could have kept too long."""
        for name, kwargs in (("front", {}), ("map", {"slug": "kaart"}), ("event", {"pk": newsroom.event.pk})):
            self.look(newsroom, reverse(name, kwargs=kwargs), {})

    def look_everywhere(self, newsroom: Newsroom) -> None:
        moments = sorted({said.published_at for said in newsroom.said})
        questions = [
            {"at": FUTURE, "as_of": FUTURE, "lang": "en"},
            {"at": "2022-04-05"},
            *({"as_of": moment.isoformat()} for moment in {moments[0], moments[len(moments) // 2], moments[-1]}),
        ]
        for address in addresses(newsroom):
            statuses = [self.look(newsroom, address, question) for question in ({}, {"as_of": FUTURE})]
            self.assertEqual(statuses[0], statuses[1], f"{address}: the future is not another page")
            for question in questions if statuses[0] != 404 else questions[:1]:
                self.look(newsroom, address, question)
            self.assertEqual(self.client.head(address).status_code, statuses[0])

    def look(self, newsroom: Newsroom, address: str, question: dict) -> int:
        """The status of the answer, in which nothing stands that may not be known."""
        response = self.client.get(address, question)
        if response.status_code == 503:
            response = self.client.get(address, question)
        asked = f"{address} {question}"
        self.assertIn(response.status_code, {200, 301, 302, 404, 410}, asked)
        as_of = datetime.max.replace(tzinfo=UTC) if question.get("as_of") == FUTURE else None
        if as_of is None and "as_of" in question:
            as_of = datetime.fromisoformat(question["as_of"])
        in_address = set(WORD.findall(address.encode()))
        if address.startswith("/pictures/"):
            self.assertEqual(response.status_code == 200, address.split("/")[2] in newsroom.shown_pictures(), asked)
        if any(word.decode() not in newsroom.released() for word in in_address):
            self.assertEqual(response.status_code, 404, asked)
        if address.endswith(".png"):
            self.assert_only_known_cards(newsroom, address, as_of, response, asked)
        # A stream must be read to its end: only then does the test client let go of it without closing the database.
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if response.headers["Content-Type"] == "application/zip":
            body = unpacked(body)
        text = str(response.headers).encode()
        if response.headers["Content-Type"].startswith(("text/", "application/")):
            text += body
        leaked = {word.decode() for word in set(WORD.findall(text)) - in_address} - newsroom.allowed(as_of)
        self.assertEqual(leaked, set(), asked)
        self.assertIsNone(EXACT.search(text), f"{asked}: an exact place")
        return response.status_code

    def assert_only_known_cards(self, newsroom, address, as_of, response, asked) -> None:
        known = [f"/{said.version.number}/" for said in newsroom.chain("edition") if said.is_known(as_of)]
        expected = address.startswith("/maps/kaart/") and any(number in address for number in known)
        self.assertEqual(response.status_code == 200, expected, asked)


def unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


class WordsTests(TestCase):
    """The property above proves something only if the words are really there."""

    def test_released_words_are_found(self):
        with protection_off(connection), time_machine.travel(OPENING, tick=False):
            newsroom = Newsroom()
            pages = dict.fromkeys(("story", "event", "edition"), b"")
            for name, address in (
                ("story", reverse("story", args=[newsroom.story.slug])),
                ("event", reverse("event", args=[newsroom.event.pk])),
                ("edition", reverse("map", args=["kaart"])),
            ):
                pages[name] = self.client.get(address).content
            files = {"edition": "/maps/kaart/control.", "event": "/maps/kaart/events.", "story": "/quotes."}
            make_missing(everything())
            for name, start in files.items():
                for extension in FORMATS:
                    response = self.client.get(f"{start}{extension}")
                    if response.status_code == 404:
                        continue
                    body = b"".join(response.streaming_content)
                    pages[f"{name}.{extension}"] = unpacked(body) if extension == "shp.zip" else body
        self.assertEqual(len(pages), 16)
        for name, page in pages.items():
            with self.subTest(page=name):
                self.assertIn(newsroom.chain(name.partition(".")[0])[0].word.encode(), page)
        # Headline, standfirst, byline, section, pictures, quote, heading, text, facts, caption.
        self.assertGreater(pages["story"].count(newsroom.chain("story")[0].word.encode()), 15)

    def test_an_exact_place_would_be_noticed(self):
        for text in (b'data-lon="36.51127"', b"lat: 48.53083", b"37.0812700000001"):
            self.assertTrue(EXACT.search(text), text)

    def test_every_address_for_readers_is_walked(self):
        with protection_off(connection), time_machine.travel(OPENING, tick=False):
            walked = set(addresses(Newsroom()))
        self.assertGreater(len(walked), 40)
        for address in ("/", "/maps/kaart/", "/maps/kaart/editions/1/card.png", "/stories/ander-verhaal/versions/1/"):
            self.assertIn(address, walked)


class DeskTests(TestCase):
    """Whoever is not logged in gets nothing from the desk but the way in."""

    def test_every_address_of_the_desk_leads_to_the_login(self):
        with protection_off(connection), time_machine.travel(OPENING, tick=False):
            newsroom = Newsroom()
            for subject in ("story", "event", "edition"):
                newsroom.rewrite(subject)
        ids = {newsroom.story.pk, newsroom.event.pk, newsroom.edition.pk}
        walked = 0
        for address in desk_addresses(ids):
            for ask in (self.client.get, self.client.post):
                response = ask(address)
                self.assertIn(response.status_code, {200, 302, 404, 405}, address)
                if response.status_code == 200:
                    self.assertIn(response.resolver_match.url_name, {"login", "jsi18n"}, address)
                self.assertEqual(WORD.findall(response.content), [], address)
            walked += 1
        self.assertGreater(walked, 100)


def desk_addresses(ids: set[int]) -> Iterator[str]:
    """Every address of the admin, with ids that exist where it wants any."""
    for pattern in _flat(get_resolver("newsroom.urls"), admin.site.name):
        names = list(pattern.pattern.converters) if isinstance(pattern.pattern, RoutePattern) else []
        for id_ in ids if names else {0}:
            try:
                yield reverse(f"{admin.site.name}:{pattern.name}", kwargs=dict.fromkeys(names, id_))
            except NoReverseMatch:
                continue


def _flat(resolver: URLResolver, namespace: str, inside: bool = False) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern, namespace, inside or pattern.namespace == namespace)
        elif inside and pattern.name:
            yield pattern
