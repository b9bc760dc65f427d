"""Publishing appends an immutable version; readers only ever read versions.

A *draft* is what journalists change freely (drafts.py). A *version* is complete, numbered, and part of a chain: its
digest covers its content and the digest of the version before. The database refuses to change or delete one
(immutability.py).

A scheduled version is written in full, with a `published_at` in the future, and becomes readable when the clock gets
there: nothing has to run at that moment. `VersionQuerySet.known` is the one definition of what readers may see.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from newsroom import digests
from newsroom.moments import in_words
from newsroom.publishing.public_changes import PublicChange
from newsroom.publishing.refusals import Refused, refusals_of_the_database
from newsroom.texts.languages import first_language

Asked = TypeVar("Asked", bound=Callable[..., Any])


def asked_of_each(method: Asked) -> Asked:
    """Mark a method that every concrete class must say itself; a system check (checks.py) refuses one that does not."""
    method.is_asked_of_each = True  # type: ignore[attr-defined]
    return method


class Kind(models.TextChoices):
    FIRST = "first", _("first publication")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    CLARIFICATION = "clarification", _("clarification")
    RETRACTION = "retraction", _("retraction")


def moment_of_release() -> datetime:
    """Now, by this process's clock or by the database's, whichever is behind.

    The triggers go by the database's clock. A version from the clock of a process that is ahead would lie in its
    future, and could be taken back although that process's readers have read it.
    """
    now = timezone.now()
    if connection.vendor != "postgresql":
        return now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return min(now, cursor.fetchone()[0])


class VersionQuerySet(models.QuerySet["Version"]):
    """The states of versions, each built on the one before: conditions on them are written here and nowhere else."""

    def drafts(self) -> Self:
        """Not versions yet, where versions are their own drafts."""
        return self.filter(number=None)

    def not_withdrawn(self) -> Self:
        """What readers see, will see or may come to see: drafts too."""
        return self.filter(withdrawn_at=None)

    def sealed(self) -> Self:
        """Everything with a number: released, scheduled or withdrawn."""
        return self.filter(number__isnull=False)

    def standing(self) -> Self:
        """Released or scheduled, and not withdrawn."""
        return self.sealed().not_withdrawn()

    def pending(self) -> Self:
        """Versions with a release time in the future."""
        return self.sealed().filter(published_at__gt=timezone.now())

    def released(self, as_of: datetime | None = None) -> Self:
        """Everything released by `as_of`, withdrawn versions too: for lists in which those keep their number."""
        now = timezone.now()
        return self.sealed().filter(published_at__lte=min(as_of or now, now))

    def known(self, as_of: datetime | None = None) -> Self:
        """What readers may see, as of the moment `as_of` (default and latest: now)."""
        return self.released(as_of).not_withdrawn()

    def newest(self, as_of: datetime | None = None) -> Self:
        """Of each subject the one version to show, given what was known `as_of`."""
        return self.last_of_each(self.model.subject_field, as_of=as_of)

    def last_of_each(self, *fields: str, as_of: datetime | None = None) -> Self:
        """Of the versions known `as_of` that have these fields in common, the one published last."""
        # Fixed here: between two looks at the clock a version could become due, and then two would be the last.
        moment = as_of or timezone.now()
        same = {field: models.OuterRef(field) for field in fields}
        later = self.model.objects.known(moment).filter(number__gt=models.OuterRef("number"), **same)
        return self.known(moment).exclude(models.Exists(later))


# A constraint's condition: what only a sealed version has.
SEALED = models.Q(number__isnull=False, published_at__isnull=False, published_by__isnull=False) & ~models.Q(digest="")


class Version(models.Model):
    """What was published, once and for all. Concrete versions name the foreign key that they are versions of."""

    subject_field: ClassVar[str]
    # Whether its relation `images` has the pictures that it shows.
    shows_pictures: ClassVar[bool] = False
    # What a person may still write on a published version, once.
    WITHDRAWAL_FIELDS: ClassVar[tuple[str, ...]] = ("withdrawn_at", "withdrawn_by_id", "withdrawal_note")

    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    kind = models.CharField(_("kind of change"), max_length=13, choices=Kind, default=Kind.UPDATE)
    note = models.TextField(_("note to readers"), blank=True, help_text=_("What is new, or what was wrong."))
    note_en = models.TextField(_("note to readers, in English"), blank=True)
    content = models.JSONField(_("content"), default=dict, editable=False)
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    previous_digest = models.CharField(_("digest of the version before"), max_length=64, blank=True, editable=False)
    # Keys of all who changed its words since the version before; empty where that was not noted yet.
    contributors = models.JSONField(_("changed by"), default=list, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by"), null=True,
        editable=False,
    )  # fmt: skip
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("withdrawn by"), null=True,
        editable=False,
    )  # fmt: skip
    withdrawal_note = models.TextField(_("why it was withdrawn"), blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.subject}, {_t('version')} {self.number}" if self.number else f"{self.subject}, {_t('draft')}"

    @property
    def subject(self) -> models.Model:
        return getattr(self, self.subject_field)

    @property
    def draft(self) -> models.Model:
        """What is worked on at the desk, and this was made of."""
        return self.subject

    @asked_of_each
    def get_absolute_url(self) -> str:
        """Where readers find what it is a version of."""
        raise NotImplementedError

    @property
    def notes(self) -> dict[str, str]:
        """The note to readers by language: `note` is in the first.

        These two stay columns of their own, as the digest of every version that was published is made of them.
        """
        return {"en": self.note_en, first_language(): self.note}

    @property
    def place(self) -> int:
        """Its number, of what has one."""
        assert self.number is not None, "This is not sealed."
        return self.number

    @property
    def sealed_at(self) -> datetime:
        """When it was or will be released, of what has a number."""
        assert self.published_at is not None, "This is not sealed."
        return self.published_at

    @property
    def is_released(self) -> bool:
        return self.published_at is not None and self.published_at <= timezone.now()

    @property
    def is_pending(self) -> bool:
        return self.published_at is not None and self.published_at > timezone.now()

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def writers(self) -> list[int]:
        """Keys of those whose words it has."""
        return self.contributors or [self.written_by_id]

    @classmethod
    def chain_of(cls, subject: models.Model) -> VersionQuerySet:
        """All sealed versions of a subject, in the order of the chain."""
        return cls.objects.sealed().filter(**{cls.subject_field: subject}).order_by("number")

    def computed_digest(self) -> str:
        """What `digest` must be, from everything that a version says and the digest before it."""
        return digests.digest(
            {
                "subject": f"{self.subject_field}:{getattr(self, self.subject_field + '_id')}",
                "number": self.number,
                "kind": self.kind,
                "note": self.note,
                "note_en": self.note_en,
                "written_by": self.written_by_id,
                "published_by": self.published_by_id,
                "published_at": self.sealed_at.astimezone(UTC).isoformat(),
                "content": self.content,
                "previous": self.previous_digest,
            }
        )

    def faults(self) -> list[str]:
        """For `manage.py verify`: where the columns and rows beside the content do not say what it says."""
        return []

    def withdraw(self, by: User, note: str = "") -> None:
        """Nobody reads this version any more, at no `as_of`; its number stays, with the note. There is no way back."""
        with refusals_of_the_database():
            version = type(self).objects.select_for_update().get(pk=self.pk)
            if not version.is_released:
                raise Refused(_t("Only what is published can be withdrawn; take a scheduled version back instead."))
            if version.is_withdrawn:
                raise Refused(_t("This version is withdrawn already."))
            if version.writers == [by.pk] and not settings.SINGLE_EDITOR:
                raise Refused(_t("Nobody but you wrote this version: withdrawing it takes a second person."))
            version.withdrawn_at, version.withdrawn_by, version.withdrawal_note = timezone.now(), by, note
            version.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_note"])
            PublicChange.record(version.withdrawn_at)
        self.withdrawn_at, self.withdrawn_by, self.withdrawal_note = version.withdrawn_at, by, note

    def take_back(self) -> None:
        """A scheduled version is not going to be released; what was written stays in the draft."""
        with refusals_of_the_database():
            if type(self).objects.pending().filter(pk=self.pk).delete()[0] == 0:
                raise Refused(_t("This version is published already; withdraw or correct it instead."))


def storable(content: dict[str, Any]) -> dict[str, Any]:
    """A content as both databases give it back. Raises Refused where one of them cannot."""
    try:
        return digests.plain(content)
    except ValueError as error:
        raise Refused(_t("A text or number in it cannot be stored: %(why)s") % {"why": error}) from error


def seal(
    version: Version,
    *,
    content: dict[str, Any],
    by: User,
    kind: str,
    note: str = "",
    note_en: str = "",
    release_at: datetime | None = None,
    published_before: datetime | None = None,
) -> Version:
    """Make an unsaved (or draft) version the next link of its subject's chain, within the caller's transaction.

    `content` is what `storable` gives.
    `release_at` schedules it. `published_before` is for the two commands that record what was published earlier
    elsewhere; nothing else may set the clock back. Raises Refused when the kind does not fit, when the moment lies
    before the version that came last, or while another version waits for its release.
    """
    # Whoever publishes the same subject at the same time waits here, and then finds this version in the chain.
    type(version.subject)._base_manager.select_for_update().get(pk=version.subject.pk)
    now = moment_of_release()
    chain = type(version).chain_of(version.subject)
    last = chain.last()
    _refuse_unfit(last, kind, note, release_at, now)
    published_at = published_before or release_at or now
    if last and published_at <= last.sealed_at:
        if published_before:
            raise Refused(_t("Version %(number)s was published later than that.") % {"number": last.number})
        published_at = last.sealed_at + timedelta(microseconds=1)
    version.number = last.place + 1 if last else 1
    version.kind, version.note, version.note_en = kind, note.strip(), note_en.strip()
    version.content = content
    version.published_by, version.published_at = by, published_at
    version.previous_digest = last.digest if last else ""
    version.digest = version.computed_digest()
    version.save()
    PublicChange.record(published_at)
    return version


def _refuse_unfit(last: Version | None, kind: str, note: str, release_at: datetime | None, now: datetime) -> None:
    """What does not fit behind the version that came last, or at this moment."""
    if last and last.is_pending:
        raise Refused(
            _t("Version %(number)s waits for its release on %(moment)s. Take it back first, then publish this.")
            % {"number": last.number, "moment": in_words(last.sealed_at)}
        )
    if release_at and release_at <= now:
        raise Refused(_t("The release time is in the past. Leave it empty to publish now."))
    if (kind == Kind.FIRST) != (last is None) or not kind:
        raise Refused(
            _t("This was published before: say whether it is an update, a correction, a clarification or a retraction.")
            if last
            else _t("The first version is a first publication, not a change.")
        )
    if kind in {Kind.CORRECTION, Kind.CLARIFICATION, Kind.RETRACTION} and not note.strip():
        raise Refused(_t("Tell the readers in the note what was wrong or unclear."))
