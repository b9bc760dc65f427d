"""Who said what, as a table: a row for each quote as it was published last. Pure. A quote has no place on a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mapdata.exports import tables
from mapdata.exports.tables import Column, Row, Table, Terms

COLUMNS = (
    Column("quote", tables.INTEGER),
    Column("speaker"),
    Column("speaker_slug"),
    Column("role"),
    Column("text"),
    Column("language"),
    Column("original_text"),
    Column("original_language"),
    Column("said_at"),
    Column("said_precision"),
    Column("channel"),
    Column("place"),
    Column("story"),
    Column("headline"),
    *tables.OF_A_VERSION,
    *tables.ATTRIBUTION,
    *tables.OF_THE_FILE,
)
_AS_SAID = ("role", "text", "original_text", "original_language", "said_precision", "channel", "place")


@dataclass(frozen=True)
class Said:
    """A quote (`content`) in the version of a story that shows it."""

    content: Mapping[str, Any]
    story: str
    headline: str
    language: str
    version: int
    digest: str
    published_at: datetime
    withheld: tuple[str, ...] = ()


def quotes_table(quotes: Sequence[Said], terms: Terms, as_of: datetime, title: str) -> Table:
    """The quotes in the order given. Of one that is left out only its number and story stay, and why."""
    every = tables.said_of_every_row(terms, as_of)
    sources = [said.content["source"] for said in quotes if not said.withheld]
    by_name = {tables.sources_in_words([source]): tables.source_record(source) for source in sources}
    about = every | {
        "quotes": len(quotes),
        "left_out": sorted({publisher for said in quotes for publisher in said.withheld}),
        "sources": [by_name[name] for name in sorted(by_name)],
    }
    return Table("quotes", title, "", COLUMNS, [_row(said, every) for said in quotes], as_of, about)


def _row(quote: Said, every: Mapping[str, Any]) -> Row:
    content = quote.content
    said = dict(every) | {
        "quote": content["quote"],
        "story": quote.story,
        "version": quote.version,
        "digest": quote.digest,
        "published_at": tables.in_utc(quote.published_at),
        "left_out": tables.left_out(quote.withheld),
    }
    if quote.withheld:
        return tables.row(COLUMNS, said["left_out"], said, None)
    said |= {name: content[name] for name in _AS_SAID}
    said |= {"speaker": content["speaker"]["name"], "speaker_slug": content["speaker"]["slug"]}
    said |= {"language": quote.language, "headline": quote.headline, "said_at": tables.in_utc(content["said_at"])}
    said |= {"sources": tables.sources_in_words([content["source"]])}
    return tables.row(COLUMNS, content["speaker"]["name"], said, None)
