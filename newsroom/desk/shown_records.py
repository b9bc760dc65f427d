"""Records that drafts show by reference: quotes, people, sources, pictures.

What is published never changes with them, so a draft whose record changed has something to publish.
"""

from collections.abc import Iterator

from django.contrib import messages
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from newsroom.desk.saving import SavedOnce
from newsroom.publishing import Publishable, Version
from newsroom.publishing.immutability import versions


class ShownAdmin(SavedOnce):
    """A ModelAdmin of such records: saving one says which drafts now differ from what readers have."""

    def get_deleted_objects(self, objs, request):
        """What a published version shows or is found by stays; Django's page then says so instead of asking."""
        deletable, counts, needed, protected = super().get_deleted_objects(objs, request)
        shown = [f"{capfirst(obj._meta.verbose_name)}: {obj}" for obj in objs if is_published(obj)]
        return deletable, counts, needed, [*protected, *shown]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.has_changed() and (drafts := note_on_drafts(obj, request.user)):
            self.message_user(
                request,
                _("What readers see stays as it was published. To be published again: %(drafts)s.")
                % {"drafts": ", ".join(f"“{draft}”" for draft in drafts)},
                messages.INFO,
            )


def is_published(record: models.Model) -> bool:
    """Whether a version, a withdrawn one too, names this record."""
    return any(
        model.objects.sealed().filter(**{field.name: record.pk}).exists()
        for model in versions()
        for field in model._meta.local_many_to_many
        if isinstance(record, field.related_model)
    )


class LastingAddress(SavedOnce):
    """A ModelAdmin of what has an address that versions and links name: it is chosen once, when the row is made."""

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)


def note_on_drafts(record: models.Model, user=None) -> list[Publishable]:
    """Tell the drafts that show this record who changed it (None: a machine); those that have something to publish now.

    A draft that had something to publish already only remembers whose words it has.
    """
    return [draft for draft in drafts_showing(record) if draft.record_changed_by(user)]


def drafts_showing(record: models.Model) -> list[Publishable]:
    """The drafts that refer to a record, directly or through other records, such as a source through a quote.

    A story with an event's block shows what is published of the event, which has a draft of its own: it is not one.
    """
    found, waiting, seen = {}, [record], {record}
    while waiting:
        for row in _referring(waiting.pop()):
            whole = row if isinstance(row, Publishable) else getattr(row, "parent", None)
            if isinstance(whole, Publishable):
                found[type(whole), whole.pk] = whole
            elif row not in seen:
                seen.add(row)
                waiting.append(row)
    return list(found.values())


def _referring(record: models.Model) -> Iterator[models.Model]:
    for relation in record._meta.get_fields(include_hidden=True):
        if relation.concrete or not relation.auto_created or not relation.is_relation:
            continue
        model = relation.related_model
        # The tables between two others are not records; what was published refers to nothing that can change.
        if model._meta.auto_created:
            continue
        rows = model.objects.drafts() if issubclass(model, Version) else model._base_manager.all()
        yield from rows.filter(**{relation.field.name: record.pk})
