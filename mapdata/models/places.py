"""Where places lie, to be found by what people call them; the gazetteer of the desk."""

import re
import unicodedata

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from mapdata.models.maps import LATITUDE, LONGITUDE, Region
from newsroom.texts.fields import InLanguage, TextsField
from newsroom.texts.languages import in_language, in_order

# Letters that Unicode does not take apart, and what people type for them. An apostrophe in a name is often left out.
_PLAIN = str.maketrans(
    {"ґ": "г", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"} | dict.fromkeys("'’ʼʹ`´ь")
)


def folded(text: str) -> str:
    """A name as it is compared: lower case, without accents, apostrophes and soft signs, words by single spaces.

    Both sides of a comparison are folded, so that й may become и and ї may become і: SQLite knows upper and lower case
    of ASCII only, and nothing of accents.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters))


class PlaceQuerySet(models.QuerySet):
    def named(self, text: str):
        """Places by a part of their name in any language.

        In order: the whole name, names that begin so, names in which a word begins so, the others; of each the place
        with most people first.
        """
        wanted = folded(text)
        if not wanted:
            return self.none()
        rank = Case(
            When(Q(folded__contains=f"|{wanted}|"), then=Value(0)),
            When(Q(folded__contains=f"|{wanted}"), then=Value(1)),
            When(Q(folded__contains=f" {wanted}"), then=Value(2)),
            default=Value(3),
        )
        found = self.filter(folded__contains=wanted).annotate(rank=rank)
        return found.order_by("rank", "-population", InLanguage("name"), "pk")


class Place(models.Model):
    """A city, town or village. Known by its `code`, so that importing twice changes nothing."""

    code = models.CharField(
        _("code"), max_length=60, unique=True, help_text=_("What its source calls it, such as geonames:703448.")
    )
    name = TextsField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=50, blank=True)
    lon = models.FloatField(_("longitude"), validators=LONGITUDE)
    lat = models.FloatField(_("latitude"), validators=LATITUDE)
    population = models.PositiveIntegerField(_("inhabitants"), default=0)
    region = models.ForeignKey(
        Region, models.SET_NULL, null=True, blank=True, related_name="places", verbose_name=_("region")
    )
    # |name|name|name|, folded: what `named` looks in.
    folded = models.TextField(editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["-population", InLanguage("name")]
        indexes = [models.Index(fields=["-population"], name="mapdata_place_largest")]

    def __str__(self) -> str:
        return in_language(self.name)

    def save(self, *args, **kwargs) -> None:
        self.fold()
        super().save(*args, **kwargs)

    def fold(self) -> None:
        """Bring `folded` up to date; whoever writes many at once calls this for each."""
        names = dict.fromkeys(folded(self.name[language]) for language in in_order(self.name))
        self.folded = f"|{'|'.join(name for name in names if name)}|"

    @classmethod
    def search(cls, text: str, limit: int = 10) -> "list[Place]":
        """The places that somebody means who typed `text`, the likeliest first, each with its region."""
        return list(cls.objects.named(text).select_related("region").defer("region__boundary")[:limit])
