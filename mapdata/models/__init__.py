"""Maps, who holds what on them over time, and what happened there."""

from mapdata.models.editions import ControlArea, Difference, Drawing, Edition
from mapdata.models.events import Event, EventVersion
from mapdata.models.maps import Party, Region, SituationMap, View
from mapdata.models.places import Place
from mapdata.models.steps import Step

__all__ = [
    "ControlArea",
    "Difference",
    "Drawing",
    "Edition",
    "Event",
    "EventVersion",
    "Party",
    "Place",
    "Region",
    "SituationMap",
    "Step",
    "View",
]
