"""What a page offers to download, and what of it is left out, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mapdata.models import Edition
from mapdata.reading.downloads import CHUNK, EVENTS, GROUND, withheld_of
from mapdata.reading.situation import events_of
from newsroom.models import Source
from newsroom.publishing import VersionQuerySet
from newsroom.publishing.chain_state import once
from newsroom.publishing.redistribution import Withheld
from newsroom.reader_questions import Question


@dataclass(frozen=True)
class Offer:
    """`name` and `arguments` are those of the address.

    `left_out` are publishers whose sources may not be passed on; `whole` says that nothing is left without them.
    """

    words: str
    name: str
    arguments: Sequence[Any]
    formats: Mapping[str, Any]
    question: Question
    left_out: Sequence[str] = ()
    whole: bool = False

    @property
    def files(self) -> list[tuple[str, str, str]]:
        """Name of the format, address and type of each file, as of the moment that the reader asks for."""
        asked = self.question.query(at="", lang=settings.LANGUAGE_CODE)
        return [
            (made.name, reverse(self.name, args=[*self.arguments, extension]) + asked, made.content_type)
            for extension, made in self.formats.items()
        ]

    @property
    def publishers(self) -> str:
        return ", ".join(self.left_out)


def offers(edition: Edition, question: Question) -> list[Offer]:
    """For the page of a map or edition. One query, or four where some source may not be passed on."""
    slug = edition.content["map"]["slug"]
    withheld = Source.objects.withheld()
    without = withheld_of(edition, withheld)
    words = _("The ground of edition %(number)s") % {"number": edition.number}
    ground = Offer(words, "edition-file", [slug, edition.number], GROUND, question, without, whole=bool(without))
    return [ground, series_offer(slug, question, withheld), events_offer(slug, question, withheld)]


def series_offer(slug: str, question: Question, withheld: Withheld | None = None) -> Offer:
    editions = Edition.objects.filter(map__slug=slug).timeline(question.as_of)
    without = _publishers(slug, editions, question, Source.objects.withheld() if withheld is None else withheld)
    return Offer(_("The ground of all editions"), "series-file", [slug], GROUND, question, without)


def events_offer(slug: str, question: Question, withheld: Withheld | None = None) -> Offer:
    """Without `withheld` nothing is said of what is left out: for the head of a page, which only names the files."""
    without = _publishers(slug, events_of(slug, None, question.as_of), question, withheld or Withheld())
    return Offer(_("The events"), "events-file", [slug], EVENTS, question, without)


def licence_of(map_content: Mapping[str, Any]) -> str:
    return map_content.get("licence") or settings.DATA_LICENCE


def _publishers(slug: str, versions: VersionQuerySet, question: Question, withheld: Withheld) -> list[str]:
    """Whose sources among those of these versions may not be passed on; no query where there are none at all."""
    if not withheld.sources:
        return []

    def found() -> list[str]:
        all_sources = versions.values_list("content__sources", flat=True).iterator(chunk_size=CHUNK)
        return sorted({publisher for sources in all_sources for publisher in withheld.publishers(sources)})

    return once(f"withheld {versions.model.__name__} {slug}", question.as_of, found)
