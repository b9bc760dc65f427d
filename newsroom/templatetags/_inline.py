"""What a tag writes in the middle of a line, from a template: without the line's end of that file."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


def inline(template: str, **context) -> SafeString:
    return mark_safe(render_to_string(template, context).strip())
