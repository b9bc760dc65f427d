"""The change sheet at the desk: a page of its own, and what the editor approves who publishes; and corrections."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mapdata.admin.sheet.sheet import Sheet, sheet_of
from mapdata.models import Edition, SituationMap, corrections
from mapdata.reading.change import in_km2
from newsroom import digests
from newsroom.desk import PublishingAdmin
from newsroom.desk.forms import PublishForm
from newsroom.desk.missing import does_not_exist
from newsroom.desk.steps import Reading
from newsroom.publishing import Refused
from newsroom.templatetags.moments import written


class EditionPublishForm(PublishForm):
    carried = forms.BooleanField(
        label=_("publish it in the later editions too"),
        required=False,
        initial=True,
        help_text=_("The drafts above, which carry this correction forward, with the same note."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not kwargs["reading"].carried:
            del self.fields["carried"]

    def words(self) -> dict:
        return {name: value for name, value in super().words().items() if name != "carried"}


class EditionReading(Reading):
    """With what it is compared with, and what is published with it."""

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.subject)

    @cached_property
    def carried(self) -> list[tuple[Edition, dict]]:
        return [(draft, draft.complete_content()) for draft in corrections.carried_drafts(self.subject)]

    @cached_property
    def stamp(self) -> str:
        before = self.subject.compared_with()
        carried = [digests.digest(content) for _draft, content in self.carried]
        return digests.digest([digests.digest(self.content), before.digest if before else "", *carried])


class SheetAdmin(PublishingAdmin):
    """The part of the editions' admin that has to do with what an edition changes."""

    publish_form = EditionPublishForm
    reading = EditionReading

    def get_urls(self):
        own = {"sheet": self.sheet_view, "correct": self.correct_view, "carry": self.carry_view}
        return [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=self.step_name(name))
            for name, view in own.items()
        ] + super().get_urls()

    def may(self, request, step: str, obj) -> bool:
        if step == "sheet":
            return self.has_view_permission(request, obj)
        if step in {"correct", "carry"}:
            return self.has_add_permission(request) and self.has_view_permission(request, obj)
        return super().may(request, step, obj)

    def response_after_saving(self, request, obj):
        """Whoever hands an edition in looks at what it changes first: the sheet has the button."""
        if "_submit" in request.POST and self.may(request, "submit", obj):
            return HttpResponseRedirect(self.step_url("sheet", obj))
        return super().response_after_saving(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context["sheet_url"] = self.step_url("sheet", obj)
            if self.may_correct(request, obj):
                context["correct_url"] = self.step_url("correct", obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def may_correct(self, request, obj: Edition) -> bool:
        return obj.is_released and not obj.is_withdrawn and self.may(request, "correct", obj)

    # The sheet

    def sheet_view(self, request, object_id):
        obj = self.asked(request, object_id, "sheet")
        if obj is None:
            return does_not_exist(self, request, object_id)
        steps = self.steps(request, obj)
        context = self.sheet_context(request, obj, self.reading(obj)) | {
            "submit_url": self.step_url("submit", obj) if "submit" in steps else "",
            "publish_url": self.step_url("publish", obj) if "publish" in steps else "",
        }
        return self.step_page(request, obj, "sheet", _t("Change sheet"), context)

    def sheet_context(self, request, obj: Edition, reading: EditionReading) -> dict:
        sheet = reading.sheet
        drafts = {draft.situation_at: self.step_url("sheet", draft) for draft in corrections.carried_drafts(obj)}
        return {
            "sheet": sheet,
            "before_words": self.before_words(sheet.before, obj.map.zone),
            "carries_url": self.step_url("sheet", obj.carries) if obj.carries else "",
            "carry_url": self.step_url("carry", obj) if self.may(request, "carry", obj) else "",
            "reach": [
                {
                    "edition": later,
                    "moment": written(later.situation_at, "exact", obj.map.zone),
                    "km2": in_km2(km2),
                    "draft_url": drafts.get(later.situation_at, ""),
                }
                for later, km2 in corrections.reach_km2(obj)
            ],
        }

    def before_words(self, before: Edition | None, zone) -> str:
        if before is None:
            return ""
        moment = written(before.situation_at, "exact", zone)
        return _t("edition %(number)s: %(moment)s") % {"number": before.number, "moment": moment}

    # Publishing

    def publish_context(self, request, obj: Edition, reading: EditionReading) -> dict:
        return super().publish_context(request, obj, reading) | self.sheet_context(request, obj, reading)

    def publish_initial(self, obj: Edition, reading: EditionReading) -> dict:
        notes = {"note": reading.sheet.note("nl"), "note_en": reading.sheet.note("en")}
        return super().publish_initial(obj, reading) | notes

    def lock_before_publishing(self, object_id: str) -> None:
        """While it is compared with what the person saw, nobody changes what would be published with it."""
        if not unquote(object_id).isdecimal():
            return
        SituationMap.objects.select_for_update().filter(editions=unquote(object_id)).first()
        list(Edition.objects.drafts().select_for_update().filter(carries=unquote(object_id)))

    def publish_version(self, request, obj: Edition, reading: EditionReading, form: EditionPublishForm) -> Edition:
        if not form.cleaned_data.get("carried"):
            return super().publish_version(request, obj, reading, form)
        contents = {draft.pk: content for draft, content in reading.carried}
        said = {"content": reading.content, "carried": contents}
        version = corrections.publish_with_carried(obj, request.user, **said, **form.words())
        for draft in Edition.objects.filter(pk__in=contents):
            self.log_change(request, draft, self.published_words(draft))
        return version

    # Corrections

    def correct_view(self, request, object_id):
        obj = self.asked(request, object_id, "correct")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if obj is None:
            return does_not_exist(self, request, object_id)
        try:
            draft, begun = corrections.begin_correction(obj, request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(self.change_url(obj))
        words = _t("The correction has begun, with the ground as it was published. Change what was wrong.")
        if not begun:
            words = _t("A correction of this edition was begun already: this is it.")
        else:
            self.log_addition(
                request, draft, _t("Begun as a correction of edition %(number)s.") % {"number": obj.number}
            )
        self.message_user(request, words, messages.SUCCESS if begun else messages.WARNING)
        return HttpResponseRedirect(self.change_url(draft))

    def carry_view(self, request, object_id):
        obj = self.asked(request, object_id, "carry")
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if obj is None:
            return does_not_exist(self, request, object_id)
        chosen = {int(pk) for pk in request.POST.getlist("edition") if pk.isdecimal()}
        try:
            drafts = corrections.carry_forward(obj, request.user, chosen)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            words = _t("Carries forward the correction %(correction)s.") % {"correction": obj}
            for draft in drafts:
                self.log_addition(request, draft, words)
            said = ngettext(
                "%(count)d draft was made, which brings this correction to a later edition.",
                "%(count)d drafts were made, which bring this correction to later editions.",
                len(drafts),
            )
            self.message_user(request, said % {"count": len(drafts)}, messages.SUCCESS)
        return HttpResponseRedirect(self.step_url("sheet", obj))
