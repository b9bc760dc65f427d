"""How far a chain of versions has come, or many of them: by that, what was made of it is known to be current."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import models

from newsroom import digests
from newsroom.publishing.public_changes import PublicChange
from newsroom.publishing.versions import VersionQuerySet

KEEP_SECONDS = 24 * 60 * 60


def once(what: str, as_of: datetime | None, compute: Callable[[], Any]) -> Any:
    """What is computed from published versions (and the marks on sources), once in a state of the site."""
    key = digests.digest([what, PublicChange.token(), as_of and as_of.isoformat()])
    return cache.get_or_set(f"once:{key}", compute, KEEP_SECONDS)


@dataclass(frozen=True)
class ChainState:
    """What of a chain, or of many, has been released by a moment: a set of versions is known by these."""

    count: int
    withdrawn: int
    # When the youngest of it became known, or unknown.
    moment: datetime | None

    @classmethod
    def by(cls, versions: VersionQuerySet, as_of: datetime | None) -> "ChainState":
        """Of what was released by `as_of` (default: now). Versions never change, so counting tells sets apart."""
        found = versions.released(as_of).aggregate(
            count=models.Count("pk"),
            withdrawn=models.Count("withdrawn_at"),
            newest=models.Max("published_at"),
            gone=models.Max("withdrawn_at"),
        )
        moments = [moment for moment in (found["newest"], found["gone"]) if moment]
        return cls(found["count"], found["withdrawn"], max(moments, default=None))

    @classmethod
    def asked(
        cls, what: str, versions: VersionQuerySet, as_of: datetime | None
    ) -> "tuple[ChainState, datetime | None]":
        """What a reader asks for, and `as_of` where that differs from now. Counted once in a state of the site."""
        now = once(f"chains {what}", None, lambda: cls.by(versions, None))
        then = once(f"chains {what}", as_of, lambda: cls.by(versions, as_of)) if as_of else now
        return then, as_of if then != now else None

    @property
    def readable(self) -> int:
        return self.count - self.withdrawn

    @property
    def name(self) -> list[Any]:
        """As a part of what a download says."""
        return [self.count, self.withdrawn, self.moment and self.moment.isoformat()]
