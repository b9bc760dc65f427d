"""Events are written as drafts, all of a file or none."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone

from mapdata.imports.events import describing
from mapdata.imports.events.plan import EventsPlan, NewEvent
from mapdata.imports.provenance import source_of
from mapdata.models import Event
from newsroom.accounts import machine
from newsroom.models import Source

_BATCH = 2000


def store(plan: EventsPlan, by=None, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Write all events or none, as drafts; how many were `added`. Raises Undecided.

    Each names the file (or what was said) as its source, and the addresses of its own.
    """
    plan.refuse_undecided()
    by = by or machine("import")
    through = Event.sources.through
    with transaction.atomic():
        whole = source_of(plan.reading.name, plan.decision.source)
        sources = _sources(plan.rows)
        for start in range(0, len(plan.rows), _BATCH):
            rows = plan.rows[start : start + _BATCH]
            # A draft that was saved once, by whoever imports it.
            events = [Event(map=plan.map, revision=1, **Event.begun_by(by), **row.fields) for row in rows]
            Event.objects.bulk_create(events)
            named = [
                through(event_id=event.pk, source_id=source)
                for event, row in zip(events, rows, strict=True)
                for source in dict.fromkeys((whole.pk, *(sources[url] for url in row.urls)))
            ]
            through.objects.bulk_create(named)
            if progress:
                progress(start + len(rows), len(plan.rows))
    return {"added": len(plan.rows)}


def _sources(rows: Sequence[NewEvent]) -> dict[str, int]:
    """By address the source that is or was made for it, named after its host."""
    wanted = list(dict.fromkeys(url for row in rows for url in row.urls))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), _BATCH):
        urls = wanted[start : start + _BATCH]
        found |= dict(Source.objects.filter(url__in=urls).order_by("-id").values_list("url", "id"))
        new = [
            Source(publisher=describing.host_of(url), url=url, retrieved_at=timezone.now())
            for url in urls
            if url not in found
        ]
        found |= {source.url: source.pk for source in Source.objects.bulk_create(new)}
    return found
