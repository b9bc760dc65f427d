// One drawing becomes one Leaflet map: the same ground beneath, the dots as markers that open a card.

import { eventMarkers } from "./events.js";

// How far a reader may come closer than the drawing, in zoom levels.
const CLOSER = 5

export function takeOver(drawing, { tiles, tilesBy, words }) {
  const L = window.L
  const focused = drawing.querySelector("a:focus")?.dataset.event
  // CSS gives it the shape that the drawing has, so that nothing on the page moves.
  const className = drawing.classList.contains("m-crowded") ? "map-box crowded" : "map-box"
  const box = Object.assign(document.createElement("div"), { className, role: "region", ariaLabel: drawing.ariaLabel })
  drawing.replaceWith(box)
  box.append(drawing)

  const map = L.map(box, {
    zoomSnap: 0,
    attributionControl: Boolean(tiles),
    scrollWheelZoom: false,
    maxBoundsViscosity: 1,
    trackResize: false,
    zoomControl: false,
  })
  L.control.zoom({ position: "topright", zoomInTitle: words.closer, zoomOutTitle: words.farther }).addTo(map)
  // The wheel scrolls the page until a reader has taken hold of the map.
  map.once("focus click", () => map.scrollWheelZoom.enable())
  if (tiles) L.tileLayer(tiles, { attribution: tilesBy }).addTo(map)
  layOut(map, drawing, words)
  if (focused) box.querySelector(`[data-event="${focused}"]`).focus({ preventScroll: true })
  return map
}

// The ground and the dots lie where the drawing has them, and come to lie there again whenever the box gets another size:
// a phone that is turned, a window that is dragged, larger letters. A reader who has moved the map stays where they are.
function layOut(map, drawing, words) {
  const L = window.L
  const links = [...drawing.querySelectorAll("a[data-event]")]
  let home = goHome(map, drawing)
  drawing.ariaHidden = "true"
  const ground = L.svgOverlay(drawing, home.ground, { className: "map-ground" }).addTo(map)
  const keepSizes = sizesOf(drawing)
  const place = eventMarkers(map, links, words)

  const settle = () => {
    const closer = map.getZoomScale(map.getZoom(), home.zoom)
    keepSizes(closer)
    place(home, closer)
  }
  const again = () => {
    const { clientWidth, clientHeight } = map.getContainer()
    const isSeen = clientWidth && clientHeight && !matchMedia("print").matches
    if (!isSeen || map.getSize().equals([clientWidth, clientHeight])) return
    // Leaflet ends an animation with the view that it was to lead to, whatever was set since.
    if (map.getPane("mapPane").classList.contains("leaflet-zoom-anim")) {
      map.once("zoomend", again)
      return
    }
    const own = ownView(map, home)
    home = goHome(map, drawing)
    ground.setBounds(home.ground)
    if (own) map.setView(own.center, home.zoom + own.closer, { animate: false })
    settle()
  }
  map.on("zoomend", settle)
  settle()
  new ResizeObserver(again).observe(map.getContainer())
  matchMedia("print").addEventListener("change", again)
}

function goHome(map, drawing) {
  // Limits of another size would hold it.
  map.setMaxBounds().setMinZoom(0).setMaxZoom(Infinity)
  map.invalidateSize({ pan: false })
  const home = homeView(map, drawing)
  map.setView(home.center, home.zoom, { animate: false })
  map.setMinZoom(Math.min(home.zoom, map.getBoundsZoom(home.whole))).setMaxZoom(home.zoom + CLOSER)
  // Leaflet rounds to pixels: without one to spare it would move the map by what it has rounded.
  map.setMaxBounds(home.whole.pad(1 / map.getSize().x))
  return home
}

// Where the map lies before a reader moves it: as map.css shows the drawing, without a script, in a box of this size.
function homeView(map, drawing) {
  const L = window.L
  const { width, height } = drawing.viewBox.baseVal
  // xMidYMid slice: the drawing fills the box from its middle, and what is over lies outside. Leaflet's own size is rounded.
  const box = map.getContainer().getBoundingClientRect()
  const pixels = Math.max(box.width / width, box.height / height)
  const fromMiddle = (x, y) => L.point((x - width / 2) * pixels, (y - height / 2) * pixels)
  const isNarrow = getComputedStyle(drawing.querySelector("g.m-narrow")).display !== "none"
  const whole = toBounds(drawing.dataset.bounds)
  const shown = isNarrow ? toBounds(drawing.dataset.narrow) : whole
  const zoom = map.getBoundsZoom(shown)
  const middle = map.project(shown.getSouthWest(), zoom).add(map.project(shown.getNorthEast(), zoom)).divideBy(2)
  const ground = (x, y) => map.unproject(middle.add(fromMiddle(x, y)), zoom)
  // Leaflet puts markers on whole pixels of the box, counted from its corner.
  const corner = middle.subtract(map.getSize().divideBy(2)).round()
  return {
    zoom,
    center: map.unproject(middle, zoom),
    whole,
    ground: L.latLngBounds(ground(0, height), ground(width, 0)),
    // How far from its place a dot is drawn, in pixels; one that this view leaves out stands on its place.
    apart(link, place) {
      const use = link.querySelector(isNarrow ? ".m-narrow" : "use")
      if (!use) return L.point(0, 0)
      const drawn = fromMiddle(use.x.baseVal.value, use.y.baseVal.value).add([box.width / 2, box.height / 2])
      return drawn.subtract(map.project(place, zoom).round().subtract(corner))
    },
  }
}

// "west,south,east,north" in degrees.
function toBounds(text) {
  const [west, south, east, north] = text.split(",").map(Number)
  return window.L.latLngBounds([south, west], [north, east])
}

// Where a reader has brought the map and how much closer; nothing where it lies as the drawing does.
function ownView(map, home) {
  const [center, closer] = [map.getCenter(), map.getZoom() - home.zoom]
  const away = map.latLngToContainerPoint(home.center).distanceTo(map.getSize().divideBy(2))
  return Math.abs(closer) > 0.01 || away > 3 ? { center, closer } : null
}

// Names and signs keep their size on the screen while the ground beneath them grows.
function sizesOf(drawing) {
  const names = [...drawing.querySelectorAll("text")].map((text) => [text, text.x.baseVal[0].value, text.y.baseVal[0].value])
  return (closer) => {
    for (const [text, x, y] of names) {
      text.setAttribute("transform", `translate(${x} ${y}) scale(${1 / closer}) translate(${-x} ${-y})`)
    }
    // Leaders of dots that were drawn apart, and the scale bar, hold for the drawing's own size alone.
    drawing.classList.toggle("zoomed", Math.abs(1 / closer - 1) > 0.05)
  }
}
