"""Puts the demo into the database, through the same publishing as everybody's, only with the moments of April 2022.

What is there already stays as it is, record by record: loading twice changes nothing.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction

from articles.demo import content
from articles.models import (
    Author,
    EventBlock,
    FactBox,
    Heading,
    ImageBlock,
    MapBlock,
    Person,
    Quote,
    QuoteBlock,
    RelatedStory,
    Section,
    Story,
    Text,
)
from mapdata.drawing import basemap
from mapdata.imports.places.shipped import shipped as shipped_places
from mapdata.imports.places.store import write as write_places
from mapdata.imports.regions.store import write as write_regions
from mapdata.models import Edition, Event, Party, Place, Region, SituationMap, View
from newsroom import pictures
from newsroom.accounts import DEMO_PASSWORD
from newsroom.models import Image, Source

Record = dict[str, Any]

# Who draws the map and reports events, and who publishes both.
MAP_EDITOR, EDITOR = "kaartredacteur", "eindredacteur"
BOUNDS = ("west", "south", "east", "north")
EVENT_TEXTS = ("title", "text", "place")
EVENT_FIELDS = (
    "type", "sub_type", "happened_at", "time_precision", "lon", "lat", "location_precision", "verification",
    "casualties_low", "casualties_best", "casualties_high", "casualties_according_to", "graphic",
)  # fmt: skip


def load(say: Callable[[str], None]) -> int:
    """Load the whole demo, or nothing of it; `say` gets a line for each step. Returns how many records were made."""
    with transaction.atomic():
        return Loader(say).load()


class Loader:
    def __init__(self, say: Callable[[str], None]):
        self.say = say
        self.made = 0
        self.drawn = content.editions()
        self.users: dict[str, Any] = {}
        self.sources: dict[str, Source] = {}
        self.images: dict[str, Image] = {}
        self.editions: dict[str, Edition] = {}
        self.events: dict[str, Event] = {}
        self.quote_records = content.read("quotes")
        self.picture_records = content.read("pictures")

    def load(self) -> int:
        for step, load in (
            ("regions", self.load_regions),
            ("places", self.load_places),
            ("people of the newsroom", self.load_desk),
            ("sources", self.load_sources),
            ("map", self.load_map),
            ("editions", self.load_editions),
            ("events", self.load_events),
            ("stories, with their quotes and pictures", self.load_stories),
        ):
            before = self.made
            load()
            self.say(f"  {step}: {self.made - before or 'nothing'} new")
        return self.made

    def count(self, created: bool) -> bool:
        self.made += created
        return created

    def load_regions(self) -> None:
        present = set(Region.objects.values_list("code", flat=True))
        for _added in write_regions([shape for shape in basemap.regions() if shape.code not in present]):
            self.count(True)

    def load_places(self) -> None:
        present = set(Place.objects.values_list("code", flat=True))
        self.made += write_places([place for place in shipped_places() if place.code not in present])["added"]

    def load_desk(self) -> None:
        desk = content.read("desk")
        for record in desk["user"]:
            self.users[record["username"]] = self.user(record)
        for record in desk["author"]:
            fields = {"name": record["name"], "user": self.users.get(record.get("user"))}
            self.count(Author.objects.get_or_create(slug=record["slug"], defaults=fields)[1])
        for model, records in ((Section, desk["section"]), (Person, desk["person"])):
            for record in records:
                self.count(model.objects.get_or_create(slug=record["slug"], defaults=record)[1])

    def user(self, record: Record):
        names = {name: record[name] for name in ("first_name", "last_name")}
        user, created = get_user_model().objects.get_or_create(
            username=record["username"], defaults=names | {"is_staff": True}
        )
        if self.count(created):
            user.password = make_password(DEMO_PASSWORD)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=record["group"]))
        return user

    def load_sources(self) -> None:
        for key, record in content.read("sources").items():
            natural = {name: record.get(name, "") for name in ("publisher", "title")}
            # Not get_or_create: a newsroom may have two sources of one name.
            source = Source.objects.filter(**natural).order_by("id").first()
            if self.count(source is None):
                source = Source.objects.create(**record)
            self.sources[key] = source

    def load_map(self) -> None:
        record = content.read("map")
        parties, views = record.pop("party"), record.pop("view")
        for party in parties:
            self.count(Party.objects.get_or_create(slug=party["slug"], defaults=party)[1])
        fields = with_bounds(record)
        self.map, created = SituationMap.objects.get_or_create(slug=record["slug"], defaults=fields)
        self.count(created)
        for view in views:
            fields = with_bounds(view)
            self.count(View.objects.get_or_create(map=self.map, slug=view["slug"], defaults=fields)[1])

    def load_editions(self) -> None:
        for drawn in self.drawn:
            record = drawn.record
            there = Edition.chain_of(self.map).filter(
                situation_at=record["situation_at"], published_at=record["published_at"]
            )
            edition = there.first()
            if self.count(edition is None):
                edition = Edition.begin(self.map, self.users[MAP_EDITOR], record["situation_at"])
                edition.set_areas(drawn.areas)
                edition.sources.set(self.sources[key] for key in record["sources"])
                edition.publish(self.users[EDITOR], **publication(record))
            self.editions[drawn.key] = edition

    def load_events(self) -> None:
        for record in content.events():
            event = Event.objects.filter(map=self.map, title__nl=record["title"]["nl"]).order_by("id").first()
            if self.count(event is None):
                event = Event(map=self.map)
                for version in ({"kind": "first", **record}, *record.get("later", ())):
                    self.publish_event(event, version, record["sources"])
            self.events[record["key"]] = event

    def publish_event(self, event: Event, version: Record, sources: list[str]) -> None:
        for name in EVENT_TEXTS:
            # A later version may say anew what it says in one language.
            setattr(event, name, getattr(event, name) | version.get(name, {}))
        for name in EVENT_FIELDS:
            if name in version:
                setattr(event, name, version[name])
        event.changed_by(self.users[MAP_EDITOR])
        event.save()
        event.sources.set(self.sources[key] for key in version.get("sources", sources))
        event.publish(self.users[EDITOR], **publication(version))

    def load_stories(self) -> None:
        for record in content.stories():
            if self.count(not Story.objects.filter(slug=record["slug"]).exists()):
                self.publish_story(record)

    def publish_story(self, record: Record) -> None:
        story = Story(slug=record["slug"], language=record["language"])
        story.section = Section.objects.get(slug=record["section"])
        if original := record.get("translation_of"):
            story.translation_of = Story.objects.get(slug=original)
        for version in record["version"]:
            story.headline, story.standfirst = version["headline"], version["standfirst"]
            lead = version.get("lead_image", record.get("lead_image"))
            story.lead_image = self.image(lead) if lead else None
            story.changed_by(self.users[version["written_by"]])
            story.save()
            story.authors.set(Author.objects.filter(slug__in=record["authors"]))
            self.set_blocks(story, [record["block"][name] for name in version["body"]])
            story.publish(self.users[version["published_by"]], **publication(version))

    def set_blocks(self, story: Story, records: list[Record]) -> None:
        for block in story.blocks():
            block.delete()
        for place, record in enumerate(records, start=1):
            block = self.block(record, story.language)
            block.parent, block.region, block.ordering = story, "body", 10 * place
            block.save()

    def block(self, record: Record, language: str):
        """An unsaved block, as the story's file describes it."""
        match record["type"]:
            case "text":
                return Text(text=record["html"].strip())
            case "heading":
                return Heading(text=record["text"])
            case "quote":
                return QuoteBlock(quote=self.quote(record["quote"], language))
            case "map":
                edition = self.editions[record["edition"]] if "edition" in record else None
                view = self.map.views.get(slug=record["view"]) if "view" in record else None
                return MapBlock(map=self.map, edition=edition, view=view, caption=record["caption"])
            case "image":
                return ImageBlock(image=self.image(record["image"]), caption=record.get("caption", ""))
            case "event":
                return EventBlock(event=self.events[record["event"]])
            case "facts":
                return FactBox(title=record["title"], rows="\n".join(" | ".join(row) for row in record["rows"]))
            case "related":
                return RelatedStory(story=Story.objects.get(slug=record["story"]))
            case unknown:
                raise ValueError(f"There is no block of type {unknown}.")

    def image(self, key: str) -> Image:
        """A picture is drawn when a story is there to show it."""
        if key not in self.images:
            record = self.picture_records[key]
            data = content.draw_picture(record, self.drawn)
            image = Image.objects.filter(digest=pictures.digest(data)).first()
            if self.count(image is None):
                words = {name: record[name] for name in ("alt", "credit", "caption")}
                image = Image.objects.create(original=ContentFile(data, name=f"{key}.png"), **words)
            self.images[key] = image
        return self.images[key]

    def quote(self, key: str, language: str) -> Quote:
        """The record of a quote in one language; the words differ, so each language has its own."""
        record = self.quote_records[key]
        speaker, source = Person.objects.get(slug=record["speaker"]), self.sources[record["source"]]
        text = record[f"text_{language}"]
        if found := Quote.objects.filter(speaker=speaker, text=text, said_at=record["said_at"]).first():
            return found
        self.count(True)
        return Quote.objects.create(
            speaker=speaker,
            text=text,
            original_text=record.get("original_text", ""),
            original_language=record.get("original_language", ""),
            said_at=record["said_at"],
            said_precision=record["precision"],
            channel=record["channel"],
            place=record.get(f"place_{language}", ""),
            source=source,
        )


def with_bounds(record: Record) -> Record:
    """A record with its `bounds` (west, south, east, north in degrees) as the four fields that a model has."""
    fields = {name: value for name, value in record.items() if name != "bounds"}
    return fields | dict(zip(BOUNDS, record["bounds"], strict=True))


def publication(record: Record) -> Record:
    """How a version of the demo is published: earlier than now, which only this loader and an archive's import may."""
    return {
        "kind": record["kind"],
        "note": record.get("note") or record.get("note_nl", ""),
        "note_en": record.get("note_en", ""),
        "published_before": record["published_at"],
    }
