"""A story, its draft and what was published of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Self

from content_editor.contents import contents_for_item
from content_editor.models import Region
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from articles.models.quotes import Person
from newsroom.models import Image
from newsroom.publishing import SEALED, Draft, Version, VersionQuerySet
from newsroom.texts.fields import InLanguage, TextsField
from newsroom.texts.languages import in_language


class Section(models.Model):
    """Where in the site a story stands."""

    slug = models.SlugField(_("address"), unique=True)
    name = TextsField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = [InLanguage("name")]

    def __str__(self) -> str:
        return in_language(self.name)


class Author(models.Model):
    """A name in a byline; the person who logs in, if there is one."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="author", verbose_name=_("user")
    )

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Story(Draft):
    """The draft of a story. Its body is a list of blocks (blocks.py)."""

    regions: ClassVar[list[Region]] = [Region(key="body", title=_("Body"))]

    headline = models.CharField(_("headline"), max_length=200)
    standfirst = models.TextField(_("standfirst"), blank=True)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, help_text=_("An address that was published keeps leading here.")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="nl")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", verbose_name=_("section"))
    authors = models.ManyToManyField(Author, related_name="stories", verbose_name=_("byline"), blank=True)
    lead_image = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead picture")
    )
    translation_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="translations", verbose_name=_("translation of")
    )

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-changed_at"]
        permissions = [("publish_story", _("Can publish a story"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(translation_of=None) | ~models.Q(translation_of=models.F("id")),
                name="articles_story_not_its_own_translation",
                violation_error_message=_("A story is not a translation of itself."),
            )
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    @property
    def original(self) -> "Story":
        return self.translation_of or self

    def blocks(self) -> list:
        """The blocks of the body, in order."""
        kinds = [link.related_model for link in self._meta.related_objects if link.field.name == "parent"]
        return list(contents_for_item(self, plugins=kinds).body) if self.pk else []

    def problems(self) -> list[str]:
        found = []
        if not self.authors.exists():
            found.append(_t("It has no byline."))
        if taken := self._address_taken_by():
            found.append(_t("Its address was published before, for “%(story)s”.") % {"story": taken})
        blocks = self.blocks()
        if not blocks:
            found.append(_t("It has no body."))
        for place, block in enumerate(blocks, start=1):
            found += [
                _t("Block %(place)d (%(kind)s): %(problem)s")
                % {"place": place, "kind": block._meta.verbose_name, "problem": problem}
                for problem in block.problems()
            ]
        return found

    def _address_taken_by(self) -> "Story | None":
        version = StoryVersion.objects.filter(slug=self.slug).exclude(story=self).first()
        return version and version.story

    def content(self) -> dict:
        return {
            "headline": self.headline,
            "standfirst": self.standfirst,
            "slug": self.slug,
            "language": self.language,
            "section": {"slug": self.section.slug, "name": self.section.name},
            "authors": [{"name": author.name, "slug": author.slug} for author in self.authors.all()],
            "lead_image": self.lead_image.content() if self.lead_image else None,
            "translation_of": self.translation_of_id,
            "blocks": [{"type": block.type, **block.content()} for block in self.blocks()],
        }

    def begun_version(self) -> "StoryVersion":
        return StoryVersion(story=self, slug=self.slug, language=self.language, original=self.original)

    def index_version(self, version: Version) -> None:
        version.people.set(Person.objects.filter(slug__in=[quote["speaker"]["slug"] for quote in version.quotes()]))
        version.images.set(Image.objects.filter(digest__in=[picture["digest"] for picture in version.pictures()]))


class StoryVersionQuerySet(VersionQuerySet):
    def at_address(self, slug: str, as_of: datetime | None = None) -> "StoryVersion | None":
        """The version to show at an address, also at one that the story had before: compare its slug; or None."""
        stories = self.known(as_of).filter(slug=slug).values("story")
        return self.newest(as_of).filter(story__in=stories).first()

    def front(self, language: str, as_of: datetime | None = None) -> Self:
        """What the front page shows: the stories in a language, those with the newest version first."""
        return self.newest(as_of).filter(language=language).order_by("-published_at", "-id")

    def of_other_languages(self, version: "StoryVersion", as_of: datetime | None = None) -> Self:
        return self.newest(as_of).filter(original=version.original_id).exclude(story=version.story_id)

    def quoting(self, person_slug: str, as_of: datetime | None = None) -> Self:
        return self.newest(as_of).filter(people__slug=person_slug).order_by("-published_at")


class StoryVersion(Version):
    """What was published of a story."""

    subject_field: ClassVar[str] = "story"
    shows_pictures: ClassVar[bool] = True

    story = models.ForeignKey(Story, models.PROTECT, related_name="versions", verbose_name=_("story"))
    # As they were when this version was published: by these it is found.
    slug = models.SlugField(_("address"), max_length=100)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    original = models.ForeignKey(Story, models.PROTECT, related_name="+", verbose_name=_("original"))
    people = models.ManyToManyField("articles.Person", related_name="+", verbose_name=_("people"))
    images = models.ManyToManyField(Image, related_name="+", verbose_name=_("pictures"))

    objects = StoryVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("story version")
        verbose_name_plural = _("story versions")
        ordering = ["story", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["story", "number"], name="articles_storyversion_number_once"),
            models.CheckConstraint(condition=SEALED, name="articles_storyversion_sealed"),
        ]
        indexes = [models.Index(fields=["-published_at"], name="articles_storyversion_newest")]

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    def faults(self) -> list[str]:
        found = []
        if (self.slug, self.original_id) != (self.content["slug"], self.content["translation_of"] or self.story_id):
            found.append(_t("its address or original is not the one that was published"))
        if {image.digest for image in self.images.all()} != {picture["digest"] for picture in self.pictures()}:
            found.append(_t("its pictures are not those that were published"))
        if self.people.count() != len({quote["speaker"]["slug"] for quote in self.quotes()}):
            found.append(_t("the people by whom it is found are not those it quotes"))
        return found

    def pictures(self) -> Iterator[dict]:
        """The pictures that it shows, the one above it first."""
        shown = [self.content["lead_image"], *(block.get("image") for block in self.content["blocks"])]
        return filter(None, shown)

    def quotes(self) -> Iterator[dict]:
        """The quotes that it shows, in order."""
        return (block for block in self.content["blocks"] if block["type"] == "quote")
