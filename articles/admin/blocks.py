"""The blocks of a story's body, as its page on the desk shows them."""

from functools import cached_property
from typing import ClassVar

from content_editor.admin import ContentEditorInline
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.db import models
from django.forms import BaseInlineFormSet, Field, ModelChoiceField
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
from mapdata.models import View

# Captions are a line or two.
SHORT_TEXTS = {models.TextField: {"widget": AdminTextareaWidget({"rows": 3})}}


class Chosen(AutocompleteSelect):
    """What is chosen, with its name; without a query where the block was fetched with it."""

    fetched = None

    def optgroups(self, name, value, attr=None):
        if self.fetched is None or [str(one) for one in value] != [str(self.fetched.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(self.fetched)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        options.append(self.create_option(name, self.fetched.pk, label, {str(self.fetched.pk)}, len(options)))
        return [(None, options, 0)]


class BlockFormSet(BaseInlineFormSet):
    """Asks the same for however many blocks; says, beside a block that somebody else deleted, what became of it."""

    @cached_property
    def _choices(self) -> dict[str, list]:
        """What all forms choose from, by field."""
        lists = {
            name: field.choices
            for name, field in self.form.base_fields.items()
            if name != self.fk.name and _chooses_from_a_list(field)
        }
        # Through iter(): a list that is told how long it will be counts first.
        return {name: list(iter(choices)) for name, choices in lists.items()}

    def add_fields(self, form, index) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if name in self._choices:
                field.widget.choices = field.widget.widget.choices = self._choices[name]
            elif isinstance(chosen := getattr(field.widget, "widget", None), Chosen):
                chosen.fetched = form.instance._state.fields_cache.get(name)

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

    # Relations whose rows the name of what is chosen has in it.
    named_by: ClassVar[tuple[str, ...]] = ()
    formset = BlockFormSet
    formfield_overrides = SHORT_TEXTS

    def get_queryset(self, request):
        chosen = [field.name for field in self.model._meta.fields if field.name in self.autocomplete_fields]
        return super().get_queryset(request).select_related(*chosen, *self.named_by)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Chosen(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

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


def _chooses_from_a_list(field: Field) -> bool:
    return isinstance(field, ModelChoiceField) and not isinstance(field.widget.widget, AutocompleteSelect)


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
    named_by = ("quote__speaker",)


class MapInline(BlockInline):
    model = MapBlock
    icon = "map"
    autocomplete_fields = ["edition"]
    named_by = ("map", "edition__map")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("edition__content")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "view":
            kwargs["queryset"] = View.objects.select_related("map")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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
