"""The smallest valid row of everything, made in one call; a test names only what it is about.

Nothing here is shared between calls but the two people who publish (`writer`, `editor`): a maker that needs another row
makes it. Moments are aware; ground is longitude, latitude.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow
from shapely import MultiPolygon, box

from articles.models import (
    Author,
    EventBlock,
    Heading,
    ImageBlock,
    MapBlock,
    Person,
    Quote,
    QuoteBlock,
    RelatedStory,
    Section,
    Story,
    StoryVersion,
    Text,
)
from mapdata.ground.areas import Area, Holding
from mapdata.models import Edition, Event, EventVersion, Import, Party, Place, Region, SituationMap, View
from newsroom.models import Image, Source
from newsroom.publishing import Draft, Kind

_numbers = count(1)


def texts(fields: dict) -> dict:
    """Fields in which `title_nl="Kaart", title_en="Map"` has become `title={"nl": "Kaart", "en": "Map"}`."""
    found: dict = {}
    for name, value in fields.items():
        field, _, language = name.rpartition("_")
        if field in {"name", "title", "text", "place", "methodology", "role"} and language in {"nl", "en", "uk", "ar"}:
            found[field] = {**found.get(field, {}), language: value}
        else:
            found[name] = value
    return found


# About 70 by 110 km around Donetsk, and the same to the east of it.
SQUARE = MultiPolygon([box(37, 47, 38, 48)])
EAST = MultiPolygon([box(38, 47, 39, 48)])


def day(number: int, hour: int = 12) -> datetime:
    """A moment in April 2022, UTC: day(6) is noon of the 6th."""
    return datetime(2022, 4, number, hour, tzinfo=UTC)


def make_user(username: str = "", *, groups: list[str] | None = None, **fields):
    """Somebody who may log in (password "geheim") when `groups` (names that migrations made) or `is_staff` say so."""
    fields.setdefault("is_staff", bool(groups))
    user = get_user_model().objects.create_user(username or f"user{next(_numbers)}", password="geheim", **fields)
    user.groups.set([Group.objects.get(name=name) for name in groups or []])
    return user


def _person(username: str):
    return get_user_model().objects.filter(username=username).first() or make_user(username)


def writer():
    """Who writes everything that a maker publishes."""
    return _person("writer")


def editor():
    """Who publishes everything that a maker publishes."""
    return _person("editor")


def make_source(publisher: str = "NOS", **fields) -> Source:
    return Source.objects.create(publisher=publisher, **fields)


def tiny_png() -> bytes:
    """Six by four pixels; every call another picture."""
    number = next(_numbers)
    file = BytesIO()
    Pillow.new("RGB", (6, 4), (number % 256, number // 256 % 256, 90)).save(file, "PNG")
    return file.getvalue()


def make_image(data: bytes | None = None, **fields) -> Image:
    sent = SimpleUploadedFile("picture.png", data or tiny_png())
    return Image.objects.create(original=sent, **({"alt": "Een plein", "credit": "ANP"} | fields))


def make_map(slug: str = "", **fields) -> SituationMap:
    """Of Ukraine, about."""
    defaults = {"title_nl": "Situatie Oekraïne", "west": 22, "south": 44, "east": 40.5, "north": 52.5}
    return SituationMap.objects.create(slug=slug or f"kaart{next(_numbers)}", **texts(defaults | fields))


def make_view(map_: SituationMap | None = None, **fields) -> View:
    defaults = {"slug": f"deel{next(_numbers)}", "name_nl": "Donbas", "west": 36, "south": 46, "east": 41, "north": 51}
    return View.objects.create(map=map_ or make_map(), **texts(defaults | fields))


def make_party(slug: str = "rusland", **fields) -> Party:
    """One that exists already is given back."""
    return Party.objects.get_or_create(slug=slug, defaults=texts({"name_nl": slug.capitalize()} | fields))[0]


def make_region(code: str = "", **fields) -> Region:
    defaults = {"name_nl": "Donetsk", "boundary": SQUARE}
    return Region.objects.create(code=code or f"UA-{next(_numbers)}", **texts(defaults | fields))


def make_place(name_nl: str = "Kramatorsk", **fields) -> Place:
    defaults = {"code": f"test:{next(_numbers)}", "lon": 37.55, "lat": 48.72}
    return Place.objects.create(**texts(defaults | {"name_nl": name_nl} | fields))


def make_import(by=None, **fields) -> Import:
    """An upload that nobody has looked at."""
    data = ContentFile(b'{"type": "FeatureCollection", "features": []}', "file")
    defaults = {"kind": "control", "map": fields.get("map") or make_map(), "file": data, "name": "file.geojson"}
    return Import.objects.create(by=by or writer(), **(defaults | fields))


def held_by(party: Party | str = "rusland", ground=SQUARE, status: str = "controlled", claimed_by: str = "") -> Area:
    """Assessed ground, or claimed when `claimed_by` names a party; the parties are made when they are not there."""
    slug = party if isinstance(party, str) else party.slug
    for name in filter(None, (slug, claimed_by)):
        make_party(name)
    return Area(Holding(slug, status, "claimed" if claimed_by else "assessed", claimed_by), ground)


def make_edition(
    map_: SituationMap | None = None,
    situation_at: datetime | None = None,
    areas: list[Area] | None = None,
    written_by=None,
    source: Source | None = None,
) -> Edition:
    """A draft with ground and a source. `areas` are what `held_by` gives."""
    situation_at = situation_at or timezone.now() - timedelta(hours=1)
    edition = Edition.begin(map_ or make_map(), written_by or writer(), situation_at)
    edition.set_areas([held_by()] if areas is None else areas)
    edition.sources.add(source or make_source())
    return edition


def publish_edition(
    map_: SituationMap | None = None,
    situation_at: datetime | None = None,
    areas: list[Area] | None = None,
    written_by=None,
    by=None,
    source: Source | None = None,
    **options,
) -> Edition:
    """`options` are those of `Edition.publish`: kind, note, release_at, published_before, ..."""
    edition = make_edition(map_, situation_at, areas, written_by, source)
    options.setdefault("note", "Wat er nieuw is.")
    return edition.publish(by or editor(), **options)


def make_event(map_: SituationMap | None = None, source: Source | None = None, **fields) -> Event:
    defaults = {
        "title_nl": "Beschieting van een station",
        "place_nl": "Kramatorsk",
        "type": Event.Type.EXPLOSION,
        "happened_at": timezone.now() - timedelta(hours=1),
        "lon": 37.55,
        "lat": 48.72,
        "written_by": fields.get("written_by") or writer(),
    }
    event = Event.objects.create(map=map_ or make_map(), **texts(defaults | fields))
    event.sources.add(source or make_source())
    return event


def publish(draft: Draft, by=None, **options):
    """A version of a story's or event's draft, first or update unless `kind` says otherwise."""
    if not draft.has_changes:
        draft.changed_by(writer())
        draft.save()
    options.setdefault("kind", Kind.UPDATE if draft.versions.exists() else Kind.FIRST)
    options.setdefault("note", "Wat er nieuw is.")
    return draft.publish(by or editor(), **options)


def publish_event(event: Event | None = None, by=None, **options) -> EventVersion:
    """`options` are those of `Draft.publish`."""
    return publish(event or make_event(), by, **options)


def make_person(name: str = "Jens Stoltenberg", **fields) -> Person:
    defaults = {"slug": f"persoon{next(_numbers)}", "role_nl": "secretaris-generaal van de NAVO"}
    return Person.objects.create(name=name, **texts(defaults | fields))


def make_quote(text: str = "Dit wordt een cruciale fase.", **fields) -> Quote:
    """Attributed; pass `speaker=None`, `said_at=None` or `source=None` for one that is not."""
    defaults = {"said_at": day(5), "channel": Quote.Channel.PRESS_CONFERENCE}
    defaults |= {} if "speaker" in fields else {"speaker": make_person()}
    defaults |= {} if "source" in fields else {"source": make_source()}
    return Quote.objects.create(text=text, **(defaults | fields))


def make_section(slug: str = "buitenland", **fields) -> Section:
    """One that exists already is given back."""
    return Section.objects.get_or_create(slug=slug, defaults=texts({"name_nl": slug.capitalize()} | fields))[0]


def make_author(name: str = "Anna de Vries", **fields) -> Author:
    return Author.objects.create(name=name, **({"slug": f"auteur{next(_numbers)}"} | fields))


def block_of(thing):
    """The unsaved block that shows something: a text, a quote, a map (live), an edition (pinned), a picture, ..."""
    if isinstance(thing, str):
        return Text(text=thing if thing.startswith("<") else f"<p>{thing}</p>")
    if isinstance(thing, Quote):
        return QuoteBlock(quote=thing)
    if isinstance(thing, SituationMap):
        return MapBlock(map=thing, caption="Rood is bezet.")
    if isinstance(thing, Edition):
        return MapBlock(map=thing.map, edition=thing, caption="Rood is bezet.")
    if isinstance(thing, Image):
        return ImageBlock(image=thing)
    if isinstance(thing, Event):
        return EventBlock(event=thing)
    if isinstance(thing, Story):
        return RelatedStory(story=thing)
    return thing


def add_block(story: Story, thing):
    """Put a block, or what `block_of` makes a block of, at the end of a story."""
    block = block_of(thing)
    block.parent, block.region, block.ordering = story, "body", 10 * (len(story.blocks()) + 1)
    block.save()
    return block


def make_heading(text: str = "Wat nu?") -> Heading:
    """Unsaved, for `make_story(blocks=[...])`."""
    return Heading(text=text)


def make_story(slug: str = "", blocks: list | None = None, author: Author | None = None, **fields) -> Story:
    """A draft with a byline and a body; for `blocks` see `block_of`."""
    defaults = {
        "headline": "De strijd verschuift naar het oosten",
        "section": fields.get("section") or make_section(),
        "written_by": fields.get("written_by") or writer(),
    }
    story = Story.objects.create(slug=slug or f"verhaal{next(_numbers)}", **(defaults | fields))
    story.authors.add(author or make_author())
    for thing in ["Het is dag 42."] if blocks is None else blocks:
        add_block(story, thing)
    return story


def publish_story(story: Story | None = None, by=None, **options) -> StoryVersion:
    """`options` are those of `Draft.publish`."""
    return publish(story or make_story(), by, **options)
