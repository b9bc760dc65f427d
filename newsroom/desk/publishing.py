"""What every page of the desk has that publishes: stories, events, editions. Its lists and its form; steps.py the rest.

The rules are the models' (newsroom/publishing/) and the roles' (roles.py); this asks them and shows what they answer.
"""

from collections.abc import Iterator
from typing import ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from newsroom import roles
from newsroom.desk.forms import UnseenChange
from newsroom.desk.saving import saved
from newsroom.desk.statuses import statuses
from newsroom.desk.steps import STEPS, StepsAdmin
from newsroom.moments import in_words
from newsroom.publishing import Stage

# Buttons of the change form: it is saved first, then the step is taken.
AFTER_SAVING = ("submit", "send_back", "publish")


class PublishingAdmin(StepsAdmin):
    """A ModelAdmin with the way from draft to version: submit, send back, publish, take back, withdraw.

    For models that are `publishing.Publishable`. The permission to publish is `publish_<model>`.
    A subclass that has a preview defines `preview(request, obj) -> HttpResponse`; one whose versions have an
    address says it in `version_url(version)`; each says what a version is called in `version_title(version)`. Own
    change form templates extend `admin/publishing/change_form.html`.
    """

    # Relations whose rows the name of one of these has in it.
    named_by: ClassVar[tuple[str, ...]] = ()
    form = UnseenChange
    change_form_template = "admin/publishing/change_form.html"

    def view_on_site(self, obj) -> str | None:
        """Where readers find it; nothing while they cannot."""
        newest = obj.sealed_versions().known().first()
        return newest and newest.get_absolute_url()

    # Lists

    def get_queryset(self, request):
        """With the number and moment of the newest version that readers see."""
        newest = self.model.versions_by_row().known().order_by("-number")
        return (
            super()
            .get_queryset(request)
            .annotate(
                desk_number=models.Subquery(newest.values("number")[:1]),
                desk_published_at=models.Subquery(newest.values("published_at")[:1]),
            )
        )

    @admin.display(description=_("stage"), ordering="stage")
    def desk_stage(self, obj):
        if not obj.has_changes:
            return render_to_string("admin/_badge.html", {"code": "published", "words": _t("published")})
        code = "review" if obj.stage == Stage.IN_REVIEW else "draft"
        return render_to_string("admin/_badge.html", {"code": code, "words": obj.get_stage_display()})

    @admin.display(description=_("readers see"), ordering="desk_published_at", empty_value="–")
    def desk_published(self, obj):
        if obj.desk_number is None:
            return None
        moment = in_words(obj.desk_published_at, form="SHORT_DATETIME_FORMAT")
        return _t("version %(number)d, %(moment)s") % {"number": obj.desk_number, "moment": moment}

    @admin.display(description=_("draft of"), ordering="changed_at")
    def desk_changed(self, obj):
        return f"{obj.written_by}, {in_words(obj.changed_at, form='SHORT_DATETIME_FORMAT')}"

    def desk_rows(self, request, name: str, length: int) -> Iterator[tuple]:
        """For the desk's first page: (subject, title, moment, person) of a work list."""
        if name in {"scheduled", "published"}:
            model = self.model.version_model()
            versions = model.objects.select_related("published_by", model.subject_field)
            soon, late = versions.pending().order_by("published_at"), versions.known().order_by("-published_at")
            for version in (soon if name == "scheduled" else late)[:length]:
                title = self.version_title(version)
                yield version.draft, title, version.published_at, version.published_by
            return
        drafts = self.model.objects.drafts()
        drafts = drafts.filter(written_by=request.user) if name == "mine" else drafts.filter(stage=Stage.IN_REVIEW)
        for draft in drafts.select_related("written_by", *self.named_by).order_by("-changed_at")[:length]:
            yield draft, str(draft), draft.changed_at, draft.written_by

    # Permissions

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or roles.may_change(request.user, obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or roles.may_delete(request.user, obj))

    def steps(self, request, obj) -> list[str]:
        """The steps to offer on the change form."""
        if obj is None:
            return ["submit"]
        versions = list(obj.sealed_versions())
        pending = any(version.is_pending for version in versions)
        unpublished = obj.is_open and obj.has_changes and not pending
        fitting = {
            "submit": unpublished and obj.stage == Stage.DRAFT,
            "send_back": unpublished and obj.stage == Stage.IN_REVIEW,
            "publish": obj.is_open and not pending,
            "take_back": pending,
            "withdraw": any(version.is_released and not version.is_withdrawn for version in versions),
            "versions": bool(versions),
            "preview": self.preview is not None,
        }
        return [step for step, fits in fitting.items() if fits and self.may(request, step, obj)]

    # The change form

    def get_fields(self, request, obj=None):
        return [name for name in super().get_fields(request, obj) if name not in {"revision", "overwrite", "seen"}]

    def get_object(self, request, object_id, from_field=None):
        """While a form is being saved nobody else saves the same object: the second one is told."""
        obj = super().get_object(request, object_id, from_field)
        if obj is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return obj
        self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        """A save that changes nothing counts as none: whoever only looks does not begin the next version."""
        obj.desk_unread = change and form.cleaned_data.get("seen") not in {None, "", obj.state}
        if not change or form.has_changed():
            obj.changed_by(request.user)
            obj.desk_noted = True
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        obj = form.instance
        if not getattr(obj, "desk_noted", False) and any(formset.has_changed() for formset in formsets):
            obj.changed_by(request.user)
            obj.save()
        super().save_related(request, form, formsets, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["show_save_and_add_another"] = False
        context["desk"] = {
            "steps": self.steps(request, obj),
            "statuses": statuses(obj) if obj else [],
            "unseen": getattr(context["adminform"].form, "unseen", False),
            "urls": {step: self.step_url(step, obj) for step in STEPS} if obj else {},
            "may_save": self.has_change_permission(request, obj) if obj else True,
        }
        response = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        # Import maps are inline scripts: the content security policy lets them pass by the nonce only.
        response.context_data["media"] = Media.from_media(response.context_data["media"], nonce=request.csp_nonce)
        return response

    def response_add(self, request, obj, post_url_continue=None):
        after = self.response_after_saving(request, obj)
        return saved(request, after) if after else super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        after = self.response_after_saving(request, obj)
        return saved(request, after) if after else super().response_change(request, obj)

    def response_after_saving(self, request, obj):
        """The answer to a button that means "save this, and then ..."; None for Django's own buttons."""
        step = next((step for step in AFTER_SAVING if f"_{step}" in request.POST), None)
        if step is None:
            return None
        if not self.may(request, step, obj):
            raise PermissionDenied
        if step == "publish":
            return HttpResponseRedirect(self.step_url("publish", obj))
        return self.take(request, step, obj, unread=getattr(obj, "desk_unread", False))
