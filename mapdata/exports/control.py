"""Who holds which ground, as a table: a row for each control area of one edition, or of many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely import MultiPolygon

from mapdata.exports import tables
from mapdata.exports.tables import Column, Row, Table, Terms

BEFORE_NAMES = (
    Column("edition", tables.INTEGER),
    Column("situation_at", short="datetime"),
    Column("published_at", short="published"),
    Column("kind"),
    Column("digest"),
    Column("party"),
)
AFTER_NAMES = (
    Column("status"),
    Column("basis"),
    Column("claimed_by"),
    # All four in one word, as `import_file --as` takes them.
    Column("holding"),
    Column("km2", tables.REAL),
    *tables.ATTRIBUTION,
    *tables.OF_A_MAP,
    *tables.OF_THE_FILE,
)


HOLDING = ("party", "status", "basis", "claimed_by")


def columns(languages: Sequence[str]) -> tuple[Column, ...]:
    """With the party's name in each language."""
    names = (Column(f"party_{language}", short=f"party_{language}"[:10]) for language in languages)
    return (*BEFORE_NAMES, *names, *AFTER_NAMES)


@dataclass(frozen=True)
class ExportedEdition:
    """An edition: what it says (`content`), and the ground of its areas in the same order.

    `withheld` are the publishers of sources that are not for redistribution: with one, none of its ground is written.
    """

    number: int
    kind: str
    digest: str
    published_at: datetime
    content: Mapping[str, Any]
    grounds: Sequence[MultiPolygon]
    withheld: tuple[str, ...] = ()


def control_table(editions: Sequence[ExportedEdition], terms: Terms, as_of: datetime) -> Table:
    """The areas of all editions, in the order given. An edition that is left out keeps one row, without ground, that
    says why."""
    newest = editions[-1].content["map"]
    said = [_said_of(edition) for edition in editions]
    about = {
        **tables.said_of_every_row(terms, as_of, newest),
        "map_title": newest["title"],
        **(said[0] if len(said) == 1 else {"editions": said}),
    }
    rows = [row for edition in editions for row in _rows(edition, terms, as_of)]
    title = terms.in_words(newest["title"])
    if len(said) == 1:
        title = f"{title}, {said[0]['situation_at'][:10]}"
    return Table("control", title, "MultiPolygon", columns(terms.languages), rows, as_of, about)


def _said_of(edition: ExportedEdition) -> dict[str, Any]:
    return {
        "edition": edition.number,
        "kind": edition.kind,
        "situation_at": tables.in_utc(edition.content["situation_at"]),
        "published_at": tables.in_utc(edition.published_at),
        "digest": edition.digest,
        "sources": [tables.source_record(source) for source in edition.content["sources"]],
        "left_out": tables.left_out(edition.withheld),
    }


def _rows(edition: ExportedEdition, terms: Terms, as_of: datetime) -> Iterator[Row]:
    content, wanted = edition.content, columns(terms.languages)
    said = (
        tables.said_of_every_row(terms, as_of, content["map"])
        | _said_of(edition)
        | {"sources": tables.sources_in_words(content["sources"])}
    )
    if edition.withheld:
        yield tables.row(wanted, said["left_out"], said, None)
        return
    for area, ground in zip(content["areas"], edition.grounds, strict=True):
        names = content["parties"][area["party"]]["name"]
        own = {name: area[name] for name in (*HOLDING, "km2")}
        own["holding"] = ":".join(filter(None, (area[name] for name in HOLDING)))
        own |= {f"party_{language}": names.get(language, "") for language in terms.languages}
        label = f"{terms.in_words(names) or area['party']}: {area['status']}, {area['basis']}"
        yield tables.row(wanted, label, said | own, ground)
