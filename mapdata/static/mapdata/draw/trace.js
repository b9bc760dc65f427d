// What is drawn between two points on the same border follows that border, so that both sides keep the same vertices.

import { distance, linesAt } from "./line_index.js";
import { toWorld } from "./mercator.js";

// The places strictly between two places along a line on which both lie, the shorter way; of several lines the
// shortest. None where no line of these kinds has both.
export function trace(indexes, from, to, kinds) {
  const starts = linesAt(indexes, from)
  const ends = linesAt(indexes, to)
  let best = { length: Infinity, places: [] }
  for (const { line, position } of starts) {
    if (!kinds.includes(line.kind)) continue
    for (const end of ends) {
      if (end.line !== line) continue
      for (const way of ways(line, position, end.position)) {
        const length = lengthOf([toWorld(from), ...way.map((at) => line.spots[at]), toWorld(to)])
        if (length < best.length) best = { length, places: way.map((at) => line.places[at]) }
      }
    }
  }
  return best.places
}

const lengthOf = (spots) => spots.slice(1).reduce((sum, spot, at) => sum + distance(spots[at], spot), 0)

// Each way as the numbers of the vertices between two positions.
function ways({ closed, places }, from, to) {
  if (!closed) return [from <= to ? between(from, to) : between(to, from).reverse()]
  const count = places.length
  const wrapped = (numbers) => numbers.map((at) => at % count)
  return [
    wrapped(between(from, to < from ? to + count : to)),
    wrapped(between(to, from < to ? from + count : from)).reverse(),
  ]
}

function between(from, to) {
  const numbers = []
  for (let at = Math.floor(from) + 1; at < to; at += 1) numbers.push(at)
  return numbers
}
