"""What a file holds, whatever its format: columns, rows with a shape or none, and what is said about the whole."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

TEXT, INTEGER, REAL, FLAG = "text", "integer", "real", "flag"

# What XML has no way to write, and what no text of a newsroom needs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """`short` is its name where ten characters are all there is (Shapefile); without one it is the name itself."""

    name: str
    kind: str = TEXT
    short: str = ""


# The version that says it, in all tables of versions.
OF_A_VERSION = (Column("version", INTEGER), Column("published_at"), Column("digest"))
# What tables end with: whose word it is, or why it is left out, the map where there is one, and under which terms.
ATTRIBUTION = (Column("sources"), Column("left_out"))
OF_A_MAP = (Column("map"), Column("map_title"))
OF_THE_FILE = (Column("publisher"), Column("licence"), Column("as_of"))


class Row(NamedTuple):
    """`name` is what a map program shows beside the shape; `values` are in the order of the table's columns."""

    name: str
    values: tuple[Any, ...]
    shape: BaseGeometry | None


@dataclass(frozen=True)
class Terms:
    """Who publishes the file, and under which licence unless its map says another; the languages of its texts."""

    publisher: str
    licence: str
    languages: Sequence[str]

    def in_words(self, texts: Mapping[str, str]) -> str:
        """The text in the first language that it exists in."""
        return next((texts[language] for language in (*self.languages, *texts) if texts.get(language)), "")


@dataclass(frozen=True)
class Table:
    """`shapes` is "MultiPolygon", "Point", or empty for a table without places; `about` is plain JSON.

    `as_of` is when the youngest thing in it became known; formats that want a date of the file get this one.
    """

    name: str
    title: str
    shapes: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    as_of: datetime
    about: Mapping[str, Any] = field(default_factory=dict)

    def values(self, index: int) -> Iterable[Any]:
        return (row.values[index] for row in self.rows)


def said_of_every_row(terms: Terms, as_of: datetime, map_content: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What each row repeats, so that it is still true of a row that is cut out of its file.

    A map that says its own licence has that one; else the site's terms hold.
    """
    said: dict[str, Any] = {}
    if map_content:
        said |= {"map": map_content["slug"], "map_title": terms.in_words(map_content["title"])}
    licence = (map_content or {}).get("licence") or terms.licence
    return said | {"publisher": terms.publisher, "licence": licence, "as_of": in_utc(as_of)}


def row(columns: Sequence[Column], name: str, said: Mapping[str, Any], shape: BaseGeometry | None) -> Row:
    """A row from what is said under the names of columns; what is not said is null."""
    return Row(printable(name), tuple(_plain(said.get(column.name)) for column in columns), shape)


def in_utc(moment: datetime | str) -> str:
    """ISO 8601 in UTC with a Z, as most programs read it, rounded up to milliseconds.

    GDAL's readers keep no more, and stumble over a second that they round to 60. Up, so that what is asked for as of
    this moment is known by then.
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    moment = moment.astimezone(UTC)
    moment += timedelta(microseconds=-moment.microsecond % 1000)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def left_out(withheld: Sequence[str]) -> str:
    """Why something is not in the file, in the words that stand in it: publishers of sources, or none."""
    return f"not for redistribution: {', '.join(withheld)}" if withheld else ""


def sources_in_words(sources: Sequence[Mapping[str, Any]]) -> str:
    """All sources in one text: publisher, title, licence, address."""
    return "; ".join(
        " ".join(
            part
            for part in (
                f"{source['publisher']}: {source['title']}" if source["title"] else source["publisher"],
                f"({source['licence']})" if source["licence"] else "",
                source["url"],
            )
            if part
        )
        for source in sources
    )


def source_record(source: Mapping[str, Any]) -> dict[str, Any]:
    """A source as a file tells it in full."""
    names = ("publisher", "title", "url", "archived_url", "published_at", "retrieved_at", "reliability", "credibility")
    return {name: source.get(name) for name in (*names, "licence")}


def printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _plain(value: Any) -> Any:
    return printable(value) if isinstance(value, str) else value
