"""Moments: how precisely one is known, and those that readers ask for in an address (`?at=`, `?as_of=`)."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# One spelling of ISO 8601 (RFC 3339's, with the seconds optional): week dates, day numbers and dates without hyphens
# would be as many more addresses for the same page. A "+" in an address arrives as a space, so that is an offset too.
_WRITTEN = re.compile(
    r"""
    (?P<date> [0-9]{4}-[0-9]{2}-[0-9]{2} )
    (?:
        [Tt ] (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} )
        (?: : (?P<second> [0-9]{2} ) (?: [.,] (?P<fraction> [0-9]{1,9} ) )? )?
        (?P<offset> [Zz] | (?P<sign> [-+ ] ) (?P<hours> [0-9]{2} ) (?: :? (?P<minutes> [0-5][0-9] ) )? )?
    )?
    """,
    re.VERBOSE,
)
# Two days inside of what a datetime can hold, so that a moment can be shown in any time zone.
EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


class MomentPrecision(models.TextChoices):
    """How precisely is known when something happened or was said; a page never writes it finer."""

    EXACT = "exact", gettext_lazy("exact")
    DAY = "day", gettext_lazy("day")
    WEEK = "week", gettext_lazy("week")
    MONTH = "month", gettext_lazy("month")


class BadMoment(ValueError):
    """What an address asked for is not a moment; the message is one sentence for whoever asked."""


def parse(value: str, tz: ZoneInfo) -> datetime:
    """The moment that `value` means, in UTC.

    A date (2022-04-06) means the end of that day in `tz`, its last microsecond. A date-time (2022-04-06T18:05) is in
    `tz` unless it brings its own offset (+03:00, Z). When the clock goes back, a time that comes twice is the first
    of the two, and a day that ends twice ends the second time; a time that is skipped when the clock goes forward is
    counted from before the jump (PEP 495). What is finer than a microsecond is cut off. Moments at the very ends of
    the calendar become `EARLIEST` or `LATEST`. Raises `BadMoment` for anything else.
    """
    found = _WRITTEN.fullmatch(value)
    try:
        day = datetime.fromisoformat(found["date"]).date()
        if found["hour"] is None:
            return _in_utc(datetime.combine(day, time.max, tzinfo=tz).replace(fold=1))
        clock = time(
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"] or 0),
            int((found["fraction"] or "").ljust(6, "0")[:6]),
        )
        return _in_utc(datetime.combine(day, clock, tzinfo=_offset(found) or tz))
    except (TypeError, ValueError) as error:
        raise BadMoment(
            _("“%(value)s” is not a date or a moment: write it like 2022-04-06 or 2022-04-06T18:05.")
            % {"value": value if len(value) <= 40 else f"{value[:40]}…"}
        ) from error


def in_words(moment: datetime, tz: tzinfo | None = None, form: str = "DATETIME_FORMAT") -> str:
    """For the desk, which knows whose time it is: in the site's zone, or another, and the language of whoever asks.

    In tables `form` is "SHORT_DATETIME_FORMAT", or "SHORT_DATE_FORMAT". Readers are told more: templatetags/moments.py.
    """
    return date_format(localtime(moment, tz), form)


def text_of(moment: datetime, tz: ZoneInfo) -> str:
    """What to ask for in an address to get this moment: the shortest text that `parse` reads as it."""
    local = moment.astimezone(tz)
    for text in (local.date().isoformat(), local.replace(tzinfo=None).isoformat()):
        if parse(text, tz) == moment:
            return text
    # The hour that comes twice, the second time.
    return local.isoformat()


def _offset(found: re.Match) -> timezone | None:
    """The offset from UTC that came with a date-time; ValueError for a whole day or more."""
    if found["offset"] is None:
        return None
    if found["sign"] is None:
        return UTC
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset)


def _in_utc(moment: datetime) -> datetime:
    try:
        return min(max(moment.astimezone(UTC), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST
