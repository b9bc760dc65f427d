"""The desk for maps."""

from mapdata.admin.editions import EditionAdmin
from mapdata.admin.events import EventAdmin
from mapdata.admin.imports.admin import ImportAdmin, ImportPresetAdmin
from mapdata.admin.maps import PartyAdmin, RegionAdmin, SituationMapAdmin
from mapdata.admin.places import PlaceAdmin

__all__ = [
    "EditionAdmin",
    "EventAdmin",
    "ImportAdmin",
    "ImportPresetAdmin",
    "PartyAdmin",
    "PlaceAdmin",
    "RegionAdmin",
    "SituationMapAdmin",
]
