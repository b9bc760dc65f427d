// What lies around the draft's ground: the newest published edition as an outline, regions to choose, events, and the
// coordinates under the pointer.

import { fetchJson } from "../desk/base.js";
import { el } from "./dom.js";
import { boundsOf, contains } from "./shapes.js";

// Degrees of which a hundred-thousandth is a metre.
const DIGITS = 5

export async function drawOutline(map, url) {
  map.createPane("outline").style.zIndex = 240
  map.getPane("outline").style.pointerEvents = "none"
  const published = await fetchJson(url)
  L.geoJSON(published, { pane: "outline", interactive: false, style: { className: "draw-outline", fill: false } }).addTo(map)
}

// Dots with the title at the pointer; a click goes on to the map.
export async function drawEvents(map, url) {
  map.createPane("events").style.zIndex = 610
  const events = await fetchJson(url)
  L.geoJSON(events, {
    pane: "events",
    pointToLayer: (_, spot) =>
      L.circleMarker(spot, { pane: "events", radius: 5, className: "draw-event", bubblingMouseEvents: true }),
    onEachFeature: ({ properties: { title, day } }, layer) => {
      layer.bindTooltip(el("span", {}, [day, title].filter(Boolean).join(" · ")), { className: "draw-tooltip" })
    },
  }).addTo(map)
}

// Regions are found by place, not by element, so that a key can choose one as well as a click.
export function makeRegions(map, layer) {
  layer.options.interactive = false
  layer.addTo(map)
  map.getPane("regions").style.pointerEvents = "none"
  const regions = layer.getLayers().map((shape) => {
    shape.getElement()?.classList.remove("leaflet-interactive")
    return { shape, bounds: boundsOf(shape.feature.geometry), ...shape.feature.properties }
  })
  const mark = (name, isIt) => {
    for (const region of regions) region.shape.getElement()?.classList.toggle(name, isIt(region))
  }
  return {
    at: ([lon, lat]) =>
      regions.find(
        ({ bounds, shape }) =>
          bounds.west <= lon && lon <= bounds.east && bounds.south <= lat && lat <= bounds.north &&
          contains(shape.feature.geometry, [lon, lat]),
      ),
    choose: (pks) => mark("chosen", ({ pk }) => pks.includes(String(pk))),
    point: (under) => mark("pointed", (region) => region === under),
  }
}

// In the map's corner; not announced, as it changes with every move.
export function makeCoordinates(map, words) {
  const box = el("output", { class: "draw-coordinates", "aria-label": words.coordinates, "aria-live": "off" })
  const Coordinates = L.Control.extend({ onAdd: () => box })
  new Coordinates({ position: "bottomright" }).addTo(map)
  return ([lon, lat]) => {
    box.textContent = `${lon.toFixed(DIGITS)}, ${lat.toFixed(DIGITS)}`
  }
}
