"""The newest stories as an Atom feed (RFC 4287), with the pictures of the maps that they show."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone

from articles.models import StoryVersion
from mapdata.models import Edition

STORIES = 24


@dataclass
class Entry:
    """A story as it was last published, and the edition of each map in it whose picture goes out with it."""

    version: StoryVersion
    editions: list[Edition]


def feed(request):
    question = request.question
    versions = list(StoryVersion.objects.front(question.language, question.as_of)[:STORIES])
    newest = {edition.content["map"]["slug"]: edition for edition in Edition.objects.newest(question.as_of)}
    context = {
        "entries": [Entry(version, _editions(version, newest)) for version in versions],
        "updated": versions[0].published_at if versions else question.as_of or timezone.now(),
    }
    return render(request, "articles/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


def _editions(version: StoryVersion, newest: dict[str, Edition]) -> list[Edition]:
    """Of the maps that are live in a story; one that is pinned shows a moment that is no news any more."""
    slugs = dict.fromkeys(
        block["map"] for block in version.content["blocks"] if block["type"] == "map" and not block["edition"]
    )
    return [newest[slug] for slug in slugs if slug in newest]
