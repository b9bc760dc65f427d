"""What happened, as a table: a row for each event, at the place that readers get and never at the exact one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import Point

from mapdata.exports import tables
from mapdata.exports.tables import Column, Row, Table, Terms

TEXTS = ("title", "text", "place")
BEFORE_TEXTS = (
    Column("event_id", tables.INTEGER),
    *tables.OF_A_VERSION,
    Column("happened_at"),
    Column("time_precision"),
    Column("type"),
    Column("sub_type"),
)
AFTER_TEXTS = (
    Column("lon", tables.REAL),
    Column("lat", tables.REAL),
    Column("location_precision"),
    Column("verification"),
    Column("casualties_low", tables.INTEGER),
    Column("casualties_best", tables.INTEGER),
    Column("casualties_high", tables.INTEGER),
    Column("casualties_according_to"),
    Column("graphic", tables.FLAG),
    *tables.ATTRIBUTION,
    *tables.OF_A_MAP,
    *tables.OF_THE_FILE,
)
_AS_SAID = ("time_precision", "type", "sub_type", "lon", "lat", "location_precision", "verification", "graphic")


def columns(languages: Sequence[str]) -> tuple[Column, ...]:
    """With each text in each language."""
    texts = (Column(f"{name}_{language}") for name in TEXTS for language in languages)
    return (*BEFORE_TEXTS, *texts, *AFTER_TEXTS)


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
    every, wanted = tables.said_of_every_row(terms, as_of, map_content), columns(terms.languages)
    rows: list[Row] = []
    sources: dict[tuple[Any, ...], dict[str, Any]] = {}
    without: set[str] = set()
    for happening in happenings:
        rows.append(_row(happening, every, terms, wanted))
        without.update(happening.withheld)
        for source in () if happening.withheld else happening.content["sources"]:
            sources.setdefault((source["publisher"], source["title"], source["url"]), tables.source_record(source))
    about = every | {
        "map_title": map_content["title"],
        "events": len(rows),
        "left_out": sorted(without),
        "sources": [sources[key] for key in sorted(sources)],
    }
    return Table("events", terms.in_words(map_content["title"]), "Point", wanted, rows, as_of, about)


def _row(happening: Happening, every: Mapping[str, Any], terms: Terms, wanted: Sequence[Column]) -> Row:
    content = happening.content
    said = dict(every) | {
        "event_id": happening.event,
        "version": happening.version,
        "digest": happening.digest,
        "published_at": tables.in_utc(happening.published_at),
        "left_out": tables.left_out(happening.withheld),
    }
    if happening.withheld:
        return tables.row(wanted, said["left_out"], said, None)
    said |= {name: content[name] for name in _AS_SAID}
    said |= {f"{name}_{lang}": content[name].get(lang, "") for name in TEXTS for lang in terms.languages}
    said |= {f"casualties_{name}": content["casualties"][name] for name in ("low", "best", "high", "according_to")}
    said |= {
        "happened_at": tables.in_utc(content["happened_at"]),
        "sources": tables.sources_in_words(content["sources"]),
    }
    return tables.row(wanted, terms.in_words(content["title"]), said, Point(content["lon"], content["lat"]))
