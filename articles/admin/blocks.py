"""The blocks of a story's body, as its page on the desk shows them."""

from content_editor.admin import ContentEditorInline
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from articles.models import (
    EventBlock,
    FactBox,
    Heading,
    ImageBlock,
    MapBlock,
    QuoteBlock,
    RelatedStory,
    Story,
    Text,
)

# Captions are a line or two.
SHORT_TEXTS = {models.TextField: {"widget": AdminTextareaWidget({"rows": 3})}}


class BlockFormSet(BaseInlineFormSet):
    """Says, beside the words of a block that somebody else deleted, what became of it."""

    def clean(self) -> None:
        super().clean()
        for form in self.initial_forms:
            if "id" in form.errors:
                form.add_error(
                    None,
                    _(
                        "Somebody deleted this block. To keep what you wrote, copy it into a new block; then mark this "
                        "one for deletion."
                    ),
                )


class BlockInline(ContentEditorInline):
    """A block has no permissions of its own: who may write the story may write its blocks."""

    formset = BlockFormSet
    formfield_overrides = SHORT_TEXTS

    def _may_write(self, request, story) -> bool:
        desk = self.admin_site._registry[Story]
        return desk.has_change_permission(request, story) if story else desk.has_add_permission(request)

    def has_add_permission(self, request, obj=None) -> bool:
        return self._may_write(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._may_write(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._may_write(request, obj)

    def has_view_permission(self, request, obj=None) -> bool:
        return self.admin_site._registry[Story].has_view_permission(request, obj)


class TextInline(BlockInline):
    model = Text
    icon = "notes"


class HeadingInline(BlockInline):
    model = Heading
    icon = "title"


class QuoteInline(BlockInline):
    model = QuoteBlock
    icon = "format_quote"
    autocomplete_fields = ["quote"]


class MapInline(BlockInline):
    model = MapBlock
    icon = "map"
    autocomplete_fields = ["edition"]


class ImageInline(BlockInline):
    model = ImageBlock
    icon = "image"
    autocomplete_fields = ["image"]


class EventInline(BlockInline):
    model = EventBlock
    icon = "place"
    autocomplete_fields = ["event"]


class FactsInline(BlockInline):
    model = FactBox
    icon = "list_alt"


class RelatedInline(BlockInline):
    model = RelatedStory
    icon = "link"
    autocomplete_fields = ["story"]


# In the order in which the editor offers them.
INLINES = [
    TextInline,
    HeadingInline,
    QuoteInline,
    MapInline,
    ImageInline,
    EventInline,
    FactsInline,
    RelatedInline,
]
