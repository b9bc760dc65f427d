"""The update log of a map: what each edition changed, computed from it and the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from mapdata.ground.changes import Change, Side
from mapdata.models import ControlArea, Difference, Edition
from mapdata.models.derived import compare
from newsroom.moments import text_of
from newsroom.names import in_language
from newsroom.reader_questions import Question

# Editions on a page; the others are a link away.
MOST = 50


@dataclass
class Entry:
    """An edition and what it changed since the one before it on the ground; the first one changed nothing."""

    edition: Edition
    before: Edition | None
    change: Change | None
    region_names: dict[str, dict[str, str]]

    def party(self, slug: str) -> dict:
        """As the edition has it, or the one before it where the party holds nothing any more."""
        for edition in (self.edition, self.before):
            if edition and slug in edition.content["parties"]:
                return edition.content["parties"][slug]
        return {}

    def party_name(self, slug: str) -> str:
        return in_language(self.party(slug).get("name", {})) or slug

    @property
    def flows(self) -> list[dict]:
        """What went from whom to whom, the largest first, with km² in all and by region."""
        if self.change is None:
            return []
        return [
            {
                "before": self._side(flow.before),
                "after": self._side(flow.after),
                "km2": round(flow.km2),
                "regions": [
                    (in_language(self.region_names[code]) if code in self.region_names else _("elsewhere"), round(km2))
                    for code, km2 in flow.regions.items()
                    if km2 >= 1
                ],
            }
            for flow in self.change.flows
            if flow.km2 >= 1
        ]

    @property
    def balance(self) -> list[dict]:
        """Whole km² by party that it has and had not (more than 0), or had and has not (less), the most first."""
        if self.change is None:
            return []
        moved = [
            *self.change.gains().items(),
            *((slug, -km2) for slug, km2 in self.change.losses().items()),
        ]
        lines = [
            {
                "party": self.party_name(slug),
                "colour": self.party(slug).get("colour", "grey"),
                "km2": round(km2),
                "size": abs(round(km2)),
            }
            for slug, km2 in moved
        ]
        return sorted((line for line in lines if line["size"]), key=lambda line: -line["size"])

    def _side(self, side: Side | None) -> str:
        if side is None:
            return _("nobody named")
        return _("%(party)s (%(status)s)") % {
            "party": self.party_name(side.party),
            "status": ControlArea.Status(side.status).label,
        }


@dataclass
class Log:
    """A part of a map's update log, the newest situation first; `earlier` and `later` are the `?at=` of its neighbours,
    empty where there are none."""

    entries: list[Entry]
    earlier: str
    later: str


def changelog(map_slug: str, question: Question) -> Log | None:
    """What each edition until the moment asked for (`at`, or now) changed, at most `MOST`; None where nothing of the
    map can be read. Four queries, however many editions there are."""
    timeline = Edition.objects.filter(map__slug=map_slug).timeline(question.as_of)
    moments = list(timeline.values_list("pk", "situation_at", "map__time_zone"))
    if not moments:
        return None
    zone = ZoneInfo(moments[0][2])
    at = question.at(zone)
    end = sum(at is None or moment <= at for _pk, moment, _zone in moments)
    start = max(end - MOST, 0)
    # The first of them is compared with the one before it, which is in the next part of the log.
    pks = [pk for pk, *_ in moments[max(start - 1, 0) : end]]
    editions = list(Edition.objects.filter(pk__in=pks).order_by("situation_at").select_related("map"))
    pairs = list(zip([None, *editions], editions, strict=False))[start - end :] if end else []
    return Log(
        entries=_entries(pairs)[::-1],
        earlier=text_of(moments[start - 1][1], zone) if start else "",
        later=text_of(moments[min(end + MOST, len(moments)) - 1][1], zone) if end < len(moments) else "",
    )


def _entries(pairs: Sequence[tuple[Edition | None, Edition]]) -> list[Entry]:
    differences = Difference.objects.filter(after__in=[after.pk for _before, after in pairs])
    kept = {(difference.before_id, difference.after_id): difference for difference in differences}
    entries = []
    for before, after in pairs:
        difference = before and (kept.get((before.pk, after.pk)) or compare(before, after))
        entries.append(
            Entry(
                edition=after,
                before=before,
                change=Change.from_json(difference.content["change"]) if difference else None,
                region_names=difference.content["regions"] if difference else {},
            )
        )
    return entries
