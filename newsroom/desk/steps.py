"""The steps from draft to version, each at an address of its own: submit, send back, publish, take back, withdraw."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from newsroom import roles, subjects
from newsroom.desk.forms import PublishForm, WithdrawForm
from newsroom.publishing import Refused, Stage, Version

STEPS = ("submit", "send_back", "publish", "take_back", "withdraw", "versions", "preview")


class StepsAdmin(admin.ModelAdmin):
    """The steps' pages. Who may take a step is asked here; whether it can be taken now, the model says."""

    preview: ClassVar[Any] = None
    publish_form: ClassVar[type[PublishForm]] = PublishForm

    def version_url(self, version: Version) -> str:
        """Where readers find a released version; empty where it has no address."""
        return ""

    def has_publish_permission(self, request) -> bool:
        return roles.may_publish(request.user, self.model)

    def may(self, request, step: str, obj) -> bool:
        """Whether this person may take a step at all; whether it can be taken now is the model's to say."""
        if step in {"versions", "preview"}:
            return self.has_view_permission(request, obj)
        if step == "submit":
            return self.has_change_permission(request, obj)
        return self.has_publish_permission(request) and self.has_view_permission(request, obj)

    def get_urls(self):
        own = [
            path(
                f"<path:object_id>/{step.replace('_', '-')}/",
                self.admin_site.admin_view(getattr(self, f"{step}_view")),
                name=self.step_name(step),
            )
            for step in STEPS
            if step != "preview" or self.preview is not None
        ]
        return own + super().get_urls()

    def step_name(self, step: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{step}"

    def step_url(self, step: str, obj) -> str:
        if step == "preview" and self.preview is None:
            return ""
        return reverse(f"{self.admin_site.name}:{self.step_name(step)}", args=[quote(obj.pk)])

    def asked(self, request, object_id: str, step: str):
        """The object of a step, if this person may take it."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and not self.may(request, step, obj):
            raise PermissionDenied
        return obj

    def take(self, request, step: str, obj):
        """Take a step that asks nothing, say what happened, and go back to the change form."""
        done = {
            "submit": (partial(obj.submit, request.user), _t("Submitted for review.")),
            "send_back": (obj.send_back, _t("Sent back to whoever wrote it.")),
            "take_back": (obj.take_back, _t("Taken back: it will not be released.")),
        }
        act, words = done[step]
        try:
            with transaction.atomic():
                act()
                self.log_change(request, obj, words)
        except Refused as refusal:
            for reason in refusal.reasons:
                self.message_user(request, reason, messages.ERROR)
        else:
            self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(obj))

    def change_url(self, obj) -> str:
        change = f"{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(f"{self.admin_site.name}:{change}", args=[quote(obj.pk)])

    def plain_step(self, request, object_id: str, step: str):
        obj = self.asked(request, object_id, step)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self.take(request, step, obj)

    def submit_view(self, request, object_id):
        return self.plain_step(request, object_id, "submit")

    def send_back_view(self, request, object_id):
        return self.plain_step(request, object_id, "send_back")

    def take_back_view(self, request, object_id):
        return self.plain_step(request, object_id, "take_back")

    def publish_view(self, request, object_id):
        obj = self.asked(request, object_id, "publish")
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = self.publish_form(
            request.POST or None, first=not subjects.chain_of(obj).exists(), initial=self.publish_initial(obj)
        )
        if request.method == "POST" and form.is_valid():
            try:
                words = self.publish(request, object_id, form)
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
                form.look_again(self.stamp(obj))
            else:
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(self.change_url(obj))
        context = {
            "form": form,
            "problems": self.obstacles(request, obj),
            "preview_url": self.step_url("preview", obj),
            "in_review": obj.stage == Stage.IN_REVIEW,
            "never_archived": subjects.never_archived(obj),
            "contributors": get_user_model().objects.filter(pk__in=obj.contributors).order_by("pk"),
        }
        return self.step_page(request, obj, "publish", _t("Publish"), context | self.publish_context(request, obj))

    def publish_initial(self, obj) -> dict:
        kind = obj.default_kind() if hasattr(obj, "default_kind") else None
        return {"seen": self.stamp(obj), "kind": kind}

    def publish_context(self, request, obj) -> dict:
        """What the page says of this kind of thing, beside what it says of all."""
        return {}

    def stamp(self, obj) -> str:
        """Another one whenever the page on which it is published shows something else."""
        return subjects.stamp(obj)

    def publish_version(self, request, obj, form: PublishForm) -> Version:
        return obj.publish(request.user, **form.words())

    def publish(self, request, object_id: str, form: PublishForm) -> str:
        """Publish what the person saw who asks it, or refuse; says in words what was done."""
        with transaction.atomic():
            obj = self.get_object(request, unquote(object_id))
            if form.cleaned_data["seen"] != self.stamp(obj):
                raise Refused(_t("Somebody changed this after you opened it. Look at it again, then publish."))
            version = self.publish_version(request, obj, form)
            words = self.published_words(version)
            self.log_change(request, obj, words)
        return words

    def obstacles(self, request, obj) -> list[str]:
        """Every reason why it cannot be published by this person, in words."""
        found = []
        if not subjects.says_something_new(obj):
            found.append(_t("Nothing has changed since the last version."))
        try:
            obj.refuse_unread(request.user)
        except Refused as refusal:
            found += refusal.reasons
        return found + obj.problems()

    def published_words(self, version: Version) -> str:
        words = _t("Version %(number)d is published.")
        if version.is_pending:
            words = _t("Version %(number)d will be released on %(moment)s.")
        return words % {"number": version.number, "moment": subjects.moment(version.published_at)}

    def withdraw_view(self, request, object_id):
        obj = self.asked(request, object_id, "withdraw")
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        versions = subjects.versions_of(obj).filter(published_at__lte=timezone.now(), withdrawn_at=None)
        form = WithdrawForm(request.POST or None, versions=versions)
        if request.method == "POST" and form.is_valid():
            try:
                words = self.withdraw(request, obj, form.cleaned_data["versions"], form.cleaned_data["note"])
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(self.change_url(obj))
        context = {"form": form, "versions_there": versions.exists()}
        return self.step_page(request, obj, "withdraw", _t("Withdraw"), context)

    def withdraw(self, request, obj, versions, note: str) -> str:
        with transaction.atomic():
            for version in versions:
                version.withdraw(request.user, note)
            numbers = ", ".join(str(version.number) for version in versions)
            words = _t("Withdrawn: version %(numbers)s.") % {"numbers": numbers}
            self.log_change(request, obj, f"{words} {note}")
        return words

    def versions_view(self, request, object_id):
        obj = self.asked(request, object_id, "versions")
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        chain = subjects.chain_of(obj).select_related("written_by", "published_by", "withdrawn_by")
        rows = [(version, self.version_url(version) if version.is_released else "") for version in chain]
        return self.step_page(request, obj, "versions", _t("Versions"), {"rows": rows})

    def preview_view(self, request, object_id):
        obj = self.asked(request, object_id, "preview")
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return self.preview(request, obj)

    def step_page(self, request, obj, step: str, title: str, context: dict) -> TemplateResponse:
        base = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": title,
            "subtitle": str(obj),
            "step": step,
            "change_url": self.change_url(obj),
            "statuses": subjects.statuses(obj),
            "media": self.media,
        }
        templates = [f"admin/{self.opts.app_label}/{self.opts.model_name}/{step}.html", f"admin/publishing/{step}.html"]
        return TemplateResponse(request, templates, base | context)
