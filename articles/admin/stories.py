"""Stories and the sections they stand in."""

from content_editor.admin import ContentEditor
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import views
from articles.admin.blocks import INLINES
from articles.models import Author, Section, Story, StoryVersion
from newsroom.admin import with_unpublished_pictures
from newsroom.desk import PublishingAdmin


@admin.register(Story)
class StoryAdmin(PublishingAdmin, ContentEditor):
    list_display = ["headline", "section", "language", "desk_stage", "desk_published", "written_by", "changed_at"]
    list_filter = ["stage", "section", "language", ("written_by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["section", "written_by"]
    search_fields = ["headline", "standfirst", "slug"]
    search_help_text = _("In headline, standfirst and address.")
    autocomplete_fields = ["authors", "lead_image", "translation_of"]
    prepopulated_fields = {"slug": ["headline"]}
    inlines = INLINES
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

    def version_url(self, version: StoryVersion) -> str:
        return reverse("story-version", args=[version.slug, version.number])

    def preview(self, request, obj: Story):
        return with_unpublished_pictures(views.preview(request, obj))


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "slug"]
    search_fields = ["name_nl", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_nl"]}
