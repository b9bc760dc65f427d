"""What a page offers to download, and what of it is left out, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from mapdata.downloads import EVENTS, GROUND, withheld_of
from mapdata.models import Edition, Event, EventVersion
from newsroom.models import Source
from newsroom.questions import Question
from newsroom.withholding import FLAG, Withheld


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
    withheld = Withheld.now()
    without = withheld_of(edition, withheld)
    words = _("The ground of edition %(number)s") % {"number": edition.number}
    ground = Offer(words, "edition-file", [slug, edition.number], GROUND, question, without, whole=bool(without))
    return [ground, series_offer(slug, question, withheld), events_offer(slug, question, withheld)]


def series_offer(slug: str, question: Question, withheld: Withheld | None = None) -> Offer:
    editions = Edition.objects.filter(map__slug=slug).timeline(question.as_of)
    rows = Edition.sources.through.objects.filter(edition__in=editions.order_by().values("pk"))
    without = _publishers(rows, Withheld.now() if withheld is None else withheld)
    return Offer(_("The ground of all editions"), "series-file", [slug], GROUND, question, without)


def events_offer(slug: str, question: Question, withheld: Withheld | None = None) -> Offer:
    """Without `withheld` nothing is said of what is left out: for the head of a page, which only names the files."""
    shown = EventVersion.objects.newest(question.as_of).filter(map__slug=slug).order_by().values("event")
    rows = Event.sources.through.objects.filter(event__in=shown)
    return Offer(_("The events"), "events-file", [slug], EVENTS, question, _publishers(rows, withheld or Withheld()))


def licence_of(map_content: Mapping[str, Any]) -> str:
    return map_content.get("licence") or settings.DATA_LICENCE


def _publishers(rows: models.QuerySet, withheld: Withheld) -> list[str]:
    """Whose sources among these rows may not be passed on; no query where there are none at all."""
    if not withheld.sources:
        return []
    marked = Source.objects.filter(**{FLAG: True}, pk__in=rows.values("source"))
    return list(marked.order_by("publisher").values_list("publisher", flat=True).distinct())
