"""What happened, as a table: a row for each event, at the place that readers get and never at the exact one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import Point

from mapdata.exports.tables import (
    FLAG,
    INTEGER,
    REAL,
    Column,
    Row,
    Table,
    Terms,
    in_utc,
    left_out,
    row,
    said_of_every_row,
    source_record,
    sources_in_words,
)

NAMES = ("title_nl", "title_en", "title_uk", "text_nl", "text_en", "place_nl", "place_en", "place_uk")
COLUMNS = (
    Column("event_id", INTEGER),
    Column("version", INTEGER),
    Column("published_at"),
    Column("digest"),
    Column("happened_at"),
    Column("time_precision"),
    Column("type"),
    Column("sub_type"),
    *(Column(name) for name in NAMES),
    Column("lon", REAL),
    Column("lat", REAL),
    Column("location_precision"),
    Column("verification"),
    Column("casualties_low", INTEGER),
    Column("casualties_best", INTEGER),
    Column("casualties_high", INTEGER),
    Column("casualties_according_to"),
    Column("graphic", FLAG),
    Column("sources"),
    Column("left_out"),
    Column("map"),
    Column("map_title"),
    Column("publisher"),
    Column("licence"),
    Column("as_of"),
)
_AS_SAID = ("time_precision", "type", "sub_type", "lon", "lat", "location_precision", "verification", "graphic")


@dataclass(frozen=True)
class Happening:
    """A version of an event: what it says (`content`), and publishers whose sources are not for redistribution."""

    event: int
    version: int
    digest: str
    published_at: datetime
    content: Mapping[str, Any]
    withheld: tuple[str, ...] = ()


def events_table(
    happenings: Iterable[Happening], map_content: Mapping[str, Any], terms: Terms, as_of: datetime
) -> Table:
    """The events in the order given. Of one that is left out only its number, version and digest stay, and why.

    There may be very many: each is looked at once, and what it says beside its row is not kept.
    """
    every = said_of_every_row(terms, as_of, map_content)
    rows: list[Row] = []
    sources: dict[tuple[Any, ...], dict[str, Any]] = {}
    without: set[str] = set()
    for happening in happenings:
        rows.append(_row(happening, every))
        without.update(happening.withheld)
        for source in () if happening.withheld else happening.content["sources"]:
            sources.setdefault((source["publisher"], source["title"], source["url"]), source_record(source))
    about = every | {
        "map_title": map_content["title"],
        "events": len(rows),
        "left_out": sorted(without),
        "sources": [sources[key] for key in sorted(sources)],
    }
    return Table("events", map_content["title"].get("nl", ""), "Point", COLUMNS, rows, as_of, about)


def _row(happening: Happening, every: Mapping[str, Any]) -> Row:
    content = happening.content
    said = dict(every) | {
        "event_id": happening.event,
        "version": happening.version,
        "digest": happening.digest,
        "published_at": in_utc(happening.published_at),
        "left_out": left_out(happening.withheld),
    }
    if happening.withheld:
        return row(COLUMNS, said["left_out"], said, None)
    said |= {name: content[name] for name in _AS_SAID}
    said |= {name: content[name[:-3]].get(name[-2:], "") for name in NAMES}
    said |= {f"casualties_{name}": content["casualties"][name] for name in ("low", "best", "high", "according_to")}
    said |= {"happened_at": in_utc(content["happened_at"]), "sources": sources_in_words(content["sources"])}
    return row(COLUMNS, said["title_nl"], said, Point(content["lon"], content["lat"]))
