"""What a page shows of a map: the edition for the question, its drawing, the events, and the way to other dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapdata import drawing
from mapdata.dots import Dot
from mapdata.drawings import drawing_of, frame_of
from mapdata.models import Edition, EventVersion
from newsroom.names import in_language
from newsroom.questions import Question
from newsroom.templatetags.moments import written


@dataclass
class Situation:
    """A map as a page shows it. `number` and `bounds` are what the page fixes; without them: live, and whole."""

    edition: Edition
    question: Question
    bounds: tuple[float, float, float, float]
    prefix: str
    pinned: bool
    events: list[EventVersion]
    event_count: int
    moments: list[tuple[int, datetime]]

    @property
    def content(self) -> dict:
        return self.edition.content

    @property
    def map(self) -> dict:
        return self.content["map"]

    @property
    def title(self) -> str:
        return in_language(self.map["title"])

    @property
    def methodology(self) -> str:
        return in_language(self.map["methodology"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.map["time_zone"])

    @property
    def at(self) -> datetime | None:
        return self.question.at(self.zone)

    @cached_property
    def publishers(self) -> list[str]:
        """Who the sources are, each once."""
        return list(dict.fromkeys(source["publisher"] for source in self.content["sources"]))

    @cached_property
    def picture(self):
        """All that the template of the drawing needs."""
        frame = frame_of(self.bounds)
        return drawing.compose(
            drawing_of(self.edition, frame),
            [dot(event, self.question) for event in self.events],
            frame,
            get_language(),
            title=self.title,
            prefix=self.prefix,
            parties={slug: in_language(party["name"]) for slug, party in self.content["parties"].items()},
        )

    @property
    def baseline(self) -> str:
        """The day before which some ground was held already, in words."""
        return written(self.map["baseline_at"], "day", self.zone, short=True) if self.map["baseline_at"] else ""

    # The way to other dates: editions by number and moment, first, previous, next and newest.

    @property
    def place(self) -> int:
        """Where this edition stands among the moments that can be asked for."""
        earlier = [index for index, (_, moment) in enumerate(self.moments) if moment <= self.edition.situation_at]
        return earlier[-1] if earlier else 0

    @property
    def ways(self) -> list[tuple[str, str, str]]:
        """Links to other dates: relation, words, and the moment for `?at=` (empty where there is none that way)."""
        here, last = self.place, len(self.moments) - 1
        return [
            ("first", _("First"), self._moment_at(0 if here > 0 else -1)),
            ("prev", _("Previous"), self._moment_at(here - 1)),
            ("next", _("Next"), self._moment_at(here + 1)),
            ("last", _("Newest"), self._moment_at(last if here < last else -1)),
        ]

    def _moment_at(self, index: int) -> str:
        if not 0 <= index < len(self.moments):
            return ""
        moment = self.moments[index][1].astimezone(self.zone).replace(tzinfo=None)
        # To the second where that suffices: an import's edition shows the last microsecond of its day.
        return moment.date().isoformat() if moment.time() == time.max else moment.isoformat(timespec="auto")


def dot(event: EventVersion, question: Question) -> Dot:
    """An event as the drawing wants it: the public place."""
    content = event.content
    return Dot(
        id=str(event.event_id),
        lon=content["lon"],
        lat=content["lat"],
        title=in_language(content["title"]),
        when=written(content["happened_at"], content["time_precision"], content["time_zone"]),
        url=reverse("event", args=[event.event_id]) + question.kept,
        precision=content["location_precision"],
    )


def events_of(map_slug: str, at: datetime | None, as_of: datetime | None) -> QuerySet:
    """The map's events that were known `as_of` and had happened by `at`, the newest first."""
    events = EventVersion.objects.newest(as_of).filter(map__slug=map_slug).order_by("-happened_at", "-event_id")
    return events.filter(happened_at__lte=at) if at else events


def situation(
    map_slug: str,
    question: Question,
    *,
    number: int | None = None,
    bounds: Sequence[float] | None = None,
    prefix: str = "m1",
    only: EventVersion | None = None,
) -> Situation | None:
    """The situation on a map for a question; None where nothing of it can be read. Five queries, however much there is.

    `number` pins it to an edition: then `at` does not choose another. `only` shows one event, on its day.
    """
    editions = Edition.objects.filter(map__slug=map_slug)
    if number is None:
        zone = editions.known(question.as_of).values_list("map__time_zone", flat=True).first()
        at = question.at(ZoneInfo(zone)) if zone else None
        if only and at is None and zone:
            # The situation on the event's day; where the map begins later, the first one.
            first = editions.known(question.as_of).earliest("situation_at").situation_at
            at = max(_end_of(only, ZoneInfo(zone)), first)
        edition = editions.showing(at, question.as_of)
    else:
        edition = editions.known(question.as_of).filter(number=number).first()
        at = edition and edition.situation_at
    if edition is None:
        return None
    events = events_of(map_slug, at, question.as_of)
    shown = [only] if only else list(events[: drawing.MOST_DOTS])
    return Situation(
        edition=edition,
        question=question,
        bounds=tuple(bounds or edition.content["map"]["bounds"]),
        prefix=prefix,
        pinned=number is not None,
        events=shown,
        event_count=len(shown) if len(shown) < drawing.MOST_DOTS else events.aggregate(count=Count("pk"))["count"],
        moments=list(editions.timeline(question.as_of).values_list("number", "situation_at")),
    )


def _end_of(event: EventVersion, zone: ZoneInfo) -> datetime:
    """The moment it happened; where only the day is known, its end, which an edition of that day lies before."""
    if event.content["time_precision"] == "exact":
        return event.happened_at
    return datetime.combine(event.happened_at.astimezone(zone).date(), time.max, tzinfo=zone)


def newest_situation(question: Question) -> Situation | None:
    """The situation on the map whose picture was published last."""
    slugs = Edition.objects.known(question.as_of).order_by("-published_at").values_list("map__slug", flat=True)
    slug = slugs.first()
    return situation(slug, question) if slug else None
