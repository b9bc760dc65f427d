"""Files that people bring in: kept until they are imported or thrown away, with what was chosen for them."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapdata.models.editions import Edition
from mapdata.models.maps import SituationMap
from newsroom.jobs.job import Job, State

CHUNK = 1 << 20


def private_name(instance, filename: str) -> str:
    """Where an upload lies: nothing of the sender's name, and no address that anybody could guess."""
    return f"imports/{uuid.uuid4().hex}"


def safe_name(name: str) -> str:
    """A file's name as this machine may use it: its end says what it is, a date in it which day it shows."""
    return re.sub(r"[^\w.-]|^[.]+", "_", name)[-100:] or "_"


class Kind(models.TextChoices):
    """What a file holds; each kind is for whoever may add such rows."""

    CONTROL = "control", _("who holds what (an edition)")
    EVENTS = "events", _("events")
    REGIONS = "regions", _("regions")
    PLACES = "places", _("places")


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ImportQuerySet":
        """One's own; administrators look after everybody's."""
        return self if user.has_perm("newsroom.view_job") else self.filter(by=user)

    def unfinished(self) -> "ImportQuerySet":
        return self.filter(finished_at=None)

    def tend(self) -> None:
        """Remove the uploads that nobody came back for, and what is remembered of those that were imported."""
        now = timezone.now()
        for forgotten in self.unfinished().filter(at__lt=now - timedelta(days=settings.IMPORT_KEEP_DAYS)):
            forgotten.throw_away()
        self.filter(finished_at__lt=now - timedelta(days=30)).delete()


class Import(models.Model):
    """One upload on its way in. `found` is what stands in the file, `choices` what it means, `plan` what comes of that.

    The plan belongs to the choices under which it was made (`plan["choices"]`); with others it is made again.
    """

    # What Django's admin and the roles call permission to add rows of a kind.
    PERMISSIONS: ClassVar[dict[str, str]] = {
        Kind.CONTROL: "mapdata.add_edition",
        Kind.EVENTS: "mapdata.add_event",
        Kind.REGIONS: "mapdata.add_region",
        Kind.PLACES: "mapdata.add_place",
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    map = models.ForeignKey(
        SituationMap, models.CASCADE, related_name="+", null=True, blank=True, verbose_name=_("situation map")
    )
    file = models.FileField(_("file"), upload_to=private_name, max_length=100, blank=True)
    name = models.CharField(_("name of the file"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by"))
    at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    found = models.JSONField(_("what stands in it"), null=True, editable=False)
    choices = models.JSONField(_("what was chosen"), default=dict, editable=False)
    plan = models.JSONField(_("what comes of it"), null=True, editable=False)
    job = models.ForeignKey(Job, models.SET_NULL, related_name="+", null=True, editable=False)
    # When it became rows; the file is gone then.
    finished_at = models.DateTimeField(_("imported at"), null=True, editable=False)
    edition = models.ForeignKey(Edition, models.SET_NULL, related_name="+", null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[Kind.REGIONS, Kind.PLACES]) | models.Q(map__isnull=False),
                name="mapdata_import_has_a_map",
                violation_error_message=_("Say for which situation map this is."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def kinds_for(cls, user) -> list[str]:
        """What this person may bring in."""
        return [kind for kind, permission in cls.PERMISSIONS.items() if user.has_perm(permission)]

    @property
    def is_busy(self) -> bool:
        return self.job is not None and not self.job.is_finished

    @property
    def trouble(self) -> str:
        """Why the last job did not do what was asked; empty where it did."""
        return self.job.error if self.job and self.job.state == State.FAILED else ""

    @property
    def is_planned(self) -> bool:
        """Whether the plan is that of the choices as they are now."""
        return self.plan is not None and self.plan.get("choices") == self.choices

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The file under a path on this machine, with the name that it came with, wherever the storage keeps it."""
        with TemporaryDirectory(prefix="import-") as folder:
            path = Path(folder) / safe_name(self.name)
            with self.file.open("rb") as stored, path.open("wb") as copy:
                for chunk in stored.chunks(CHUNK):
                    copy.write(chunk)
            yield path

    def begin(self, task, by, **arguments) -> Job:
        """Ask for the next job of this import; one that is still under way is cancelled first."""
        with transaction.atomic():
            row = Import.objects.select_for_update().select_related(None).get(pk=self.pk)
            if row.job_id and not row.job.is_finished:
                row.job.cancel()
            self.save()
            self.job = Job.start(task, by, about=self.name, upload=self.pk, **arguments)
            # Where jobs run at once, this one has written already.
            Import.objects.filter(pk=self.pk).update(job=self.job)
        self.refresh_from_db()
        return self.job

    def finish(self, edition: Edition | None = None, **outcome) -> None:
        """Within the transaction that wrote the rows. The file goes once that is committed."""
        name, storage = self.file.name, self.file.storage
        self.finished_at, self.edition, self.file = timezone.now(), edition, ""
        # The preview is of no use any more, what was refused is.
        self.plan = {"outcome": outcome, "refused": (self.plan or {}).get("refused", [])}
        self.save()
        transaction.on_commit(lambda: storage.delete(name))

    def throw_away(self) -> None:
        if self.is_busy:
            self.job.cancel()
        file = self.file
        self.delete()
        if file:
            transaction.on_commit(lambda: file.storage.delete(file.name))


class ImportPreset(models.Model):
    """What columns and values mean in files of one kind, remembered under a name."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    choices = models.JSONField(_("what was chosen"), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("made by"),
    )
    at = models.DateTimeField(_("made at"), auto_now=True)

    class Meta:
        verbose_name = _("import preset")
        verbose_name_plural = _("import presets")
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapdata_importpreset_name_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def remember(cls, kind: str, name: str, choices: dict, by) -> "ImportPreset":
        """Under a name that is there already, what is remembered now takes its place."""
        preset, _created = cls.objects.update_or_create(kind=kind, name=name, defaults={"choices": choices, "by": by})
        return preset


__all__ = ["Import", "ImportPreset", "Kind"]
