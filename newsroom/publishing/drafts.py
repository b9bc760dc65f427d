"""What journalists change freely until it is published: one life cycle, whatever it is that is published.

`Publishable` is the contract. A `Draft` (a story, an event) has its versions beside it and goes on after each; a map's
edition becomes the version itself. What each class says of itself is marked so: a system check (checks.py) refuses one
that leaves part of it out.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from newsroom.publishing.refusals import Refused
from newsroom.publishing.versions import Kind, Version, VersionQuerySet, asked_of_each, seal, storable


class Stage(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")


class Publishable(models.Model):
    """What the desk publishes: saved, handed in, sent back, published, taken back, all in one way.

    `contributors` and `unchecked` are keys of people: whose words it has, and which of them nobody else has read
    (docs/decisions/0008-every-word-is-read-by-a-second-person.md). Somebody reads all of it by handing it in, or by
    publishing it.
    """

    # What a step may have changed in the database since an object was loaded.
    STANDING: ClassVar[tuple[str, ...]] = ("written_by", "stage", "revision", "contributors", "unchecked")
    CHANGED: ClassVar[tuple[str, ...]] = ("changed_at",)

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    # Counts the saves, so that an editor publishes what they read and not what was saved a second later.
    revision = models.PositiveIntegerField(default=0, editable=False)
    # All who changed its words since the last version, also through a record that it shows.
    contributors = models.JSONField(_("changed by"), default=list, editable=False)
    # Those of them whose words nobody else has handed in since.
    unchecked = models.JSONField(default=list, editable=False)

    # Columns that a concrete class has in a way of its own.
    written_by_id: Any
    changed_at: datetime

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and not self.contributors:
            self.contributors, self.unchecked = [self.written_by_id], [self.written_by_id]
        super().save(*args, **kwargs)

    @staticmethod
    def begun_by(user: User) -> dict[str, Any]:
        """The columns of a draft that this person begins."""
        return {"written_by": user, "contributors": [user.pk], "unchecked": [user.pk]}

    # What each class says of itself

    @asked_of_each
    def problems(self) -> list[str]:
        """What keeps it from being published, for the person who asks."""
        raise NotImplementedError

    @asked_of_each
    def complete_content(self) -> dict[str, Any]:
        """What a version of it would say now; `storable`. Raises Refused where that cannot be stored."""
        raise NotImplementedError

    @asked_of_each
    def default_kind(self) -> str:
        """The kind of change that its next version is; empty where somebody has to say."""
        raise NotImplementedError

    @classmethod
    @asked_of_each
    def version_model(cls) -> type[Version]:
        """What is made of it."""
        raise NotImplementedError

    @classmethod
    @asked_of_each
    def versions_by_row(cls) -> VersionQuerySet:
        """Everything sealed of a row, for a subquery over rows of this table."""
        raise NotImplementedError

    @asked_of_each
    def sealed_versions(self) -> VersionQuerySet:
        """Everything sealed of it, the newest first."""
        raise NotImplementedError

    @asked_of_each
    def chain(self) -> VersionQuerySet:
        """The chain that its next version continues, the newest first."""
        raise NotImplementedError

    @property
    @asked_of_each
    def is_open(self) -> bool:
        """Whether its words can still be changed."""
        raise NotImplementedError

    @property
    @asked_of_each
    def has_changes(self) -> bool:
        """Whether it was saved since the newest version; for lists."""
        raise NotImplementedError

    @asked_of_each
    def new_version(self) -> Version:
        """What is to be sealed, with all but what `seal` gives it."""
        raise NotImplementedError

    @asked_of_each
    def note_published(self, version: Version) -> None:
        """It was sealed in this transaction: what goes with that, saved."""
        raise NotImplementedError

    @asked_of_each
    def take_back(self) -> None:
        """Undo a scheduled release. What it held is in the draft, and has to be read again: whoever takes it back may
        have found something."""
        raise NotImplementedError

    # The way it goes

    def says_something_new(self, content: dict[str, Any] | None = None) -> bool:
        """Whether a version of it would say something that none says: also when a record that it shows has changed.

        `content` is what it says now, from whoever has it already.
        """
        return self.is_open and self.has_changes

    def refuse_closed(self) -> None:
        """Raises Refused where its words cannot be changed any more."""
        if not self.is_open:
            raise Refused(_t("This is published already."))

    def locked(self) -> Self:
        """As it is in the database now. Whoever else changes, submits or publishes it waits for this transaction."""
        return type(self)._base_manager.select_for_update().get(pk=self.pk)

    def _look_again(self, draft: Self) -> None:
        for name in self.STANDING:
            setattr(self, name, getattr(draft, name))

    @property
    def state(self) -> str:
        """Another one after each change to it, to its stage, or to a record that it shows."""
        return self.changed_at.isoformat()

    def note_contribution(self, user: User) -> None:
        for people in (self.contributors, self.unchecked):
            if user.pk not in people:
                people.append(user.pk)

    def note_news(self) -> None:
        """It has something to publish, even where nobody saved it since its newest version."""

    def note_beginning(self, user: User) -> None:
        """Somebody changes it who may begin the next version by that."""

    def changed_by(self, user: User) -> None:
        """Count a change, and note who makes it, or begins the next version; before every save, in its transaction.

        The row stays locked until that transaction ends, so a version never holds half of what is being saved; and
        what was decided since this object was loaded (its stage, what is published) is not written over.
        """
        if self.pk is None:
            self.written_by, self.revision = user, self.revision + 1
            self.note_contribution(user)
            return
        with transaction.atomic():
            draft = self.locked()
            draft.refuse_closed()
            draft.note_beginning(user)
            draft.revision += 1
            draft.note_contribution(user)
            draft.save(update_fields=self.STANDING)
        self._look_again(draft)

    def record_changed_by(self, user: User | None) -> bool:
        """Somebody (None: a machine) changed a record that it shows. Whether it has something to publish only now.

        Whose draft it is stays as it is: they changed words in it, and did not write it.
        """
        with transaction.atomic():
            draft = self.locked()
            is_new = not draft.has_changes
            if not draft.is_open or (is_new and not draft.says_something_new()):
                return False
            draft.note_news()
            if user:
                draft.note_contribution(user)
            draft.changed_at = timezone.now()
            draft.save(update_fields=(*self.STANDING, *self.CHANGED))
        return is_new

    def submit(self, by: User | None = None) -> None:
        """Hand it in. Whoever does so has read it, and stands for what others wrote; None where nobody has."""
        with transaction.atomic():
            draft = self.locked()
            draft.refuse_closed()
            if not draft.says_something_new():
                raise Refused(_t("Nothing has changed since the last version."))
            if by:
                draft.unchecked = [person for person in draft.unchecked if person == by.pk]
            draft._move_to(Stage.IN_REVIEW)
        self.stage, self.unchecked = draft.stage, draft.unchecked

    def send_back(self) -> None:
        with transaction.atomic():
            draft = self.locked()
            draft.refuse_closed()
            draft._move_to(Stage.DRAFT)
        self.stage = draft.stage

    def _move_to(self, stage: str) -> None:
        self.stage = stage
        self.save(update_fields=("stage", "unchecked", *self.CHANGED))

    def refuse_unread(self, publisher: User) -> None:
        """Every word is read by somebody who did not write it: the publisher, or whoever handed it in."""
        if publisher.pk in self.unchecked and not settings.SINGLE_EDITOR:
            raise Refused(
                _t(
                    "You changed this yourself, and nobody else has handed it in since: publishing it takes a second "
                    "person. Send it back, so that its writer hands it in again, or let another editor publish it."
                )
            )

    def publish(
        self,
        by: User,
        *,
        kind: str = "",
        note: str = "",
        note_en: str = "",
        release_at: datetime | None = None,
        revision: int | None = None,
        content: dict[str, Any] | None = None,
        published_before: datetime | None = None,
    ) -> Version:
        """Append a version with what it says now. Raises Refused with every reason why not.

        `content` is what it says now, from a caller who has it already and has locked the draft before asking for it.
        """
        with transaction.atomic():
            draft = self.locked()
            draft.refuse_closed()
            if revision is not None and revision != draft.revision:
                raise Refused(_t("Somebody changed this after you opened it. Look at it again, then publish."))
            content = draft.complete_content() if content is None else content
            if not draft.says_something_new(content):
                raise Refused(_t("Nothing has changed since the last version."))
            draft.refuse_unread(by)
            if problems := draft.problems():
                raise Refused(*problems)
            version = draft.new_version()
            seal(
                version,
                content=content,
                by=by,
                kind=kind or draft.default_kind(),
                note=note,
                note_en=note_en,
                release_at=release_at,
                published_before=published_before,
            )
            draft.note_published(version)
        self.refresh_from_db(fields=self.STANDING)
        return version


class DraftQuerySet(models.QuerySet["Draft"]):
    def drafts(self) -> Self:
        """With something that no version has: as `VersionQuerySet.drafts` where versions are their own drafts."""
        return self.filter(models.Q(published_revision=None) | ~models.Q(published_revision=models.F("revision")))


class Draft(Publishable):
    """A draft with versions beside it, which goes on after each of them.

    A concrete one says in `problems()` what keeps it from being published, in `content()` what a version of it shows,
    and in `begun_version()` how to begin one, with the columns by which it is found.
    """

    STANDING: ClassVar[tuple[str, ...]] = (*Publishable.STANDING, "published_revision")

    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    # The revision that the newest version holds: a draft without changes has nothing to publish.
    published_revision = models.PositiveIntegerField(null=True, editable=False)

    objects = DraftQuerySet.as_manager()
    # The other side of the foreign key that its versions have.
    versions: Any

    class Meta:
        abstract = True

    @asked_of_each
    def content(self) -> dict[str, Any]:
        """What a version of it shows, as it stands in the database now."""
        raise NotImplementedError

    @asked_of_each
    def begun_version(self) -> Version:
        """Not saved yet, of this draft."""
        raise NotImplementedError

    def index_version(self, version: Version) -> None:
        """Rows by which a version is found (its pictures, its people); they are implied by its content."""

    def complete_content(self) -> dict[str, Any]:
        return storable(self.content())

    def default_kind(self) -> str:
        """After the first one, whoever publishes says what kind of change it is."""
        return "" if self.chain().exists() else Kind.FIRST

    @classmethod
    def version_model(cls) -> type[Version]:
        model: type[Version] = cls._meta.get_field("versions").related_model  # type: ignore[assignment]
        return model

    @classmethod
    def versions_by_row(cls) -> VersionQuerySet:
        model = cls.version_model()
        return model.objects.sealed().filter(**{model.subject_field: models.OuterRef("pk")})

    def sealed_versions(self) -> VersionQuerySet:
        return self.versions.sealed().order_by("-number")

    def chain(self) -> VersionQuerySet:
        return self.sealed_versions()

    @property
    def newest_version(self) -> Version | None:
        return self.sealed_versions().first()

    @property
    def is_open(self) -> bool:
        return True

    @property
    def has_changes(self) -> bool:
        return self.revision != self.published_revision

    def says_something_new(self, content: dict[str, Any] | None = None) -> bool:
        if self.has_changes:
            return True
        newest = self.newest_version
        return newest is None or (self.complete_content() if content is None else content) != newest.content

    def note_news(self) -> None:
        if not self.has_changes:
            self.published_revision = None

    def note_beginning(self, user: User) -> None:
        if not self.has_changes:
            self.written_by = user

    def new_version(self) -> Version:
        version = self.begun_version()
        version.written_by, version.contributors = self.written_by, self.contributors
        return version

    def note_published(self, version: Version) -> None:
        self.index_version(version)
        self.stage, self.published_revision = Stage.DRAFT, self.revision
        self.contributors, self.unchecked = [], []
        self.save(update_fields=self.STANDING)

    def take_back(self) -> None:
        """It is in review as before, unless it was changed since."""
        with transaction.atomic():
            draft = self.locked()
            if not (pending := draft.versions.pending().first()):
                raise Refused(_t("Nothing is scheduled."))
            pending.take_back()
            if not draft.has_changes:
                draft.stage = Stage.IN_REVIEW
            draft.published_revision = None
            draft.contributors = list(dict.fromkeys([*pending.writers, *draft.contributors]))
            draft.unchecked = list(draft.contributors)
            draft.save(update_fields=self.STANDING)
        self._look_again(draft)
