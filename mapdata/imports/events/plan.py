"""What a file of points with dates would make: draft events, and what is in doubt or there already."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mapdata.imports import matching
from mapdata.imports.decisions import Decision
from mapdata.imports.events import days, describing, twins
from mapdata.imports.events.nearest import Nearest
from mapdata.imports.events.twins import Twin
from mapdata.imports.files import dating
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature, Reading
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.imports.plans import Plan, of_reading, split
from mapdata.imports.provenance import situation_of
from mapdata.models import SituationMap


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What one feature becomes: the fields of an event, and the addresses of its sources."""

    number: int
    fields: Mapping[str, Any]
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventsPlan(Plan):
    """`rows` are the events that would be made; `twins` are features that seem to be events of the map already.

    `types` says for each value of the type's column which type of event it becomes.
    """

    map: SituationMap | None = None
    rows: tuple[NewEvent, ...] = ()
    twins: tuple[Twin, ...] = ()
    types: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def details(self) -> dict:
        return {"duplicates": [twin.as_json() for twin in self.twins], "types": dict(self.types)}


def plan(
    reading: Reading, map_: SituationMap, decision: Decision, progress: Callable[[int, int], None] | None = None
) -> EventsPlan:
    """The events in the file, the dates that are ambiguous, and what seems to be there already."""
    features, left_out = split(reading, "point")
    match = matching.guess("events", [field.name for field in reading.fields], decision.match, _addresses(reading))
    undecided, offered = of_reading(reading)
    refused, warnings = list(reading.refused), list(reading.warnings)
    dates = _dates(features, match, map_, decision)
    undecided += _in_doubt(dates, features, match)
    offered += _orders(dates) if dates else ()
    types = describing.types_of(_values(features, match, "type"), decision.types)
    describe = describing.Describer(match, types, Nearest.of_gazetteer(), decision.source or reading.name)
    rows: list[NewEvent] = []
    waiting = 0
    for done, feature in enumerate(features, start=1):
        if progress and done % 500 == 0:
            progress(done, len(features))
        try:
            day = dates.read.get(feature.number) if dates else None
            if dates and day is None and feature.number not in dates.ambiguous:
                raise Unreadable(dates.wrong[feature.number])
            if day is None:
                waiting += 1
                continue
            if day.moment > timezone.now():
                warnings.append(Refusal(feature.number, _("It lies in the future.")))
            fields, urls = describe(feature, day)
            rows.append(NewEvent(feature.number, fields, urls))
        except Unreadable as why:
            refused.append(Refusal(feature.number, str(why)))
    warnings += describe.warnings
    found, again = twins.find(rows, map_), twins.within(rows)
    warnings += [Refusal(number, _("It is the same as row %(first)s.") % {"first": first}) for number, first in again]
    if not decision.duplicates:
        there = {twin.number for twin in found}
        rows = [row for row in rows if row.number not in there]
    return EventsPlan(
        reading=reading, decision=decision, imported=len(rows) + waiting, refused=tuple(refused),
        left_out=tuple(left_out), warnings=tuple(warnings), undecided=tuple(undecided),
        notes=(*reading.notes, *describe.notes()), matching=match, proposals=tuple(offered), map=map_,
        rows=tuple(rows), twins=tuple(found), types=types,
    )  # fmt: skip


def _dates(
    features: Sequence[Feature], match: Mapping[str, str], map_: SituationMap, decision: Decision
) -> days.Days | None:
    """When each happened; None where neither a column nor anybody says."""
    column, clock = match.get("happened_at"), match.get("time", "")
    given = _given(decision.at, map_)
    if column is None:
        return given and days.Days({feature.number: given for feature in features}, (), {}, {})
    rows = [
        (
            feature.number,
            text_of(feature.properties.get(column)),
            text_of(feature.properties.get(clock)) if clock else "",
        )
        for feature in features
    ]
    order = next((name for name in (days.DAY_FIRST, days.MONTH_FIRST) if name in decision.accept), "")
    found = days.read(rows, map_.zone, UTC if days.is_utc(clock) else None, order)
    if given is None:
        return found
    undated = {number: given for number, said, _clock in rows if not said}
    return dataclasses.replace(found, read=dict(found.read) | undated)


def _given(at: dating.Moment | None, map_: SituationMap) -> days.Day | None:
    """The moment that somebody gave for whatever has none."""
    if at is None:
        return None
    if isinstance(at, datetime):
        return days.Day(situation_of(at, map_), "exact")
    return days.Day(datetime.combine(at, time(12), tzinfo=map_.zone), "day")


def _in_doubt(dates: days.Days | None, features: Sequence[Feature], match: Mapping[str, str]) -> Iterator[str]:
    """What somebody must say of when it happened."""
    if features and dates is None:
        yield _("No column says when it happened. Name one, or give one moment for all.")
    if dates and dates.ambiguous:
        row = dates.ambiguous[0]
        text = next(text_of(item.properties.get(match["happened_at"])) for item in features if item.number == row)
        words = _("%(count)s dates can be read in two ways (row %(row)s: “%(text)s”). Accept day_first or month_first.")
        yield words % {"count": len(dates.ambiguous), "row": row, "text": text}


def _addresses(reading: Reading) -> Callable[[str, str], bool]:
    """A column of sources that has no web addresses is something else."""

    def fits(field: str, column: str) -> bool:
        return field != "source_url" or any("http" in sample for sample in reading.field(column).samples)

    return fits


def _orders(dates: days.Days) -> Iterator[dict]:
    words = {
        days.DAY_FIRST: _("Read ambiguous dates with the day first."),
        days.MONTH_FIRST: _("Read ambiguous dates with the month first."),
    }
    for order, count in dates.orders.items():
        yield {
            "kind": "date_order",
            "accept": order,
            "words": words[order],
            "rows": list(dates.ambiguous[:50]),
            "of": count,
        }


def _values(features: Sequence[Feature], match: Mapping[str, str], field: str) -> Counter:
    column = match.get(field)
    return Counter(text_of(feature.properties.get(column)) if column else "" for feature in features)
