"""The newest stories as an Atom feed (RFC 4287), with the pictures of the maps that they show."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone

from articles.models import StoryVersion
from mapdata.models import Edition

STORIES = 24


@dataclass
class Entry:
    """A story as it was last published, and the pictures that go out with it: slug and edition number of its maps."""

    version: StoryVersion
    maps: list[tuple[str, int]]


def feed(request):
    question = request.question
    versions = list(StoryVersion.objects.front(question.language, question.as_of)[:STORIES])
    # In the order of their moments on the ground: of each map the last one stays.
    newest = dict(Edition.objects.timeline(question.as_of).values_list("map__slug", "number"))
    context = {
        "entries": [Entry(version, _live_maps(version, newest)) for version in versions],
        "updated": versions[0].published_at if versions else question.as_of or timezone.now(),
    }
    return render(request, "articles/feed.xml", context, content_type="application/atom+xml; charset=utf-8")


def _live_maps(version: StoryVersion, newest: dict[str, int]) -> list[tuple[str, int]]:
    """Of the maps that are live in a story; one that is pinned shows a moment that is no news any more."""
    blocks = (block for block in version.content["blocks"] if block["type"] == "map" and not block["edition"])
    return [(slug, newest[slug]) for slug in dict.fromkeys(block["map"] for block in blocks) if slug in newest]
