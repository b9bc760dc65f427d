"""The demo's pictures: information graphics that the newsroom draws itself, the same bytes every time.

Models, files and requests are no part of this: figures and ground in, a PNG out. Everything is drawn at twice the size
and then halved, which smooths edges; type is the sans serif that Pillow carries, because no other is everywhere.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import shapely
from PIL import Image, ImageChops, ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

from mapdata.ground.areas import ASSESSED, Area, area_km2

WIDTH, HEIGHT = 1600, 900
SCALE = 2
MARGIN = 64

PAPER = "#faf6ec"
INK = "#1d1a16"
QUIET = "#6b6459"
LINE = "#d9d0bf"
RED = "#c8102e"
DARK_RED = "#7d0d20"
PALE_RED = "#efb7b7"
BLUE = "#2f6ea5"
ABROAD = "#e4ded0"
LAND = "#fffcf5"

MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WORDS = {
    "nl": {"before": "sinds 2014", "held": "sinds 24 februari", "advance": "doorkruist", "thousand": "."},
    "en": {"before": "since 2014", "held": "since 24 February", "advance": "moved through", "thousand": ","},
}


@dataclass(frozen=True)
class Figures:
    """Ground of one party on one day, in km²: what it held before the war, what it took, what it moved through."""

    day: date
    before: float
    held: float
    advance: float

    @property
    def total(self) -> float:
        return self.before + self.held + self.advance


def figures(day: date, areas: Sequence[Area], before_km2: float, party: str = "rusland") -> Figures:
    """The figures of one picture; contested and claimed ground count towards nothing."""
    km2 = {area.holding.status: area_km2(area.ground) for area in areas if _assessed(area, party)}
    return Figures(day, before_km2, km2.get("controlled", 0.0) - before_km2, km2.get("advance", 0.0))


def _assessed(area: Area, party: str) -> bool:
    return area.holding.party == party and area.holding.basis == ASSESSED


class Sheet:
    """A drawing of WIDTH by HEIGHT; all measures are in its pixels, from the upper left."""

    def __init__(self, paper: str = PAPER):
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), paper)
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, size: int, fill: str = INK, anchor: str = "ls", bold: float = 0):
        """A line of text with its baseline at y. `bold` thickens it by so many pixels on either side."""
        font = _font(size * SCALE)
        stroke = round(bold * SCALE)
        self.draw.text((x * SCALE, y * SCALE), text, fill, font, anchor, stroke_width=stroke, stroke_fill=fill)

    def width(self, text: str, size: int) -> float:
        return _font(size * SCALE).getlength(text) / SCALE

    def square_kilometres(self, x: float, y: float, after: str, size: int, fill: str = QUIET):
        """The font has no superscript two: it is a small figure, raised."""
        self.text(x, y, "km", size, fill)
        x += self.width("km", size) + 1
        self.text(x, y - size * 0.36, "2", round(size * 0.62), fill)
        self.text(x + self.width("2", round(size * 0.62)), y, after, size, fill)

    def line(self, points: Sequence[tuple[float, float]], fill: str = LINE, width: float = 1):
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill, round(width * SCALE), joint="curve")

    def box(self, left: float, top: float, right: float, bottom: float, fill: str):
        self.draw.rectangle([left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1], fill)

    def polygon(self, points: Sequence[tuple[float, float]], fill: str):
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def dot(self, x: float, y: float, radius: float, fill: str, ring: str = PAPER):
        for r, colour in ((radius + 3, ring), (radius, fill)):
            self.draw.ellipse([(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE], colour)

    def heading(self, title: str, subtitle: str):
        self.box(MARGIN, 48, MARGIN + 96, 58, RED)
        self.text(MARGIN, 136, title, 72, bold=1.2)
        self.text(MARGIN, 196, subtitle, 40, QUIET)

    def png(self) -> bytes:
        file = BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(file, "PNG", compress_level=6)
        return file.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def area_chart(spec: Mapping[str, Any], days: Sequence[Figures]) -> bytes:
    """Ground held over time as steps: from each picture on, until the next. A PNG."""
    sheet = Sheet()
    sheet.heading(spec["title"], spec["subtitle"])
    left, right, top, bottom = MARGIN, WIDTH - 374, 350, 808
    first, last = days[0].day, days[-1].day
    highest = max(one.total for one in days) * 1.06

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / (last - first).days

    def y(km2: float) -> float:
        return bottom - (bottom - top) * km2 / highest

    # From the top down: the whole height in the uppermost colour, then what lies below over it.
    for fill, km2 in (
        (PALE_RED, lambda one: one.total),
        (RED, lambda one: one.before + one.held),
        (DARK_RED, lambda one: one.before),
    ):
        sheet.polygon(_steps(days, x, lambda one, km2=km2: y(km2(one)), bottom), fill)
    sheet.line([(left, bottom), (right, bottom)], INK, 2)
    _axis(sheet, days, x, bottom, spec["language"])
    _notes(sheet, days, x, y, right, spec)
    return sheet.png()


def _steps(days, x, y, bottom: float) -> list[tuple[float, float]]:
    points = [(x(days[0].day), bottom)]
    for one, following in zip(days, [*days[1:], days[-1]], strict=True):
        points += [(x(one.day), y(one)), (x(following.day), y(one))]
    return [*points, (x(days[-1].day), bottom)]


def _axis(sheet: Sheet, days: Sequence[Figures], x, bottom: float, language: str) -> None:
    shown = None
    for one in days:
        from_last = x(days[-1].day) - x(one.day)
        if one is not days[-1] and (from_last < 260 or (shown is not None and x(one.day) - shown < 260)):
            continue
        shown = x(one.day)
        sheet.line([(shown, bottom), (shown, bottom + 12)], INK, 3)
        anchor = "ls" if one is days[0] else "rs" if one is days[-1] else "ms"
        sheet.text(shown, bottom + 60, _day(one.day, language), 40, QUIET, anchor)


def _notes(sheet: Sheet, days: Sequence[Figures], x, y, right: float, spec: Mapping[str, Any]) -> None:
    peak = max(days, key=lambda one: one.total)
    sheet.text(x(peak.day), y(peak.total) - 18, _thousands(round(peak.total, -3), spec), 60, bold=1.2)
    words, last, beside = WORDS[spec["language"]], days[-1], right + 28
    total = last.before + last.held
    sheet.text(beside, y(total) + 30, _thousands(round(total, -3), spec), 84, RED, bold=1.6)
    sheet.square_kilometres(beside, y(total) + 84, f", {_day(last.day, spec['language'])}", 42)
    sheet.text(beside, y(last.before) + 30, _thousands(round(last.before, -2), spec), 60, DARK_RED, bold=1.2)
    sheet.text(beside, y(last.before) + 84, words["before"], 42, QUIET)
    place = MARGIN
    for colour, word in ((DARK_RED, "before"), (RED, "held"), (PALE_RED, "advance")):
        sheet.box(place, 238, place + 36, 270, colour)
        sheet.text(place + 50, 269, words[word], 40)
        place += 92 + sheet.width(words[word], 40)


def timeline(spec: Mapping[str, Any]) -> bytes:
    """Days on a line, each with what became known; the newest last. A PNG."""
    sheet = Sheet()
    sheet.heading(spec["title"], spec["subtitle"])
    days = spec["days"]
    top, step, line = 292, (HEIGHT - 292 - 76) / (len(days) - 1), 340
    sheet.line([(line, top - 10), (line, top + step * (len(days) - 1) + 10)], RED, 8)
    for place, (day, text) in enumerate(days):
        y = top + place * step
        sheet.text(line - 54, y + 20, day, 60, RED, "rs", bold=1.2)
        sheet.dot(line, y, 18, DARK_RED)
        sheet.text(line + 60, y + 20, text, 60)
    return sheet.png()


def small_maps(
    spec: Mapping[str, Any],
    pictures: Sequence[tuple[date, Sequence[Area]]],
    regions: Sequence[BaseGeometry],
    bounds: tuple[float, float, float, float] = (27.6, 49.95, 37.3, 52.5),
) -> bytes:
    """Small maps of the north of the country, two in a row, one a picture. A PNG."""
    sheet = Sheet()
    sheet.heading(spec["title"], spec["subtitle"])
    gap, top, rows = 28, 234, math.ceil(len(pictures) / 2)
    width, height = (WIDTH - 2 * MARGIN - gap) / 2, (HEIGHT - top - 44 - gap * (rows - 1)) / rows
    for place, (day, areas) in enumerate(pictures):
        left, upper = MARGIN + place % 2 * (width + gap), top + place // 2 * (height + gap)
        panel = _panel(width, height, areas, regions, bounds)
        sheet.image.paste(panel, (round(left * SCALE), round(upper * SCALE)))
        sheet.text(left + 20, upper + 58, _day(day, spec["language"]), 52, bold=1)
    return sheet.png()


def _panel(width: float, height: float, areas: Sequence[Area], regions: Sequence[BaseGeometry], bounds) -> Image.Image:
    size = (round(width * SCALE), round(height * SCALE))
    panel = Image.new("RGB", size, ABROAD)
    to_pixels = _mercator(bounds, size)
    for region in regions:
        panel.paste(LAND, mask=_mask(region, size, to_pixels))
    for area in areas:
        if area.holding.basis != ASSESSED:
            continue
        colour, pattern = _ink(area, size)
        mask = _mask(area.ground, size, to_pixels)
        panel.paste(colour, mask=ImageChops.multiply(mask, pattern) if pattern else mask)
    draw = ImageDraw.Draw(panel)
    for region in regions:
        for part in shapely.get_parts(region):
            draw.line(to_pixels(part.exterior.coords), "#cfc5b0", 2)
    for name, lon, lat in (("Kyiv", 30.52, 50.45), ("Chernihiv", 31.29, 51.51), ("Sumy", 34.8, 50.91)):
        ((x, y),) = to_pixels([(lon, lat)])
        draw.ellipse([x - 12, y - 12, x + 12, y + 12], INK, PAPER, 4)
        font = _font(36 * SCALE)
        anchor = "rm" if x > size[0] * 0.7 else "lm"
        at = (x + (-22 if anchor == "rm" else 22), y - 6)
        draw.text(at, name, INK, font, anchor, stroke_width=8, stroke_fill=PAPER)
    return panel


def _ink(area: Area, size: tuple[int, int]) -> tuple[str, Image.Image | None]:
    if area.holding.status == "liberated":
        return BLUE, _hatching(size, 22, 6)
    if area.holding.status == "contested":
        return RED, _hatching(size, 16, 8)
    return {"controlled": RED, "advance": PALE_RED}.get(area.holding.status, QUIET), None


@cache
def _hatching(size: tuple[int, int], step: int, width: int) -> Image.Image:
    width_px, height_px = size
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for start in range(-height_px, width_px, step):
        draw.line([(start, height_px), (start + height_px, 0)], 255, width)
    return mask


def _mercator(bounds: tuple[float, float, float, float], size: tuple[int, int]):
    """Longitude/latitude in degrees to pixels, in Web Mercator: the bounds fill the panel, centred."""

    def up(latitude: float) -> float:
        return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))

    west, south, east, north = bounds
    scale = max(size[0] / (east - west), size[1] / (up(north) - up(south)))
    dx = (size[0] - (east - west) * scale) / 2
    dy = (size[1] - (up(north) - up(south)) * scale) / 2
    return lambda points: [((lon - west) * scale + dx, (up(north) - up(lat)) * scale + dy) for lon, lat in points]


def _mask(geometry: BaseGeometry, size: tuple[int, int], to_pixels) -> Image.Image:
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for part in shapely.get_parts(geometry):
        draw.polygon(to_pixels(part.exterior.coords), 255)
        for hole in part.interiors:
            draw.polygon(to_pixels(hole.coords), 0)
    return mask


def _day(day: date, language: str) -> str:
    return f"{day.day} {MONTHS[language][day.month - 1]}"


def _thousands(number: float, spec: Mapping[str, Any]) -> str:
    return f"{number:,.0f}".replace(",", WORDS[spec["language"]]["thousand"])
