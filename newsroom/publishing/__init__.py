"""From draft to version: what publishing writes, what it refuses, and how one knows that nothing was changed since.

`versions.py` has what was published and the states it can be in, `drafts.py` the one way there, whatever is published.
`immutability.py` makes the database refuse changes, `verification.py` looks whether it did. What readers see changes at
the moments in `public_changes.py`; `chain_state.py` says of what was made of versions whether it is current.
`contents.py` finds sources and pictures in what a version says, `redistribution.py` what of it may not be passed on;
`checks.py` refuses models that do not keep the contract.
"""

from newsroom.publishing.drafts import Draft, DraftQuerySet, Publishable, Stage
from newsroom.publishing.public_changes import PublicChange
from newsroom.publishing.refusals import Refused, refusals_of_the_database
from newsroom.publishing.versions import SEALED, Kind, Version, VersionQuerySet, asked_of_each, storable

__all__ = [
    "SEALED",
    "Draft",
    "DraftQuerySet",
    "Kind",
    "PublicChange",
    "Publishable",
    "Refused",
    "Stage",
    "Version",
    "VersionQuerySet",
    "asked_of_each",
    "refusals_of_the_database",
    "storable",
]
