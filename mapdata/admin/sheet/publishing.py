"""What an edition is published with: its change sheet, and the drafts that carry its correction forward."""

from functools import cached_property

from django import forms
from django.utils.translation import gettext_lazy as _

from mapdata.admin.sheet.sheet import Sheet, sheet_of
from mapdata.models import Edition, corrections
from newsroom import digests
from newsroom.desk.forms import PublishForm
from newsroom.desk.steps import Proof


class EditionPublishForm(PublishForm):
    carried = forms.BooleanField(
        label=_("publish it in the later editions too"),
        required=False,
        initial=True,
        help_text=_("The drafts above, which carry this correction forward, with the same note."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not kwargs["proof"].carried:
            del self.fields["carried"]

    def words(self) -> dict:
        return {name: value for name, value in super().words().items() if name != "carried"}


class EditionProof(Proof):
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
