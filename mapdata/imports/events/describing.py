"""A row of a foreign file in the words of an event: its title, type, place, numbers, sources."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from mapdata.imports import matching
from mapdata.imports.events.days import Day
from mapdata.imports.events.nearest import Nearest
from mapdata.imports.files.columns import text_of
from mapdata.imports.files.reading import Feature
from mapdata.imports.files.records import Refusal, Unreadable
from mapdata.models import Event
from newsroom.texts.languages import first_language, in_language

_Type = Event.Type
# What other vocabularies call a type of event: the beginnings of words, the surest first.
_WORDS: tuple[tuple[str, str], ...] = (
    (_Type.VIOLENCE, "civilian abduction execution massacre killing torture sexual burger violence_against"),
    (_Type.EXPLOSION, "explosi bomb shell artiller airstrike air missile rocket drone uav mine ied strike munition "
     "cluster thermal luchtaanval beschieting raket обстріл вибух ракет дрон"),
    (_Type.BATTLE, "battle clash fight combat gevecht assault attack invasion inval бій бої штурм armed state-based 1"),
    (_Type.EVACUATION, "evac evacu евакуац"),
    (_Type.HUMANITARIAN, "humanit aid hulp refugee гуманіт"),
    (_Type.DIPLOMATIC, "diplom negotiat talks onderhandel visit bezoek переговор"),
    (_Type.PROTEST, "protest demonstrat протест"),
    (_Type.RIOT, "riot rellen"),
    (_Type.STRATEGIC, "control strategic occup captur liberat retreat move presence"),
)  # fmt: skip
_PRECISIONS = {
    "exact": "exact site point building address 1 precies",
    "vicinity": "vicinity street neighbourhood neighborhood",
    "locality": "locality town city village settlement 2 plaats",
    "district": "district region raion oblast admin province 3 4 5 6",
}
_PRECISION = {word: name for name, words in _PRECISIONS.items() for word in words.split()}
# Of one event; what has more is a list of something else.
_MOST_URLS = 20


def types_of(values: Mapping[str, int] | Counter, said: Mapping[str, str]) -> dict[str, str]:
    """The type of event for each value of a column; `said` comes first; others are strategic developments."""
    return {value: said.get(value) or _guess(value) for value in values}


def _guess(value: str) -> str:
    folded = re.sub(r"[\s/-]+", "_", value.strip().casefold())
    if folded in _Type.values:
        return folded
    for kind, words in _WORDS:
        if any(re.search(rf"(^|_){re.escape(word)}", folded) for word in words.split()):
            return kind
    return _Type.STRATEGIC


class Describer:
    """Says for each feature what the event's fields are, and keeps what it had to make up, for `notes`,
    and what it left out (`warnings`)."""

    def __init__(self, match: Mapping[str, str], types: Mapping[str, str], nearest: Nearest, source: str):
        self.match, self.types, self.nearest, self.source = match, types, nearest, source
        # Of each text the columns that say it, each with its language.
        self.columns = {
            field: [
                (language, match[name]) for name, language in matching.in_languages(field).items() if match.get(name)
            ]
            for field in ("title", "text", "place")
        }
        self.first = first_language()
        self.untitled = self.shortened = self.unplaced = 0
        self.warnings: list[Refusal] = []
        self.words: dict[str, dict[str, str]] = {}
        for language in settings.CONTENT_LANGUAGES:
            # In a language that the interface does not speak: as it falls back.
            with override(language):
                self.words[language] = {kind: str(label).capitalize() for kind, label in _Type.choices}

    def __call__(self, feature: Feature, day: Day) -> tuple[dict[str, Any], tuple[str, ...]]:
        """(fields, addresses of sources). Raises Unreadable for what cannot be stored."""
        lon, lat = feature.point.x, feature.point.y
        if abs(lat) > 85:
            raise Unreadable(_("It lies nearer to a pole than maps can show."))
        value = self.said(feature, "type")
        kind = self.types.get(value) or _Type.STRATEGIC
        fields: dict[str, Any] = {
            "lon": lon, "lat": lat, "happened_at": day.moment, "time_precision": day.precision, "type": kind,
            "sub_type": (self.said(feature, "sub_type") or ("" if value == kind else value))[:60],
            "text": self._in_languages(feature, "text"),
            "location_precision": self._location_precision(feature), "verification": self._verification(feature),
            "graphic": self.said(feature, "graphic").casefold() in {"true", "1", "yes", "ja", "t", "y"},
        }  # fmt: skip
        fields["place"] = self._places(feature, lon, lat)
        fields["title"] = self._titles(feature, kind, in_language(fields["place"], self.first), value)
        fields |= self._casualties(feature)
        return fields, tuple(urls_in(self.said(feature, "source_url")))

    def said(self, feature: Feature, field: str) -> str:
        column = self.match.get(field)
        return text_of(feature.properties.get(column)) if column else ""

    def notes(self) -> list[str]:
        found = []
        if self.untitled:
            found.append(
                _("Titles made of the type and the place, since there was none: %(count)s.") % {"count": self.untitled}
            )
        if self.shortened:
            found.append(
                _("Titles or names of places that were too long and were cut: %(count)s.") % {"count": self.shortened}
            )
        if self.unplaced:
            found.append(_("Places named after the nearest in the gazetteer: %(count)s.") % {"count": self.unplaced})
        return found

    def _cut(self, text: str, limit: int) -> str:
        text = " ".join(text.split())
        if len(text) <= limit:
            return text
        self.shortened += 1
        return text[: limit - 1].rstrip() + "…"

    def _places(self, feature: Feature, lon: float, lat: float) -> dict[str, str]:
        names = matching.filled(self._in_languages(feature, "place"))
        if not names:
            self.unplaced += 1
            names = self.nearest.to(lon, lat) or {self.first: f"{lat:.2f}, {lon:.2f}"}
        return {language: self._cut(name, 100) for language, name in names.items()}

    def _titles(self, feature: Feature, kind: str, place: str, value: str) -> dict[str, str]:
        titles = matching.filled(self._in_languages(feature, "title"))
        if not titles:
            self.untitled += 1
            if value:
                titles = {self.first: f"{value.replace('_', ' ').capitalize()}: {place}"}
            else:
                titles = {language: f"{words[kind]}: {place}" for language, words in self.words.items()}
        return {language: self._cut(title, 200) for language, title in titles.items()}

    def _in_languages(self, feature: Feature, field: str) -> dict[str, str]:
        said = ((language, text_of(feature.properties.get(column))) for language, column in self.columns[field])
        return {language: text for language, text in said if text}

    def _location_precision(self, feature: Feature) -> str:
        said = self.said(feature, "location_precision").casefold()
        return _PRECISION.get(said.partition(" ")[0], "locality")

    def _verification(self, feature: Feature) -> str:
        said = re.sub(r"[\s-]+", "_", self.said(feature, "verification").casefold())
        return (
            said if said in Event.Verification.values else "verified" if said in {"true", "yes", "ja"} else "unverified"
        )

    def _casualties(self, feature: Feature) -> dict[str, Any]:
        """Numbers are attributed, or they cannot be stored: without a word on who says so, to the source."""
        found: dict[str, Any] = {}
        for name in ("low", "best", "high"):
            said = self.said(feature, f"casualties_{name}")
            if re.fullmatch(r"\d{1,7}(\.0+)?", said):
                found[f"casualties_{name}"] = int(float(said))
        if not found:
            return {}
        low, high = found.get("casualties_low"), found.get("casualties_high")
        if low is not None and high is not None and low > high:
            words = _("Its numbers of casualties are left out: the lowest is above the highest.")
            self.warnings.append(Refusal(feature.number, words))
            return {}
        according = self.said(feature, "casualties_according_to") or self.source
        return found | {"casualties_according_to": self._cut(according, 200)}


def urls_in(text: str) -> Iterable[str]:
    """The web addresses in a cell; nothing else is made a link of."""
    for url in re.findall(r"https?://[^\s|;,\"<>]+", text)[:_MOST_URLS]:
        if len(url) <= 1000 and host_of(url):
            yield url


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")[:200]
    except ValueError:
        return ""
