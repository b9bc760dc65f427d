"""The two questions a reader can ask of every page: the situation at that day, and what was published as of then."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import QueryDict

from newsroom import moments
from newsroom.texts.languages import languages_of_names


@dataclass(frozen=True)
class Question:
    """`at` and `as_of` as the reader wrote them (empty: now), and the language of the page around the words.

    `names_in` is a content language that the interface does not speak: names and texts come in it where they exist.

    An ISO date means the end of that day: for `at` in the map's time zone, for `as_of` in the site's.
    """

    at_text: str = ""
    as_of_text: str = ""
    language: str = settings.LANGUAGE_CODE
    names_in: str = ""

    @classmethod
    def asked(cls, query: QueryDict) -> "Question":
        """From a query string; whatever else it says is ignored. Raises moments.BadMoment."""
        language = query.get("lang", "")
        question = cls(
            query.get("at", "").strip(),
            query.get("as_of", "").strip(),
            language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            language if language in languages_of_names() else "",
        )
        # Read both now, so that what is no moment is refused whatever page it was asked of.
        question.at(ZoneInfo(settings.TIME_ZONE))
        _ = question.as_of
        return question

    def at(self, zone: ZoneInfo) -> datetime | None:
        return moments.parse(self.at_text, zone) if self.at_text else None

    @cached_property
    def as_of(self) -> datetime | None:
        return moments.parse(self.as_of_text, ZoneInfo(settings.TIME_ZONE)) if self.as_of_text else None

    def query(self, **changed: str) -> str:
        """What a link appends to an address to keep asking this, `?at=...` included; empty for now."""
        return _appended(
            **{"at": self.at_text, "as_of": self.as_of_text, "lang": self.names_in or self.language} | changed
        )

    @property
    def kept(self) -> str:
        """For links to other pages: the memory asked of and the language stay, the day on the ground too."""
        return self.query()


# Every link of a page asks the same.
@lru_cache(maxsize=256)
def _appended(**asked: str) -> str:
    if asked["lang"] == settings.LANGUAGE_CODE:
        asked["lang"] = ""
    text = urlencode({name: value for name, value in asked.items() if value})
    return f"?{text}" if text else ""
