"""Quotes, who said them, and who writes."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from articles.models import Author, Person, Quote
from newsroom.desk import LastingAddress, ShownAdmin
from newsroom.texts.fields import InLanguage
from newsroom.texts.languages import in_language


class DayAndPerhapsTime(AdminSplitDateTime):
    """Of most words only the day is known: without a time it is noon, which Europe's time zones agree on the day of."""

    def value_from_datadict(self, data, files, name):
        day, time = super().value_from_datadict(data, files, name)
        return [day, "12:00" if day and not time else time]


@admin.register(Quote)
class QuoteAdmin(ShownAdmin):
    """A quote may be noted down before it is attributed; it is published only afterwards."""

    list_display = ["shortened", "speaker", "said_at", "channel", "source", "lacking"]
    list_filter = ["channel", ("speaker", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["speaker", "source"]
    search_fields = ["text", "original_text", "speaker__name", "place"]
    date_hierarchy = "said_at"
    autocomplete_fields = ["speaker", "source"]
    fieldsets = [
        (None, {"fields": ["text", "speaker", "role"]}),
        (_("Attribution"), {"fields": [("said_at", "said_precision"), ("channel", "place"), "source"]}),
        (
            _("In the speaker’s own language"),
            {"fields": ["original_text", "original_language"], "classes": ["collapse"]},
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "said_at":
            kwargs |= {"widget": DayAndPerhapsTime, "help_text": _("The time may be left out.")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("quote"))
    def shortened(self, quote: Quote) -> str:
        return f"“{quote.shortened(80)}”"

    @admin.display(description=_("lacks"), empty_value="–")
    def lacking(self, quote: Quote) -> str | None:
        return ", ".join(quote.missing()) or None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if missing := obj.missing():
            self.message_user(
                request,
                _t("This quote has no %(missing)s: a story with it cannot be published.")
                % {"missing": _t(" and no ").join(missing)},
                messages.WARNING,
            )


@admin.register(Person)
class PersonAdmin(LastingAddress, ShownAdmin):
    list_display = ["name", "role_in_words"]
    search_fields = ["name", "role"]
    prepopulated_fields = {"slug": ["name"]}

    @admin.display(description=_("role"), ordering=InLanguage("role"), empty_value="–")
    def role_in_words(self, person: Person) -> str | None:
        return in_language(person.role) or None


@admin.register(Author)
class AuthorAdmin(ShownAdmin):
    list_display = ["name", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
