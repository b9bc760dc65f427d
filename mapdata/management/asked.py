"""What commands that import are told on the command line, read and checked before any file is opened."""

import argparse
from collections.abc import Iterable, Sequence

from django.core.management.base import CommandError

from mapdata.ground.areas import ASSESSED, BASES, CLAIMED, STATUSES, Holding
from mapdata.imports.files import dating
from mapdata.models import Party, SituationMap


def meaning(text: str) -> tuple[str, Holding]:
    """VALUE=PARTY:STATUS[:BASIS[:CLAIMANT]] as (value, holding); a claim without a claimant is the party's own."""
    value, equals, said = text.rpartition("=")
    party, *rest = said.split(":")
    if not equals or not party or not 1 <= len(rest) <= 3:
        raise argparse.ArgumentTypeError(f"“{text}” is not VALUE=PARTY:STATUS or VALUE=PARTY:STATUS:BASIS.")
    status, basis, claimed_by = [*rest, *("", ASSESSED, "")[len(rest) :]]
    if status not in STATUSES:
        raise argparse.ArgumentTypeError(f"“{status}” is no status; there are {', '.join(STATUSES)}.")
    if basis not in BASES:
        raise argparse.ArgumentTypeError(f"“{basis}” is no basis; there are {', '.join(BASES)}.")
    if claimed_by and basis != CLAIMED:
        raise argparse.ArgumentTypeError(f"“{text}”: only claimed ground has a claimant.")
    return value.strip(), Holding(party, status, basis, (claimed_by or party) if basis == CLAIMED else "")


def moment(text: str) -> dating.Moment:
    if (found := dating.from_value(text)) is None:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date: write it like 2022-04-06 or 2022-04-06T18:05.")
    return found


def map_called(slug: str) -> SituationMap:
    try:
        return SituationMap.objects.get(slug=slug)
    except SituationMap.DoesNotExist as error:
        known = ", ".join(SituationMap.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"There is no map “{slug}”; there are: {known}.") from error


def meanings_of(said: Iterable[tuple[str, Holding]], skip: Sequence[str]) -> dict[str, Holding]:
    """What each value means, in the order in which they were named: once each, and of parties that there are."""
    meanings: dict[str, Holding] = {}
    for value, holding in said:
        if value in meanings or value in skip:
            raise CommandError(f"“{value}” is named twice.")
        meanings[value] = holding
    parties = set(Party.objects.values_list("slug", flat=True))
    wanted = {slug for holding in meanings.values() for slug in (holding.party, holding.claimed_by) if slug}
    if unknown := sorted(wanted - parties):
        known = ", ".join(sorted(parties)) or "none"
        raise CommandError(f"There is no party {', '.join(unknown)}; there are: {known}.")
    return meanings
