"""What readers' templates ask for: links that keep the question, names in the language, words for codes."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from newsroom import names
from newsroom.publishing import Kind

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context, name: str, *args) -> str:
    """The address of a page, with the question that the reader is asking (`?at=`, `?as_of=`, `lang`)."""
    return reverse(name, args=args) + context["request"].question.kept


@register.simple_tag(takes_context=True)
def asking(context, **changed: str) -> str:
    """This page's address with another question: `{% asking at="" %}`; what is not named stays as it is."""
    return context["request"].path + context["request"].question.query(**changed)


@register.filter
def in_language(texts: dict[str, str]) -> str:
    return names.in_language(texts)


@register.filter
def kind_of_change(code: str) -> str:
    return Kind(code).label if code in Kind else code


@register.filter
def note_of(version) -> str:
    """The note to readers in the language of the page, where there is one."""
    return names.in_language({"nl": version.note, "en": version.note_en})


@register.filter
def prose(html: str) -> SafeString:
    """Text that was reduced to the allowed tags before it was published."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag
def source_link(source: dict) -> str:
    """A source by its publisher and title, as a link where it has an address."""
    name = f"{source['publisher']}: {source['title']}" if source["title"] else source["publisher"]
    if not source["url"]:
        return name
    return format_html('<a href="{}" rel="external">{}</a>', source["url"], name)
