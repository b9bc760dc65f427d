// The page on which an edition's ground is drawn: lays the map out, and connects the keyboard and the network.

import { drawBase, fetchJson, whenMapIsMade } from "../desk/base.js";
import { makeAreas } from "./areas.js";
import { drawEvents, drawOutline, makeCoordinates, makeRegions } from "./backdrop.js";
import { Desk } from "./desk.js";
import { el } from "./dom.js";
import { indexOf } from "./line_index.js";
import { makePlaces } from "./places.js";
import { makeVoice, watchPointer } from "./pointer.js";
import { linesOf } from "./shapes.js";

const CLOSEST = 15

whenMapIsMade(async (map, said) => {
  const container = map.getContainer()
  const { words } = said
  map.setMaxZoom(CLOSEST)
  container.setAttribute("role", "application")
  container.setAttribute("aria-label", words.map)
  container.setAttribute("aria-describedby", "draw-hint")
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(container)

  // Until the ground is there the form does what it does without a script.
  const ground = await drawGround(map, said)
  const desk = new Desk(map, said, { ...ground, coordinates: makeCoordinates(map, words), voice: makeVoice(container) })
  const { goTo } = watchPointer(map, desk.hand)
  putSearch(map, desk, words, goTo)
  connectKeys(desk)
  connectNetwork(desk)
  desk.begin()
  await Promise.all([drawOutline(map, said.outline), drawEvents(map, said.events), desk.sync.others.ask()])
  container.dataset.ready = ""
})

// Who holds what, the regions to choose from, and `still`: the borders that do not change, of regions and rivers.
async function drawGround(map, said) {
  const areas = makeAreas(map)
  const layers = fetchJson(said.base)
  const [drawn, held] = await Promise.all([drawBase(map, { ...said, shapes: layers }), fetchJson(said.areas)])
  const { regions: borders, rivers } = await layers
  areas.update({ changed: held.features })
  const still = indexOf([
    ...borders.flatMap(({ geometry }) => linesOf(geometry, "region")),
    ...rivers.flatMap(({ geometry }) => linesOf(geometry, "river")),
  ])
  return { areas, regions: makeRegions(map, drawn), still }
}

function putSearch(map, desk, words, goTo) {
  const put = (place) => desk.hand.press(place, false)
  put.isPossible = () => desk.sketch.shape !== ""
  const { box } = makePlaces(map, desk.server, words, { put, goTo })
  map.getContainer().before(el("div", { class: "draw-above" }, box, desk.sync.turns))
}

// In a field these keys undo what was typed; on a drawing that is not finished they take the last point away.
function connectKeys({ sketch, sync }) {
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, target } = event
    if (!(ctrlKey || metaKey) || target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) return
    const letter = key.toLowerCase()
    if (letter !== "z" && letter !== "y") return
    event.preventDefault()
    if (letter === "y" || shiftKey) sync.step("redo")
    else if (!sketch.isEmpty && !sketch.finished) sketch.remove()
    else sync.step("undo")
  })
}

function connectNetwork({ giving, sync: { queue, saving } }) {
  window.addEventListener("online", () => {
    queue.go()
    giving.changed(true)
  })
  window.addEventListener("offline", () => saving.show(queue))
  // They may have logged in again, in another tab.
  window.addEventListener("focus", () => queue.stopped?.outcome === "login" && queue.resume())
}
