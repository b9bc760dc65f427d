"""What both apps share: sources, pictures, exports, jobs, and the list of moments at which the public site changes."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import pictures
from newsroom.accounts import AccountEvent
from newsroom.downloads.export import Export
from newsroom.jobs.job import Job
from newsroom.publishing import PublicChange
from newsroom.publishing.redistribution import FLAG, NAMED, Withheld

__all__ = ["AccountEvent", "Export", "Image", "Job", "PublicChange", "Source"]


class SourceQuerySet(models.QuerySet):
    def withheld(self) -> Withheld:
        """Those that are not for redistribution; one query."""
        return Withheld(tuple(self.filter(**{FLAG: True}).order_by("pk").values_list("pk", *NAMED)))

    def never_archived(self) -> "SourceQuerySet":
        """Those with an address of which no copy is known."""
        return self.filter(archived_url="").exclude(url="")

    def waiting_for_archive(self) -> "SourceQuerySet":
        """Those of which a copy was asked for, and neither came nor failed yet."""
        return self.never_archived().filter(archive_asked_at__isnull=False, archive_trouble="")


class Source(models.Model):
    """Where something was read or heard, graded on the Admiralty scale."""

    class Reliability(models.TextChoices):
        A = "A", _("A: completely reliable")
        B = "B", _("B: usually reliable")
        C = "C", _("C: fairly reliable")
        D = "D", _("D: not usually reliable")
        E = "E", _("E: unreliable")
        F = "F", _("F: cannot be judged")

    class Credibility(models.IntegerChoices):
        CONFIRMED = 1, _("1: confirmed by other sources")
        PROBABLY = 2, _("2: probably true")
        POSSIBLY = 3, _("3: possibly true")
        DOUBTFUL = 4, _("4: doubtful")
        IMPROBABLE = 5, _("5: improbable")
        UNKNOWN = 6, _("6: cannot be judged")

    publisher = models.CharField(_("publisher"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    archived_url = models.URLField(_("address of an archived copy"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retrieved_at = models.DateTimeField(_("retrieved at"), null=True, blank=True)
    reliability = models.CharField(
        _("reliability of the source"), max_length=1, choices=Reliability, default=Reliability.F
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility of the information"), choices=Credibility, default=Credibility.UNKNOWN
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    not_for_redistribution = models.BooleanField(
        _("not for redistribution"),
        default=False,
        help_text=_("What rests on it can be seen and read, but stays out of the files that readers download."),
    )
    # When an archive was last asked for a copy, and why there is none.
    archive_asked_at = models.DateTimeField(_("archived copy asked for"), null=True, editable=False)
    archive_trouble = models.CharField(_("why there is no archived copy"), max_length=300, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "title", "id"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" if self.title else self.publisher

    def save(self, *args, **kwargs) -> None:
        """What readers can download changes at once with the mark that it is not to be passed on."""
        before = Source.objects.filter(pk=self.pk).values_list("not_for_redistribution", flat=True).first()
        super().save(*args, **kwargs)
        if before is not None and before != self.not_for_redistribution:
            PublicChange.record(timezone.now())

    def content(self) -> dict:
        """What a version shows of this source, and (`id`) by what it is found again."""
        return {
            "id": self.pk,
            "publisher": self.publisher,
            "title": self.title,
            "url": self.url,
            "archived_url": self.archived_url,
            "published_at": self.published_at and self.published_at.isoformat(),
            "retrieved_at": self.retrieved_at and self.retrieved_at.isoformat(),
            "reliability": self.reliability,
            "credibility": self.credibility,
            "licence": self.licence,
            "not_for_redistribution": self.not_for_redistribution,
        }


class Image(models.Model):
    """A picture: the original is kept and never served; readers get renditions, which hold pixels and nothing else."""

    original = models.FileField(_("file"), upload_to="originals/", max_length=300)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    renditions = models.JSONField(_("renditions"), default=list, editable=False)
    alt = models.CharField(
        _("alternative text"), max_length=500, help_text=_("What a reader who cannot see the picture must know.")
    )
    credit = models.CharField(_("credit"), max_length=200, help_text=_("Photographer and agency, or who made it."))
    caption = models.TextField(_("caption"), blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.alt[:60]} ({self.credit})"

    def clean(self) -> None:
        """Read the file, so that what is not a picture is refused beside its field."""
        super().clean()
        if not self.original or self.original._committed:
            return
        data = self.original.read()
        try:
            self._renditions = pictures.renditions(data)
        except pictures.PictureRefused as refusal:
            raise ValidationError({"original": str(refusal)}) from refusal
        digest = pictures.digest(data)
        if other := Image.objects.filter(digest=digest).exclude(pk=self.pk).first():
            raise ValidationError({"original": _("This file is here already: %(picture)s") % {"picture": other}})
        self.digest = digest
        self.original = ContentFile(data, name=f"{digest}.original")

    def save(self, *args, **kwargs) -> None:
        """Store renditions under content-addressed names; a file that is there is never written again."""
        if not self.digest or (self.original and not self.original._committed and not hasattr(self, "_renditions")):
            self.clean()
        for rendition in self.__dict__.pop("_renditions", []):
            name = pictures.rendition_name(self.digest, rendition.width, rendition.extension)
            if not default_storage.exists(name):
                default_storage.save(name, ContentFile(rendition.data))
            record = {"width": rendition.width, "height": rendition.height, "format": rendition.format}
            if record not in self.renditions:
                self.renditions.append(record)
        super().save(*args, **kwargs)

    def content(self) -> dict:
        """What a version shows of this picture."""
        return {
            "digest": self.digest,
            "renditions": self.renditions,
            "alt": self.alt,
            "credit": self.credit,
            "caption": self.caption,
        }
