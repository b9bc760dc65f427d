// Which lines lie near a spot: a grid of squares over the world, each with the segments that cross it. Building it is
// linear in vertices; asking it costs what lies near.
//
// A line is { kind, closed, places }: places are [lon, lat]; a closed one does not name its first place again at its end.

import { stretch, toWorld } from "./mercator.js";

// Squares a side of the world: some 4 km at 50 degrees north.
const SQUARES = 8192
const SIDE = 256 / SQUARES
// Degrees: a few steps of the server's grid; and no fewer world units than that is, as far north as the map goes.
const TOUCHING = 3e-7
const TOUCHING_SPOTS = 3e-6
// World units: a five-hundredth of a pixel at zoom 18.
const EXACT = 1e-8

const square = (value) => Math.max(0, Math.min(SQUARES - 1, Math.floor(value / SIDE)))

export function indexOf(lines) {
  const indexed = lines.map((line) => ({ ...line, spots: line.places.map(toWorld) }))
  const squares = new Map()
  for (const line of indexed) {
    const segments = line.closed ? line.spots.length : line.spots.length - 1
    for (let at = 0; at < segments; at += 1) {
      const segment = { line, at }
      for (const name of squaresOf(...edgeOf(segment))) {
        const found = squares.get(name)
        if (found) found.push(segment)
        else squares.set(name, [segment])
      }
    }
  }
  return { lines: indexed, squares }
}

// The two places between which a segment runs.
export const edgeOf = ({ line: { places }, at }) => [places[at], places[(at + 1) % places.length]]

// Column by column, the squares that the stretch of the edge in that column crosses. From west to east an edge only
// rises or only falls, so the heights at both sides of the column say which.
function* squaresOf(a, b) {
  const [west, east] = a[0] <= b[0] ? [a, b] : [b, a]
  const [[ax, ay], [bx, by]] = [toWorld(west), toWorld(east)]
  const heightAt = (x) => {
    if (x <= ax) return ay
    return x >= bx ? by : toWorld(between(west, east, (x - ax) / (bx - ax)))[1]
  }
  for (let column = square(ax); column <= square(bx); column += 1) {
    const from = bx === ax ? ay : heightAt(column * SIDE)
    const to = bx === ax ? by : heightAt((column + 1) * SIDE)
    for (let row = square(Math.min(from, to)); row <= square(Math.max(from, to)); row += 1) yield column * SQUARES + row
  }
}

// Segments of which some part may lie within `radius` units of the spot, each once.
export function* near({ squares }, [x, y], radius) {
  const seen = new Set()
  for (let column = square(x - radius); column <= square(x + radius); column += 1) {
    for (let row = square(y - radius); row <= square(y + radius); row += 1) {
      for (const segment of squares.get(column * SQUARES + row) ?? []) {
        if (seen.has(segment)) continue
        seen.add(segment)
        yield segment
      }
    }
  }
}

// The place of an edge that is nearest to a spot on the map, and how many units away it is.
//
// Along an edge that passes nearby one only comes nearer and then goes away: its curve is never tighter than a circle of
// 105 units. So where it stops coming nearer is found by halving.
export function nearestOnMap([from, to], spot) {
  const comesNearer = (part) => {
    const place = between(from, to, part)
    const [x, y] = toWorld(place)
    return (x - spot[0]) * (to[0] - from[0]) - (y - spot[1]) * (to[1] - from[1]) * stretch(place) < 0
  }
  const length = distance(toWorld(from), toWorld(to))
  let [before, after] = [0, 1]
  if (!comesNearer(0)) after = 0
  else if (comesNearer(1)) before = 1
  while ((after - before) * length > EXACT) {
    const middle = (before + after) / 2
    if (comesNearer(middle)) before = middle
    else after = middle
  }
  const place = between(from, to, (before + after) / 2)
  return { place, away: distance(toWorld(place), spot) }
}

// The nearest place of an edge in degrees: how far along it lies (0 to 1), and how far away it is.
export function nearestOn([[ax, ay], [bx, by]], [x, y]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0
  return { along, away: distance([ax + along * (bx - ax), ay + along * (by - ay)], [x, y]) }
}

// The place so far along an edge (0 to 1).
const between = ([ax, ay], [bx, by], part) => [ax + part * (bx - ax), ay + part * (by - ay)]
export const distance = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay)
const isSame = (one, other) => distance(one, other) <= TOUCHING
export const liesOn = (edge, place) => nearestOn(edge, place).away <= TOUCHING

// All lines on which a place lies: [{ line, position }], where position 2.5 is halfway between vertices 2 and 3.
// A line that passes twice is named twice.
export function linesAt(indexes, place) {
  const spot = toWorld(place)
  const found = new Map()
  for (const segment of indexes.flatMap((index) => [...near(index, spot, TOUCHING_SPOTS)])) {
    const ends = edgeOf(segment)
    const { along, away } = nearestOn(ends, place)
    if (away > TOUCHING) continue
    const vertex = ends.findIndex((end) => isSame(end, place))
    const position = (segment.at + (vertex < 0 ? along : vertex)) % segment.line.spots.length
    if (!found.has(segment.line)) found.set(segment.line, new Set())
    found.get(segment.line).add(position)
  }
  return [...found].flatMap(([line, positions]) => [...positions].map((position) => ({ line, position })))
}
