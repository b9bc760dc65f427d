"""What of an import takes long: looking what comes of it, and making it. Both read the file anew."""

from types import ModuleType

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mapdata.admin.imports import Tell, control, events, rows
from mapdata.admin.imports.found import first_rows, found, lines, storable
from mapdata.imports.decisions import Decision
from mapdata.imports.files.reading import Reading
from mapdata.imports.files.records import Unreadable
from mapdata.imports.plans import Plan
from mapdata.models import Import, ImportPreset
from mapdata.models.imports import Kind
from newsroom.jobs.job import Failed, Job, background, daily

KINDS: dict[str, ModuleType] = {
    Kind.CONTROL: control,
    Kind.EVENTS: events,
    Kind.REGIONS: rows,
    Kind.PLACES: rows,
}
# As many columns as fit beside each other.
COLUMNS = 10


def page(upload: int, **arguments) -> str:
    return reverse("admin:mapdata_import_change", args=[upload])


@background(_("Looking what is in a file"), page)
def look(job: Job, upload: int, preset: int | None = None) -> dict:
    """What stands in the file and what would come of it; the first time also what it seems to mean."""
    row = there(upload)
    kind = KINDS[row.kind]
    if row.choices:
        decision = Decision.from_json(row.choices["decision"])
    else:
        known = ImportPreset.objects.filter(pk=preset).first()
        decision = Decision.from_json(known.choices) if known else Decision(kind=row.kind)
    reading = read(row, decision, job)
    said = found(reading, kind.columns(reading))
    choices = row.choices or kind.guess(row, said, reading, decision)
    planned = kind.plan(reading, row.map, choices, telling(job, _t("working out what comes of it")))
    choices = kind.settled(choices, planned)
    more = kind.more(row, planned, lambda words: job.progress(0, 0, words))
    plan = storable(as_json(planned) | {"choices": choices} | more)
    with job.writing() as result:
        Import.objects.filter(pk=row.pk).update(found=said, choices=plan["choices"], plan=plan)
        result["url"] = page(upload)
    return result


@background(_("Importing a file"), page)
def make(job: Job, upload: int) -> dict:
    """Write what the plan says, all of it or nothing."""
    row = there(upload)
    kind = KINDS[row.kind]
    decision = Decision.from_json(row.choices["decision"])
    reading = read(row, decision, job)
    planned = kind.plan(reading, row.map, row.choices, telling(job, _t("working out what comes of it")))
    if planned.undecided:
        raise Failed(" ".join(planned.undecided))
    tell = telling(job, _t("saving"))
    with job.writing() as result:
        row.finish(**kind.write(row, planned, job.asked_by, tell))
        result["url"] = page(upload)
    return result


def there(upload: int) -> Import:
    row = Import.objects.select_related("map", "by").filter(pk=upload, finished_at=None).first()
    if row is None:
        raise Failed(_t("This import was thrown away, or is done already."))
    return row


def read(row: Import, decision: Decision, job: Job) -> Reading:
    """Raises Failed, in words, where the file cannot be read at all."""
    tell = telling(job, _t("reading the file"))
    try:
        with row.opened() as path:
            frame = row.map.bounds if row.map else None
            return decision.open(path, frame, progress=tell)
    except Unreadable as why:
        raise Failed(str(why)) from why


def telling(job: Job, words: str) -> Tell:
    """What is told how far it is, from now on in these words."""
    job.progress(0, 0, words)
    return lambda done, total: job.progress(done, total, words)


def as_json(planned: Plan) -> dict:
    """What the page shows of a plan, whatever its kind."""
    names = [field.name for field in planned.reading.fields if field.filled][:COLUMNS]
    problems = [*planned.undecided, *(one.reason for one in planned.refused if one.feature is None)]
    if not planned.imported and not problems:
        problems.append(_t("There is nothing in the file that would be imported."))
    return {
        "imported": planned.imported,
        "problems": problems,
        "refused": lines(planned.refused),
        "left_out": lines(planned.left_out),
        "matching": dict(planned.matching),
        "details": planned.details(),
        "notes": [note for note in planned.notes if note not in planned.reading.notes],
        "columns": names,
        "rows": first_rows(planned.reading.features, names),
    }


daily(Import.objects.tend)
