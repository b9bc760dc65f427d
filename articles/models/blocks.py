"""What the body of a story is made of. Each block says what it shows, and what keeps it from being published."""

from content_editor.models import create_plugin_base
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from articles import prose
from articles.models.quotes import Quote
from articles.models.stories import Story, StoryVersion
from mapdata.models import Edition, Event, EventVersion, SituationMap, View
from newsroom.models import Image

BlockBase = create_plugin_base(Story)


class Block(BlockBase):
    """What all blocks answer; `type` is their name in a version's content.

    `get_queryset` fetches with each kind of block what it shows and what its problems depend on: one query for all of a
    kind, however many a story has.
    """

    type: str

    class Meta:
        abstract = True
        verbose_name = _("block")

    def in_full(self) -> str:
        """What it says, for who only reads it at the desk."""
        return str(self)

    def kind(self) -> str:
        return self._meta.verbose_name

    def content(self) -> dict:
        raise NotImplementedError

    def problems(self) -> list[str]:
        return []


class Text(Block):
    """Paragraphs, links, emphasis, lists and block quotes."""

    type = "text"

    text = ProseEditorField(_("text"), extensions=prose.EXTENSIONS, sanitize=prose.clean)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return self.get_text_excerpt(12)

    def content(self) -> dict:
        return {"html": self.sanitized()}

    def sanitized(self) -> str:
        return prose.clean(self.text)

    def problems(self) -> list[str]:
        return [] if self.sanitized().strip() else [_t("there is no text in it.")]


class Heading(Block):
    type = "heading"

    text = models.CharField(_("heading"), max_length=prose.LONGEST_HEADING)

    class Meta:
        verbose_name = _("heading")
        verbose_name_plural = _("headings")

    def __str__(self) -> str:
        return self.text

    def content(self) -> dict:
        return {"text": self.text}


class QuoteBlock(Block):
    """A quote, by reference to its record."""

    type = "quote"

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="+", verbose_name=_("quote"))

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    @classmethod
    def get_queryset(cls):
        return super().get_queryset().select_related("quote__speaker", "quote__source")

    def __str__(self) -> str:
        return str(self.quote)

    def in_full(self) -> str:
        return self.quote.in_full()

    def content(self) -> dict:
        return self.quote.content(self.parent.language)

    def problems(self) -> list[str]:
        if missing := self.quote.missing():
            return [
                _t("the quote “%(text)s” has no %(missing)s.")
                % {"text": self.quote.text[:40], "missing": _t(" and no ").join(missing)}
            ]
        return []


class MapBlock(Block):
    """A situation map: live (its newest edition) or pinned to one edition."""

    type = "map"

    map = models.ForeignKey(SituationMap, models.PROTECT, related_name="+", verbose_name=_("situation map"))
    edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"published_at__isnull": False},
        verbose_name=_("pinned to edition"),
        help_text=_("Empty: the map is live and shows the newest edition."),
    )
    view = models.ForeignKey(
        View, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("view"),
        help_text=_("Empty: the whole map."),
    )  # fmt: skip
    caption = models.TextField(_("caption"), help_text=_("Say what red ground and red dots mean."))

    class Meta:
        verbose_name = _("map")
        verbose_name_plural = _("maps")

    @classmethod
    def get_queryset(cls):
        known = Edition.objects.known()
        return (
            super()
            .get_queryset()
            .select_related("map", "edition", "view")
            .defer("edition__content")
            .annotate(
                edition_is_known=models.Exists(known.filter(pk=models.OuterRef("edition"))),
                map_is_known=models.Exists(known.filter(map=models.OuterRef("map"))),
            )
        )

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.edition and self.edition.map_id != self.map_id:
            errors["edition"] = _("This edition is of another map.")
        if self.view and self.view.map_id != self.map_id:
            errors["view"] = _("This view is of another map.")
        if errors:
            raise ValidationError(errors)

    def __str__(self) -> str:
        return str(self.map)

    def content(self) -> dict:
        return {
            "map": self.map.slug,
            "edition": self.edition.number if self.edition else None,
            "bounds": list(self.view.bounds) if self.view else None,
            "caption": self.caption,
        }

    def problems(self) -> list[str]:
        if self.edition_id and not self.edition_is_known:
            return [_t("the edition it is pinned to cannot be read.")]
        if not self.map_is_known:
            return [_t("the map has no published edition yet.")]
        return []


class ImageBlock(Block):
    type = "image"

    image = models.ForeignKey(Image, models.PROTECT, related_name="+", verbose_name=_("picture"))
    caption = models.TextField(_("caption"), blank=True, help_text=_("Empty: the picture's own."))

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    @classmethod
    def get_queryset(cls):
        return super().get_queryset().select_related("image")

    def __str__(self) -> str:
        return str(self.image)

    def content(self) -> dict:
        picture = self.image.content()
        return {"image": picture | {"caption": self.caption or picture["caption"]}}

    def problems(self) -> list[str]:
        return [] if self.image.alt and self.image.credit else [_t("it has no alternative text or no credit.")]


class EventBlock(Block):
    """An event, as it is known when the page is read."""

    type = "event"

    event = models.ForeignKey(Event, models.PROTECT, related_name="+", verbose_name=_("event"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    @classmethod
    def get_queryset(cls):
        known = EventVersion.objects.known().filter(event=models.OuterRef("event"))
        return super().get_queryset().select_related("event").annotate(event_is_known=models.Exists(known))

    def __str__(self) -> str:
        return str(self.event)

    def content(self) -> dict:
        return {"event": self.event_id}

    def problems(self) -> list[str]:
        return [] if self.event_is_known else [_t("the event is not published.")]


class FactBox(Block):
    type = "facts"

    title = models.CharField(_("title"), max_length=200)
    rows = models.TextField(_("facts"), help_text=_("A line each: figure | what it is, and according to whom."))

    class Meta:
        verbose_name = _("fact box")
        verbose_name_plural = _("fact boxes")

    def clean(self) -> None:
        super().clean()
        for number, line in enumerate(self.rows.splitlines(), start=1):
            if line.strip() and not all(part.strip() for part in line.partition("|")[::2]):
                raise ValidationError({"rows": _("Line %(number)d is not “figure | text”.") % {"number": number}})

    def __str__(self) -> str:
        return self.title

    def content(self) -> dict:
        lines = [line.partition("|") for line in self.rows.splitlines() if line.strip()]
        return {
            "title": self.title,
            "rows": [{"label": label.strip(), "text": text.strip()} for label, _bar, text in lines],
        }


class RelatedStory(Block):
    type = "related"

    story = models.ForeignKey(Story, models.PROTECT, related_name="+", verbose_name=_("story"))

    class Meta:
        verbose_name = _("related story")
        verbose_name_plural = _("related stories")

    @classmethod
    def get_queryset(cls):
        known = StoryVersion.objects.known().filter(story=models.OuterRef("story"))
        return super().get_queryset().select_related("story").annotate(story_is_known=models.Exists(known))

    def __str__(self) -> str:
        return str(self.story)

    def content(self) -> dict:
        return {"story": self.story_id}

    def problems(self) -> list[str]:
        return [] if self.story_is_known else [_t("the story is not published.")]


BLOCKS = [Text, Heading, QuoteBlock, MapBlock, ImageBlock, EventBlock, FactBox, RelatedStory]
