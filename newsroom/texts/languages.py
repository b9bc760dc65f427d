"""Texts that readers see exist in the site's content languages; the first of these is always there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.translation import get_language, get_language_info

# Languages written from right to left; Django's own list of languages lacks the last ones.
RIGHT_TO_LEFT = {"ar", "fa", "he", "ug", "ur", "ckb", "dv", "ps", "sd", "syr", "yi"}

# Names are wanted in another language than the interface speaks.
_wanted: ContextVar[str] = ContextVar("language_of_names", default="")


@contextmanager
def names_in(language: str) -> Iterator[None]:
    """Within it texts are wanted in this language, whatever the interface's is; "" for no other."""
    token = _wanted.set(language)
    try:
        yield
    finally:
        _wanted.reset(token)


def wanted_language() -> str:
    """The language in which texts are shown now, where they exist in it."""
    return _wanted.get() or get_language() or first_language()


def first_language() -> str:
    """The content language in which every text must exist."""
    return settings.CONTENT_LANGUAGES[0]


def languages_of_names() -> list[str]:
    """The content languages that the interface does not speak."""
    return [language for language in settings.CONTENT_LANGUAGES if language not in dict(settings.LANGUAGES)]


def in_order(texts: Mapping[str, str]) -> list[str]:
    """The languages of a text: those of the content first, then the others. (PostgreSQL keeps no order of its own.)"""
    first = [language for language in settings.CONTENT_LANGUAGES if texts.get(language)]
    return first + sorted(language for language in texts if language not in first and texts[language])


def language_of(texts: Mapping[str, str], language: str | None = None) -> str:
    """The language in which `in_language` gives a text; empty where there is none at all."""
    wanted = language or wanted_language()
    return wanted if texts.get(wanted) else next(iter(in_order(texts)), "")


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """The text in a language (default: the wanted one), or else in the first content language that it exists in."""
    return texts.get(language_of(texts, language), "")


def direction(language: str) -> str:
    """How a language is written, as HTML's `dir` says it."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def name_of_language(language: str) -> str:
    """What a language is called in the interface's; its code where Django does not know it."""
    try:
        return get_language_info(language)["name_translated"]
    except KeyError:
        return language


def own_name_of_language(language: str) -> str:
    """What a language is called in itself."""
    try:
        return get_language_info(language)["name_local"]
    except KeyError:
        return language
