"""The change sheet of an edition: what it changes, before it is handed in and again before it is published.

It is compared with what readers have of its moment or of the last one before it (`Edition.compared_with`). What takes
long (`ground.compute`) is kept in the cache for the last revision; names, words and events are those of now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapdata.admin.sheet.ground import PREFIX, compute, drawn_areas, patterns, style_of_move
from mapdata.drawing.dots import Dot
from mapdata.drawing.picture import Picture, compose
from mapdata.ground import sentences
from mapdata.ground.areas import ASSESSED
from mapdata.ground.changes import Change, Claim, Side
from mapdata.models import Edition, Event, EventVersion, Party, Region
from mapdata.models.derived import frame_of
from mapdata.reading.change import ShownChange
from newsroom.templatetags.moments import written
from newsroom.texts.languages import in_language

LANGUAGES = ("nl", "en")
# What a cached sheet is made of changes with this number.
FORM = 1
KEPT_SECONDS = 6 * 3600
MOST_EVENTS = 60


@dataclass(frozen=True)
class Wanting:
    """What is still missing: words, and where it is mended (a model's name in the admin and a key; "" for here)."""

    words: str
    model: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class EventRow:
    event: Event
    published: bool
    changed: bool
    has_sources: bool


@dataclass
class Sheet:
    """`before` is None for the first edition of a map, which changes nothing; a correction says what was wrong."""

    edition: Edition
    before: Edition | None
    parties: dict[str, Party]
    regions: dict[str, dict[str, str]]
    computed: dict

    @property
    def is_correction(self) -> bool:
        return bool(self.before) and self.before.situation_at == self.edition.situation_at

    @cached_property
    def change(self) -> Change:
        return Change.from_json(self.computed["change"])

    @cached_property
    def claims(self) -> list[Claim]:
        return [Claim(*claim) for claim in self.computed["claims"]]

    # Words

    def sentences(self, language: str) -> list[str]:
        parties = {slug: in_language(party.name, language) for slug, party in self.parties.items()}
        regions = {code: in_language(name, language) for code, name in self.regions.items()}
        if self.is_correction:
            told = [sentences.correction(flow, parties, regions, language) for flow in self.change.flows]
            return [words for words in told if words]
        retaken = {(_side(before), _side(after)) for before, after in self.computed["retaken"]}
        found = sentences.facts(self.change, self.claims, retaken)
        return [sentences.sentence(fact, parties, regions, language) for fact in found]

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """By language, what is offered as the note to readers."""
        return [(language, self.sentences(language)) for language in LANGUAGES]

    def note(self, language: str) -> str:
        return sentences.note(self.sentences(language))

    @cached_property
    def shown(self) -> ShownChange:
        """All of it in figures, with the style in which the picture shows it."""
        return ShownChange(
            self.change,
            {slug: party.content() for slug, party in self.parties.items()},
            self.regions,
            claimed=self.claims,
            exact=True,
            style=lambda status, colour: style_of_move(status, colour, ASSESSED),
        )

    # The picture

    @cached_property
    def picture(self) -> Picture:
        """The last edition's ground, and over it what changes hands; the events since then as dots."""
        composed = compose(
            self.computed["gained"] + self.computed["lost"],
            [_dot(row.event, self.edition) for row in self.events],
            frame_of(tuple(self.computed["bounds"])),
            get_language(),
            title=_("What changes"),
            prefix=PREFIX,
        )
        areas = drawn_areas(self.computed)
        return replace(composed, areas=areas, patterns=tuple(patterns(areas)))

    # Events and sources

    @cached_property
    def since(self) -> datetime | None:
        """The moment of the last picture before this one's; events since then are of this one."""
        if not self.is_correction:
            return self.before and self.before.situation_at
        earlier = self.edition.map.editions.known().filter(situation_at__lt=self.edition.situation_at)
        return earlier.order_by("-situation_at").values_list("situation_at", flat=True).first()

    @cached_property
    def events(self) -> list[EventRow]:
        """What happened since then, the newest first, drafts too; nothing for a map's first edition."""
        if self.since is None:
            return []
        happened = Q(happened_at__gt=self.since, happened_at__lte=self.edition.situation_at)
        found = Event.objects.filter(happened, map=self.edition.map).order_by("-happened_at", "-pk")
        published = set(EventVersion.objects.known().filter(map=self.edition.map).values_list("event_id", flat=True))
        return [
            EventRow(event, event.pk in published, event.has_changes, bool(event.sources.all()))
            for event in found.prefetch_related("sources")[:MOST_EVENTS]
        ]

    @cached_property
    def wanting(self) -> list[Wanting]:
        """Sources that are missing or can be lost, and events that nobody can check."""
        found = []
        sources = list(self.edition.sources.all())
        if not sources:
            found.append(Wanting(_("The edition names no source.")))
        elif self.change and not self.is_correction and {*sources} <= {*self.before.sources.all()}:
            found.append(Wanting(_("Ground changes hands, but no source was added since the last edition.")))
        found += [
            Wanting(_("This event names no source: %(event)s") % {"event": row.event}, "event", row.event.pk)
            for row in self.events
            if not row.has_sources
        ]
        named = {*sources, *(source for row in self.events for source in row.event.sources.all())}
        found += [
            Wanting(_("The link was never archived: %(source)s") % {"source": source}, "source", source.pk)
            for source in sorted(named, key=lambda source: (source.publisher, source.pk))
            if source.url and not source.archived_url
        ]
        return found


def sheet_of(edition: Edition) -> Sheet:
    """Takes as long as comparing two editions, the first time that this revision is asked for."""
    before = edition.compared_with()
    regions = list(Region.objects.filter(level=1).only("code", "name"))
    parties = {party.slug: party for party in Party.objects.all()}
    state = [FORM, edition.revision, before and before.pk]
    kept = cache.get(f"sheet-{edition.pk}")
    if kept is None or kept[0] != state:
        kept = state, compute(edition, before, parties)
        cache.set(f"sheet-{edition.pk}", kept, KEPT_SECONDS)
    names = {region.code: region.name for region in regions}
    return Sheet(edition, before, parties, names, kept[1])


def _dot(event: Event, edition: Edition) -> Dot:
    return Dot(
        id=str(event.pk),
        lon=event.lon,
        lat=event.lat,
        title=str(event),
        when=written(event.happened_at, event.time_precision, edition.map.zone, short=True),
        url=f"#event-{event.pk}",
        precision=event.location_precision,
    )


def _side(data: Sequence[str] | None) -> Side | None:
    return Side(*data) if data else None
