// What a click, a key or a drag on the map means for the sketch, with the tool that is chosen.

import { pointNear, stretchNear } from "./ink.js";
import { snap } from "./snap.js";

// Pixels: a point of the sketch is meant when the pointer is that near; its way, that near.
const POINT = 10
const WAY = 6

// `tool()` is the tool's name, `options()` how points snap and ways follow borders; `cancel`, `bringBack` and `snapping` do
// what is not the sketch's alone.
export function makeHand({
  map, sketch, ink, preview, choices, regions, coordinates, voice, snapPixels, tool, options, cancel, bringBack, snapping,
}) {
  let turn = 0

  // Where a press here would put a point: on a border nearby, or right here, free, while Alt is held.
  const aim = (place, alt) => {
    const { indexes, snapping: snaps } = options()
    const isFree = alt || !snaps
    const found = isFree || sketch.shape === "point" ? null : snap(indexes, place, map.getZoom(), snapPixels)
    return { place: place.map((degrees) => Number(degrees.toFixed(5))), free: isFree, ...found }
  }
  const reach = (place, alt) => {
    if (tool() === "region") regions.point(place && regions.at(place))
    const draws = place && sketch.shape && sketch.shape !== "point"
    ink.reach(sketch, draws ? aim(place, alt) : null, options())
  }
  const atPoint = (at) => {
    const isLast = at === sketch.points.length - 1
    const closes = at === 0 && sketch.shape === "polygon"
    if (!sketch.finished && sketch.isEnough && (isLast || closes)) sketch.finish()
    else if (sketch.finished || !isLast) sketch.choose(at)
  }
  const atFinished = (place, alt) => {
    if (preview.chooseAt(place)) return
    const before = stretchNear(map, sketch, place, WAY, options())
    if (before === null) return
    sketch.insert(before, aim(place, alt).place, alt)
    sketch.choose(before)
  }

  return {
    hover(place, alt, byKey) {
      turn += 1
      const mine = turn
      // Once a frame is often enough, however fast a mouse reports.
      requestAnimationFrame(() => {
        if (mine !== turn) return
        if (place) coordinates(place)
        reach(place, alt)
        if (byKey) voice(() => choices.describe(aim(place, alt)))
      })
    },
    press(place, alt) {
      if (tool() === "region") return choices.toggleRegion(place)
      if (tool() === "area") return choices.takeArea(place)
      if (!sketch.shape) return
      if (sketch.shape === "point") return sketch.put(aim(place, alt).place)
      const at = sketch.chosen === null ? pointNear(map, sketch, place, POINT) : null
      if (at !== null) return atPoint(at)
      if (sketch.finished && sketch.chosen === null) return atFinished(place, alt)
      const { place: spot, free } = aim(place, alt)
      sketch.put(spot, free)
      ink.reach(sketch, null, options())
    },
    grab: (place) => (sketch.shape && !sketch.isEmpty ? pointNear(map, sketch, place, POINT) : null),
    drag(at, place, alt) {
      const { place: spot, free } = aim(place, alt)
      sketch.move(at, spot, free)
    },
    drop: () => sketch.choose(null),
    finish: () => sketch.shape !== "" && sketch.finish(),
    remove: () => sketch.isEmpty || sketch.remove(),
    cancel: () => (sketch.chosen === null ? cancel() : sketch.choose(null)),
    resume: () => sketch.resume(),
    bringBack,
    side: (which) => preview.chooseNumber(which),
    chooseBy(step) {
      sketch.chooseBy(step)
      return sketch.points[sketch.chosen]?.place
    },
    typed: (places) => sketch.replace(places),
    snapping,
  }
}
