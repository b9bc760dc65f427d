"""Dates as spreadsheets and registers write them, a whole column at once. Pure.

05/04/2014 is the fifth of April or the fourth of May. It is read only where another date in the same form settles it
(25/04/2014), or where somebody said so; otherwise it is ambiguous, and that is what is answered.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from django.utils.translation import gettext as _

from mapdata.imports.files import dating

_LONGEST = 60
# Years beyond these are mistakes, or trouble for calendars with time zones.
_EARLIEST, _LATEST = 1000, 2999
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"

_NUMBERS = re.compile(
    r"(?P<a>\d{1,2})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<year>\d{4}|\d{2})"
    r"(?:[ T,]+(?P<clock>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}[:.]\d{2}(?:[:.]\d{2})?))?")
_MONTH_ONLY = re.compile(r"(\d{4})[-/](\d{1,2})|(\d{1,2})/(\d{4})")
_WORDS = re.compile(
    r"(?:\w+,? )?(\d{1,2})\.?(?:st|nd|rd|th|-?е)? (?:of )?([^\W\d]+)\.?,? (\d{4})(?: р\.?| года?)?", re.IGNORECASE
)
_AMERICAN = re.compile(r"(?:\w+,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_MONTHS = (
    "januari january січня января jan", "februari february лютого февраля feb",
    "maart march березня марта mar mrt", "april квітня апреля apr", "mei may травня мая", "juni june червня июня jun",
    "juli july липня июля jul", "augustus august серпня августа aug", "september вересня сентября sep sept",
    "oktober october жовтня октября okt oct", "november листопада ноября nov", "december грудня декабря dec",
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}


@dataclass(frozen=True)
class Day:
    """A date or moment that was read; `precision` is exact, day or month."""

    moment: datetime
    precision: str


@dataclass(frozen=True)
class Days:
    """A column, read: by number of the row what it says, what two readings have, and what says nothing."""

    read: Mapping[int, Day]
    ambiguous: tuple[int, ...]
    wrong: Mapping[int, str]
    # Which readings there are, for a proposal: how many of the ambiguous rows each of them fits.
    orders: Mapping[str, int]


def read(
    column: Iterable[tuple[int, str, str]], zone: tzinfo, clock_zone: tzinfo | None = None, order: str = ""
) -> Days:
    """`column` is (number, date, time of day); `order` is what somebody said of dates that are ambiguous.

    A date without a time is noon in `zone`; a time of day from a column of its own is in `clock_zone`, which is `zone`
    where it says nothing else.
    """
    rows = [(number, said.strip(), clock.strip()) for number, said, clock in column]
    orders = _orders(said for _number, said, _clock in rows)
    done: dict[int, Day] = {}
    wrong: dict[int, str] = {}
    ambiguous: list[int] = []
    for number, said, clock in rows:
        try:
            found = _day(said[:_LONGEST], orders, order, zone)
            if found is None:
                ambiguous.append(number)
            else:
                if not _EARLIEST <= found.moment.year <= _LATEST:
                    raise ValueError(said)
                done[number] = _at(found, clock, zone, clock_zone or zone)
        except ValueError:
            text = said[:40]
            wrong[number] = _("“%(text)s” is not a date.") % {"text": text} if text else _("It has no date.")
    return Days(
        done, tuple(ambiguous), wrong, {DAY_FIRST: len(ambiguous), MONTH_FIRST: len(ambiguous)} if ambiguous else {}
    )


def _orders(said: Iterable[str]) -> dict[str, str]:
    """By form (separator, and whether there is AM or PM) the order that unambiguous dates in that form show."""
    shown: dict[str, set[str]] = {}
    for text in set(said):
        if found := _NUMBERS.fullmatch(text[:_LONGEST]):
            a, b = int(found["a"]), int(found["b"])
            if a > 12 >= b:
                shown.setdefault(_form(found), set()).add(DAY_FIRST)
            elif b > 12 >= a:
                shown.setdefault(_form(found), set()).add(MONTH_FIRST)
    return {form: orders.pop() for form, orders in shown.items() if len(orders) == 1}


def _form(found: re.Match) -> str:
    return found["by"] + ("half" if found["half"] else "")


def _day(text: str, orders: Mapping[str, str], order: str, zone: tzinfo) -> Day | None:
    """None for an ambiguous one; ValueError for what is no date."""
    if found := _NUMBERS.fullmatch(text):
        return _of_numbers(found, orders, order, zone)
    if found := _YEAR_FIRST.fullmatch(text):
        return _dated(date(*(int(part) for part in found.groups()[:3])), _clock(found[4]), zone)
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _dated(date(int(text[:4]), int(text[4:6]), int(text[6:])), None, zone)
    if found := _MONTH_ONLY.fullmatch(text):
        year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
        return Day(datetime(int(year), int(month), 1, 12, tzinfo=zone), "month")
    if (found := _WORDS.fullmatch(text)) and (month := _MONTH.get(found[2].casefold())):
        return _dated(date(int(found[3]), month, int(found[1])), None, zone)
    if (found := _AMERICAN.fullmatch(text)) and (month := _MONTH.get(found[1].casefold())):
        return _dated(date(int(found[3]), month, int(found[2])), None, zone)
    moment = dating.from_value(text)
    if moment is None:
        raise ValueError(text)
    if isinstance(moment, datetime):
        return Day(moment if moment.tzinfo else moment.replace(tzinfo=zone), "exact")
    return _dated(moment, None, zone)


def _of_numbers(found: re.Match, orders: Mapping[str, str], order: str, zone: tzinfo) -> Day | None:
    a, b = int(found["a"]), int(found["b"])
    year = int(found["year"])
    year += 2000 if year < 70 and len(found["year"]) == 2 else 1900 if len(found["year"]) == 2 else 0
    if a > 12 or b > 12 or a == b:
        first_is_day = a > 12 or a == b
    elif found["by"] == ".":
        # Nobody writes a month first with points.
        first_is_day = True
    elif known := orders.get(_form(found), order):
        first_is_day = known == DAY_FIRST
    else:
        return None
    day, month = (a, b) if first_is_day else (b, a)
    return _dated(date(year, month, day), _clock(found["clock"], found["half"] or ""), zone)


def _dated(day: date, clock: time | None, zone: tzinfo) -> Day:
    """Midnight is how a date without a time is exported: it says nothing of when."""
    if clock is None or clock == time():
        return Day(datetime.combine(day, time(12), tzinfo=zone), "day")
    return Day(datetime.combine(day, clock, tzinfo=zone), "exact")


def _clock(text: str | None, half: str = "") -> time | None:
    if not text:
        return None
    hour, minute, *second = (int(part) for part in re.split(r"[:.]", text))
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return time(hour, minute, *second)


def _at(day: Day, clock: str, zone: tzinfo, clock_zone: tzinfo) -> Day:
    """With the time of day of another column: 11:06, 11.06, or 1106 and 6 as satellites write it."""
    if not clock or day.precision == "exact":
        return day
    if found := re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?", clock):
        at = time(int(found[1]), int(found[2]), int(found[3] or 0))
    elif re.fullmatch(r"\d{1,4}", clock):
        at = time(int(clock) // 100, int(clock) % 100)
    else:
        return day
    local = day.moment.astimezone(zone).date()
    return Day(datetime.combine(local, at, tzinfo=clock_zone), "exact")


def is_utc(column: str) -> bool:
    """Whether a column of times says by its name that they are in UTC, as satellites' are."""
    folded = re.sub(r"[\W_]+", "", column.casefold())
    return "utc" in folded or "gmt" in folded or folded == "acqtime"
