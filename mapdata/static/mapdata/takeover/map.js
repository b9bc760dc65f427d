// One drawing becomes one Leaflet map: the same ground beneath, the dots as markers that open a popup.

import { eventMarkers } from "./events.js"

// How far a reader may come closer than the drawing, in zoom levels.
const CLOSER = 5

export function takeOver(drawing, { tiles, tilesBy, words }) {
  const L = window.L
  const extent = drawing.dataset.extent.split(" ").map(Number)
  const view = visible(drawing, extent, L)
  const box = document.createElement("div")
  box.className = "map-box"
  // The box is as large as the drawing was, so that nothing on the page moves; from then on CSS keeps its shape.
  const { width, height } = drawing.getBoundingClientRect()
  box.style.setProperty("--shape", `${width} / ${height}`)
  const dots = [...drawing.querySelectorAll("a[data-event]")]
  const places = dots.map((dot) => placeOf(dot, drawing))

  drawing.replaceWith(box)
  const map = L.map(box, { zoomSnap: 0, zoomDelta: 1, attributionControl: Boolean(tiles), scrollWheelZoom: false })
  map.fitBounds(view, { animate: false })
  const scale = map.getZoom()
  map.setMinZoom(scale - 1).setMaxZoom(scale + CLOSER).setMaxBounds(map.getBounds().pad(0.5))
  map.zoomControl.setPosition("topright")
  box.setAttribute("role", "region")
  box.setAttribute("aria-label", drawing.getAttribute("aria-label") ?? "")
  // The wheel scrolls the page until a reader has taken hold of the map.
  map.once("focus click", () => map.scrollWheelZoom.enable())
  if (tiles) L.tileLayer(tiles, { attribution: tilesBy }).addTo(map)

  for (const dot of dots) dot.remove()
  drawing.setAttribute("preserveAspectRatio", "none")
  const [west, south, east, north] = extent
  L.svgOverlay(drawing, [[south, west], [north, east]]).addTo(map)
  keepSizes(drawing, map, scale)
  eventMarkers(map, dots, places, { scale, extent, words, unit: unitsPerPixel(drawing, map, extent, scale) })
  return map
}

// What the box shows of the drawing (it may be cropped), as Leaflet's bounds.
function visible(drawing, extent, L) {
  const toUnits = drawing.getScreenCTM().inverse()
  const rect = drawing.getBoundingClientRect()
  const corners = [
    [rect.left, rect.bottom],
    [rect.right, rect.top],
  ].map(([x, y]) => new DOMPoint(x, y).matrixTransform(toUnits))
  return L.latLngBounds(corners.map((corner) => toLatLng(drawing.viewBox.baseVal, extent, corner)))
}

// Both the drawing and Leaflet's plane are Web Mercator: a straight line leads from one to the other.
export function toLatLng(viewBox, [west, south, east, north], { x, y }) {
  const { L } = window
  const low = L.Projection.SphericalMercator.project(L.latLng(south, west))
  const high = L.Projection.SphericalMercator.project(L.latLng(north, east))
  return L.Projection.SphericalMercator.unproject(
    L.point(
      low.x + ((x - viewBox.x) / viewBox.width) * (high.x - low.x),
      high.y - ((y - viewBox.y) / viewBox.height) * (high.y - low.y),
    ),
  )
}

function unitsPerPixel(drawing, map, [west, , east], scale) {
  const width = map.project([0, east], scale).x - map.project([0, west], scale).x
  return drawing.viewBox.baseVal.width / width
}

// Where a dot was drawn, and the place that it stands for, both in units of the drawing.
function placeOf(dot, drawing) {
  const shown = [...dot.querySelectorAll("circle")].find((circle) => circle.getBoundingClientRect().width > 0)
  const drawn = { x: shown.cx.baseVal.value, y: shown.cy.baseVal.value }
  const [x, y] = (dot.dataset.place ?? `${drawn.x} ${drawn.y}`).split(" ").map(Number)
  return { drawn, place: { x, y }, viewBox: drawing.viewBox.baseVal }
}

// Names and signs keep their size on the screen while the ground beneath them grows.
function keepSizes(drawing, map, scale) {
  const fixed = [...drawing.querySelectorAll("text, .place")]
  const anchors = fixed.map((element) => {
    const at = element.tagName === "text" ? [element.x.baseVal[0], element.y.baseVal[0]] : [element.cx?.baseVal, element.cy?.baseVal]
    return at.map((length) => length?.value ?? 0)
  })
  const update = () => {
    const size = 1 / map.getZoomScale(map.getZoom(), scale)
    fixed.forEach((element, index) => {
      const [x, y] = anchors[index]
      element.setAttribute("transform", `translate(${x} ${y}) scale(${size}) translate(${-x} ${-y})`)
    })
    drawing.classList.toggle("closer", size < 0.8)
  }
  map.on("zoomend", update)
}
