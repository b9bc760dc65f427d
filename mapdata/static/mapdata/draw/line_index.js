// Which lines lie near a spot: a grid of squares over the world, each with the segments that cross it. Building it is
// linear in vertices; asking it costs what lies near.
//
// A line is { kind, closed, places }: places are [lon, lat]; a closed one does not name its first place again at its end.

import { toWorld } from "./mercator.js";

// Squares a side of the world: some 4 km at 50 degrees north.
const SQUARES = 8192
const SIDE = 256 / SQUARES
// Degrees: a few steps of the server's grid.
const TOUCHING = 3e-7
// World units: a border that is straight in degrees, a degree long, is on the map no farther from a straight line.
const BEND = 0.01

const square = (value) => Math.max(0, Math.min(SQUARES - 1, Math.floor(value / SIDE)))

export function indexOf(lines) {
  const indexed = lines.map((line) => ({ ...line, spots: line.places.map(toWorld) }))
  const squares = new Map()
  for (const line of indexed) {
    const segments = line.closed ? line.spots.length : line.spots.length - 1
    for (let at = 0; at < segments; at += 1) {
      const segment = { line, at }
      for (const name of squaresOf(...endsOf(segment))) {
        const found = squares.get(name)
        if (found) found.push(segment)
        else squares.set(name, [segment])
      }
    }
  }
  return { lines: indexed, squares }
}

export const endsOf = ({ line: { spots }, at }) => [spots[at], spots[(at + 1) % spots.length]]

// Column by column, the squares that the stretch of the segment in that column crosses.
function* squaresOf(a, b) {
  const [[ax, ay], [bx, by]] = a[0] <= b[0] ? [a, b] : [b, a]
  const heightAt = (x) => (bx === ax ? by : ay + ((by - ay) * Math.max(0, Math.min(bx - ax, x - ax))) / (bx - ax))
  for (let column = square(ax); column <= square(bx); column += 1) {
    const from = bx === ax ? ay : heightAt(column * SIDE)
    const to = heightAt((column + 1) * SIDE)
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

// The nearest spot on a segment: how far along it lies (0 to 1), and how far away it is.
export function nearestOn([[ax, ay], [bx, by]], [x, y]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0
  return { along, away: distance([ax + along * (bx - ax), ay + along * (by - ay)], [x, y]) }
}

export const distance = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay)

// All lines on which a place lies: [{ line, position }], where position 2.5 is halfway between vertices 2 and 3.
// A line that passes twice is named twice.
export function linesAt(indexes, place) {
  const spot = toWorld(place)
  const found = new Map()
  for (const segment of indexes.flatMap((index) => [...near(index, spot, BEND)])) {
    const { places } = segment.line
    const ends = [places[segment.at], places[(segment.at + 1) % places.length]]
    const { along, away } = nearestOn(ends, place)
    if (away > TOUCHING) continue
    const vertex = ends.findIndex((end) => distance(end, place) <= TOUCHING)
    const position = (segment.at + (vertex < 0 ? along : vertex)) % segment.line.spots.length
    if (!found.has(segment.line)) found.set(segment.line, new Set())
    found.get(segment.line).add(position)
  }
  return [...found].flatMap(([line, positions]) => [...positions].map((position) => ({ line, position })))
}
