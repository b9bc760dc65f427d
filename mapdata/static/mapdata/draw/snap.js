// Where a click near a border is meant: on its nearest vertex, or else on the nearest spot of its nearest segment.

import { distance, endsOf, near, nearestOn } from "./line_index.js";
import { toPlace, toWorld } from "./mercator.js";

// Where two kinds of border are equally near, that of the draft's own ground is named.
const KINDS = ["area", "region", "river"]
// Units: a ten-thousandth of a pixel at zoom 10.
const SAME = 1e-7
// Degrees that a place is written in: the grid of the server, a centimetre.
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
    const { spot: nearest, away } = nearestOn(ends, spot)
    if (away <= radius) segment = better(segment, { away, kind, spot: nearest })
  }
  if (vertex) return { place: rounded(vertex.place), kind: vertex.kind, on: "vertex" }
  return segment && { place: rounded(toPlace(segment.spot)), kind: segment.kind, on: "segment" }
}

function better(one, other) {
  if (!one || other.away < one.away - SAME) return other
  const isAsNear = other.away < one.away + SAME
  return isAsNear && KINDS.indexOf(other.kind) < KINDS.indexOf(one.kind) ? other : one
}
