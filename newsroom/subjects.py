"""What a newsroom publishes: drafts with versions of their own, and editions, which are versions from the beginning.

Here, and only here, it is known that these are two kinds.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsroom import digests
from newsroom.publishing import Stage, Version


def is_own_version(model: type[models.Model] | models.Model) -> bool:
    """Whether a draft of this model becomes the version itself when it is published."""
    return isinstance(model, Version) or (isinstance(model, type) and issubclass(model, Version))


def version_model(model: type[models.Model]) -> type[Version]:
    return model if is_own_version(model) else model._meta.get_field("versions").related_model


def versions_of(subject) -> models.QuerySet:
    """Everything sealed of it, the newest first."""
    if is_own_version(subject):
        return type(subject).objects.filter(pk=subject.pk, number__isnull=False)
    return subject.versions.order_by("-number")


def chain_of(subject) -> models.QuerySet:
    """The chain that the next version of it continues, the newest first: an edition's is that of its map."""
    if is_own_version(subject):
        return type(subject).chain_of(subject.subject).order_by("-number")
    return versions_of(subject)


def is_open(subject) -> bool:
    """Whether its words can still be changed."""
    return not is_own_version(subject) or subject.published_at is None


def has_changes(subject) -> bool:
    """Whether it says something that no version says."""
    return subject.published_at is None if is_own_version(subject) else subject.has_changes


def content_of(subject) -> dict:
    """What a version of it would say now."""
    return digests.plain(subject.complete_content() if is_own_version(subject) else subject.content())


def never_archived(subject) -> list[str]:
    """The sources that it names whose pages may be gone tomorrow: those with an address of which no copy is known."""
    found = sources_in(content_of(subject))
    return list(dict.fromkeys(source["publisher"] for source in found if source["url"] and not source["archived_url"]))


def sources_in(content: Any) -> Iterator[dict]:
    """Every source in a version's content, wherever it stands."""
    if isinstance(content, dict):
        if "archived_url" in content:
            yield content
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from sources_in(part)


def stamp(subject) -> str:
    """Another one whenever a version of it would say something else: also when a quote that it shows has changed."""
    return digests.digest(content_of(subject))


def says_something_new(subject) -> bool:
    """Whether a version of it would say something that none says: also when a record that it shows has changed."""
    return subject.published_at is None if is_own_version(subject) else subject.says_something_new()


def note_change(subject, user) -> None:
    """To be called before a save: counts it, and remembers who begins the next version."""
    if is_own_version(subject):
        if subject.pk is None:
            subject.written_by = user
        subject.note_contribution(user)
        subject.revision += 1
        subject.changed_at = timezone.now()
    else:
        subject.changed_by(user)


def moment(value: datetime, short: bool = False) -> str:
    """In the site's time zone and the reader's language; `short` for tables."""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT" if short else "DATETIME_FORMAT")


class Status(NamedTuple):
    """`code` names the colour: draft, review, scheduled, published, withdrawn."""

    code: str
    text: str


def statuses(subject) -> list[Status]:
    """Where it stands, in words, what readers see first."""
    found = []
    versions = list(versions_of(subject)[:2])
    if versions and versions[0].is_pending:
        pending = versions.pop(0)
        words = _("Version %(number)d is scheduled for %(moment)s")
        found.append(Status("scheduled", words % {"number": pending.number, "moment": moment(pending.published_at)}))
    if versions:
        newest = versions[0]
        words = _("Published: version %(number)d, %(moment)s")
        if newest.is_withdrawn:
            words = _("Version %(number)d of %(moment)s is withdrawn")
        code = "withdrawn" if newest.is_withdrawn else "published"
        found.append(Status(code, words % {"number": newest.number, "moment": moment(newest.published_at)}))
    if not is_open(subject) or not has_changes(subject):
        return found
    if subject.stage == Stage.IN_REVIEW:
        found.append(Status("review", _("In review")))
    elif found:
        found.append(Status("draft", _("Changes that are not yet published")))
    else:
        found.append(Status("draft", _("Draft, never published")))
    return found
