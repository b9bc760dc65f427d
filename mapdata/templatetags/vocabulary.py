"""Words for the codes that versions hold."""

from django import template
from django.utils.translation import gettext_lazy as _

from mapdata.models import ControlArea, Event, sub_types

# What readers are told of how precisely a time is known: beside it, the desk's "day" would be a riddle.
TIME_WORDS = {
    "exact": _("exact to the minute"),
    "day": _("exact to the day"),
    "week": _("exact to the week"),
    "month": _("exact to the month"),
}

register = template.Library()


def _words(name: str, choices) -> None:
    """A filter: the label of a code; the code itself where a newer vocabulary has dropped it."""
    register.filter(name, lambda code: choices(code).label if code in choices else code)


_words("event_type", Event.Type)
_words("verification", Event.Verification)
_words("location_precision", Event.LocationPrecision)
_words("control_status", ControlArea.Status)
_words("control_basis", ControlArea.Basis)
register.filter("sub_type", sub_types.in_words)


@register.filter
def time_precision(code: str) -> str:
    return TIME_WORDS.get(code, code)
