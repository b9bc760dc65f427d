// One drawing becomes one Leaflet map: the same ground beneath, the dots as markers that open a card.

import { cardBeneath } from "./card.js";

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
  map.once("click", () => map.scrollWheelZoom.enable())
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

// Event dots are links still, that open the event in a card; keyboard included. The function that this gives puts each dot
// where the drawing has it in a view, or nearer to its place the closer one comes.
function eventMarkers(map, links, words) {
  const L = window.L
  const open = cardBeneath(map.getContainer(), words)
  const markers = links.map((link) => {
    const [lon, lat] = link.dataset.place.split(",").map(Number)
    const marker = L.marker([lat, lon], { icon: icon(link), keyboard: false }).addTo(map)
    const dot = marker.getElement().firstChild
    // The drawing's own dot stands for paper: on the screen it is hidden, and there is one for each event.
    link.removeAttribute("id")
    link.removeAttribute("data-event")
    L.DomEvent.on(dot, "click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      L.DomEvent.stop(event)
      open(dot)
    })
    // The keyboard comes to dots that are out of sight too, and so does the list.
    const bring = () => map.panInside(marker.getLatLng(), { padding: [40, 40], animate: false })
    L.DomEvent.on(dot, "focus", () => dot.matches(":focus-visible") && bring())
    pairWithEntry(map, dot, bring)
    return { marker, link }
  })
  // Dots close together were drawn apart: they move to their places as a reader comes closer.
  return (home, closer) => {
    for (const { marker, link } of markers) {
      const { x, y } = home.apart(link, marker.getLatLng()).divideBy(Math.max(1, closer))
      marker.getElement().style.translate = `${x}px ${y}px`
    }
  }
}

function icon(link) {
  const dot = document.createElement("a")
  dot.className = link.querySelector("use").getAttribute("href").endsWith("rough") ? "event-dot rough" : "event-dot"
  dot.href = link.getAttribute("href")
  dot.id = link.id
  dot.dataset.event = link.dataset.event
  dot.title = link.querySelector("title").textContent
  dot.setAttribute("aria-label", dot.title)
  dot.setAttribute("aria-haspopup", "dialog")
  return window.L.divIcon({ className: "event-marker", html: dot, iconSize: [16, 16] })
}

// A dot and its entry in the list beneath the map point at each other.
function pairWithEntry(map, dot, bring) {
  const entry = map.getContainer().closest("[data-situation]")?.querySelector(`[data-entry="${dot.dataset.event}"]`)
  if (!entry) return
  entry.querySelector("a.place")?.addEventListener("click", (event) => {
    event.preventDefault()
    bring()
    dot.focus()
  })
  for (const element of [dot, entry]) {
    for (const [kind, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
      element.addEventListener(kind, () => {
        dot.classList.toggle("marked", on)
        entry.classList.toggle("marked", on)
      })
    }
  }
}
