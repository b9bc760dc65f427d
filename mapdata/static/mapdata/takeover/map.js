// One drawing becomes one Leaflet map: the same ground beneath, the dots as markers that open a popup.

import { eventMarkers } from "./events.js";

// How far a reader may come closer than the drawing, in zoom levels.
const CLOSER = 5

export function takeOver(drawing, { tiles, tilesBy, words }) {
  const L = window.L
  const shown = view(drawing)
  const dots = [...drawing.querySelectorAll("a[data-event]")].map((link) => ({ link, at: middle(link, shown.rect) }))
  const box = document.createElement("div")
  // CSS gives it the shape that the drawing has, so that nothing on the page moves.
  box.className = drawing.classList.contains("m-crowded") ? "map-box crowded" : "map-box"
  box.setAttribute("role", "region")
  box.setAttribute("aria-label", drawing.getAttribute("aria-label") ?? "")
  drawing.replaceWith(box)

  const map = L.map(box, { zoomSnap: 0, attributionControl: Boolean(tiles), scrollWheelZoom: false, maxBoundsViscosity: 1 })
  map.zoomControl.setPosition("topright")
  name(map.zoomControl._zoomInButton, words.closer)
  name(map.zoomControl._zoomOutButton, words.farther)
  map.fitBounds(shown.bounds, { animate: false })
  const scale = map.getZoom()
  map.setMinZoom(Math.min(scale, map.getBoundsZoom(shown.whole))).setMaxZoom(scale + CLOSER)
  map.setMaxBounds(shown.whole)
  // The wheel scrolls the page until a reader has taken hold of the map.
  map.once("focus click", () => map.scrollWheelZoom.enable())
  if (tiles) L.tileLayer(tiles, { attribution: tilesBy }).addTo(map)

  for (const { link } of dots) link.remove()
  drawing.setAttribute("viewBox", shown.units.join(" "))
  drawing.setAttribute("preserveAspectRatio", "none")
  drawing.setAttribute("aria-hidden", "true")
  L.svgOverlay(drawing, shown.bounds, { className: "map-ground" }).addTo(map)
  keepSizes(drawing, map, scale)
  eventMarkers(map, dots, { scale, words })
  return map
}

function name(button, words) {
  button.title = words
  button.setAttribute("aria-label", words)
}

// What the box shows: its place on the screen, the units of the drawing in it, and the ground, as Leaflet's bounds.
function view(drawing) {
  const rect = drawing.getBoundingClientRect()
  const toUnits = drawing.getScreenCTM().inverse()
  const [low, high] = [
    [rect.left, rect.top],
    [rect.right, rect.bottom],
  ].map(([x, y]) => new DOMPoint(x, y).matrixTransform(toUnits))
  const { bounds, narrow } = drawing.dataset
  const isNarrow = getComputedStyle(drawing.querySelector(".m-narrow")).display !== "none"
  return {
    rect,
    units: [low.x, low.y, high.x - low.x, high.y - low.y],
    bounds: toBounds(isNarrow ? narrow : bounds),
    whole: toBounds(bounds),
  }
}

// "west,south,east,north" in degrees.
function toBounds(text) {
  const [west, south, east, north] = text.split(",").map(Number)
  return window.L.latLngBounds([south, west], [north, east])
}

// Where a dot is drawn, in pixels from the upper left corner of the box; undefined where this view leaves it out.
function middle(link, rect) {
  const shown = [...link.querySelectorAll("use")].map((use) => use.getBoundingClientRect()).find(({ width }) => width > 0)
  return shown && window.L.point(shown.left + shown.width / 2 - rect.left, shown.top + shown.height / 2 - rect.top)
}

// Names and signs keep their size on the screen while the ground beneath them grows.
function keepSizes(drawing, map, scale) {
  const names = [...drawing.querySelectorAll("text")].map((text) => [text, text.x.baseVal[0].value, text.y.baseVal[0].value])
  map.on("zoomend", () => {
    const size = 1 / map.getZoomScale(map.getZoom(), scale)
    for (const [text, x, y] of names) {
      text.setAttribute("transform", `translate(${x} ${y}) scale(${size}) translate(${-x} ${-y})`)
    }
    // Leaders of dots that were drawn apart, and the scale bar, hold for the drawing's own size alone.
    drawing.classList.toggle("zoomed", Math.abs(size - 1) > 0.05)
  })
}
