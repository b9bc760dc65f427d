"""The map itself, its parties, the regions it speaks of, and the views in which it is shown."""

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapdata.fields import GroundField
from newsroom.texts.fields import InLanguage, TextsField
from newsroom.texts.languages import in_language

LONGITUDE = [MinValueValidator(-180), MaxValueValidator(180)]
LATITUDE = [MinValueValidator(-85), MaxValueValidator(85)]


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone. Write it as Europe/Kyiv.") % {"name": name})


class Bounds(models.Model):
    """A rectangle in degrees, within what Web Mercator can show."""

    west = models.FloatField(_("west"), validators=LONGITUDE)
    south = models.FloatField(_("south"), validators=LATITUDE)
    east = models.FloatField(_("east"), validators=LONGITUDE)
    north = models.FloatField(_("north"), validators=LATITUDE)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(west__lt=models.F("east"), south__lt=models.F("north")),
                name="%(app_label)s_%(class)s_has_extent",
                violation_error_message=_("West must lie west of east, and south below north."),
            )
        ]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(west, south, east, north) in degrees."""
        return self.west, self.south, self.east, self.north


class SituationMap(Bounds):
    """A map that is updated as a conflict goes on; its pictures are its editions."""

    slug = models.SlugField(_("address"), unique=True)
    title = TextsField(_("title"), max_length=200)
    methodology = TextsField(_("how the map is made"), multiline=True, blank=True)
    licence = models.CharField(
        _("licence of its data"),
        max_length=200,
        blank=True,
        help_text=_("Stands in the files that readers download, from the next edition on. Empty: the site's own."),
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Kyiv", validators=[validate_time_zone])
    baseline_at = models.DateTimeField(
        _("beginning"),
        null=True,
        blank=True,
        help_text=_("Ground held before this moment is told apart from ground taken since."),
    )

    class Meta(Bounds.Meta):
        verbose_name = _("situation map")
        verbose_name_plural = _("situation maps")
        ordering = [InLanguage("title")]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def content(self) -> dict:
        """What an edition shows of its map."""
        return {
            "slug": self.slug,
            "title": self.title,
            "methodology": self.methodology,
            "licence": self.licence,
            "time_zone": self.time_zone,
            "baseline_at": self.baseline_at and self.baseline_at.isoformat(),
            "bounds": list(self.bounds),
        }


class View(Bounds):
    """A part of a map that stories show, under a name."""

    map = models.ForeignKey(SituationMap, models.CASCADE, related_name="views", verbose_name=_("situation map"))
    slug = models.SlugField(_("address"))
    name = TextsField(_("name"), max_length=100)

    class Meta(Bounds.Meta):
        verbose_name = _("view")
        verbose_name_plural = _("views")
        ordering = ["map", "slug"]
        constraints = [
            *Bounds.Meta.constraints,
            models.UniqueConstraint(fields=["map", "slug"], name="mapdata_view_once_in_a_map"),
        ]

    def __str__(self) -> str:
        return f"{self.map}: {in_language(self.name)}"


class Party(models.Model):
    """Who can hold ground."""

    class Colour(models.TextChoices):
        RED = "red", _("red")
        BLUE = "blue", _("blue")
        OCHRE = "ochre", _("ochre")
        GREEN = "green", _("green")
        PURPLE = "purple", _("purple")
        GREY = "grey", _("grey")

    class Pattern(models.TextChoices):
        SOLID = "solid", _("solid")
        LINES = "lines", _("lines")
        DOTS = "dots", _("dots")
        GRID = "grid", _("grid")
        QUIET = "quiet", _("none: like other ground")

    slug = models.SlugField(_("address"), unique=True)
    name = TextsField(_("name"), max_length=100)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, default=Colour.RED)
    pattern = models.CharField(_("pattern"), max_length=10, choices=Pattern, default=Pattern.SOLID)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = [InLanguage("name")]

    def __str__(self) -> str:
        return in_language(self.name)

    def content(self) -> dict:
        """What an edition shows of a party."""
        return {"name": self.name, "colour": self.colour, "pattern": self.pattern}


class Region(models.Model):
    """A unit of administration: an oblast, a city with that rank."""

    code = models.CharField(_("code"), max_length=20, unique=True, help_text=_("ISO 3166-2, such as UA-32."))
    name = TextsField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=50, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name=_("part of")
    )
    boundary = GroundField(_("boundary"), editable=False)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["level", InLanguage("name")]

    def __str__(self) -> str:
        return in_language(self.name)
