"""What the demo newsroom says, read from the files beside this module; nothing here knows the database."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.demo import outlines, pictures
from mapdata.drawing import basemap
from mapdata.ground.areas import ASSESSED, Area, area_km2

FOLDER = Path(__file__).resolve().parent
# In the order in which they are published: a story refers only to stories before it.
STORIES = ("kyiv-nl", "marioepol-nl", "story-nl", "story-en")

Record = dict[str, Any]


def read(name: str) -> Record:
    """A TOML file by its name without ending, such as `stories/story-nl`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def events() -> list[Record]:
    """All events, oldest first."""
    found = [event for path in sorted(FOLDER.glob("events/*.toml")) for event in read(f"events/{path.stem}")["event"]]
    return sorted(found, key=lambda event: event["happened_at"])


def stories() -> list[Record]:
    return [read(f"stories/{name}") for name in STORIES]


@dataclass(frozen=True)
class DrawnEdition:
    """An edition's record, and its ground: a partition in each layer."""

    record: Record
    areas: tuple[Area, ...]

    @property
    def key(self) -> str:
        return self.record["key"]


def editions() -> list[DrawnEdition]:
    """All editions, in the order in which they were published."""
    borders = {region.code: region.boundary for region in basemap.regions()}
    collection = json.loads((FOLDER / "editions" / "ground.geojson").read_text(encoding="utf-8"))
    drawn = outlines.pieces(collection, borders)
    return [DrawnEdition(record, outlines.picture(record, drawn)) for record in read("editions/editions")["edition"]]


def draw_picture(spec: Record, drawn: Sequence[DrawnEdition]) -> bytes:
    """A picture of pictures.toml as a PNG. Raises KeyError for an edition that is not there."""
    if spec["kind"] == "timeline":
        return pictures.timeline(spec)
    if spec["kind"] == "area":
        return pictures.area_chart(spec, held_ground(drawn))
    by_key = {edition.key: edition for edition in drawn}
    shown = [by_key[key] for key in spec["editions"]]
    regions = [region.boundary for region in basemap.regions()]
    days = [(edition.record["situation_at"].date(), edition.areas) for edition in shown]
    return pictures.small_maps(spec, days, regions)


def held_ground(drawn: Sequence[DrawnEdition]) -> list[pictures.Figures]:
    """Russia's ground day by day: of several editions for one moment, the last one published."""
    before = sum(area_km2(area.ground) for area in drawn[0].areas if area.holding.basis == ASSESSED)
    by_day = {edition.record["situation_at"].date(): edition.areas for edition in drawn}
    return [pictures.figures(day, areas, before) for day, areas in sorted(by_day.items())]
