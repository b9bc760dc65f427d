"""Degrees as people write them: 50.45, 50,45, N 49° 13’ 02", 30°31'24.1"E, 49 13 02 пн. ш., 5° 7,4' OL."""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from mapdata.imports.files.records import Unreadable

LATITUDE, LONGITUDE = "lat", "lon"

# Which way a letter points: the axis, and the sign. English, Dutch, Ukrainian and Russian.
_WAYS = {
    (LATITUDE, 1): "n north noord noorderbreedte nb пн північ с сев",
    (LATITUDE, -1): "s south z zuid zuiderbreedte zb пд південь ю юж",
    (LONGITUDE, 1): "e east o oost oosterlengte ol сх схід в вост е",
    (LONGITUDE, -1): "w west westerlengte wl зх захід з зап",
}
_WAY = {word: way for way, words in _WAYS.items() for word in words.split()}
# Words beside those letters: of "пн. ш." and "сх. д.", for one.
_SILENT = {"ш", "д", "широти", "довготи", "широты", "долготы", "lat", "latitude", "lon", "long", "longitude"}
# Letters for degrees, minutes and seconds, so that the s is not taken for south; and points within "N.B.".
_SPELT = [
    (re.compile(r"(\d)\s*(?:d|deg|degrees|gr|graden)\b\.?", re.IGNORECASE), r"\1° "),
    (re.compile(r"(\d)\s*d(?=\d)", re.IGNORECASE), r"\1° "),
    (
        re.compile(r"(?<=[°' ])(\d+)\s*m(?:in)?\.?(?=\W|\d|$)\s*(\d+(?:[.,]\d+)?)\s*s(?:ec)?\.?", re.IGNORECASE),
        "\\1' \\2\" ",
    ),
    (re.compile(r"(?<=[°' ])(\d+(?:[.,]\d+)?)\s*m(?:in)?\b\.?", re.IGNORECASE), r"\1' "),
    (re.compile(r"\b([nzowol])\.\s?([bl])\.", re.IGNORECASE), r"\1\2"),
]
# More than anybody needs for an angle.
_LONGEST = 80
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
# A minus sign, a hyphen and dashes that stand for one; what stands above an o in Spanish is no letter here.
_SIGNS = str.maketrans("−–—‐º", "----°")


class Angle(NamedTuple):
    """Degrees, the axis that a letter named (empty where there was none), and how many parts it was written in."""

    degrees: float
    axis: str = ""
    parts: int = 1


def angle(text: str) -> Angle:
    """An angle in degrees, from text. Raises Unreadable, with the text in the reason, for what is none.

    A plain number is taken as it is, also where it is no angle: it may be metres.
    """
    stripped = text.strip().translate(_SIGNS)
    if len(stripped) > _LONGEST:
        raise Unreadable(_("“%(text)s” is no latitude or longitude.") % {"text": stripped[:40]})
    if _PLAIN.fullmatch(stripped):
        return Angle(float(stripped.replace(",", ".")))
    for pattern, spelling in _SPELT:
        stripped = pattern.sub(spelling, stripped)
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(stripped)]
    way = _way(stripped)
    rest = _LETTERS.sub("", _NUMBER.sub("", stripped))
    if (
        not 1 <= len(numbers) <= 3
        or re.search(r"[^\s\-+°˚*'’‘′`´\"”“″,.;:/()]", rest)
        or "-" in stripped.lstrip("-+ NSEWnsew")
    ):
        raise Unreadable(_("“%(text)s” is no latitude or longitude.") % {"text": text.strip()[:40]})
    if any(part >= 60 for part in numbers[1:]) or any(part % 1 for part in numbers[:-1]):
        raise Unreadable(_("“%(text)s” has minutes or seconds that there cannot be.") % {"text": text.strip()[:40]})
    degrees = sum(part / 60**place for place, part in enumerate(numbers))
    sign = -1 if "-" in rest else 1
    return Angle(degrees * sign * (way[1] if way else 1), way[0] if way else "", len(numbers))


def pair(lat: str, lon: str) -> tuple[float, float]:
    """(longitude, latitude) from two cells. Raises Unreadable, which says which of the two is wrong and why.

    Where letters say that the cells hold each other's axis they are exchanged: that is read, not guessed.
    """
    if not lat.strip() or not lon.strip():
        missing = _("latitude") if not lat.strip() else _("longitude")
        if not lat.strip() and not lon.strip():
            raise Unreadable(_("It has no coordinates."))
        raise Unreadable(_("It has no %(which)s.") % {"which": missing})
    first, second = angle(lat), angle(lon)
    if (first.axis or LATITUDE, second.axis or LONGITUDE) == (LATITUDE, LONGITUDE):
        _refuse_uneven(first, second, lat, lon)
        return second.degrees, first.degrees
    if (first.axis, second.axis) == (LONGITUDE, LATITUDE):
        return first.degrees, second.degrees
    raise Unreadable(
        _("“%(lat)s” and “%(lon)s” are not a latitude and a longitude.") % {"lat": lat.strip()[:40], "lon": lon[:40]}
    )


def pair_in_one(text: str, lon_first: bool = False) -> tuple[float, float]:
    """(longitude, latitude) from one cell with both, latitude first unless said otherwise or letters say so."""
    halves = _halves(text.strip()) if len(text) <= 2 * _LONGEST else None
    if halves is None:
        raise Unreadable(_("“%(text)s” is no latitude and longitude.") % {"text": text.strip()[:60]})
    lat, lon = reversed(halves) if lon_first else halves
    return pair(lat, lon)


def _refuse_uneven(first: Angle, second: Angle, lat: str, lon: str) -> None:
    """Degrees and minutes beside degrees, minutes and seconds: the last part was lost."""
    if {first.parts, second.parts} == {2, 3}:
        short = lat if first.parts == 2 else lon
        raise Unreadable(_("“%(text)s” has no seconds, the other coordinate has.") % {"text": short.strip()[:40]})


def _halves(text: str) -> tuple[str, str] | None:
    for separator in (";", "|", " / ", ", ", ","):
        parts = [part for part in text.split(separator) if part.strip()]
        if len(parts) == 2:
            return parts[0], parts[1]
    numbers = text.replace("(", " ").replace(")", " ").split()
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    # 49°13'02"N 30°31'24"E, N 49° 13’ 02" E 30° 31’ 24"
    found = re.fullmatch(r"([NSZПСЮ].*?)\s*([EWOВЗС].*)", text) or re.fullmatch(r"(.*?[NSZПСЮns])\s*(\d.*)", text)
    return (found[1], found[2]) if found else None


def _way(text: str) -> tuple[str, int] | None:
    """What the letters say; Unreadable for letters that say nothing about coordinates, or two things."""
    said = {_WAY.get(word) for word in _LETTERS.findall(text.casefold()) if word not in _SILENT}
    if not said:
        return None
    way = said.pop()
    if said or way is None:
        raise Unreadable(_("“%(text)s” is no latitude or longitude.") % {"text": text.strip()[:40]})
    return way
