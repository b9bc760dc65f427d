"""Publishing appends an immutable version; readers only ever read versions.

A *draft* is what journalists change freely. A *version* is complete, numbered, and part of a chain: its digest covers
its content and the digest of the version before. The database refuses to change or delete one (immutability.py).

A scheduled version is written in full, with a `published_at` in the future, and becomes readable when the clock gets
there: nothing has to run at that moment. `VersionQuerySet.known` is the one definition of what readers may see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from newsroom import digests
from newsroom.immutability import REFUSAL
from newsroom.public_changes import PublicChange


class Refused(Exception):
    """The state of things does not allow this; the message is for the person who asked."""

    def __init__(self, *reasons: str):
        super().__init__(*reasons)
        self.reasons = [str(reason) for reason in reasons]

    def __str__(self) -> str:
        return " ".join(self.reasons)


class Kind(models.TextChoices):
    FIRST = "first", _("first publication")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    CLARIFICATION = "clarification", _("clarification")
    RETRACTION = "retraction", _("retraction")


class Stage(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")


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


@contextmanager
def refusals_of_the_database() -> Iterator[None]:
    """What a trigger refuses, because its clock is ahead of ours, is a refusal like any other."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if REFUSAL not in str(error):
            raise
        raise Refused(_t("This version was released or withdrawn a moment ago. Look at it again.")) from error


class VersionQuerySet(models.QuerySet):
    def known(self, as_of: datetime | None = None) -> Self:
        """What readers may see, as of the moment `as_of` (default and latest: now)."""
        return self.released(as_of).filter(withdrawn_at=None)

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

    def released(self, as_of: datetime | None = None) -> Self:
        """Everything released by `as_of`, withdrawn versions too: for lists in which those keep their number."""
        now = timezone.now()
        return self.filter(published_at__lte=min(as_of or now, now))

    def pending(self) -> Self:
        """Versions with a release time in the future."""
        return self.filter(published_at__gt=timezone.now())


# A constraint's condition: what only a sealed version has.
SEALED = models.Q(number__isnull=False, published_at__isnull=False, published_by__isnull=False) & ~models.Q(digest="")


class Version(models.Model):
    """What was published, once and for all. Concrete versions name the foreign key that they are versions of."""

    subject_field: ClassVar[str]
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
    def chain_of(cls, subject: models.Model) -> models.QuerySet:
        """All sealed versions of a subject, in the order of the chain."""
        return cls.objects.filter(**{cls.subject_field: subject}, number__isnull=False).order_by("number")

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
                "published_at": self.published_at.astimezone(UTC).isoformat(),
                "content": self.content,
                "previous": self.previous_digest,
            }
        )

    def faults(self) -> list[str]:
        """For `manage.py verify`: where the columns and rows beside the content do not say what it says."""
        return []

    def withdraw(self, by, note: str = "") -> None:
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


def seal(
    version: Version,
    *,
    content: dict[str, Any],
    by,
    kind: str,
    note: str = "",
    note_en: str = "",
    release_at: datetime | None = None,
    published_before: datetime | None = None,
) -> Version:
    """Make an unsaved (or draft) version the next link of its subject's chain, within the caller's transaction.

    `release_at` schedules it. `published_before` is for the two commands that record what was published earlier
    elsewhere; nothing else may set the clock back. Raises Refused when the kind does not fit, when the moment lies
    before the version that came last, or while another version waits for its release.
    """
    subject_model = version._meta.get_field(version.subject_field).related_model
    # Whoever publishes the same subject at the same time waits here, and then finds this version in the chain.
    subject_model._base_manager.select_for_update().get(pk=version.subject.pk)
    now = moment_of_release()
    chain = type(version).chain_of(version.subject)
    last = chain.last()
    _refuse_unfit(last, kind, note, release_at, now)
    published_at = published_before or release_at or now
    if last and published_at <= last.published_at:
        if published_before:
            raise Refused(_t("Version %(number)s was published later than that.") % {"number": last.number})
        published_at = last.published_at + timedelta(microseconds=1)
    version.number = last.number + 1 if last else 1
    version.kind, version.note, version.note_en = kind, note.strip(), note_en.strip()
    try:
        version.content = digests.plain(content)
    except ValueError as error:
        raise Refused(_t("A text or number in it cannot be stored: %(why)s") % {"why": error}) from error
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
            % {"number": last.number, "moment": date_format(timezone.localtime(last.published_at), "DATETIME_FORMAT")}
        )
    if release_at and release_at <= now:
        raise Refused(_t("The release time is in the past. Leave it empty to publish now."))
    if (kind == Kind.FIRST) != (last is None):
        raise Refused(
            _t("This was published before: say whether it is an update, a correction, a clarification or a retraction.")
            if last
            else _t("The first version is a first publication, not a change.")
        )
    if kind in {Kind.CORRECTION, Kind.CLARIFICATION, Kind.RETRACTION} and not note.strip():
        raise Refused(_t("Tell the readers in the note what was wrong or unclear."))


class Contributed(models.Model):
    """Whose words a draft has, and which of them nobody else has read (decisions/0008): by this it is published.

    Both are keys of people. Somebody reads all of a draft by handing it in, or by publishing it.
    """

    # All who changed its words since the last version, also through a record that it shows.
    contributors = models.JSONField(_("changed by"), default=list, editable=False)
    # Those of them whose words nobody else has handed in since.
    unchecked = models.JSONField(default=list, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if self._state.adding and not self.contributors:
            self.contributors, self.unchecked = [self.written_by_id], [self.written_by_id]
        super().save(*args, **kwargs)

    @staticmethod
    def begun_by(user) -> dict[str, Any]:
        """The columns of a draft that this person begins."""
        return {"written_by": user, "contributors": [user.pk], "unchecked": [user.pk]}

    def note_contribution(self, user) -> None:
        for people in (self.contributors, self.unchecked):
            if user.pk not in people:
                people.append(user.pk)

    def note_reading(self, user) -> None:
        self.unchecked = [person for person in self.unchecked if person == user.pk]

    def refuse_unread(self, publisher) -> None:
        """Every word is read by somebody who did not write it: the publisher, or whoever handed it in."""
        if publisher.pk in self.unchecked and not settings.SINGLE_EDITOR:
            raise Refused(
                _t(
                    "You changed this yourself, and nobody else has handed it in since: publishing it takes a second "
                    "person."
                )
            )


class Draft(Contributed):
    """What journalists change freely until it is published, and again afterwards.

    A concrete draft says in `problems()` what keeps it from being published, in `content()` what a version of it
    shows, and in `new_version()` how to begin one.
    """

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # Counts the saves, so that an editor publishes what they read and not what was saved a second later.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # The revision that the newest version holds: a draft without changes has nothing to publish.
    published_revision = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    def problems(self) -> list[str]:
        raise NotImplementedError

    def content(self) -> dict[str, Any]:
        raise NotImplementedError

    def new_version(self) -> Version:
        raise NotImplementedError

    def index_version(self, version: Version) -> None:
        """Rows by which a version is found (its pictures, its people); they are implied by its content."""

    @property
    def newest_version(self) -> Version | None:
        return self.versions.order_by("-number").first()

    @property
    def has_changes(self) -> bool:
        """Whether it was saved since the newest version; for lists."""
        return self.revision != self.published_revision

    def says_something_new(self) -> bool:
        """Whether it was saved since the newest version, or what it refers to (a quote, a picture) reads otherwise."""
        return self.has_changes or digests.plain(self.content()) != self.newest_version.content

    def _locked(self) -> Self:
        """As it is in the database now. Whoever else changes, submits or publishes it waits for this transaction."""
        return type(self)._base_manager.select_for_update().get(pk=self.pk)

    def changed_by(self, user) -> None:
        """Count a change, and note who makes it, or begins the next version; before every save, in its transaction.

        The row stays locked until that transaction ends, so a version never holds half of what is being saved; and
        what was decided since this object was loaded (its stage, what is published) is not written over.
        """
        if self.pk is None:
            self.written_by, self.revision = user, self.revision + 1
            self.note_contribution(user)
            return
        with transaction.atomic():
            draft = self._locked()
            if not draft.has_changes:
                draft.written_by = user
            draft.revision += 1
            draft.note_contribution(user)
            draft.save(update_fields=["written_by", "revision", "contributors", "unchecked"])
        for name in ("written_by", "revision", "published_revision", "stage", "contributors", "unchecked"):
            setattr(self, name, getattr(draft, name))

    def record_changed_by(self, user) -> bool:
        """Somebody (None: a machine) changed a record that it shows. Whether it has something to publish only now.

        Whose draft it is stays as it is: they changed words in it, and did not write it.
        """
        with transaction.atomic():
            draft = self._locked()
            is_new = not draft.has_changes
            if is_new:
                if not draft.says_something_new():
                    return False
                draft.published_revision = None
            if user:
                draft.note_contribution(user)
            draft.save(update_fields=["published_revision", "contributors", "unchecked", "changed_at"])
        return is_new

    def submit(self, by=None) -> None:
        """Hand it in. Whoever does so has read it, and stands for what others wrote."""
        with transaction.atomic():
            draft = self._locked()
            if not draft.says_something_new():
                raise Refused(_t("Nothing has changed since the last version."))
            if by:
                draft.note_reading(by)
                draft.save(update_fields=["unchecked"])
                self.unchecked = draft.unchecked
            self._move_to(Stage.IN_REVIEW)

    def send_back(self) -> None:
        self._move_to(Stage.DRAFT)

    def _move_to(self, stage: str) -> None:
        self.stage = stage
        self.save(update_fields=["stage", "changed_at"])

    def publish(
        self,
        by,
        *,
        kind: str = Kind.FIRST,
        note: str = "",
        note_en: str = "",
        release_at: datetime | None = None,
        revision: int | None = None,
        published_before: datetime | None = None,
    ) -> Version:
        """Append a version with what the draft says now. Raises Refused with every reason why not."""
        with transaction.atomic():
            draft = self._locked()
            if revision is not None and revision != draft.revision:
                raise Refused(_t("Somebody changed this after you opened it. Look at it again, then publish."))
            if not draft.says_something_new():
                raise Refused(_t("Nothing has changed since the last version."))
            draft.refuse_unread(by)
            if problems := draft.problems():
                raise Refused(*problems)
            version = draft.new_version()
            version.written_by, version.contributors = draft.written_by, draft.contributors
            seal(
                version,
                content=draft.content(),
                by=by,
                kind=kind,
                note=note,
                note_en=note_en,
                release_at=release_at,
                published_before=published_before,
            )
            draft.index_version(version)
            draft.stage, draft.published_revision = Stage.DRAFT, draft.revision
            draft.contributors, draft.unchecked = [], []
            draft.save(update_fields=["stage", "published_revision", "contributors", "unchecked"])
        self.refresh_from_db(fields=["stage", "revision", "published_revision", "contributors", "unchecked"])
        return version

    def take_back(self) -> None:
        """Undo a scheduled release. What it held is in the draft, in review as before, unless it was changed since.

        It has to be read again: whoever takes it back may have found something.
        """
        with transaction.atomic():
            draft = self._locked()
            if not (pending := draft.versions.pending().first()):
                raise Refused(_t("Nothing is scheduled."))
            pending.take_back()
            if not draft.has_changes:
                draft.stage = Stage.IN_REVIEW
            draft.published_revision = None
            draft.contributors = list(dict.fromkeys([*pending.contributors, *draft.contributors]))
            draft.unchecked = list(draft.contributors)
            draft.save(update_fields=["stage", "published_revision", "contributors", "unchecked"])
        self.refresh_from_db(fields=["stage", "published_revision", "contributors", "unchecked"])
