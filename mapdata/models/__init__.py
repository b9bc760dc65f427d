"""Maps, who holds what on them over time, and what happened there."""

from mapdata.models.areas import ControlArea
from mapdata.models.derived import Difference, Drawing
from mapdata.models.editions import Edition
from mapdata.models.events import Event, EventVersion
from mapdata.models.imports import Import, ImportPreset
from mapdata.models.maps import Party, Region, SituationMap, View
from mapdata.models.operations import Conflict, Operation, OperationGround, Presence
from mapdata.models.places import Place

__all__ = [
    "Conflict",
    "ControlArea",
    "Difference",
    "Drawing",
    "Edition",
    "Event",
    "EventVersion",
    "Import",
    "ImportPreset",
    "Operation",
    "OperationGround",
    "Party",
    "Place",
    "Presence",
    "Region",
    "SituationMap",
    "View",
]
