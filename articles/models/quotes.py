"""Who said what, when, where, in what capacity, and how we know."""

import textwrap

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from newsroom.models import Source
from newsroom.moments import MomentPrecision
from newsroom.texts.fields import TextsField
from newsroom.texts.languages import in_language


class Person(models.Model):
    """Somebody who is quoted."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    role = TextsField(_("role"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Quote(models.Model):
    """A record that stories place by reference. Without speaker, day or source it cannot be published."""

    class Channel(models.TextChoices):
        SPEECH = "speech", _("speech")
        INTERVIEW = "interview", _("interview")
        PRESS_CONFERENCE = "press_conference", _("press conference")
        BRIEFING = "briefing", _("briefing")
        VIDEO_ADDRESS = "video_address", _("video address")
        TELEGRAM = "telegram", _("Telegram")
        SOCIAL_MEDIA = "social_media", _("social media")
        STATEMENT = "statement", _("statement")

    text = models.TextField(_("text"), help_text=_("The words, in the language of the story, without quotation marks."))
    original_text = models.TextField(_("original text"), blank=True)
    original_language = models.CharField(
        _("original language"), max_length=10, blank=True, help_text=_("Code, such as uk, ru or en.")
    )
    speaker = models.ForeignKey(
        Person, models.PROTECT, related_name="quotes", null=True, blank=True, verbose_name=_("speaker")
    )
    role = models.CharField(
        _("role"), max_length=200, blank=True, help_text=_("At that moment; empty: the person's role in the language.")
    )
    said_at = models.DateTimeField(_("said at"), null=True, blank=True)
    said_precision = models.CharField(
        _("precision of the moment"), max_length=10, choices=MomentPrecision, default=MomentPrecision.DAY
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="quotes", null=True, blank=True, verbose_name=_("source")
    )

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["-said_at", "-id"]

    def __str__(self) -> str:
        return self._said(self.shortened(60))

    def shortened(self, length: int) -> str:
        """The words, cut between two of them; the sign that says so is theirs, inside the quotation marks."""
        return textwrap.shorten(self.text, length, placeholder=" …")

    def in_full(self) -> str:
        return self._said(self.text)

    def _said(self, words: str) -> str:
        speaker = self.speaker.name if self.speaker else _t("nobody yet")
        return f"{speaker}: “{words}”"

    def missing(self) -> list[str]:
        """What it lacks to be attributed, in words."""
        return [
            words
            for words, present in [
                (_t("speaker"), self.speaker),
                (_t("day"), self.said_at),
                (_t("source"), self.source),
            ]
            if not present
        ]

    def content(self, language: str) -> dict:
        """What a version shows of it."""
        return {
            "quote": self.pk,
            "text": self.text,
            "original_text": self.original_text,
            "original_language": self.original_language,
            "speaker": {"name": self.speaker.name, "slug": self.speaker.slug} if self.speaker else None,
            "role": self.role or (in_language(self.speaker.role, language) if self.speaker else ""),
            "said_at": self.said_at and self.said_at.isoformat(),
            "said_precision": self.said_precision,
            "channel": self.channel,
            "place": self.place,
            "source": self.source.content() if self.source else None,
        }
