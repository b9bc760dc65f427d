"""Moments written out for readers, in the active language, and always with whose time it is.

A moment may be a datetime, or the ISO text of one as versions freeze it. `tz` is a time zone or its name; without one
it is the site's.
"""

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from newsroom.templatetags._inline import inline

register = template.Library()

# As newspapers write them; Django's own formats, the same in Dutch for every site, leave out the day of the week.
FORMATS = {
    "nl": {
        "exact": r"j F Y, H.i \u\u\r",
        "day": "l j F Y",
        "week": "j F Y",
        "month": "F Y",
        # Without the capital that `M` gives a month.
        "short": "j b Y",
        "clock": r"H.i \u\u\r",
    },
    "en": {
        "exact": "j F Y, H:i",
        "day": "l j F Y",
        "week": "j F Y",
        "month": "F Y",
        "short": "j M Y",
        "clock": "H:i",
    },
}
# Time zones that readers know by another name than that of a city.
ZONES: dict[str, str | Promise] = {
    "Europe/Amsterdam": gettext_lazy("Dutch time"),
    "Europe/Brussels": gettext_lazy("Belgian time"),
    "Europe/Kiev": gettext_lazy("Kyiv time"),
    "UTC": "UTC",
    "Etc/UTC": "UTC",
}


@register.filter
def moment(value: datetime | str, tz: tzinfo | str | None = None) -> str:
    """6 April 2022, 18:05 (Dutch time)"""
    return written(value, "exact", tz)


@register.filter
def day(value: datetime | str, tz: tzinfo | str | None = None) -> str:
    """Tuesday 5 April 2022"""
    return written(value, "day", tz)


@register.simple_tag(name="time")
def time_element(
    value: datetime | str, precision: str = "exact", tz: tzinfo | str | None = None, short: bool = False
) -> str:
    """`{% time quote.said_at quote.precision map.time_zone %}`: a `<time>` with the words that `written` gives.

    `short` is for lists, whose heading says whose days these are: 6 Apr 2022.
    """
    local = _local(value, tz)
    year, week, _weekday = local.isocalendar()
    date = local.date().isoformat()
    machine = {
        "exact": local.isoformat(timespec="seconds"),
        "day": date,
        "week": f"{year:04}-W{week:02}",
        "month": date[:7],
    }[precision]
    return inline("newsroom/_time.html", machine=machine, words=written(local, precision, local.tzinfo, short))


def written(
    value: datetime | str, precision: str = "exact", tz: tzinfo | str | None = None, short: bool = False
) -> str:
    """A moment in words, no finer than it is known: `precision` is "exact", "day", "week" or "month", or "clock" for
    the time of day alone; `short` leaves out the day of the week, the time and whose it is."""
    local = _local(value, tz)
    return _in_words(local.replace(tzinfo=None), local.tzinfo, precision, short, get_language() or "nl")


# A page of events says some dozens of days, and other pages the same ones again.
@lru_cache(maxsize=2048)
def _in_words(local: datetime, tz: tzinfo, precision: str, short: bool, language: str) -> str:
    """`language` is the active one: it is here because the words are kept."""
    if precision == "week":
        local -= timedelta(days=local.weekday())
    style = "short" if short and precision != "month" else precision
    words = dateformat.format(local, FORMATS.get(language[:2], FORMATS["en"])[style])
    if style == "exact":
        return _("%(moment)s (%(zone)s)") % {"moment": words, "zone": zone_name(tz)}
    if precision == "week":
        return _("in the week of %(day)s") % {"day": words}
    return words


@register.simple_tag
def localdate(value: datetime | str, tz: tzinfo | str | None = None) -> str:
    """The day as a date field of a form wants it: 2022-04-06."""
    return _local(value, tz).date().isoformat()


def zone_name(tz: tzinfo) -> str:
    """Whose time it is: "Dutch time", "Kyiv time", "UTC+02:00"."""
    key = getattr(tz, "key", None)
    if key is None:
        return str(tz)
    if key in ZONES:
        return str(ZONES[key])
    return _("%(city)s time") % {"city": key.rpartition("/")[2].replace("_", " ")}


def _local(value: datetime | str, tz: tzinfo | str | None) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    tz = ZoneInfo(tz) if isinstance(tz, str) and tz else tz or timezone.get_current_timezone()
    return value.replace(tzinfo=tz) if timezone.is_naive(value) else value.astimezone(tz)
