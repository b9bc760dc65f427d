"""No page speaks two languages: what the interface says on a Dutch page is Dutch, and on an English page English."""

import re
from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import TestCase
from django.test.html import Element
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from tests.makers import make_user
from tests.markup import page
from tests.small_site import make_site
from tools import catalogues

# Where a page says something beside its text.
SAID_IN = {"aria-label", "title", "placeholder", "alt"}
SILENT = {"script", "style", "svg"}
# Sentences with placeholders are looked for by their other letters, which must be enough to know them by.
ENOUGH_LETTERS = 10
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[.\d]*[sdf]")
# Groups go by their keys on their own pages, and the editor of blocks has a field "region" that it hides.
EXCUSED = {"nl": {"administrator", "editor", "map editor", "reporter", "region"}, "en": set()}


def folded(text: str) -> str:
    """For comparison: without case, tags, and what stands around words."""
    return " ".join(re.sub(r"<[^>]+>", "", text).casefold().split()).strip(" .,:;·?!()[]“”‘’…–›‹/|")


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A message has one form, or one for one and one for many."""
    return (text,) if isinstance(text, str) else text


@cache
def words_of_the_other(language: str) -> tuple[set[str], list[re.Pattern]]:
    """What must not be said on a page in a language: whole texts, and patterns of texts with something filled in."""
    whole, right, patterns = set(), set(), []
    for message in catalogues.read("nl"):
        pairs = (
            [(message.id, message.string)]
            if isinstance(message.id, str)
            else zip(message.id, message.string, strict=True)
        )
        for english, dutch in pairs:
            wrong = english if language == "nl" else dutch
            if not english or not dutch:
                continue
            right.add(folded(dutch if language == "nl" else english))
            if folded(english) == folded(dutch):
                continue
            parts = PLACEHOLDER.split(folded(wrong))
            if len(parts) == 1:
                whole.add(folded(wrong))
            elif sum(map(str.isalpha, "".join(parts))) >= ENOUGH_LETTERS:
                patterns.append(re.compile(".+".join(map(re.escape, parts))))
    return whole - right - EXCUSED[language], patterns


def said(element: Element, language: str, inside: str) -> Iterator[str]:
    """Every text in a language; `inside` is the language of what the element stands in."""
    attributes = dict(element.attributes)
    own = attributes.get("lang") or inside
    if element.name in SILENT:
        return
    if own == language:
        yield from (attributes[name] for name in SAID_IN & attributes.keys() if attributes[name])
        if attributes.get("type") in {"submit", "button"} and attributes.get("value"):
            yield attributes["value"]
    for child in element.children:
        if not isinstance(child, str):
            yield from said(child, language, own)
        elif own == language:
            yield child


def slips(response, language: str) -> set[str]:
    """Texts on a page that the interface says in the other language."""
    whole, patterns = words_of_the_other(language)
    found = {folded(text) for text in said(page(response), language, "")}
    return (found & whole) | {text for text in found if any(pattern.fullmatch(text) for pattern in patterns)}


class ReadersPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()

    def test_readers_pages(self):
        story, map_ = f"/stories/{self.site.story.slug}/", f"/maps/{self.site.map.slug}/"
        strange = ["/nergens/", "/?at=x", f"{map_}?at=2001-01-01", f"{story}?as_of=2022-04-05T20:00&at=2022-04-02"]
        for address in [*self.site.addresses, *strange]:
            for language in ("nl", "en"):
                with self.subTest(address, language=language):
                    response = self.client.get(address + ("&" if "?" in address else "?") + f"lang={language}")
                    # A story's page is in the language of the story.
                    spoken = re.search(r'<html lang="(\w+)"', response.content.decode()).group(1)
                    self.assertEqual(slips(response, spoken), set())

    def test_pages_that_say_what_went_wrong(self):
        self.client.raise_request_exception = False
        with patch("articles.views.StoryVersion.objects.front", side_effect=RuntimeError):
            broken = self.client.get("/")
        refused = self.client.get("/", headers={"host": "elders.example"})
        self.assertEqual((broken.status_code, refused.status_code), (500, 400))
        for response in (broken, refused):
            self.assertEqual(slips(response, "nl"), set())
        self.assertContains(broken, "Er ging iets mis", status_code=500)
        self.assertContains(refused, "Dit kan niet worden beantwoord", status_code=400)

    def test_a_word_in_the_other_language_is_found(self):
        response = self.client.get("/")
        response.content = response.content.replace(b"Naar de tekst", b"To the text")
        response.content = response.content.replace(
            b"Alle 3 gebeurtenissen, en andere dagen", b"All 3 events, and other dates"
        )
        self.assertEqual(len(slips(response, "nl")), 2)


@pytest.mark.slow
class DeskPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.site = make_site()
        cls.administrator = make_user("anna", groups=["administrator"], is_staff=True)

    def test_desk_pages(self):
        self.client.force_login(self.administrator)
        opened = 0
        for address in desk_addresses():
            for language in ("nl", "en"):
                self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
                response = self.client.get(address)
                if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
                    continue
                opened += 1
                with self.subTest(address, language=language):
                    self.assertEqual(slips(response, language), set())
        self.assertGreater(opened, 100)


def desk_addresses() -> Iterator[str]:
    """Every page of the desk that needs no object, or the first one of its kind."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace == admin.site.name:
            for pattern in resolver.reverse_dict:
                if isinstance(pattern, str):
                    try:
                        yield reverse(f"{admin.site.name}:{pattern}")
                    except NoReverseMatch:
                        continue
    for model in admin.site._registry:
        first = model._default_manager.first()
        if first is None:
            continue
        for step in ("change", "delete", "history", "publish", "sheet", "versions", "withdraw"):
            try:
                name = f"{admin.site.name}:{model._meta.app_label}_{model._meta.model_name}_{step}"
                yield reverse(name, args=[first.pk])
            except NoReverseMatch:
                continue
