"""Makes editions of a situation map from GeoJSON files, one a file."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from mapdata.imports.control.store import Order, Outcome, Report, import_file
from mapdata.imports.decisions import Decision
from mapdata.management.asked import map_called, meaning, meanings_of, moment


class Command(BaseCommand):
    help = (
        "Make one edition of a map from each GeoJSON file. A file is taken whole or not at all; importing it twice "
        "changes nothing. The day that a file shows comes from --at, its name, or what stands in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="GeoJSON, or a folder of it")
        parser.add_argument("--map", required=True, metavar="SLUG", help="the situation map")
        parser.add_argument(
            "--as", dest="meanings", action="append", type=meaning, default=[], metavar="VALUE=PARTY:STATUS[:BASIS]",
            help="what a value of the field means; where ground of two values overlaps, the one named first gets it",
        )  # fmt: skip
        parser.add_argument("--skip", action="append", default=[], metavar="VALUE", help="a value that is left out")
        parser.add_argument("--field", default="status", help="the property that says who holds it (default: status)")
        parser.add_argument("--at", type=moment, metavar="DATE", help="the day or moment that the one file shows")
        parser.add_argument("--accept", action="append", default=[], metavar="PROPOSAL", help="what a report proposed")
        parser.add_argument("--source", default="", metavar="PUBLISHER[: TITLE]", help="default: the file itself")
        parser.add_argument("--publish", action="store_true", help="publish the editions; else they are drafts")
        parser.add_argument("--by", metavar="USERNAME", help="who publishes (default: the command line's account)")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="on standard output")

    def handle(self, *args, **options) -> None:
        files = list(_expanded(options["files"]))
        order = _order(options, len(files))
        reports = list(self._import(files, order, options["verbosity"]))
        if options["report"] == "json":
            self.stdout.write(json.dumps([report.as_json() for report in reports], ensure_ascii=False, indent=2))
        elif options["verbosity"]:
            for report in reports:
                self.stdout.write("\n".join(_lines(report)))
        refused = sum(report.outcome == Outcome.REFUSED for report in reports)
        if refused:
            raise CommandError(
                _("%(refused)s of %(count)s files refused.") % {"refused": refused, "count": len(reports)}
            )

    def _import(self, files: Sequence[Path], order: Order, verbosity: int) -> Iterator[Report]:
        """Progress goes to standard error: a bar where somebody looks at a terminal, elsewhere a line a file."""
        terminal = verbosity and self.stderr.isatty()
        with tqdm(total=len(files), unit="file", file=sys.stderr, disable=not terminal) as bar:
            for number, path in enumerate(files, start=1):
                bar.set_postfix_str(path.name)
                report = import_file(path, order)
                bar.update()
                if verbosity and not terminal:
                    self.stderr.write(f"{number}/{len(files)} {path.name}: {report.outcome.value}", str)
                yield report


def _expanded(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in {".geojson", ".json"})
        if not inside:
            raise CommandError(f"There is no GeoJSON in {path}.")
        yield from inside


def _order(options: dict, count: int) -> Order:
    """Everything that can be wrong with what was asked, before any file is read."""
    map_ = map_called(options["map"])
    if not options["meanings"]:
        raise CommandError("Say with --as what at least one value means.")
    meanings = meanings_of(options["meanings"], options["skip"])
    if options["at"] and count > 1:
        raise CommandError("--at is for one file; several cannot all show the same moment.")
    publisher = None
    if options["by"] and not (publisher := get_user_model().objects.filter(username=options["by"]).first()):
        raise CommandError(f"There is no user “{options['by']}”.")
    return Order(
        map=map_,
        decision=Decision(
            field=options["field"],
            meanings=meanings,
            skip=tuple(options["skip"]),
            at=options["at"],
            source=options["source"],
            accept=tuple(options["accept"]),
        ),
        publish=options["publish"],
        publisher=publisher,
        dry_run=options["dry_run"],
    )


def _lines(report: Report) -> Iterator[str]:
    """The report of one file for people."""
    said = report.as_json()
    what = {
        Outcome.DRAFTED: _("drafted"),
        Outcome.PUBLISHED: _("published"),
        Outcome.UNCHANGED: _("unchanged"),
        Outcome.WOULD_DRAFT: _("would be drafted"),
        Outcome.WOULD_PUBLISH: _("would be published"),
        Outcome.REFUSED: _("refused"),
    }[report.outcome]
    if report.edition:
        what += ", " + _("edition %(number)s") % {"number": report.edition}
    when = f" ({report.situation_at:%Y-%m-%d %H:%M %Z})" if report.situation_at else ""
    yield f"{report.file}: {what}{when}"
    for refusal in report.refused:
        where = _("Feature %(number)s: ") % {"number": refusal.feature} if refusal.feature else ""
        yield f"  {where}{refusal.reason}"
    for note in report.notes:
        yield f"  {note}"
    for repair in said["repairs"]:
        named = {"number": repair["feature"], "repairs": "; ".join(repair["repairs"]), "km2": repair["km2"]}
        yield "  " + _("Feature %(number)s repaired: %(repairs)s; that changed %(km2)s km².") % named
    for overlap in said["overlaps"]:
        yield "  " + _("Overlap: %(km2)s km² of “%(lost)s” went to “%(kept)s”.") % overlap
    for value, km2 in said["area_km2"].items():
        yield f"  {value}: {km2:,.2f} km²"
