"""The maps that every page leads to."""

from django import template

from mapdata.models import Edition
from newsroom.reader_questions import Question

register = template.Library()


@register.simple_tag(takes_context=True)
def public_maps(context) -> list[dict]:
    """Slug and title of each map of which an edition can be read, as the newest one has them. One query."""
    question = getattr(context["request"], "question", None) or Question()
    newest = Edition.objects.newest(question.as_of).order_by("map_id")
    return list(newest.values_list("content__map", flat=True))
