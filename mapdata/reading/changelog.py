"""The update log of a map: what each edition changed, computed from it and the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from mapdata.ground.changes import Change
from mapdata.models import Difference, Edition
from mapdata.models.derived import compare
from mapdata.reading.change import ShownChange
from newsroom.moments import text_of
from newsroom.reader_questions import Question

# Editions on a page; the others are a link away.
MOST = 50


@dataclass
class Entry:
    """An edition and what it changed since the one before it on the ground; the first one changed nothing."""

    edition: Edition
    before: Edition | None
    change: ShownChange


@dataclass
class Log:
    """A part of a map's update log, the newest situation first; `earlier` and `later` are the `?at=` of its neighbours,
    empty where there are none."""

    entries: list[Entry]
    earlier: str
    later: str

    @property
    def longest(self) -> int:
        """km² of the longest bar, by which all of them are drawn."""
        return max((bar.km2 for entry in self.entries for bar in entry.change.bars), default=1)


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
        # Parties as the edition has them, or the one before it where they hold nothing any more.
        parties = {**(before.content["parties"] if before else {}), **after.content["parties"]}
        change = Change.from_json(difference.content["change"]) if difference else Change()
        regions = difference.content["regions"] if difference else {}
        entries.append(Entry(after, before, ShownChange(change, parties, regions)))
    return entries
