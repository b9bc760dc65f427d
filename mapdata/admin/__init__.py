"""The desk for maps."""

from mapdata.admin.editions import EditionAdmin
from mapdata.admin.events import EventAdmin
from mapdata.admin.maps import PartyAdmin, RegionAdmin, SituationMapAdmin
from mapdata.admin.places import PlaceAdmin

__all__ = ["EditionAdmin", "EventAdmin", "PartyAdmin", "PlaceAdmin", "RegionAdmin", "SituationMapAdmin"]
