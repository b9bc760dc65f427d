"""What a page shows of a map: the edition for the question, its drawing, the events, and the way to other dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Prefetch, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapdata.drawing.basemap import language_of_names
from mapdata.drawing.dots import Dot
from mapdata.drawing.picture import MOST_DOTS, compose
from mapdata.models import Drawing, Edition, EventVersion
from mapdata.models.derived import drawing_of, frame_of, key_of
from newsroom.moments import text_of
from newsroom.reader_questions import Question
from newsroom.templatetags.moments import written
from newsroom.texts.languages import in_language, wanted_language


@dataclass
class Situation:
    """A map as a page shows it. `number` and `bounds` are what the page fixes; without them: live, and whole."""

    edition: Edition
    question: Question
    bounds: tuple[float, float, float, float]
    prefix: str
    pinned: bool
    moments: list[tuple[int, datetime]]
    # The newest of what had happened until then (None: now); more than there are dots are only counted.
    until: datetime | None
    events: list[EventVersion]
    event_count: int = 0
    # The page is about the one event that is on the map.
    of_event: bool = False

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
        return compose(
            drawing_of(self.edition, frame),
            [dot(event, self.question) for event in self.events],
            frame,
            # The base map speaks few languages.
            language_of_names(wanted_language(), get_language()),
            title=self.title,
            prefix=self.prefix,
            parties={slug: in_language(party["name"]) for slug, party in self.content["parties"].items()},
            one_event=self.of_event,
        )

    @cached_property
    def drawn(self) -> set[int]:
        """The events that are a dot on the map; a view may leave some out."""
        return {int(drawn.id) for drawn in self.picture.dots}

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
        return text_of(self.moments[index][1], self.zone)


def dot(event: EventVersion, question: Question) -> Dot:
    """An event as the drawing wants it: the public place."""
    content = event.content
    return Dot(
        id=str(event.event_id),
        lon=content["lon"],
        lat=content["lat"],
        title=in_language(content["title"]),
        when=written(content["happened_at"], content["time_precision"], content["time_zone"], short=True),
        url=reverse("event", args=[event.event_id]) + question.kept,
        precision=content["location_precision"],
    )


def events_of(map_slug: str, at: datetime | None, as_of: datetime | None) -> QuerySet:
    """The map's events that were known `as_of` and had happened by `at`, the newest first."""
    events = EventVersion.objects.newest(as_of).filter(map__slug=map_slug).order_by("-happened_at", "-event_id")
    return events.filter(happened_at__lte=at) if at else events


@dataclass(frozen=True)
class Wanted:
    """A map that a page shows. `number` pins it to an edition: then `at` does not choose another. `bounds` (default:
    the map's own) are what is seen of it; `only` shows one event, on its day."""

    map_slug: str
    number: int | None = None
    bounds: Sequence[float] | None = None
    prefix: str = "m1"
    only: EventVersion | None = None


@dataclass(frozen=True)
class Timeline:
    """The moments of a map that can be asked for, in order: number and moment of the edition that shows each."""

    zone: ZoneInfo
    moments: list[tuple[int, datetime]]

    def number_at(self, at: datetime | None) -> int | None:
        """The edition to show for the situation `at`."""
        return next((number for number, moment in reversed(self.moments) if at is None or moment <= at), None)


def situation(map_slug: str, question: Question, **wanted) -> Situation | None:
    """The situation on one map; `wanted` is what else `Wanted` says."""
    return situations([Wanted(map_slug, **wanted)], question)[0]


def situations(wanted: Sequence[Wanted], question: Question) -> list[Situation | None]:
    """The situation on each map, for a question; None where nothing of it can be read.

    Four queries, however many maps, editions and events there are; one more where there are more events than dots.
    """
    timelines = _timelines({one.map_slug for one in wanted}, question.as_of)
    # What cannot be read at all has no timeline.
    chosen = [_chosen(one, timelines.get(one.map_slug), question) for one in wanted]
    editions = _editions(
        {(one.map_slug, number) for one, (number, _at) in zip(wanted, chosen, strict=True)}, question.as_of
    )
    answers = []
    for one, (number, at) in zip(wanted, chosen, strict=True):
        edition = editions.get((one.map_slug, number))
        answers.append(
            edition
            and Situation(
                edition=edition,
                question=question,
                bounds=tuple(one.bounds or edition.content["map"]["bounds"]),
                prefix=one.prefix,
                pinned=one.number is not None,
                moments=timelines[one.map_slug].moments,
                until=edition.situation_at if one.number else at,
                events=[one.only] if one.only else [],
                of_event=one.only is not None,
            )
        )
    found = [answer for answer in answers if answer]
    _fetch_drawings(found)
    _add_events([answer for answer in found if not answer.events], question.as_of)
    return answers


def _timelines(slugs: set[str], as_of: datetime | None) -> dict[str, Timeline]:
    timelines: dict[str, Timeline] = {}
    editions = Edition.objects.filter(map__slug__in=slugs).timeline(as_of)
    for slug, zone, *moment in editions.values_list("map__slug", "map__time_zone", "number", "situation_at"):
        timelines.setdefault(slug, Timeline(ZoneInfo(zone), [])).moments.append(tuple(moment))
    return timelines


def _chosen(wanted: Wanted, timeline: Timeline | None, question: Question) -> tuple[int | None, datetime | None]:
    """The number of the edition to show, and the moment that was asked for (None: now)."""
    if timeline is None or wanted.number:
        return wanted.number, None
    at = question.at(timeline.zone)
    if wanted.only and at is None:
        # The situation on the event's day; where the map begins later, the first one.
        at = max(_end_of(wanted.only, timeline.zone), timeline.moments[0][1])
    return timeline.number_at(at), at


def _editions(numbers: set[tuple[str, int | None]], as_of: datetime | None) -> dict[tuple[str, int | None], Edition]:
    """The editions with these numbers, by the slug of their map and their number."""
    named = [Q(map__slug=slug, number=number) for slug, number in sorted(numbers, key=str) if number]
    if not named:
        return {}
    editions = Edition.objects.known(as_of).filter(reduce(or_, named)).annotate(map_slug=F("map__slug"))
    return {(edition.map_slug, edition.number): edition for edition in editions}


def _fetch_drawings(found: Sequence[Situation]) -> None:
    frames = {key_of(frame_of(one.bounds)) for one in found}
    drawings = Prefetch("drawings", Drawing.objects.filter(frame__in=frames))
    prefetch_related_objects(list({one.edition.pk: one.edition for one in found}.values()), drawings)


def _add_events(found: Sequence[Situation], as_of: datetime | None) -> None:
    """Give each the newest of its events, as many as a map has dots."""
    # A story may show one map several times.
    asked = dict.fromkeys((one.edition.map_slug, one.until) for one in found)
    if not asked:
        return
    newest = [events_of(slug, until, as_of)[:MOST_DOTS] for slug, until in asked]
    all_events = list(newest[0] if len(newest) == 1 else _together(newest))
    for one in found:
        own = (
            event
            for event in all_events
            if event.map_id == one.edition.map_id and (one.until is None or event.happened_at <= one.until)
        )
        one.events = list(islice(own, MOST_DOTS))
        one.event_count = len(one.events)
    _count_events([one for one in found if one.event_count == MOST_DOTS], as_of)


def _together(newest: Sequence[QuerySet]) -> QuerySet:
    anyones = reduce(or_, (Q(pk__in=events.values("pk")) for events in newest))
    return EventVersion.objects.filter(anyones).order_by("-happened_at", "-event_id")


def _count_events(crowded: Sequence[Situation], as_of: datetime | None) -> None:
    """Say of each how many events there are in all, dots or not; one query."""
    if not crowded:
        return
    happened = list(dict.fromkeys((one.edition.map_slug, one.until) for one in crowded))
    conditions = (Q(map__slug=slug) & (Q(happened_at__lte=until) if until else Q()) for slug, until in happened)
    counts = EventVersion.objects.newest(as_of).aggregate(
        **{f"count{index}": Count("pk", filter=condition) for index, condition in enumerate(conditions)}
    )
    for one in crowded:
        one.event_count = counts[f"count{happened.index((one.edition.map_slug, one.until))}"]


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
