"""A change in the words and figures of a page: the update log's, the change sheet's, an import's before it is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from mapdata.drawing.legend import Style
from mapdata.ground.changes import Change, Claim, Side
from mapdata.models import ControlArea
from newsroom.texts.languages import in_language

# Regions that are named of what went from one to the other, where a page is to be read at a glance.
MOST_REGIONS = 8


class FlowRow(NamedTuple):
    """What went from whom to whom, and where; `style` is how a picture shows it, if there is one."""

    before: str
    after: str
    km2: str
    where: str
    style: Style | None


class ClaimRow(NamedTuple):
    claimed_by: str
    party: str
    km2: str


class Bar(NamedTuple):
    """Whole km² that a party has and had not (`gained`), or had and has not."""

    party: str
    colour: str
    gained: bool
    km2: int


class Line(NamedTuple):
    """Gained and lost by a party, in whole km²; `sign` and `size` are the balance."""

    party: str
    gained: int
    lost: int
    sign: str
    size: int


class Part(NamedTuple):
    where: str
    lines: list[Line]


@dataclass(frozen=True)
class ShownChange:
    """`parties` are contents of parties (`Party.content`) by slug, `regions` names in all languages by code.

    For readers, and for a first look, whole km² and what is at least one; `exact` is for who must approve all of it.
    """

    change: Change
    parties: Mapping[str, Mapping[str, Any]]
    regions: Mapping[str, Mapping[str, str]]
    claimed: Sequence[Claim] = ()
    exact: bool = False
    # By the status that ground has now (None: nobody's) and the colour of the party.
    style: Callable[[str | None, str], Style] | None = None

    @property
    def flows(self) -> list[FlowRow]:
        """The largest first."""
        return [
            FlowRow(
                self._side(flow.before),
                self._side(flow.after),
                self._amount(flow.km2),
                self._where(flow.regions),
                self.style and self.style(flow.after and flow.after.status, self._colour(flow.after or flow.before)),
            )
            for flow in self.change.flows
            if self.exact or flow.km2 >= 1
        ]

    @property
    def claims(self) -> list[ClaimRow]:
        """What is only claimed, which changes nothing."""
        return [
            ClaimRow(self.party_name(one.claimed_by), self.party_name(one.party), self._amount(one.km2))
            for one in self.claimed
        ]

    @property
    def bars(self) -> list[Bar]:
        """A party's gains and its losses each by themselves, the most first."""
        moved = [
            *((slug, True, km2) for slug, km2 in self.change.gains().items()),
            *((slug, False, km2) for slug, km2 in self.change.losses().items()),
        ]
        bars = [Bar(self.party_name(slug), self._colour_of(slug), gained, round(km2)) for slug, gained, km2 in moved]
        return sorted((bar for bar in bars if bar.km2), key=lambda bar: -bar.km2)

    @property
    def balance(self) -> list[Part]:
        """By party, in all and by region; regions with the most change first."""
        found = [Part(_("In all"), self._lines(None))]
        found += [Part(self.region_name(code), self._lines(code)) for code in self.change.regions()]
        return [part for part in found if part.lines]

    def _lines(self, region: str | None) -> list[Line]:
        gains, losses = self.change.gains(region), self.change.losses(region)
        lines = []
        for slug in sorted({*gains, *losses}, key=lambda slug: -max(gains.get(slug, 0), losses.get(slug, 0))):
            gained, lost = gains.get(slug, 0), losses.get(slug, 0)
            net = round(gained - lost)
            sign = "+" if net > 0 else "−" if net < 0 else ""
            lines.append(Line(self.party_name(slug), round(gained), round(lost), sign, abs(net)))
        return [line for line in lines if line.gained or line.lost]

    def party_name(self, slug: str) -> str:
        return in_language(self.parties.get(slug, {}).get("name", {})) or slug

    def region_name(self, code: str) -> str:
        return in_language(self.regions[code]) if code in self.regions else _("elsewhere")

    def _colour_of(self, slug: str) -> str:
        return self.parties.get(slug, {}).get("colour", "grey")

    def _colour(self, side: Side | None) -> str:
        return self._colour_of(side.party) if side else "grey"

    def _side(self, side: Side | None) -> str:
        if side is None:
            return _("nobody named")
        return _("%(party)s (%(status)s)") % {
            "party": self.party_name(side.party),
            "status": ControlArea.Status(side.status).label,
        }

    def _amount(self, km2: float) -> str:
        return in_km2(km2) if self.exact else whole_km2(km2)

    def _where(self, regions: Mapping[str, float]) -> str:
        named = [f"{self.region_name(code)} {whole_km2(km2)}" for code, km2 in regions.items() if km2 >= 1]
        return ", ".join(named if self.exact else named[:MOST_REGIONS])


def whole_km2(value: float) -> str:
    return number_format(round(value), 0, force_grouping=True)


def in_km2(value: float) -> str:
    """Whole km², or two decimals where it is little."""
    decimals = 0 if abs(value) >= 10 else 2
    # Django cuts decimals off.
    return number_format(round(value, decimals), decimals, force_grouping=True)
