"""What readers' templates ask for: links that keep the question, names in the language, words for codes."""

from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from newsroom import moments
from newsroom.publishing import Kind
from newsroom.reader_questions import Question
from newsroom.templatetags._inline import inline
from newsroom.templatetags.moments import written
from newsroom.texts import languages

register = template.Library()

UTC = ZoneInfo("UTC")


def _question(context) -> Question:
    """What the reader asks; an error page may be of a request that asks nothing."""
    return getattr(context["request"], "question", None) or Question()


@register.simple_tag(takes_context=True)
def to(context, name: str, *args, **changed: str) -> str:
    """The address of a page, with the question that the reader is asking (`?at=`, `?as_of=`, `lang`), or part of it
    changed: `{% to "story" slug lang="en" %}`."""
    return reverse(name, args=args) + _question(context).query(**changed)


@register.simple_tag(takes_context=True)
def asking(context, **changed: str) -> str:
    """This page's address with another question: `{% asking at="" %}`; what is not named stays as it is."""
    return context["request"].path + _question(context).query(**changed)


@register.inclusion_tag("newsroom/_asking_also.html", takes_context=True)
def asking_also(context, name: str) -> dict:
    """The hidden fields of a form that asks for `name` ("at", "as_of"): the rest of the question stays."""
    return {"rest": parse_qsl(_question(context).query(**{name: ""}).removeprefix("?"))}


@register.filter
def as_asked(text: str) -> str:
    """`at` in words: the day, and the clock where a time was asked for; whose clock it is depends on the map."""
    moment = moments.parse(text, UTC)
    words = written(moment, "day", UTC)
    if len(text) == len("2022-04-06"):
        return words
    brings_offset = moment == moments.parse(text, ZoneInfo("Asia/Tokyo"))
    clock = written(moment, "clock", UTC)
    return f"{words}, {clock}{' UTC' if brings_offset else ''}"


@register.simple_tag(takes_context=True)
def absolute(context, address: str) -> str:
    """An address with the site's own host before it, as feeds and social cards want it."""
    return context["request"].build_absolute_uri(address)


@register.filter
def in_language(texts: dict[str, str]) -> str:
    return languages.in_language(texts)


@register.filter
def foreign(texts: dict[str, str]) -> SafeString:
    """The attributes that say so where `in_language` gives a text in another language than the page's, or nothing."""
    return in_lang(languages.language_of(texts))


@register.filter
def in_lang(language: str) -> SafeString:
    """` lang="nl"` for what is in another language than the page around it, with its direction; or nothing."""
    if not language or language == get_language():
        return mark_safe("")
    if languages.direction(language) == "rtl":
        return format_html(' lang="{}" dir="rtl"', language)
    return format_html(' lang="{}"', language)


@register.filter
def kind_of_change(code: str) -> str:
    return Kind(code).label if code in Kind else code


@register.filter
def note_of(version) -> str:
    """The note to readers in the language of the page, where there is one."""
    return languages.in_language(version.notes)


@register.filter
def prose(html: str) -> SafeString:
    """Text that was reduced to the allowed tags before it was published."""
    return mark_safe(html)


@register.simple_tag
def source_link(source: dict) -> SafeString:
    """A source by its publisher and title, as a link where it has an address."""
    name = f"{source['publisher']}: {source['title']}" if source["title"] else source["publisher"]
    return inline("newsroom/_source_link.html", source=source, name=name, is_web=is_web(source["url"]))


@register.filter
def is_web(url: str) -> bool:
    """Whether readers may follow it: forms refuse javascript: and the like, imports and scripts may not."""
    return url.lower().startswith(("https://", "http://"))
