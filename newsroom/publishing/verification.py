"""Whether what was published is still what was published: every chain, the rows beside it, the files it shows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.files.storage import default_storage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from newsroom import digests
from newsroom.pictures import rendition_name
from newsroom.publishing import immutability
from newsroom.publishing.contents import pictures_in
from newsroom.publishing.versions import Version


@dataclass(frozen=True)
class BrokenLink:
    """The first version of a chain that is not as it was published, and everything that is wrong with it."""

    version: Version
    faults: list[str]

    def __str__(self) -> str:
        version = self.version
        where = f"{version._meta.verbose_name}, {version._meta.get_field(version.subject_field).verbose_name}"  # type: ignore[union-attr]
        subject = f"{getattr(version, version.subject_field + '_id')} “{version.subject}”"
        return _("%(where)s %(subject)s: number %(number)d is broken: %(faults)s") % {
            "where": where,
            "subject": subject,
            "number": version.number,
            "faults": "; ".join(self.faults),
        }


@dataclass
class Report:
    """What was found. `ends` is one digest over the end of every chain: noted elsewhere, it also shows a chain that
    was cut off at its end, which the chain itself cannot."""

    versions: int
    chains: int
    broken: list[BrokenLink]
    triggers: list[str]
    ends: str

    @property
    def is_whole(self) -> bool:
        return not self.broken and not self.triggers


def count() -> int:
    return sum(model.objects.sealed().count() for model in immutability.versions())


def verify(connection: BaseDatabaseWrapper, seen: Callable[[], object] = lambda: None) -> Report:
    """Look at every version of every subject; `seen` is called after each."""
    broken: list[BrokenLink] = []
    ends: list[list[Any]] = []
    versions = 0
    for model in sorted(immutability.versions(), key=lambda model: model._meta.label):
        subject = f"{model.subject_field}_id"
        sealed = model.objects.sealed().order_by(subject, "number")
        for _subject, chain in groupby(sealed.iterator(chunk_size=100), key=lambda version: getattr(version, subject)):
            first: BrokenLink | None = None
            for before, version in _pairs(chain):
                end = [model._meta.label, getattr(version, subject), version.number, version.digest]
                versions += 1
                if first is None and (faults := _faults(version, before)):
                    first = BrokenLink(version, faults)
                seen()
            broken += [first] if first else []
            ends.append(end)
    return Report(versions, len(ends), broken, immutability.missing(connection), digests.digest(ends))


def _pairs(chain: Iterable[Version]) -> Iterator[tuple[Version | None, Version]]:
    before = None
    for version in chain:
        yield before, version
        before = version


def _faults(version: Version, before: Version | None) -> list[str]:
    """What is wrong with a link, given the one before it in the chain."""
    found = []
    expected = before.place + 1 if before else 1
    if version.place > expected:
        found.append(_("number %(number)d, which comes before it, is missing") % {"number": expected})
    if version.place < expected:
        found.append(_("its number was given before"))
    if version.previous_digest != (before.digest if before else ""):
        found.append(_("it does not continue the version before it"))
    if before and version.sealed_at <= before.sealed_at:
        found.append(_("it was published before the version before it"))
    if version.digest != version.computed_digest():
        # What stands beside it is compared with what it says, which means nothing now.
        return [*found, _("its digest is not that of what it says")]
    return found + version.faults() + _missing_files(version.content)


def _missing_files(content: dict[str, Any]) -> list[str]:
    return [
        _("the file %(name)s of its picture is not there") % {"name": name}
        for picture in pictures_in(content)
        for name in (
            rendition_name(picture["digest"], one["width"], one["format"]) for one in picture["renditions"]
        )
        if not default_storage.exists(name)
    ]  # fmt: skip
