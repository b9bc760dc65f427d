"""Files that readers download, made once and kept in the storage under names that say what is in them."""

import hashlib
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Files of other times than now: what nobody else may ask for again is not kept for long.
MOST_PAST = 40


class ExportQuerySet(models.QuerySet):
    def of(self, subject: str, state: str) -> "ExportQuerySet":
        return self.filter(subject=subject, state=state)

    def discard(self) -> None:
        """Remove these, and their files where nothing else has the same."""
        names = set(self.values_list("name", flat=True))
        self.delete()
        for name in names - set(Export.objects.filter(name__in=names).values_list("name", flat=True)):
            default_storage.delete(name)


class Export(models.Model):
    """A file: `subject` is what it is of, `state` names all that it says. Derived: it may go, and be made again."""

    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    # Whether it was asked for as of another time than now.
    past = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        constraints = [models.UniqueConstraint(fields=["subject", "state", "format"], name="newsroom_export_made_once")]
        indexes = [models.Index(fields=["name"], name="newsroom_export_name")]

    def __str__(self) -> str:
        return f"{self.subject}.{self.format}"

    @classmethod
    def keep(cls, subject: str, state: str, format: str, data: bytes, past: bool = False) -> "Export":
        """Store a file; one that is there, made by another process at the same time, stays as it is."""
        digest = hashlib.sha256(data).hexdigest()
        name = f"exports/{digest[:2]}/{digest}.{format}"
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(data))
        try:
            with transaction.atomic():
                made = cls.objects.create(
                    subject=subject, state=state, format=format, past=past, name=name, sha256=digest, size=len(data)
                )
        except IntegrityError:
            return cls.objects.of(subject, state).get(format=format)
        if past:
            old = cls.objects.filter(past=True).order_by("-made_at", "-pk").values_list("pk", flat=True)[MOST_PAST:]
            cls.objects.filter(pk__in=list(old)).discard()
        return made

    @classmethod
    def tidy(cls, wanted: Iterable[tuple[str, str]]) -> None:
        """Discard all but these (subject, state): what has changed since, and what may have been withdrawn."""
        wanted = set(wanted)
        kept = cls.objects.values_list("pk", "subject", "state")
        stale = [pk for pk, subject, state in kept if (subject, state) not in wanted]
        for start in range(0, len(stale), 500):
            cls.objects.filter(pk__in=stale[start : start + 500]).discard()
