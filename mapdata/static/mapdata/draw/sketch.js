// What is being drawn: points in order, one of them chosen perhaps, finished or not. Knows no map and no page.
// A point is { place: [lon, lat], free }; to and from a free one no border is followed.

import { trace } from "./trace.js";

export const LEAST = { point: 1, line: 2, polygon: 3 }

export class Sketch {
  constructor(changed) {
    Object.assign(this, { changed, shape: "", points: [], chosen: null, finished: false })
  }

  // `shape` is point, line, polygon, or "" where nothing is drawn.
  start(shape, points = []) {
    Object.assign(this, { shape, points: [...points], chosen: null, finished: false })
    if (shape === "point") this.finished = points.length > 0
    this.changed()
  }

  get isEnough() {
    return this.points.length >= (LEAST[this.shape] ?? Infinity)
  }

  get isEmpty() {
    return this.points.length === 0
  }

  // A chosen point goes there; otherwise it is the next one. Of a shape of one point there is only one.
  put(place, free = false) {
    const point = { place, free }
    if (this.chosen !== null) this.points[this.chosen] = point
    else if (this.shape === "point") this.points = [point]
    else this.points.push(point)
    this.chosen = null
    if (this.shape === "point") this.finished = true
    this.changed()
  }

  move(at, place, free = false) {
    this.points[at] = { place, free }
    this.changed()
  }

  insert(at, place, free = false) {
    this.points.splice(at, 0, { place, free })
    this.changed()
  }

  choose(at) {
    this.chosen = at
    this.changed()
  }

  // The next or the previous point, round and round.
  chooseBy(step) {
    const count = this.points.length
    if (!count) return
    const from = this.chosen ?? (step > 0 ? -1 : count)
    this.choose((from + step + count) % count)
  }

  // The chosen point, or else the last.
  remove() {
    this.points.splice(this.chosen ?? this.points.length - 1, 1)
    this.chosen = null
    if (!this.isEnough) this.finished = false
    this.changed()
  }

  finish() {
    if (!this.isEnough) return false
    this.chosen = null
    this.finished = true
    this.changed()
    return true
  }

  resume() {
    this.finished = false
    this.changed()
  }

  // As typed: points that stay in place stay as they were.
  replace(places) {
    this.points = places.map((place, at) => {
      const was = this.points[at]
      return was && String(was.place) === String(place) ? was : { place, free: false }
    })
    this.chosen = null
    if (!this.isEnough) this.finished = false
    this.changed()
  }
}

// The places from each point to the next (and, closed, from the last to the first), borders of these kinds followed:
// one list for each point that another follows, beginning at the point and ending before the next.
export function stretches(points, { closed, indexes, kinds }) {
  const last = closed && points.length > 2 ? points.length : points.length - 1
  return points.slice(0, last).map((from, at) => {
    const to = points[(at + 1) % points.length]
    return [from.place, ...(from.free || to.free ? [] : trace(indexes, from.place, to.place, kinds))]
  })
}

// The whole way as places; a closed one ends where it begins.
export function pathOf(points, options) {
  if (points.length < 2) return points.map(({ place }) => place)
  const end = options.closed && points.length > 2 ? points[0] : points.at(-1)
  return [...stretches(points, options).flat(), end.place]
}
