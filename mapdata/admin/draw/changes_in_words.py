"""What changed hands, in the words of the desk."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from django.utils.translation import gettext as _

from mapdata.ground.areas import Holding
from mapdata.ground.moves import MeasuredMove
from mapdata.models import ControlArea, Party, Region
from mapdata.reading.change import in_km2


class Words:
    """Says holdings and flows with the names that parties and regions have now; two queries."""

    def __init__(self) -> None:
        self.names = {party.slug: str(party) for party in Party.objects.all()}

    @cached_property
    def regions(self) -> dict[str, str]:
        return {region.code: str(region) for region in Region.objects.defer("boundary")}

    def holding(self, holding: Holding | None) -> str:
        if holding is None:
            return _("nobody")
        words = [str(ControlArea.Status(holding.status).label), str(ControlArea.Basis(holding.basis).label)]
        if holding.claimed_by:
            words[-1] = _("claimed by %(party)s") % {"party": self.names[holding.claimed_by]}
        return f"{self.names[holding.party]} ({', '.join(words)})"

    def flows(self, flows: Sequence[MeasuredMove]) -> str:
        """What an operation did, in one line."""
        if not flows:
            return _("That changes nothing: it was so already.")
        said = {
            "to": self._shares((flow.after, flow.km2) for flow in flows),
            "from": self._shares((flow.before, flow.km2) for flow in flows),
            "where": self.where(flows),
        }
        return (
            _("To %(to)s; from %(from)s; in %(where)s.") if said["where"] else _("To %(to)s; from %(from)s.")
        ) % said

    def where(self, flows: Iterable[MeasuredMove]) -> str:
        """The regions in which ground changed hands, the most first; empty where that was in none."""
        total: dict[str, float] = {}
        for flow in flows:
            for code, size in flow.regions.items():
                total[code] = total.get(code, 0.0) + size
        ordered = sorted(total.items(), key=lambda share: -share[1])
        return ", ".join(f"{self.regions.get(code, code)} {in_km2(size)} km²" for code, size in ordered)

    def _shares(self, sides: Iterable[tuple[Holding | None, float]]) -> str:
        total: dict[Holding | None, float] = {}
        for holding, size in sides:
            total[holding] = total.get(holding, 0.0) + size
        ordered = sorted(total.items(), key=lambda share: -share[1])
        return ", ".join(f"{self.holding(holding)} {in_km2(size)} km²" for holding, size in ordered)
