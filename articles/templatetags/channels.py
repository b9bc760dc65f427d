"""Words for the channels through which something was said."""

from django import template

from articles.models import Quote

register = template.Library()


@register.filter
def channel(code: str) -> str:
    return Quote.Channel(code).label if code in Quote.Channel else code
