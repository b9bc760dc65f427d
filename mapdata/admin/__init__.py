"""The desk for maps."""

from mapdata.admin.editions import EditionAdmin
from mapdata.admin.events import EventAdmin
from mapdata.admin.maps import PartyAdmin, RegionAdmin, SituationMapAdmin

__all__ = ["EditionAdmin", "EventAdmin", "PartyAdmin", "RegionAdmin", "SituationMapAdmin"]
