// Somebody else changed the ground: what they did stands on the map and in words; what was drawn stays until the person
// decides. Nothing is saved over theirs unasked.

import { button, el, say } from "./dom.js";

export function makeConflict(map, box, words, { again, change, discard }) {
  map.createPane("conflict").style.zIndex = 430
  map.getPane("conflict").style.pointerEvents = "none"
  const layer = L.layerGroup().addTo(map)

  const clear = () => {
    layer.clearLayers()
    box.replaceChildren()
    box.hidden = true
  }
  const look = () => {
    const bounds = L.featureGroup(layer.getLayers()).getBounds()
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.5))
  }
  const lines = (steps) =>
    steps.map((step) => el("li", {}, el("b", {}, say(words.by_at, { by: step.by, at: step.at })), " ", step.words))

  clear()
  return {
    clear,
    show({ conflict }, item) {
      clear()
      const { steps = [], message = "" } = conflict ?? {}
      for (const { ground } of steps) {
        if (!ground?.type) continue
        for (const className of ["draw-theirs-under", "draw-theirs"]) {
          layer.addLayer(L.geoJSON(ground, { pane: "conflict", interactive: false, style: { className, fill: false } }))
        }
      }
      box.append(
        el("h2", { tabindex: -1 }, words.conflict),
        el("p", {}, message || words.conflict_what),
        el("ul", {}, ...lines(steps)),
        el("p", {}, words.conflict_choose),
        el(
          "div",
          { class: "draw-bar" },
          button(words.conflict_look, look),
          button(words.conflict_again, again, { class: "default" }),
          item.points && button(words.conflict_change, change),
          button(words.discard, () => confirm(words.discard_sure) && discard(), { class: "draw-discard" }),
        ),
      )
      box.hidden = false
      look()
      // Not away from under who is typing.
      if (!document.activeElement?.matches("input, textarea, select")) box.querySelector("h2").focus()
    },
  }
}
