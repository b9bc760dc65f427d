// What an operation would change, before it is given: hatched on the map and said in the panel. Of a front line both
// sides stand there, A and B, and one is chosen by a click on the map, a radio or a key.

import { el, svg } from "./dom.js";
import { contains, labelPlace } from "./shapes.js";

const LETTERS = ["a", "b"]
// Degrees that the hatching of each side is turned: they can be told apart without colour.
const TURNS = [45, -45]
// Pixels from the line at which a side is named whose ground is not known.
const BESIDE = 36

export function makePreview(map, box, words) {
  map.createPane("preview").style.zIndex = 420
  map.getPane("preview").style.pointerEvents = "none"
  const layer = L.layerGroup().addTo(map)
  map.createPane("letters").style.zIndex = 660
  map.getPane("letters").style.pointerEvents = "none"
  map.getContainer().after(hatches())
  let sides = []
  let side = null
  let shown = null

  const clear = () => {
    layer.clearLayers()
    box.replaceChildren()
    sides = []
    side = null
    shown = null
  }
  const choose = (name) => {
    side = name
    for (const radio of box.querySelectorAll("[name=_side]")) radio.checked = radio.value === name
    layer.eachLayer((part) => part.getElement?.()?.classList.toggle("chosen", part.options.side === name))
  }
  const drawGround = (ground, which, name) => {
    const className = `draw-preview draw-preview-${LETTERS[which]}`
    L.geoJSON(ground, { style: { className } }).eachLayer((shape) => {
      Object.assign(shape.options, { pane: "preview", interactive: false, side: name })
      layer.addLayer(shape)
      shape.getElement()?.setAttribute("fill", `url(#draw-hatch-${LETTERS[which]})`)
    })
  }
  const label = (which, name, spot) => {
    if (!spot) return
    const className = `draw-letter draw-letter-${LETTERS[which]}`
    const icon = L.divIcon({ className, iconSize: [28, 28], html: el("b", {}, LETTERS[which].toUpperCase()) })
    layer.addLayer(L.marker(spot, { icon, pane: "letters", interactive: false, keyboard: false, side: name }))
  }
  const radios = () => {
    const group = el("fieldset", { class: "draw-sides" }, el("legend", {}, words.which_side))
    sides.forEach((one, which) => {
      const radio = el("input", { type: "radio", name: "_side", value: one.side, onchange: () => choose(one.side) })
      const said = one.said ? el("small", {}, one.said) : null
      group.append(el("label", {}, radio, el("b", {}, LETTERS[which].toUpperCase()), el("span", {}, one.words, said)))
    })
    return group
  }

  return {
    clear,
    choose,
    get side() {
      return side
    },
    // The ground that the server would change, for as long as it is on its way.
    get ground() {
      return sides.find((one) => one.side === side)?.ground ?? shown
    },
    // Says whether there is a side to choose.
    askSide() {
      box.querySelector("[name=_side]")?.focus()
      return sides.length > 0
    },

    show({ words: said, ground, sides: found }, keep) {
      clear()
      shown = ground ?? null
      if (!found?.length) {
        if (ground?.type) drawGround(ground, 0)
        box.append(el("p", { class: "draw-would" }, said ?? ""))
        return
      }
      sides = found
      found.forEach((one, which) => {
        if (one.ground?.type) drawGround(one.ground, which, one.side)
        const place = labelPlace(one.ground)
        label(which, one.side, place && [place[1], place[0]])
      })
      box.append(radios())
      if (keep && found.some((one) => one.side === keep)) choose(keep)
    },

    // Without the server nobody knows how much ground it is, but which side is meant can be said.
    showBlind(path, isLine, keep) {
      clear()
      box.append(el("p", { class: "draw-would" }, words.no_preview))
      if (!isLine) return
      sides = ["left", "right"].map((name) => ({ side: name, words: words[`side_${name}`] }))
      for (const [which, spot] of besideTheMiddle(map, path).entries()) label(which, sides[which].side, spot)
      box.append(radios())
      if (keep) choose(keep)
    },

    chooseAt(place) {
      const found = sides.find(({ ground }) => contains(ground, place))
      if (found) choose(found.side)
      return Boolean(found)
    },
    chooseNumber(which) {
      if (sides[which]) choose(sides[which].side)
    },
    say(text) {
      clear()
      box.append(el("p", { class: "draw-would" }, text))
    },
  }
}

// Spots to the left and to the right of the middle of a way, as it was drawn.
function besideTheMiddle(map, path) {
  const at = Math.floor((path.length - 1) / 2)
  const [from, to] = [path[at], path[at + 1]].map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))
  const length = from.distanceTo(to) || 1
  const [x, y] = [((to.y - from.y) / length) * BESIDE, (-(to.x - from.x) / length) * BESIDE]
  const middle = from.add(to).divideBy(2)
  return [1, -1].map((way) => map.containerPointToLatLng(middle.add([x * way, y * way])))
}

function hatches() {
  const patterns = LETTERS.map((name, which) => {
    const size = { width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: `rotate(${TURNS[which]})` }
    return svg("pattern", { id: `draw-hatch-${name}`, ...size }, svg("path", { class: `draw-hatch-${name}`, d: "M0 4h8" }))
  })
  return svg("svg", { class: "map-defs", width: 0, height: 0, "aria-hidden": "true" }, svg("defs", {}, ...patterns))
}
