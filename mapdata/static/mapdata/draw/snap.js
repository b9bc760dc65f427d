// Where a click near a border is meant: on its nearest vertex, or else on the nearest spot of its nearest segment.

import { distance, endsOf, near, nearestOn } from "./line_index.js";
import { toWorld } from "./mercator.js";

// Where two kinds of border are equally near, that of the draft's own ground is named.
const KINDS = ["area", "region", "river"]
// Units: a ten-thousandth of a pixel at zoom 10.
const SAME = 1e-7
// Of a degree: the server's grid, a centimetre.
const DIGITS = 7

export const rounded = (place) => place.map((degrees) => Number(degrees.toFixed(DIGITS)))

// { place, kind, on: "vertex" or "segment" } of what lies within so many pixels at this zoom, or null.
export function snap(indexes, place, zoom, pixels) {
  const spot = toWorld(place)
  const radius = pixels / 2 ** zoom
  let vertex = null
  let segment = null
  for (const found of indexes.flatMap((index) => [...near(index, spot, radius)])) {
    const { kind, places } = found.line
    const ends = endsOf(found)
    ends.forEach((end, which) => {
      const away = distance(end, spot)
      const at = (found.at + which) % places.length
      if (away <= radius) vertex = better(vertex, { away, kind, place: places[at] })
    })
    const { along, away } = nearestOn(ends, spot)
    const [from, to] = [places[found.at], places[(found.at + 1) % places.length]]
    if (away <= radius) segment = better(segment, { away, kind, place: between(from, to, along) })
  }
  const best = vertex ?? segment
  return best && { place: rounded(best.place), kind: best.kind, on: vertex ? "vertex" : "segment" }
}

// Borders are straight in degrees, as the server has them; on the map they bend by less than a pixel.
const between = ([ax, ay], [bx, by], part) => [ax + part * (bx - ax), ay + part * (by - ay)]

function better(one, other) {
  if (!one || other.away < one.away - SAME) return other
  const isAsNear = other.away < one.away + SAME
  return isAsNear && KINDS.indexOf(other.kind) < KINDS.indexOf(one.kind) ? other : one
}
