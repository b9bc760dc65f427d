"""Where something that is published stands, in words."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from newsroom.moments import in_words
from newsroom.publishing import Publishable, Stage, Version


class Status(NamedTuple):
    """`code` names the colour: draft, review, scheduled, published, withdrawn."""

    code: str
    text: str


def statuses(subject: Publishable) -> list[Status]:
    """What readers see first, then what is worked on."""
    versions = list(subject.sealed_versions()[:2])
    scheduled = [versions.pop(0)] if versions and versions[0].is_pending else []
    found = [_of_version(version) for version in [*scheduled, *versions[:1]]]
    if not subject.is_open or not subject.has_changes:
        return found
    if subject.stage == Stage.IN_REVIEW:
        return [*found, Status("review", _("In review"))]
    words = _("Changes that are not yet published") if found else _("Draft, never published")
    return [*found, Status("draft", words)]


def _of_version(version: Version) -> Status:
    code, words = "published", _("Published: version %(number)d, %(moment)s")
    if version.is_pending:
        code, words = "scheduled", _("Version %(number)d is scheduled for %(moment)s")
    elif version.is_withdrawn:
        code, words = "withdrawn", _("Version %(number)d of %(moment)s is withdrawn")
    return Status(code, words % {"number": version.number, "moment": in_words(version.published_at)})
