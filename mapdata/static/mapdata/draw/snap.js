// Where a click near a border is meant: on the nearest border; there on its nearest vertex, or else on its nearest spot.

import { distance, edgeOf, liesOn, near, nearestOnMap } from "./line_index.js";
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
  const edges = []
  const vertices = []
  for (const segment of indexes.flatMap((index) => [...near(index, spot, radius)])) {
    const { kind } = segment.line
    const edge = edgeOf(segment)
    edges.push({ kind, edge, ...nearestOnMap(edge, spot) })
    for (const end of edge) vertices.push({ kind, place: end, away: distance(toWorld(end), spot) })
  }
  const nearest = best(edges, radius)
  if (!nearest) return null
  // Also a vertex that a neighbour has on it, where the border itself runs straight on.
  const vertex = best(vertices.filter((one) => liesOn(nearest.edge, one.place)), radius)
  const found = vertex ?? nearest
  return { place: rounded(found.place), kind: found.kind, on: vertex ? "vertex" : "segment" }
}

const best = (all, radius) => all.filter(({ away }) => away <= radius).reduce(better, null)

function better(one, other) {
  if (!one || other.away < one.away - SAME) return other
  const isAsNear = other.away < one.away + SAME
  return isAsNear && KINDS.indexOf(other.kind) < KINDS.indexOf(one.kind) ? other : one
}
