"""The desk: the admin in which the newsroom works, and what publishes from it."""

from newsroom.desk.publishing import PublishingAdmin
from newsroom.desk.saving import SavedOnce
from newsroom.desk.shown_records import LastingAddress, ShownAdmin
from newsroom.desk.site import DeskSite

__all__ = ["DeskSite", "LastingAddress", "PublishingAdmin", "SavedOnce", "ShownAdmin"]
