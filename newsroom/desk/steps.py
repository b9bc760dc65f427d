"""The steps from draft to version, each at an address of its own: submit, send back, publish, take back, withdraw."""

from functools import cached_property, partial
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _t

from newsroom import digests, roles
from newsroom.desk import saving
from newsroom.desk.forms import PublishForm, WithdrawForm
from newsroom.desk.missing import does_not_exist
from newsroom.desk.saving import SavedOnce
from newsroom.desk.statuses import statuses
from newsroom.moments import in_words
from newsroom.publishing import Publishable, Refused, Stage, Version
from newsroom.publishing.contents import never_archived

STEPS = ("submit", "send_back", "publish", "take_back", "withdraw", "versions", "preview")


class Proof:
    """What something says, put together once in a request: the page shows it, and just that is published."""

    def __init__(self, subject: Publishable):
        self.subject = subject

    @cached_property
    def content(self) -> dict:
        return self.subject.complete_content()

    @cached_property
    def stamp(self) -> str:
        """Another one whenever the page on which it is published shows something else."""
        return digests.digest(self.content)


class StepsAdmin(SavedOnce):
    """The steps' pages. Who may take a step is asked here; whether it can be taken now, the model says."""

    preview: ClassVar[Any] = None
    publish_form: ClassVar[type[PublishForm]] = PublishForm
    proof: ClassVar[type[Proof]] = Proof

    def version_url(self, version: Version) -> str:
        """Where readers find a released version; empty where it has no address."""
        return ""

    def version_title(self, version: Version) -> str:
        """What readers know a version by; its draft may be called otherwise by now."""
        raise NotImplementedError

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

    def take(self, request, step: str, obj, unread: bool = False):
        """Take a step that asks nothing, say what happened, and go back to the change form.

        `unread` where something came into it since the person opened it: handing it in is not reading it then.
        """
        done = {
            "submit": (partial(obj.submit, None if unread else request.user), _t("Submitted for review.")),
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
            if unread and step == "submit":
                again = _t(
                    "While you had it open, something in it changed that you have not seen. Look at it, and submit it "
                    "again if it is as it should be."
                )
                self.message_user(request, again, messages.WARNING)
        return HttpResponseRedirect(self.change_url(obj))

    def change_url(self, obj) -> str:
        change = f"{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(f"{self.admin_site.name}:{change}", args=[quote(obj.pk)])

    def plain_step(self, request, object_id: str, step: str):
        """`seen` is the state in which the page showed it that has the button."""
        if request.method != "POST":
            self.asked(request, object_id, step)
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():
            obj = self.asked(request, object_id, step)
            if obj is None:
                return does_not_exist(self, request, object_id)
            return self.take(request, step, obj, unread=request.POST.get("seen", obj.state) != obj.state)

    def submit_view(self, request, object_id):
        return self.plain_step(request, object_id, "submit")

    def send_back_view(self, request, object_id):
        return self.plain_step(request, object_id, "send_back")

    def take_back_view(self, request, object_id):
        return self.plain_step(request, object_id, "take_back")

    def publish_view(self, request, object_id):
        """What it says is put together once: it is compared with what the person saw, and shown or published."""
        if request.method != "POST":
            obj = self.asked(request, object_id, "publish")
            if obj is None:
                return does_not_exist(self, request, object_id)
            proof = self.proof(obj)
            return self.publish_page(request, obj, proof, self.publish_form_of(request, obj, proof))
        with transaction.atomic():
            self.lock_before_publishing(object_id)
            obj = self.asked(request, object_id, "publish")
            if obj is None:
                return does_not_exist(self, request, object_id)
            proof = self.proof(obj)
            form = self.publish_form_of(request, obj, proof)
            if form.is_valid() and self.publishes(request, obj, proof, form):
                return saving.saved(request, HttpResponseRedirect(self.change_url(obj)))
        return self.publish_page(request, obj, proof, form)

    def lock_before_publishing(self, object_id: str) -> None:
        """What is locked before the object itself, which is when it is fetched."""

    def publish_form_of(self, request, obj, proof: Proof) -> PublishForm:
        first = not obj.chain().exists()
        if request.method == "POST":
            return self.publish_form(request.POST, first=first, proof=proof)
        return self.publish_form(first=first, proof=proof, initial=self.publish_initial(obj, proof))

    def publish_initial(self, obj, proof: Proof) -> dict:
        return {"seen": proof.stamp, "kind": obj.default_kind()}

    def publishes(self, request, obj, proof: Proof, form: PublishForm) -> bool:
        """Publish what the person saw who asks it, and say so; or else say in the form why not."""
        try:
            with transaction.atomic():
                if form.cleaned_data["seen"] != proof.stamp:
                    raise Refused(_t("Somebody changed this after you opened it. Look at it again, then publish."))
                words = self.published_words(self.publish_version(request, obj, proof, form))
                self.log_change(request, obj, words)
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
            form.look_again(proof.stamp)
            return False
        self.message_user(request, words, messages.SUCCESS)
        return True

    def publish_version(self, request, obj, proof: Proof, form: PublishForm) -> Version:
        return obj.publish(request.user, content=proof.content, **form.words())

    def publish_page(self, request, obj, proof: Proof, form: PublishForm) -> TemplateResponse:
        context = {
            "form": form,
            "problems": self.obstacles(request, obj, proof),
            "preview_url": self.step_url("preview", obj),
            "in_review": obj.stage == Stage.IN_REVIEW,
            "never_archived": never_archived(proof.content),
            "contributors": get_user_model().objects.filter(pk__in=obj.contributors).order_by("pk"),
        }
        return self.step_page(
            request, obj, "publish", _t("Publish"), context | self.publish_context(request, obj, proof)
        )

    def publish_context(self, request, obj, proof: Proof) -> dict:
        """What the page says of this kind of thing, beside what it says of all."""
        return {}

    def obstacles(self, request, obj, proof: Proof) -> list[str]:
        """Every reason why it cannot be published by this person, in words."""
        found = []
        if not obj.says_something_new(proof.content):
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
        return words % {"number": version.number, "moment": in_words(version.published_at)}

    def withdraw_view(self, request, object_id):
        obj = self.asked(request, object_id, "withdraw")
        if obj is None:
            return does_not_exist(self, request, object_id)
        versions = obj.sealed_versions().known()
        form = WithdrawForm(request.POST or None, versions=versions)
        if request.method == "POST" and form.is_valid():
            try:
                words = self.withdraw(request, obj, form.cleaned_data["versions"], form.cleaned_data["note"])
            except Refused as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                self.message_user(request, words, messages.SUCCESS)
                return saving.saved(request, HttpResponseRedirect(self.change_url(obj)))
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
            return does_not_exist(self, request, object_id)
        chain = obj.chain().select_related("written_by", "published_by", "withdrawn_by")
        rows = [(version, self.version_url(version) if version.is_released else "") for version in chain]
        return self.step_page(request, obj, "versions", _t("Versions"), {"rows": rows})

    def preview_view(self, request, object_id):
        obj = self.asked(request, object_id, "preview")
        if obj is None:
            return does_not_exist(self, request, object_id)
        return self.preview(request, obj)

    def step_page(self, request, obj, step: str, title: str, context: dict) -> TemplateResponse:
        base = {
            **self.admin_site.each_context(request),
            **saving.context(request),
            "opts": self.opts,
            "original": obj,
            "title": title,
            "subtitle": str(obj),
            "step": step,
            "change_url": self.change_url(obj),
            "statuses": statuses(obj),
            "media": self.media,
        }
        templates = [f"admin/{self.opts.app_label}/{self.opts.model_name}/{step}.html", f"admin/publishing/{step}.html"]
        return TemplateResponse(request, templates, base | context)
