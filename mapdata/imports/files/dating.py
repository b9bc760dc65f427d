"""Which moment a file shows: by its name, or by what stands in it."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

# 2022-04-06, 2022_04_06, 20220406; with a time only after a T, since other digits that follow may be anything.
_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?:T(\d\d)[-_:.]?(\d\d)(?:[-_:.]?(\d\d))?(Z?))?(?![\d])"
)
MEMBERS = ("situation_at", "date", "datetime", "timestamp")

Moment = date | datetime


def from_name(name: str) -> Moment | None:
    """The one date (or moment, in UTC if it ends in Z, else without a zone) in a file's name; None for two or none."""
    found = {moment for match in _IN_NAME.finditer(name) if (moment := _from_match(match)) is not None}
    return found.pop() if len(found) == 1 else None


def from_members(members: Mapping[str, Any]) -> Moment | None:
    """The date or moment that a JSON object says in one of `MEMBERS`."""
    return next((moment for name in MEMBERS if (moment := from_value(members.get(name))) is not None), None)


def from_features(properties: Iterable[Mapping[str, Any]]) -> Moment | None:
    """The date or moment that all features agree on."""
    found = {moment for members in properties if (moment := from_members(members)) is not None}
    return found.pop() if len(found) == 1 else None


def from_value(value: Any) -> Moment | None:
    """An ISO 8601 date or date-time, or seconds or milliseconds since 1970; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value)):
        return _from_epoch(float(value))
    if not isinstance(value, str):
        return None
    text = value.strip().replace("/", "-")
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _from_epoch(number: float) -> Moment | None:
    seconds = number / 1000 if number > 1e11 else number
    # Between 2001 and 2096: smaller and greater numbers are something else, a year or an id.
    return datetime.fromtimestamp(seconds, UTC) if 1e9 <= seconds < 4e9 else None


def _from_match(match: re.Match[str]) -> Moment | None:
    year, _, month, day, hour, minute, second, zulu = match.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        clock = (int(hour), int(minute), int(second or 0))
        return datetime(int(year), int(month), int(day), *clock, tzinfo=UTC if zulu else None)
    except ValueError:
        return None
