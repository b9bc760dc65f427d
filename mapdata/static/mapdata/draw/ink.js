// The sketch on the map: its points, its way along followed borders, the line to the pointer, and where that snaps.

import { el } from "./dom.js";
import { pathOf, stretches } from "./sketch.js";

const latlng = ([lon, lat]) => [lat, lon]

export function makeInk(map, words) {
  map.createPane("ink").style.zIndex = 640
  map.getPane("ink").style.pointerEvents = "none"
  const drawn = L.layerGroup().addTo(map)
  const ahead = L.layerGroup().addTo(map)
  const line = (places, className, shape = "polyline") =>
    L[shape](places.map(latlng), { pane: "ink", className, interactive: false, smoothFactor: 0.5, fill: shape === "polygon" })

  const kindWords = { area: words.snap_area, region: words.snap_region, river: words.snap_river }

  return {
    // The way as far as it is drawn; a finished polygon has a surface.
    draw(sketch, options) {
      drawn.clearLayers()
      const { points, finished, chosen, shape } = sketch
      const isClosed = shape === "polygon" && finished
      const path = pathOf(points, { ...options, closed: isClosed })
      if (path.length > 1) {
        drawn.addLayer(line(path, "draw-halo"))
        drawn.addLayer(line(path, isClosed ? "draw-way draw-surface" : "draw-way", isClosed ? "polygon" : "polyline"))
      }
      points.forEach(({ place }, at) => {
        const names = ["draw-point", at === chosen && "chosen", at === 0 && "first"].filter(Boolean)
        const icon = L.divIcon({ className: names.join(" "), iconSize: [14, 14] })
        drawn.addLayer(L.marker(latlng(place), { pane: "ink", icon, interactive: false, keyboard: false }))
      })
    },

    // What a click here would add: the way from the last point and, of a polygon, the way home.
    reach(sketch, found, options) {
      ahead.clearLayers()
      if (!found) return
      if (found.kind) ahead.addLayer(snapMarker(found, kindWords))
      const { points, finished, chosen, shape } = sketch
      if (finished || chosen !== null || !points.length) return
      const next = { place: found.place, free: found.free }
      const way = [points.at(-1), next]
      ahead.addLayer(line(pathOf(way, { ...options, closed: false }), "draw-ahead"))
      if (shape === "polygon" && points.length > 1) {
        ahead.addLayer(line(pathOf([next, points[0]], { ...options, closed: false }), "draw-home"))
      }
    },
  }
}

function snapMarker({ place, kind, on }, kindWords) {
  const box = el("span", { class: "draw-snap-words" }, kindWords[kind])
  const icon = L.divIcon({ className: `draw-snap draw-snap-${on}`, iconSize: [18, 18], html: box })
  return L.marker(latlng(place), { pane: "ink", icon, interactive: false, keyboard: false })
}

// Which point stands within so many pixels of a place; the last one drawn first. Null for none.
export function pointNear(map, { points }, place, pixels) {
  const at = map.latLngToContainerPoint(latlng(place))
  const away = points.map((point) => map.latLngToContainerPoint(latlng(point.place)).distanceTo(at))
  const nearest = away.lastIndexOf(Math.min(...away))
  return away[nearest] <= pixels ? nearest : null
}

// Before which point a new one belongs when it is put on the way itself; null where the way is farther off.
export function stretchNear(map, sketch, place, pixels, options) {
  const at = map.latLngToLayerPoint(latlng(place))
  const closed = sketch.shape === "polygon"
  const ways = stretches(sketch.points, { ...options, closed })
  const found = ways.findIndex((way, which) => {
    const next = ways[which + 1]?.[0] ?? (closed ? sketch.points[0] : sketch.points.at(-1)).place
    const spots = [...way, next].map((spot) => map.latLngToLayerPoint(latlng(spot)))
    return spots.slice(1).some((spot, to) => L.LineUtil.pointToSegmentDistance(at, spots[to], spot) <= pixels)
  })
  return found < 0 ? null : found + 1
}
