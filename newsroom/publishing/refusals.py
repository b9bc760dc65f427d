"""What the state of things, or the database, does not allow: said to the person who asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

# What the triggers of the database say (immutability.py).
REFUSAL = "a published version is never changed or deleted"


class Refused(Exception):
    """The state of things does not allow this; the message is for the person who asked."""

    def __init__(self, *reasons: str):
        super().__init__(*reasons)
        self.reasons = [str(reason) for reason in reasons]

    def __str__(self) -> str:
        return " ".join(self.reasons)


@contextmanager
def refusals_of_the_database() -> Iterator[None]:
    """What a trigger refuses, because its clock is ahead of ours, is a refusal like any other."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if REFUSAL not in str(error):
            raise
        raise Refused(_("This version was released or withdrawn a moment ago. Look at it again.")) from error
