// The draft's ground on the map, in readers' colours and patterns, and the index of its borders. What changed is
// replaced, area by area; the rest stays as it is drawn.

import { plain } from "../desk/base.js";
import { indexOf } from "./line_index.js";
import { contains, linesOf } from "./shapes.js";

// Milliseconds that changed ground lights up.
const FLASH = 2500

export function makeAreas(map) {
  map.createPane("areas").style.zIndex = 230
  map.createPane("flash").style.zIndex = 245
  for (const pane of ["areas", "flash"]) map.getPane(pane).style.pointerEvents = "none"
  const drawn = new Map()
  const areas = {
    index: indexOf([]),

    // `changed` are features, `removed` are keys.
    update({ changed = [], removed = [] }) {
      for (const key of [...removed, ...changed.map(({ properties }) => properties.key)]) {
        drawn.get(key)?.layer.remove()
        drawn.delete(key)
      }
      for (const feature of changed) drawn.set(feature.properties.key, { feature, layer: draw(map, feature) })
      // Claims lie above what is assessed.
      for (const { feature, layer } of drawn.values()) if (feature.properties.kind === "claimed") layer.bringToFront()
      areas.index = indexOf([...drawn.values()].flatMap(({ feature }) => linesOf(feature.geometry, "area")))
    },

    // The properties of what is held at a place, claims last.
    at: (place) =>
      [...drawn.values()]
        .filter(({ feature }) => contains(feature.geometry, place))
        .map(({ feature }) => feature.properties)
        .sort((one, other) => (one.kind === "claimed") - (other.kind === "claimed")),

    all: () => [...drawn.values()].map(({ feature }) => feature.properties),

    flash(grounds) {
      const shown = L.geoJSON(grounds.filter((ground) => ground?.type), {
        pane: "flash",
        interactive: false,
        style: { className: "draw-flash" },
      })
      shown.addTo(map)
      setTimeout(() => shown.remove(), FLASH)
    },
  }
  return areas
}

function draw(map, feature) {
  const { kind, colour, pattern } = feature.properties
  const layer = L.geoJSON(feature, { pane: "areas", style: plain(`m-area m-${kind} c-${colour}`) }).addTo(map)
  if (pattern) layer.eachLayer((shape) => shape.getElement()?.setAttribute("fill", `url(#${pattern})`))
  return layer
}
