"""The map as a picture for social cards: PNG, 1200 by 630 pixels, drawn with Pillow.

The same ground, base and names as the SVG, and the light palette of map.css; drawn at twice the size and then reduced,
which smooths every edge. On the left stand title, stamp and source line, on the right the map. The fonts are shipped
(data/ORIGIN.md): what Pillow brings has no diaeresis and no Cyrillic.
"""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageChops, ImageDraw, ImageFont
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from mapdata.drawing.backdrop import backdrop
from mapdata.drawing.basemap import language_of_names
from mapdata.drawing.cropping import PATH_UNITS, View
from mapdata.drawing.dots import Dot, Spread
from mapdata.drawing.labels import CAPITALS, TEXT_NARROW, Placed, name_candidates, place_names
from mapdata.drawing.legend import LegendEntry, Style, legend_of, style_of
from mapdata.drawing.paths import points_of_path
from mapdata.drawing.picture import AreaShape, draw_ground
from mapdata.drawing.projection import Frame

WIDTH, HEIGHT = 1200, 630
PANEL = 396  # pixels: the text's share of the width
FINE = 2  # drawn at so many times the size
MAP_WIDTH = (WIDTH - PANEL) * FINE
LEFT, TEXT_WIDTH = 40 * FINE, (PANEL - 76) * FINE
NAME_SCALE = 2.9  # units for a pixel of the names' sizes: a card is mostly seen small

PAPER, INK, SOFT, ACCENT = "#ffffff", "#17191d", "#5a606b", "#c8102e"
# As in map.css, light.
MAP = {
    "sea": "#d5e0e6",
    "land": "#f0eee9",
    "country": "#fbf6e8",
    "line": "#dad5ca",
    "oblast": "#cdc4ab",
    "border": "#8a826d",
    "river": "#b3cad6",
    "ink": "#1b1c1f",
    "soft": "#66686d",
    "water": "#4c6878",
    "halo": "#fffdf6",
    "dot": "#7d0a1d",
    "ring": "#ffffff",
    "dark": "#4a0010",
    "red": "#d0142f",
    "blue": "#2a6ab0",
    "ochre": "#b4770f",
    "green": "#34794a",
    "purple": "#7b4a9c",
    "grey": "#6b7078",
}
# For each kind of ground: opacity of its flat fill, and its hatching: pitch and width in units, turn (1: rising,
# -1: falling, 0: level), opacity. What is only claimed has no fill, like in the SVG.
FILLS: Mapping[str, tuple[float, tuple[int, int, int, float] | None]] = {
    "solid": (0.72, None),
    "lines": (0.55, (12, 4, 0, 0.6)),
    "dots": (0.6, (14, 3, 0, 0.5)),
    "grid": (0.6, (18, 4, 1, 0.5)),
    "before": (0.74, (13, 3, 1, 0.55)),
    "contested": (0.12, (17, 7, -1, 1)),
    "advance": (0.34, (14, 3, 0, 0.7)),
    "infiltration": (0.2, (10, 3, 1, 0.7)),
    "liberated": (0, (17, 3, 1, 0.7)),
    "unknown": (0.14, (20, 3, 0, 0.5)),
    "claimed": (0, (36, 3, -1, 0.7)),
    "quiet": (0, None),
}


def card(
    areas: Sequence[AreaShape],
    dots: Sequence[Dot],
    bounds: tuple[float, float, float, float],
    *,
    title: str,
    stamp: str,
    source_line: str,
    language: str,
    parties: Mapping[str, str] | None = None,
) -> bytes:
    """A PNG of 1200 by 630 that shows `bounds` (west, south, east, north in degrees).

    `parties` are names by slug, for the legend.
    """
    frame = Frame(bounds, MAP_WIDTH, HEIGHT * FINE)
    ground = draw_ground(areas, frame)
    picture = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PAPER)
    picture.paste(_map(ground, dots, frame, language), (PANEL * FINE, 0))
    _panel(picture, title, stamp, source_line, legend_of(ground, "", parties or {}))
    small = picture.reduce(FINE).quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "Roboto-Bold.ttf" if bold else "Roboto-Regular.ttf"
    return ImageFont.truetype(str(Path(__file__).resolve().parent.parent / "data" / name), size)


def _map(ground: Sequence[Mapping[str, str]], dots: Sequence[Dot], frame: Frame, language: str) -> Image.Image:
    base = backdrop(frame)
    image = Image.new("RGB", (frame.width, frame.height), MAP["sea"])
    draw = ImageDraw.Draw(image)
    _fill(draw, base.land, MAP["land"])
    _stroke(draw, base.borders_abroad, MAP["line"], 2)
    _fill(draw, base.country, MAP["country"])
    _stroke(draw, base.rivers, MAP["river"], 2)
    for area in ground:
        _hold(image, [ring / PATH_UNITS for ring in points_of_path(area["d"])], style_of(area, ""))
    _stroke(draw, base.oblasts, MAP["oblast"], 1)
    _stroke(draw, shapely.boundary(base.country), MAP["border"], 3)
    _place_dots_and_names(draw, dots, frame, language)
    return image


def _fill(draw: ImageDraw.ImageDraw, shape: BaseGeometry, colour: str) -> None:
    """Polygons without regard to holes, which neither land nor country has of a size to see."""
    for polygon in shapely.get_parts(shape):
        if isinstance(polygon, Polygon):
            draw.polygon(shapely.get_coordinates(polygon.exterior).ravel().tolist(), fill=colour)


def _stroke(draw: ImageDraw.ImageDraw, shape: BaseGeometry, colour: str, width: int) -> None:
    for line in shapely.get_parts(shape):
        if isinstance(line, LineString):
            draw.line(shapely.get_coordinates(line).ravel().tolist(), fill=colour, width=width, joint="curve")


def _hold(image: Image.Image, rings: Sequence[np.ndarray], style: Style) -> None:
    """Ground in its style: flat fill, hatching, outline."""
    opacity, hatch = FILLS[style.kind]
    if style.kind == "quiet":
        return
    mask = _mask(rings, image.size)
    colour = MAP[style.colour]
    before, textured = style.kind == "before", style.kind in ("lines", "dots", "grid")
    if opacity:
        fill = mask.point([round(value * opacity) for value in range(256)])
        image.paste(_mixed(colour, MAP["dark"], 0.8) if before else colour, mask=fill)
    if hatch:
        ink = MAP["dark"] if before else MAP["halo"] if textured else colour
        image.paste(ink, mask=ImageChops.multiply(mask, _hatching(*hatch, image.size)))
    draw = ImageDraw.Draw(image)
    for ring in rings:
        draw.line(ring.ravel().tolist(), fill=colour, width=4 if style.kind == "claimed" else 1)


def _mask(rings: Sequence[np.ndarray], size: tuple[int, int]) -> Image.Image:
    """White inside. The largest ring first, so that a hole is cut before the island in it is filled; which it is, its
    direction says."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    areas = [_signed_area(ring) for ring in rings]
    outside = np.sign(areas[int(np.argmax(np.abs(areas)))]) if areas else 1
    for index in np.argsort(-np.abs(areas), kind="stable"):
        draw.polygon(rings[index].ravel().tolist(), fill=255 if np.sign(areas[index]) == outside else 0)
    return mask


def _signed_area(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


@cache
def _hatching(pitch: int, width: int, turn: int, opacity: float, size: tuple[int, int]) -> Image.Image:
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    across, down = size
    for start in range(-down if turn else 0, across if turn else down, round(pitch * (1.414 if turn else 1))):
        ends = {0: (0, start, across, start), 1: (start, 0, start + down, down), -1: (start, down, start + down, 0)}
        draw.line(ends[turn], fill=round(255 * opacity), width=width)
    return image


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _place_dots_and_names(draw: ImageDraw.ImageDraw, dots: Sequence[Dot], frame: Frame, language: str) -> None:
    """The dots stand on their true places: nobody touches them here."""
    view = View("narrow", 0, 0, frame.width, frame.height, 0, 0, 1, NAME_SCALE)
    places = np.array([frame.to_xy(dot.lon, dot.lat) for dot in dots]).reshape(-1, 2)
    inside = ((places > 0) & (places < (frame.width, frame.height))).all(axis=1)
    spread = Spread(places[inside], places[inside], 0)
    placed = place_names(name_candidates(frame, view, language_of_names(language)), spread, view)
    for x, y in placed.marks:
        draw.circle((x, y), 5, fill=MAP["ink"])
    for x, y in places[inside]:
        draw.circle((x, y), 15, fill=MAP["ring"])
        draw.circle((x, y), 11, fill=MAP["dot"])
    _write_names(draw, placed, view)


def _write_names(draw: ImageDraw.ImageDraw, placed: Placed, view: View) -> None:
    anchors = {"start": "ls", "middle": "ms", "end": "rs"}
    inks = {"country": "soft", "sea": "water"}
    for name in placed.names:
        face = font(round(TEXT_NARROW[name.kind] * view.pixel), name.kind in ("major", "area"))
        # Pillow has no letter spacing; a hair space does.
        text = "\u200a".join(name.text) if name.kind in CAPITALS else name.text
        draw.text(
            (name.x, name.y),
            text,
            font=face,
            fill=MAP[inks.get(name.kind, "ink")],
            anchor=anchors[name.anchor],
            stroke_width=0 if name.kind in inks else 6,
            stroke_fill=MAP["halo"],
        )


def _panel(picture: Image.Image, title: str, stamp: str, source_line: str, legend: Sequence[LegendEntry]) -> None:
    """From the top: title, as large as fits, stamp, legend if there is room; at the foot the source line."""
    draw = ImageDraw.Draw(picture)
    draw.rectangle((LEFT, 48 * FINE, LEFT + 56 * FINE, 54 * FINE), fill=ACCENT)
    foot = _wrapped(source_line, font(19 * FINE), TEXT_WIDTH)[:4]
    bottom = HEIGHT * FINE - 44 * FINE - len(foot) * 26 * FINE
    _write(draw, bottom, foot, font(19 * FINE), 26 * FINE, SOFT)
    said = _wrapped(stamp, font(24 * FINE), TEXT_WIDTH)[:3]
    keys = [(entry.style, _wrapped(entry.words, font(20 * FINE), TEXT_WIDTH - 42 * FINE)) for entry in legend]
    room = bottom - 78 * FINE - (40 + len(said) * 32) * FINE
    legend_height = (24 + 28 * sum(len(words) for _, words in keys)) * FINE
    fitting = _largest(title, room - legend_height, smallest=36)
    if fitting is None:
        # Half a legend would mislead; the title goes before it.
        keys, fitting = [], _largest(title, room, smallest=26)
    face, lines, height = fitting or (font(26 * FINE, bold=True), _wrapped(title, font(26 * FINE), TEXT_WIDTH)[:9], 60)
    y = _write(draw, 78 * FINE, lines, face, height, INK)
    y = _write(draw, y + 16 * FINE, said, font(24 * FINE), 32 * FINE, SOFT)
    y += 24 * FINE
    for style, words in keys:
        _swatch(picture, y, style)
        y = _write(draw, y, words, font(20 * FINE), 28 * FINE, INK, LEFT + 42 * FINE)


def _write(
    draw: ImageDraw.ImageDraw,
    y: int,
    lines: Sequence[str],
    face: ImageFont.FreeTypeFont,
    height: int,
    ink: str,
    x: int = LEFT,
) -> int:
    """Lines of text from `y` down; returns where the next may begin."""
    for line in lines:
        draw.text((x, y), line, font=face, fill=ink)
        y += height
    return y


def _largest(title: str, room: int, smallest: int) -> tuple[ImageFont.FreeTypeFont, list[str], int] | None:
    """The largest font in which the title fits, its lines, and the height of a line; None where none fits."""
    for size in range(56, smallest - 1, -2):
        face = font(size * FINE, bold=True)
        lines = _wrapped(title, face, TEXT_WIDTH)
        height = round(size * 1.14) * FINE
        if max(face.getlength(line) for line in lines) <= TEXT_WIDTH and len(lines) * height <= room:
            return face, lines, height
    return None


def _swatch(picture: Image.Image, y: int, style: Style) -> None:
    width, height = 30 * FINE, 20 * FINE
    patch = Image.new("RGB", (width, height), MAP["country"])
    corners = [(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1), (0, 0)]
    _hold(patch, [np.array(corners, dtype=float)], style)
    ImageDraw.Draw(patch).rectangle((0, 0, width - 1, height - 1), outline=SOFT)
    picture.paste(patch, (LEFT, y + 2 * FINE))


def _wrapped(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]
