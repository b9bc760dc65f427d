"""The forms of the desk that are not a model's own."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.moments import in_words
from newsroom.publishing import Kind, Version
from newsroom.templatetags.moments import zone_name

CHANGES = [choice for choice in Kind.choices if choice[0] != Kind.FIRST]


class UnseenChange(forms.ModelForm):
    """A form that refuses to write over what somebody else saved after it was opened.

    Everything typed stays in it; whoever has looked at the other's words may tick the box and save after all.
    """

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The revision that the person was told about, and chooses to write over.
    overwrite = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The state in which it was opened: also of the records that it shows, which are no reason not to save.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    unseen = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The column is not editable, so a model form does not fill it in.
        self.initial["revision"] = self.instance.revision
        self.initial["seen"] = self.instance.state if self.instance.pk else ""

    def clean(self):
        cleaned = super().clean()
        seen = {self.cleaned_data.get("revision"), self.cleaned_data.get("overwrite")}
        if self.instance.pk and self.instance.revision not in seen:
            self.unseen = True
            self.add_error(
                None,
                _(
                    "Somebody saved this after you opened it, so yours is not saved. What you typed still stands here. "
                    "Open the page again in another tab to see what they changed."
                ),
            )
        return cleaned


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PublishForm(forms.Form):
    """How a version is published: the kind of change, what readers are told, and when. `proof` is what it says."""

    kind = forms.ChoiceField(label=_("kind of change"), choices=CHANGES, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("note to readers"),
        required=False,
        widget=AdminTextareaWidget({"rows": 3}),
        help_text=_("What is new, or what was wrong. A correction, clarification or retraction must have one."),
    )
    note_en = forms.CharField(
        label=_("note to readers, in English"), required=False, widget=AdminTextareaWidget({"rows": 3})
    )
    release_at = forms.DateTimeField(
        label=_("release time"),
        required=False,
        widget=MomentInput,
        help_text=_("Empty: now. Until then no reader sees a word of it."),
    )
    # What the person saw who publishes it; nothing else is published.
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, first: bool, proof=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.first = first
        if first:
            del self.fields["kind"]
        zone = zone_name(timezone.get_current_timezone())
        self.fields["release_at"].label = _("release time (%(zone)s)") % {"zone": zone}

    def words(self) -> dict:
        """What `publish` wants to be told."""
        words = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return {"kind": Kind.FIRST, **words}

    def look_again(self, stamp: str) -> None:
        """What there is to see has changed: the form, with all that was typed, is now about that."""
        self.data = self.data.copy()
        self.data["seen"] = stamp


class VersionsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, version: Version) -> str:
        moment = in_words(version.published_at, form="SHORT_DATETIME_FORMAT")
        return f"{version.number} · {version.get_kind_display()} · {moment}"


class WithdrawForm(forms.Form):
    """Which versions nobody may read any more, and why."""

    versions = VersionsField(label=_("versions"), queryset=None)
    note = forms.CharField(
        label=_("why"),
        widget=AdminTextareaWidget({"rows": 3}),
        help_text=_("Readers see this in the place of what was there."),
    )

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["versions"].queryset = versions
        self.fields["versions"].initial = list(versions)
