// Where the person points at the map, with a mouse, a finger or the keyboard, and what they do there. What it means is
// for the `hand` to say: hover, press, finish, remove, cancel, chooseBy, side, grab, drag, drop.

import { el } from "./dom.js";

// Pixels of an arrow key, with Shift, and of the map's margin that the crosshair does not enter: the map moves instead.
const STEP = 12
const SMALL_STEP = 1
const MARGIN = 24
// Pixels that a pointer may tremble without dragging.
const TREMBLE = 4
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const placeOf = ({ lng, lat }) => [lng, lat]

export function watchPointer(map, hand) {
  watchMouse(map, hand)
  return watchKeys(map, hand)
}

function watchMouse(map, hand) {
  let held = null
  let dragged = false
  map.doubleClickZoom.disable()
  map.on("mousedown", ({ latlng, containerPoint, originalEvent }) => {
    // Whoever clicks goes on with the keys that are for the map.
    map.getContainer().focus({ preventScroll: true })
    dragged = false
    const point = originalEvent.button === 0 ? hand.grab(placeOf(latlng)) : null
    if (point === null) return
    held = { point, from: containerPoint }
    map.dragging.disable()
  })
  map.on("mousemove", ({ latlng, containerPoint, originalEvent: { altKey } }) => {
    if (held && !dragged) dragged = held.from.distanceTo(containerPoint) > TREMBLE
    if (held && dragged) hand.drag(held.point, placeOf(latlng), altKey)
    else hand.hover(placeOf(latlng), altKey)
  })
  const letGo = () => {
    if (held && dragged) hand.drop()
    held = null
    map.dragging.enable()
  }
  map.on("mouseup", letGo)
  document.addEventListener("mouseup", letGo)
  map.on("mouseout", () => hand.hover(null))
  map.on("click", ({ latlng, originalEvent: { altKey, detail } }) => {
    if (dragged) dragged = false
    // The second click of two is a double one's.
    else if (detail < 2) hand.press(placeOf(latlng), altKey)
  })
  map.on("dblclick", () => hand.finish())
}

function watchKeys(map, hand) {
  const container = map.getContainer()
  const cross = L.marker([0, 0], {
    icon: L.divIcon({ className: "draw-cross", iconSize: [32, 32] }),
    interactive: false,
    keyboard: false,
    zIndexOffset: 1000,
  })
  let place = null
  map.keyboard.disable()

  const show = (latlng) => {
    place = latlng
    cross.setLatLng(latlng).addTo(map)
    hand.hover(placeOf(latlng), false, true)
  }
  const hide = () => {
    cross.remove()
    place = null
  }
  const move = ([x, y], step) => {
    const from = map.latLngToContainerPoint(place ?? map.getCenter())
    const to = place ? from.add([x * step, y * step]) : from
    const { x: width, y: height } = map.getSize()
    const beyond = [Math.min(0, to.x - MARGIN) + Math.max(0, to.x - width + MARGIN),
      Math.min(0, to.y - MARGIN) + Math.max(0, to.y - height + MARGIN)]
    const latlng = map.containerPointToLatLng(to)
    if (beyond[0] || beyond[1]) map.panBy(beyond, { animate: false })
    show(latlng)
  }
  const goTo = (found) => found && show(L.latLng(found[1], found[0]))
  const enter = ({ shiftKey, altKey }) => {
    if (shiftKey) hand.finish()
    else if (place) hand.press(placeOf(place), altKey, true)
    else show(map.getCenter())
  }
  const keys = {
    Enter: enter,
    Backspace: () => hand.remove(),
    Delete: () => hand.remove(),
    Escape: () => hand.cancel(),
    PageUp: () => goTo(hand.chooseBy(-1)),
    PageDown: () => goTo(hand.chooseBy(1)),
    "+": () => map.zoomIn(),
    "=": () => map.zoomIn(),
    "-": () => map.zoomOut(),
    a: () => hand.side(0),
    b: () => hand.side(1),
  }
  container.addEventListener("keydown", (event) => {
    if (event.target !== container || event.ctrlKey || event.metaKey) return
    const { key, shiftKey } = event
    const arrow = ARROWS[key]
    const action = keys[key.length === 1 ? key.toLowerCase() : key]
    if (!arrow && !action) return
    event.preventDefault()
    if (arrow) move(arrow, shiftKey ? SMALL_STEP : STEP)
    else action(event)
  })
  container.addEventListener("blur", hide)
  map.on("mousemove", () => place && hide())
  return { goTo }
}

// For who cannot see the crosshair: what lies beneath it, once it has stood still for a while.
export function makeVoice(container) {
  const voice = el("p", { class: "visually-hidden", "aria-live": "polite" })
  container.after(voice)
  let waiting = null
  return (words) => {
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      voice.textContent = words()
    }, 500)
  }
}
