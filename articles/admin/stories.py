"""Stories and the sections they stand in."""

from content_editor.admin import ContentEditor
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from articles import views
from articles.admin.blocks import INLINES, SHORT_TEXTS
from articles.models import Author, Section, Story, StoryVersion
from newsroom.admin import with_unpublished_pictures
from newsroom.desk import PublishingAdmin, SavedOnce


@admin.register(Story)
class StoryAdmin(PublishingAdmin, ContentEditor):
    list_display = ["headline", "section", "language", "desk_stage", "desk_published", "desk_changed"]
    list_filter = ["stage", "section", "language", ("written_by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["section", "written_by"]
    search_fields = ["headline", "standfirst", "slug"]
    search_help_text = _("In headline, standfirst and address.")
    autocomplete_fields = ["authors", "lead_image", "translation_of"]
    prepopulated_fields = {"slug": ["headline"]}
    inlines = INLINES
    formfield_overrides = SHORT_TEXTS
    fieldsets = [
        (None, {"fields": ["headline", "standfirst", ("section", "language"), "authors", "lead_image"]}),
        (_("Address and translation"), {"fields": ["slug", "translation_of"], "classes": ["collapse"]}),
    ]

    def get_changeform_initial_data(self, request):
        """The byline of whoever writes, and the section where there is only one."""
        sections = Section.objects.values_list("pk", flat=True)[:2]
        return {
            "authors": list(Author.objects.filter(user=request.user).values_list("pk", flat=True)),
            **({"section": sections[0]} if len(sections) == 1 else {}),
            **super().get_changeform_initial_data(request),
        }

    def _only_reads(self, request, obj) -> bool:
        return obj is not None and not self.has_change_permission(request, obj)

    def get_inlines(self, request, obj):
        return [] if self._only_reads(request, obj) else super().get_inlines(request, obj)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, (_("Body"), {"fields": ["body"]})] if self._only_reads(request, obj) else fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["body"] if self._only_reads(request, obj) else []

    @admin.display(description=_("body"))
    def body(self, story: Story):
        """The blocks, for who may not change them: the editor of blocks needs fields that can be written."""
        return render_to_string("admin/articles/story/_body.html", {"story": story})

    def _content_editor_context(self, request, context):
        found = super()._content_editor_context(request, context)
        found["messages"]["selectMultiple"] += " " + _t("Alt+Shift with ↑ or ↓ moves the block that you are in.")
        return found

    def _content_editor_media(self, request, context):
        only_reads = self._only_reads(request, context.get("original"))
        if only_reads:
            return Media()
        return super()._content_editor_media(request, context) + Media(js=["newsroom/desk/blocks.js"])

    def version_url(self, version: StoryVersion) -> str:
        return reverse("story-version", args=[version.slug, version.number])

    def version_title(self, version: StoryVersion) -> str:
        return version.content["headline"]

    def preview(self, request, obj: Story):
        return with_unpublished_pictures(views.preview(request, obj))


@admin.register(Section)
class SectionAdmin(SavedOnce):
    list_display = ["__str__", "slug"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
