"""Readers' pages about maps and events: fetch, context, render."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from mapdata.models import Edition, EventVersion
from mapdata.reading import downloads
from mapdata.reading.changelog import changelog
from mapdata.reading.offers import events_offer, licence_of, offers, series_offer
from mapdata.reading.situation import Situation, situation
from mapdata.reading.social_cards import card_of
from newsroom.models import Source
from newsroom.publishing import VersionQuerySet
from newsroom.views import download, gone


def map_page(request, slug):
    shown = situation(slug, request.question)
    if shown is None:
        if not Edition.objects.known(request.question.as_of).filter(map__slug=slug).exists():
            return withdrawn(request, slug)
        return render(request, "mapdata/nothing_yet.html", {"slug": slug}, status=404)
    return render(request, "mapdata/map.html", context_of(shown))


def context_of(shown: Situation) -> dict:
    return {
        "situation": shown,
        "offers": offers(shown.edition, shown.question),
        "licence": licence_of(shown.map),
    }


def withdrawn(request, slug):
    """The stub of a map of which nothing can be read any more; of which nothing ever could, there is none."""
    return stub(request, Edition.objects.filter(map__slug=slug))


def stub(request, versions: VersionQuerySet):
    """Of what nothing can be read any more the last version says when it was withdrawn; where there is none, 404."""
    last = versions.released(request.question.as_of).order_by("published_at").last()
    if last is None:
        raise Http404
    return gone(request, last)


def edition(request, slug, number):
    question = request.question
    found = get_object_or_404(Edition.objects.released(question.as_of), map__slug=slug, number=number)
    if found.is_withdrawn:
        return gone(request, found)
    return render(request, "mapdata/edition.html", context_of(situation(slug, question, number=number)))


@cache_control(public=True, no_cache=True)
def card(request, slug, number):
    """The edition as a picture of 1200 by 630 pixels, for social cards."""
    found = get_object_or_404(Edition.objects.released(request.question.as_of), map__slug=slug, number=number)
    if found.is_withdrawn:
        return gone(request, found)
    return HttpResponse(card_of(found), content_type="image/png")


def edition_file(request, slug, number, extension):
    """The ground of an edition, to download."""
    found = get_object_or_404(Edition.objects.released(request.question.as_of), map__slug=slug, number=number)
    if found.is_withdrawn:
        return gone(request, found)
    return download(request, downloads.edition_ground(found, Source.objects.withheld()), extension)


def series_file(request, slug, extension):
    """The ground of every moment of a map, to download."""
    found = downloads.series(slug, request.question.as_of)
    return download(request, found, extension) if found else stub(request, Edition.objects.filter(map__slug=slug))


def events_file(request, slug, extension):
    """The events of a map, to download."""
    found = downloads.events(slug, request.question.as_of)
    return download(request, found, extension) if found else stub(request, EventVersion.objects.filter(map__slug=slug))


def changes(request, slug):
    question = request.question
    log = changelog(slug, question)
    if log is None:
        return withdrawn(request, slug)
    entries = log.entries
    if not entries:
        return render(request, "mapdata/nothing_yet.html", {"slug": slug}, status=404)
    context = {
        "entries": entries,
        "log": log,
        "map": entries[0].edition.content["map"],
        "offers": [series_offer(slug, question)],
        "licence": licence_of(entries[0].edition.content["map"]),
    }
    return render(request, "mapdata/changes.html", context)


def event(request, pk):
    question = request.question
    versions = EventVersion.objects.released(question.as_of).filter(event__id=pk).order_by("-number")
    readable = [version for version in versions if not version.is_withdrawn]
    if not versions:
        raise Http404
    if not readable:
        return gone(request, versions[0])
    version = readable[0]
    context = {
        "version": version,
        "event": version.content,
        "versions": versions,
        "situation": situation(version.content["map"], question, only=version),
        "offers": [events_offer(version.content["map"], question)],
    }
    return render(request, "mapdata/event.html", context)
