"""Words for the codes that versions hold."""

from django import template

from mapdata.models import ControlArea, Event

register = template.Library()


def _words(name: str, choices) -> None:
    """A filter: the label of a code; the code itself where a newer vocabulary has dropped it."""
    register.filter(name, lambda code: choices(code).label if code in choices else code)


_words("event_type", Event.Type)
_words("verification", Event.Verification)
_words("location_precision", Event.LocationPrecision)
_words("control_status", ControlArea.Status)
_words("control_basis", ControlArea.Basis)
_words("time_precision", Event.TimePrecision)
