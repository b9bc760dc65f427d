// Event dots on the Leaflet map: links still, that open the event in a card; keyboard included.

import { cardBeneath } from "./card.js";

// The function that it gives puts each dot where the drawing has it in a view, or nearer to its place the closer one comes.
export function eventMarkers(map, links, words) {
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
