"""How ground looks: from party, status and basis to a style, its pattern, and its line in the legend.

A style is a colour of the palette and a `kind`, which names a pattern (or plain fill) in map.css and in
templates/mapdata/_patterns.html: pattern and colour both, so that nobody has to see colour.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Also the classes in map.css, with values of their own for a light and a dark page.
PALETTE = ("red", "blue", "ochre", "green", "purple", "grey")
# A party's own: how the ground that it controls is filled. "quiet" leaves it as plain land.
PARTY_PATTERNS = ("solid", "lines", "dots", "grid", "quiet")
STATUSES = ("controlled", "contested", "advance", "infiltration", "liberated", "unknown")
# Kinds that are a flat fill; each other kind is a pattern.
FLAT = ("solid", "quiet")
LEGEND_ORDER = (
    *("solid", "lines", "dots", "grid", "before", "contested", "advance"),
    *("infiltration", "liberated", "unknown", "claimed", "quiet"),
)


# What a kind means; the kinds that are not here are a party's own patterns.
HELD = _("Held by %(who)s")
WORDS = {
    "before": _("Held by %(who)s for longer"),
    "contested": _("Contested"),
    "advance": _("Advance of %(who)s"),
    "infiltration": _("Infiltration by %(who)s"),
    "liberated": _("Retaken by %(who)s"),
    "unknown": _("Not known who holds it"),
    "claimed": _("Claimed by %(who)s, not confirmed"),
}


@dataclass(frozen=True)
class Style:
    """`kind` and `colour` are CSS classes; `pattern` is the id of a pattern, "" for a flat fill."""

    kind: str
    colour: str
    pattern: str = ""


@dataclass(frozen=True)
class Tile:
    """One tile of a pattern, in half units of the map: its side, its turn in degrees, and what is drawn on it.

    `ground` and `line` end the names of CSS classes (p-...): the tile's flat ground ("" for none), and its lines `d`.
    """

    size: int
    turn: int
    ground: str
    line: str
    d: str


TILES = {
    "contested": Tile(12, -45, "tint", "bold", "M0 6h12"),
    "liberated": Tile(14, 45, "", "line", "M0 7h14"),
    "claimed": Tile(26, -45, "", "line", "M0 13h26"),
    "before": Tile(9, 45, "deep", "dark", "M0 4h9"),
    "advance": Tile(10, 0, "half", "line", "M0 5h10"),
    "infiltration": Tile(12, 45, "tint", "spot", "M6 6h0"),
    "unknown": Tile(16, 0, "tint", "line", "M1 4h6M9 12h6"),
    "lines": Tile(10, 0, "full", "pale", "M5 0v10"),
    "dots": Tile(12, 0, "full", "pale-spot", "M3 3h0M9 9h0"),
    "grid": Tile(14, 0, "full", "pale", "M7 0v14M0 7h14"),
}


@dataclass(frozen=True)
class Pattern:
    """A pattern to define in the SVG."""

    id: str
    colour: str
    tile: Tile


@dataclass(frozen=True)
class LegendEntry:
    """One swatch and what it means; `who` is the party or claimant to name."""

    kind: str
    who: str
    style: Style

    @property
    def words(self) -> str:
        return WORDS.get(self.kind, HELD) % {"who": self.who}


def style_of(area: Mapping[str, str], prefix: str) -> Style:
    """The style of what `draw_ground` drew; `prefix` begins the pattern's id, so that two maps may share a page."""
    if area["basis"] == "claimed":
        kind = "claimed"
    elif area["status"] != "controlled":
        kind = area["status"]
    elif area["since"] == "before" and area["pattern"] != "quiet":
        kind = "before"
    else:
        kind = area["pattern"]
    # What nobody is known to hold has nobody's colour.
    colour = "grey" if kind == "unknown" else area["colour"]
    return Style(kind, colour, "" if kind in FLAT else f"{prefix}-{kind}-{colour}")


def patterns_of(styles: Iterable[Style]) -> list[Pattern]:
    found = {
        style.pattern: Pattern(style.pattern, style.colour, TILES[style.kind]) for style in styles if style.pattern
    }
    return [found[name] for name in sorted(found)]


def legend_of(areas: Iterable[Mapping[str, str]], prefix: str, names: Mapping[str, str]) -> list[LegendEntry]:
    """One entry for each way of drawing that occurs; `names` are the parties' names by slug."""
    found = {}
    for area in areas:
        style = style_of(area, prefix)
        slug = (area["claimed_by"] or area["party"]) if style.kind == "claimed" else area["party"]
        entry = LegendEntry(style.kind, names.get(slug, slug), style)
        # Two claimants of one colour are two entries; contested ground of two parties too.
        found[(LEGEND_ORDER.index(style.kind), entry.who, style.colour)] = entry
    return [found[key] for key in sorted(found)]
