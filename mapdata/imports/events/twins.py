"""Events that seem to be there already: on the same day, within the precision of the place, with a similar title."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from mapdata.models import Event, SituationMap
from mapdata.models.places import folded
from newsroom.texts.languages import first_language, in_language

# How far apart, in km, two accounts of one event may place it; what is told to 10 m may still be 300 m off.
_REACH = {"exact": 0.3, "vicinity": 0.5, "locality": 2.0, "district": 25.0}
# Of the words of both titles, the share that they have in common.
_SIMILAR = 0.5
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Twin:
    """A feature, and the event that it seems to be."""

    number: int
    event: int
    title: str
    km: float

    def as_json(self) -> dict:
        return {"feature": self.number, "event": self.event, "title": self.title, "km": round(self.km, 2)}


def find(rows: Sequence, map_: SituationMap) -> list[Twin]:
    """For each row (of `events`) the event of the map that it seems to be, if there is one."""
    if not rows:
        return []
    by_day = _events_by_day(rows, map_)
    found: list[Twin] = []
    for row in rows:
        there = by_day.get(_day(row.fields["happened_at"], map_.zone))
        if there is not None and (twin := _twin(row, there)):
            found.append(twin)
    return found


def within(rows: Sequence) -> Iterator[tuple[int, int]]:
    """(number, number of the first) of rows that say the same as one before them."""
    seen: dict[tuple, int] = {}
    for row in rows:
        fields = row.fields
        key = (
            fields["happened_at"],
            fields["lon"],
            fields["lat"],
            *(tuple(sorted(fields[name].items())) for name in ("title", "text")),
            row.urls,
        )
        if key in seen:
            yield row.number, seen[key]
        else:
            seen[key] = row.number


@dataclass
class _Day:
    """The events of a day: their coordinates as an array [event, (longitude, latitude)]."""

    pks: list[int]
    titles: list[str]
    words: list[frozenset[str]]
    reach: np.ndarray
    points: np.ndarray


def _events_by_day(rows: Sequence, map_: SituationMap) -> dict[date, _Day]:
    moments = [row.fields["happened_at"] for row in rows]
    margin = timedelta(days=1)
    events = Event.objects.filter(map=map_, happened_at__range=(min(moments) - margin, max(moments) + margin))
    wanted = {_day(moment, map_.zone) for moment in moments}
    gathered: dict[date, list[tuple]] = {}
    columns = ("pk", "happened_at", "lon", "lat", "location_precision", "title")
    for event in events.order_by().values_list(*columns).iterator(chunk_size=5000):
        day = _day(event[1], map_.zone)
        if day in wanted:
            gathered.setdefault(day, []).append(event)
    return {
        day: _Day(
            [event[0] for event in there],
            [in_language(event[5], first_language()) for event in there],
            [_words(event[5]) for event in there],
            np.array([_REACH[event[4]] for event in there]),
            np.array([event[2:4] for event in there]),
        )
        for day, there in gathered.items()
    }


def _twin(row, there: _Day) -> Twin | None:
    fields = row.fields
    away = (there.points - (fields["lon"], fields["lat"])) * (np.cos(np.radians(fields["lat"])), 1.0)
    km = np.hypot(*away.T) * _KM_PER_DEGREE
    near = np.flatnonzero(km <= np.maximum(there.reach, _REACH[fields["location_precision"]]))
    if not len(near):
        return None
    words = _words(fields["title"])
    for place in near[np.argsort(km[near])].tolist():
        if _alike(words, there.words[place]):
            return Twin(row.number, there.pks[place], there.titles[place], float(km[place]))
    return None


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether the shorter title's words are mostly in the other."""
    fewest = min(len(first), len(second))
    return fewest > 0 and len(first & second) / fewest >= _SIMILAR and len(first & second) / len(first | second) >= 0.34


def _words(title: Mapping[str, str]) -> frozenset[str]:
    """Of the title in the first two content languages: files rarely speak more."""
    said = " ".join(title.get(language, "") for language in settings.CONTENT_LANGUAGES[:2])
    return frozenset(word for word in folded(said).split() if len(word) > 2)


def _day(moment, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
