// Event dots on the Leaflet map: links still, that open the event in a popup; keyboard included.

import { toLatLng } from "./map.js"
import { eventCard } from "./popup.js"

export function eventMarkers(map, dots, places, { scale, extent, words, unit }) {
  const L = window.L
  const markers = dots.map((dot, index) => {
    const { place, drawn, viewBox } = places[index]
    const link = document.createElement("a")
    for (const { name, value } of dot.attributes) if (!name.startsWith("transform")) link.setAttribute(name, value)
    link.className = "event-dot"
    link.setAttribute("aria-label", dot.querySelector("title")?.textContent ?? dot.getAttribute("aria-label") ?? "")
    link.setAttribute("aria-haspopup", "dialog")
    const marker = L.marker(toLatLng(viewBox, extent, place), {
      icon: L.divIcon({ className: "event-marker", html: link, iconSize: [28, 28] }),
      keyboard: false,
    }).addTo(map)
    const open = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      openEvent(map, marker, link, words)
    }
    L.DomEvent.on(link, "click", open)
    L.DomEvent.disableClickPropagation(link)
    pairWithEntry(map, link)
    // Dots close together were drawn apart: they move to their places as a reader comes closer.
    const apart = L.point((drawn.x - place.x) / unit, (drawn.y - place.y) / unit)
    return { marker, apart }
  })
  const settle = () => {
    const closer = map.getZoomScale(map.getZoom(), scale)
    for (const { marker, apart } of markers) {
      const offset = apart.divideBy(Math.max(1, closer))
      marker.getElement().style.translate = `${offset.x}px ${offset.y}px`
    }
  }
  map.on("zoomend", settle)
  settle()
}

async function openEvent(map, marker, link, words) {
  const L = window.L
  const content = document.createElement("div")
  content.className = "event-card"
  content.textContent = words.loading
  const popup = L.popup({ maxWidth: 320, minWidth: 240, maxHeight: Math.max(180, map.getSize().y - 60), keepInView: true })
    .setLatLng(marker.getLatLng())
    .setContent(content)
    .openOn(map)
  const element = popup.getElement()
  element.setAttribute("role", "dialog")
  element.setAttribute("aria-label", link.getAttribute("aria-label"))
  const close = element.querySelector(".leaflet-popup-close-button")
  close?.setAttribute("aria-label", words.close)
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup(popup)
  })
  popup.on("remove", () => link.focus({ preventScroll: true }))
  close?.focus({ preventScroll: true })
  content.replaceChildren(...(await eventCard(link.href, words)))
  popup.update()
}

// A dot and its entry in the list beneath the map point at each other.
function pairWithEntry(map, link) {
  const figure = map.getContainer().closest("figure")
  const entry = figure?.querySelector(`[data-entry="${link.dataset.event}"]`)
  if (!entry) return
  const mark = (on) => () => {
    link.classList.toggle("marked", on)
    entry.classList.toggle("marked", on)
  }
  for (const element of [link, entry]) {
    element.addEventListener("mouseenter", mark(true))
    element.addEventListener("mouseleave", mark(false))
    element.addEventListener("focusin", mark(true))
    element.addEventListener("focusout", mark(false))
  }
}
