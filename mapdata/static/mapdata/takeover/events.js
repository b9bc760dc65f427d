// Event dots on the Leaflet map: links still, that open the event in a popup; keyboard included.

import { eventCard } from "./popup.js";

export function eventMarkers(map, dots, { scale, words }) {
  const L = window.L
  const markers = dots.map(({ link, at }) => {
    const [lon, lat] = link.dataset.place.split(",").map(Number)
    const marker = L.marker([lat, lon], { icon: icon(link), keyboard: false }).addTo(map)
    const dot = marker.getElement().firstChild
    L.DomEvent.on(dot, "click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      // Not on to the map, for which a click elsewhere than on a popup closes it.
      L.DomEvent.stop(event)
      openEvent(map, marker, dot, words)
    })
    // The keyboard comes to dots that are out of sight too, and so does the list.
    const bring = () => map.panInside(marker.getLatLng(), { padding: [40, 40], animate: false })
    L.DomEvent.on(dot, "focus", () => dot.matches(":focus-visible") && bring())
    pairWithEntry(map, dot, bring)
    // Dots close together were drawn apart: they move to their places as a reader comes closer.
    const place = map.latLngToContainerPoint([lat, lon])
    return { marker, apart: (at ?? place).subtract(place) }
  })
  const settle = () => {
    const closer = Math.max(1, map.getZoomScale(map.getZoom(), scale))
    for (const { marker, apart } of markers) {
      marker.getElement().style.translate = `${apart.x / closer}px ${apart.y / closer}px`
    }
  }
  map.on("zoomend", settle)
  settle()
}

function icon(link) {
  const dot = document.createElement("a")
  dot.className = link.querySelector("use").getAttribute("href").endsWith("rough") ? "event-dot rough" : "event-dot"
  dot.href = link.getAttribute("href")
  dot.dataset.event = link.dataset.event
  dot.title = link.querySelector("title").textContent
  dot.setAttribute("aria-label", dot.title)
  dot.setAttribute("aria-haspopup", "dialog")
  return window.L.divIcon({ className: "event-marker", html: dot, iconSize: [16, 16] })
}

async function openEvent(map, marker, dot, words) {
  const L = window.L
  const content = document.createElement("div")
  content.className = "event-card"
  content.textContent = words.loading
  const size = map.getSize()
  const popup = L.popup({ maxWidth: Math.min(340, size.x - 48), minWidth: 220, maxHeight: size.y - 70, keepInView: true })
    .setLatLng(marker.getLatLng())
    .setContent(content)
    .openOn(map)
  const element = popup.getElement()
  element.setAttribute("role", "dialog")
  element.setAttribute("aria-label", dot.getAttribute("aria-label"))
  const close = element.querySelector(".leaflet-popup-close-button")
  close.setAttribute("aria-label", words.close)
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup(popup)
  })
  popup.on("remove", () => dot.focus({ preventScroll: true }))
  close.focus({ preventScroll: true })
  content.replaceChildren(...(await eventCard(dot.href, words)))
  // Leaflet hides the popup while it measures it, and what is hidden loses the focus.
  const wasInside = element.contains(document.activeElement)
  popup.update()
  if (wasInside) close.focus({ preventScroll: true })
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
