"""Brings in what others know: a file of control areas, regions, events or places, in any usual format."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from mapdata.imports import kinds, reports
from mapdata.imports.decisions import KINDS, Decision
from mapdata.imports.files.records import Unreadable
from mapdata.imports.plans import Plan, Undecided
from mapdata.management.asked import map_called, meaning, meanings_of, moment
from mapdata.models import Event
from newsroom.publishing import Refused


def assignment(text: str) -> tuple[str, str]:
    """NAME=VALUE; the value may be empty."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"“{text}” is not FIELD=COLUMN.")
    return name.strip(), value.strip()


class Command(BaseCommand):
    help = (
        "Import a file: GeoJSON, TopoJSON, KML, KMZ, a zipped Shapefile, GeoPackage, GPX or CSV. Control areas become "
        "a draft edition, events become drafts, regions and places rows; all of the file or nothing. docs/imports.md "
        "says what is repaired and what is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH")
        parser.add_argument("--kind", required=True, choices=KINDS, help="what the file has")
        parser.add_argument("--map", required=True, metavar="SLUG", help="the situation map")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")
        parser.add_argument("--report", choices=["text", "json"], default="text", help="on standard output")
        parser.add_argument(
            "--as", dest="meanings", action="append", default=[], metavar="VALUE=PARTY:STATUS[:BASIS]",
            help="what a value means, the first named gets ground that overlaps; for events VALUE=TYPE",
        )  # fmt: skip
        parser.add_argument("--skip", action="append", default=[], metavar="VALUE", help="a value that is left out")
        parser.add_argument("--field", default="", metavar="NAME", help="the property that says who holds ground")
        parser.add_argument("--at", type=moment, metavar="DATE", help="the moment of whatever in the file has none")
        parser.add_argument(
            "--match", action="append", type=assignment, default=[], metavar="FIELD=COLUMN",
            help="the column of a field (title_nl, happened_at, code, lat, lon, wkt, ...); FIELD= for none",
        )  # fmt: skip
        parser.add_argument("--encoding", default="", metavar="NAME", help="default: found out")
        parser.add_argument("--crs", default="", metavar="NAME", help="the reference system, such as EPSG:3857")
        parser.add_argument("--layer", default="", metavar="NAME", help="of a GeoPackage (default: the first)")
        parser.add_argument("--accept", action="append", default=[], metavar="PROPOSAL", help="what a report proposed")
        parser.add_argument("--source", default="", metavar="PUBLISHER[: TITLE]", help="default: the file itself")
        parser.add_argument("--duplicates", action="store_true", help="import events that seem to be there already too")

    def handle(self, *args, path: Path, **options) -> None:
        map_, decision = map_called(options["map"]), _decision(options)
        with tqdm(file=sys.stderr, disable=not (options["verbosity"] and self.stderr.isatty())) as bar:
            try:
                reading = decision.open(path, map_.bounds, progress=_shown(bar, _("reading")))
            except Unreadable as why:
                self.say(reports.of_unreadable(str(path), decision.kind, why), options)
                raise CommandError(f"{path.name}: {why}") from why
            plan = kinds.plan(reading, map_, decision, _shown(bar, _("comparing")))
            report = reports.of_plan(str(path), plan)
            failed = _why_nothing(plan)
            if not failed and not options["dry_run"]:
                try:
                    result = kinds.store(plan, progress=_shown(bar, _("writing")))
                    report = reports.of_stored(str(path), plan, result)
                except (Undecided, Refused) as why:
                    failed = str(why)
                    report |= {"outcome": reports.REFUSED, "imported": 0}
        self.say(report, options)
        if failed:
            raise CommandError(f"{path.name}: {failed}")

    def say(self, report: dict, options: dict) -> None:
        if options["report"] == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        elif options["verbosity"]:
            self.stdout.write("\n".join(_lines(report)))


def _shown(bar: tqdm, what: str):
    def progress(done: int, total: int) -> None:
        bar.set_description(what, refresh=False)
        bar.total = total or None
        bar.n = done
        bar.update(0)

    return progress


def _decision(options: dict) -> Decision:
    """Everything that can be wrong with what was asked, before the file is read."""
    decision = Decision(
        kind=options["kind"], encoding=options["encoding"], crs=options["crs"], layer=options["layer"],
        accept=tuple(options["accept"]), match=dict(options["match"]), field=options["field"],
        skip=tuple(options["skip"]), at=options["at"], source=options["source"], duplicates=options["duplicates"],
    )  # fmt: skip
    try:
        if options["kind"] == "events":
            return decision.but(types=_types(options["meanings"]))
        meanings = [meaning(text) for text in options["meanings"]]
    except argparse.ArgumentTypeError as error:
        raise CommandError(str(error)) from error
    return decision.but(meanings=meanings_of(meanings, options["skip"]))


def _types(said: list[str]) -> dict[str, str]:
    if wrong := [text for text in said if "=" not in text]:
        raise CommandError(f"“{wrong[0]}” is not VALUE=TYPE.")
    types = {value.strip(): kind.strip() for value, _equals, kind in (text.rpartition("=") for text in said)}
    if unknown := sorted(set(types.values()) - set(Event.Type.values)):
        raise CommandError(f"“{unknown[0]}” is no type of event; there are {', '.join(Event.Type.values)}.")
    return types


def _why_nothing(plan: Plan) -> str:
    """One line on why nothing of the file can be imported; empty where something can."""
    if plan.imported:
        return ""
    for reasons in (plan.undecided[:1], [refusal.reason for refusal in plan.refused if refusal.feature is None]):
        if reasons:
            return reasons[0]
    if getattr(plan, "twins", ()):
        return _("Everything in it seems to be there already.")
    first = next(iter((*plan.refused, *plan.left_out)), None)
    if first is None:
        return _("There are no features in the file.")
    return _("Nothing in it can be imported. Feature %(number)s: %(reason)s") % {
        "number": first.feature, "reason": first.reason,
    }  # fmt: skip


def _lines(report: dict) -> Iterator[str]:
    """The report for people, not more than fits a screen or two."""
    yield f"{report['file']}: {report['outcome']}"
    if report["format"]:
        yield f"  {report['format']}, {report['encoding']}, {report['crs']}"
    counted = {name: report[name] for name in ("features", "imported", "repaired")}
    yield "  " + _("%(features)s features, %(imported)s imported, %(repaired)s repaired.") % counted
    if report["bounds"]:
        yield f"  {', '.join(f'{number:.4f}' for number in report['bounds'])}; {report['area_km2']:,.1f} km²"
    for name, words in (
        ("refused", _("refused")), ("left_out", _("left out")), ("warnings", _("to be looked at")),
    ):  # fmt: skip
        for said in report[name][:20]:
            number = f"{said['feature']}: " if said["feature"] else ""
            yield f"  {words}: {number}{said['reason']}"
        if len(report[name]) > 20:
            yield "  " + _("… and %(count)s more.") % {"count": len(report[name]) - 20}
    for repair in report["repairs"][:20]:
        named = {"number": repair["feature"], "repairs": "; ".join(repair["repairs"]), "km2": repair["km2"]}
        yield "  " + _("Feature %(number)s repaired: %(repairs)s; that changed %(km2)s km².") % named
    for note in (*report["notes"], *report["undecided"]):
        yield f"  {note}"
    for proposal in report["proposals"]:
        yield f"  --accept {proposal['accept']}: {proposal['words']}"
