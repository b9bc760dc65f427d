"""What readers can download of a map: each edition's ground, the ground of all of them, the events."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from mapdata.exports import FORMATS, GROUND_FORMATS, OTHER_FORMATS
from mapdata.exports.control import ExportedEdition, control_table
from mapdata.exports.events import Happening, events_table
from mapdata.exports.tables import Table, Terms
from mapdata.models import Edition, EventVersion, SituationMap
from mapdata.reading.situation import events_of
from newsroom.downloads.download import Download
from newsroom.models import Source
from newsroom.publishing.chain_state import ChainState
from newsroom.publishing.redistribution import FLAG, Withheld

GROUND = {extension: FORMATS[extension] for extension in GROUND_FORMATS}
EVENTS = {extension: FORMATS[extension] for extension in OTHER_FORMATS}
CHUNK = 200


def terms() -> Terms:
    return Terms(settings.SITE_NAME, settings.DATA_LICENCE, tuple(settings.CONTENT_LANGUAGES))


def edition_ground(edition: Edition, withheld: Withheld) -> Download:
    """The ground of one edition, which may be scheduled: whoever serves it asks first whether it is known."""
    slug = edition.content["map"]["slug"]
    publishers = withheld_of(edition, withheld)
    return Download(
        subject=f"edition {edition.map_id} {edition.number}",
        said=(edition.digest, *_of_terms(), *publishers),
        stem=f"{slug}-{edition.number}-control",
        formats=GROUND,
        table=lambda: control_table([_exported(edition, publishers)], terms(), edition.published_at),
        recipe=("mapdata.reading.downloads.ground_of", slug, edition.number),
    )


def ground_of(slug: str, number: int, as_of: datetime | None = None) -> Download | None:
    edition = Edition.objects.standing().filter(map__slug=slug, number=number).first()
    return edition and edition_ground(edition, Source.objects.withheld())


def series(slug: str, as_of: datetime | None = None) -> Download | None:
    """The ground at every moment that readers can ask for, the oldest first; None where there is nothing to read."""
    editions = Edition.objects.filter(map__slug=slug)
    reached, past = ChainState.asked(f"series {slug}", editions, as_of)
    if not reached.readable:
        return None
    moment = past or timezone.now()

    def table() -> Table | None:
        withheld = Source.objects.withheld()
        shown = editions.timeline(moment).prefetch_related("sources")
        exported = [_exported(edition, withheld_of(edition, withheld)) for edition in shown]
        if ChainState.by(editions, moment) != reached:
            return None
        return control_table(exported, terms(), reached.moment)

    return Download(
        subject=f"series {slug}",
        said=(reached.name, *_of_terms(), *Source.objects.withheld().sources),
        stem=f"{slug}-control",
        formats=GROUND,
        table=table,
        recipe=("mapdata.reading.downloads.series", slug),
        as_of=past,
    )


def events(slug: str, as_of: datetime | None = None) -> Download | None:
    """The events of a map as they were published last, the newest first; None where there is nothing to read."""
    versions = EventVersion.objects.filter(map__slug=slug)
    reached, past = ChainState.asked(f"events {slug}", versions, as_of)
    if not reached.readable:
        return None
    # The map's own words stand in the file too: as they were published by then. Without an edition there are none.
    editions = Edition.objects.filter(map__slug=slug)
    past = past or ChainState.asked(f"series {slug}", editions, as_of)[1]
    moment = past or timezone.now()
    newest = editions.known(moment).order_by("number").last()
    map_content = newest.content["map"] if newest else {"slug": slug, "title": {}}

    def table() -> Table | None:
        withheld = Source.objects.withheld()
        made = events_table(_happenings(slug, moment, withheld), map_content, terms(), reached.moment)
        return made if ChainState.by(versions, moment) == reached else None

    return Download(
        subject=f"events {slug}",
        said=(reached.name, newest and newest.digest, *_of_terms(), *Source.objects.withheld().sources),
        stem=f"{slug}-events",
        formats=EVENTS,
        table=table,
        recipe=("mapdata.reading.downloads.events", slug),
        as_of=past,
    )


def everything(slug: str = "") -> Iterator[Download]:
    """Of all maps, or of one: the editions that are published or scheduled, and what there is to read now."""
    withheld = Source.objects.withheld()
    for map_ in SituationMap.objects.filter(**({"slug": slug} if slug else {})).order_by("pk"):
        standing = map_.editions.standing().order_by("number")
        for edition in standing.prefetch_related("sources").iterator(chunk_size=CHUNK):
            yield edition_ground(edition, withheld)
        yield from filter(None, (series(map_.slug), events(map_.slug)))


def withheld_of(edition: Edition, withheld: Withheld) -> tuple[str, ...]:
    """The publishers for whose sake its ground stays out of files: by what it says, and by its rows of sources, which
    know those that were renamed since."""
    named = withheld.publishers(edition.content["sources"])
    tied = [source.publisher for source in edition.sources.all() if getattr(source, FLAG)] if withheld.sources else []
    return tuple(dict.fromkeys([*named, *tied]))


def _of_terms() -> Sequence[str]:
    return (terms().publisher, terms().licence, *terms().languages)


def _exported(edition: Edition, publishers: tuple[str, ...]) -> ExportedEdition:
    return ExportedEdition(
        number=edition.number,
        kind=edition.kind,
        digest=edition.digest,
        published_at=edition.published_at,
        content=edition.content,
        grounds=() if publishers else [area.ground for area in edition.ground_areas()],
        withheld=publishers,
    )


def _happenings(slug: str, moment: datetime, withheld: Withheld) -> Iterator[Happening]:
    for version in events_of(slug, None, moment).iterator(chunk_size=CHUNK):
        yield Happening(
            event=version.event_id,
            version=version.number,
            digest=version.digest,
            published_at=version.published_at,
            content=version.content,
            withheld=withheld.publishers(version.content["sources"]),
        )
