"""What happened, where and when, and how sure we are of it; vocabulary after the ACLED codebook."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.models.maps import LATITUDE, LONGITUDE, SituationMap
from newsroom.models import Image, Source
from newsroom.moments import MomentPrecision
from newsroom.publishing import SEALED, Draft, Version
from newsroom.texts.fields import TextsField
from newsroom.texts.languages import in_language

# Decimals of a degree that readers get: 0.0001 degree of latitude is 11 m, 0.1 degree 11 km.
DECIMALS = {"exact": 4, "vicinity": 3, "locality": 2, "district": 1}


def coarsened(lon: float, lat: float, precision: str) -> tuple[float, float]:
    """The public place of an event: longitude and latitude in degrees, rounded to the precision that readers get."""
    decimals = DECIMALS[precision]
    return round(lon, decimals) + 0.0, round(lat, decimals) + 0.0


class Event(Draft):
    """The draft of an event; its id is its permanent address. The exact place stays here and is never published."""

    class Type(models.TextChoices):
        BATTLE = "battle", _("battle")
        EXPLOSION = "explosion", _("explosion / remote violence")
        VIOLENCE = "violence_against_civilians", _("violence against civilians")
        PROTEST = "protest", _("protest")
        RIOT = "riot", _("riot")
        STRATEGIC = "strategic_development", _("strategic development")
        EVACUATION = "evacuation", _("evacuation")
        DIPLOMATIC = "diplomatic", _("diplomatic")
        HUMANITARIAN = "humanitarian", _("humanitarian")

    class LocationPrecision(models.TextChoices):
        EXACT = "exact", _("exact, within 10 m")
        VICINITY = "vicinity", _("vicinity, 100 m")
        LOCALITY = "locality", _("locality, 1 km")
        DISTRICT = "district", _("district")

    class Verification(models.TextChoices):
        UNVERIFIED = "unverified", _("unverified")
        PARTLY = "partly_verified", _("partly verified")
        VERIFIED = "verified", _("verified")
        DISPUTED = "disputed", _("disputed")
        DEBUNKED = "debunked", _("debunked")

    map = models.ForeignKey(SituationMap, models.PROTECT, related_name="events", verbose_name=_("situation map"))
    title = TextsField(_("title"), max_length=200)
    text = TextsField(_("text"), multiline=True, blank=True)
    place = TextsField(_("place"), max_length=100)
    type = models.CharField(_("type"), max_length=30, choices=Type)
    sub_type = models.CharField(_("sub-type"), max_length=60, blank=True)
    happened_at = models.DateTimeField(_("happened at"))
    time_precision = models.CharField(
        _("precision of the time"), max_length=10, choices=MomentPrecision, default=MomentPrecision.DAY
    )
    lon = models.FloatField(_("longitude"), validators=LONGITUDE, help_text=_("Exact; readers get it coarsened."))
    lat = models.FloatField(_("latitude"), validators=LATITUDE)
    location_precision = models.CharField(
        _("precision of the place"),
        max_length=10,
        choices=LocationPrecision,
        default=LocationPrecision.LOCALITY,
        help_text=_("How precisely readers get to see the place. The exact one is never published."),
    )
    verification = models.CharField(
        _("verification"), max_length=16, choices=Verification, default=Verification.UNVERIFIED
    )
    casualties_low = models.PositiveIntegerField(_("casualties, at least"), null=True, blank=True)
    casualties_best = models.PositiveIntegerField(_("casualties, best estimate"), null=True, blank=True)
    casualties_high = models.PositiveIntegerField(_("casualties, at most"), null=True, blank=True)
    casualties_according_to = models.CharField(_("casualties according to"), max_length=200, blank=True)
    graphic = models.BooleanField(_("graphic content"), default=False)
    image = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture"))
    sources = models.ManyToManyField(Source, related_name="+", verbose_name=_("sources"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_at", "-id"]
        permissions = [("publish_event", _("Can publish an event"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(casualties_low=None, casualties_best=None, casualties_high=None)
                | ~models.Q(casualties_according_to=""),
                name="mapdata_event_casualties_attributed",
                violation_error_message=_("Say who gives the number of casualties."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(casualties_low=None)
                    | models.Q(casualties_high=None)
                    | models.Q(casualties_low__lte=models.F("casualties_high"))
                ),
                name="mapdata_event_casualties_in_order",
                violation_error_message=_("The lowest number of casualties is above the highest."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title)

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    def problems(self) -> list[str]:
        found = []
        if not self.sources.exists():
            found.append(_t("It names no source."))
        if self.happened_at > timezone.now():
            found.append(_t("It lies in the future."))
        if self.image and not (self.image.alt and self.image.credit):
            found.append(_t("Its picture has no alternative text or no credit."))
        return found

    def content(self) -> dict:
        """What readers get: the place coarsened, never the exact one."""
        lon, lat = coarsened(self.lon, self.lat, self.location_precision)
        return {
            "map": self.map.slug,
            "time_zone": self.map.time_zone,
            "title": self.title,
            "text": self.text,
            "place": self.place,
            "type": self.type,
            "sub_type": self.sub_type,
            "happened_at": self.happened_at.isoformat(),
            "time_precision": self.time_precision,
            "lon": lon,
            "lat": lat,
            "location_precision": self.location_precision,
            "verification": self.verification,
            "casualties": {
                "low": self.casualties_low,
                "best": self.casualties_best,
                "high": self.casualties_high,
                "according_to": self.casualties_according_to,
            },
            "graphic": self.graphic,
            "image": self.image.content() if self.image else None,
            "sources": [source.content() for source in self.sources.all()],
        }

    def begun_version(self) -> "EventVersion":
        return EventVersion(event=self, map=self.map, happened_at=self.happened_at)

    def index_version(self, version: Version) -> None:
        if self.image:
            version.images.add(self.image)


class EventVersion(Version):
    """What was published of an event."""

    subject_field: ClassVar[str] = "event"
    shows_pictures: ClassVar[bool] = True

    event = models.ForeignKey(Event, models.PROTECT, related_name="versions", verbose_name=_("event"))
    # As it was when this version was published: by these a map finds its dots.
    map = models.ForeignKey(SituationMap, models.PROTECT, related_name="+", verbose_name=_("situation map"))
    happened_at = models.DateTimeField(_("happened at"))
    images = models.ManyToManyField(Image, related_name="+", verbose_name=_("pictures"))

    class Meta:
        verbose_name = _("event version")
        verbose_name_plural = _("event versions")
        ordering = ["event", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="mapdata_eventversion_number_once"),
            models.CheckConstraint(condition=SEALED, name="mapdata_eventversion_sealed"),
        ]
        indexes = [models.Index(fields=["map", "-happened_at"], name="mapdata_eventversion_dots")]

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.event_id])

    def faults(self) -> list[str]:
        found = []
        if self.happened_at != datetime.fromisoformat(self.content["happened_at"]):
            found.append(_t("its moment is not the one that was published"))
        shown = {self.content["image"]["digest"]} if self.content["image"] else set()
        if {image.digest for image in self.images.all()} != shown:
            found.append(_t("its pictures are not those that were published"))
        return found
