// Search for a place by its name in any of three languages: a text field with a list beneath it (a combobox, after the
// ARIA practices). Choosing one moves the map there; a button puts a point of the drawing there.

import { button, el, say } from "./dom.js";

// Milliseconds after the last key that the server is asked.
const TYPED = 200
const CLOSE = 10

export function makePlaces(map, server, words, { put, goTo }) {
  const list = el("ul", { id: "draw-places", role: "listbox", "aria-label": words.places_found, hidden: true })
  const input = el("input", {
    id: "draw-search", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-expanded": "false", "aria-controls": "draw-places", "aria-autocomplete": "list",
  })
  const said = el("p", { class: "help draw-found", role: "status" })
  const point = button("", () => put(chosen), { hidden: true })
  const box = el("search", { class: "draw-search" }, el("label", { for: "draw-search" }, words.search), input, list, said, point)
  const pin = L.circleMarker([0, 0], { className: "draw-pin", radius: 9, interactive: false })
  let found = []
  let active = -1
  let chosen = null
  let waiting = null

  const open = (isOpen) => {
    list.hidden = !isOpen
    input.setAttribute("aria-expanded", String(isOpen))
    if (!isOpen) mark(-1)
  }
  const mark = (at) => {
    active = at
    for (const [which, item] of list.querySelectorAll("li").entries()) item.setAttribute("aria-selected", String(which === at))
    if (at < 0) input.removeAttribute("aria-activedescendant")
    else input.setAttribute("aria-activedescendant", `draw-place-${at}`)
    list.children[at]?.scrollIntoView({ block: "nearest" })
  }
  const choose = (place) => {
    chosen = [place.lon, place.lat]
    input.value = place.name
    open(false)
    said.textContent = ""
    map.setView([place.lat, place.lon], Math.max(map.getZoom(), CLOSE), { animate: false })
    pin.setLatLng([place.lat, place.lon]).addTo(map)
    point.textContent = say(words.put_point_at, { name: place.name })
    point.hidden = !put.isPossible()
    goTo(chosen)
  }
  const search = async () => {
    const typed = input.value.trim()
    if (typed.length < 2) return open(false)
    const { outcome, answer } = await server.places(typed)
    // Something else was typed while this was on its way.
    if (typed !== input.value.trim()) return
    found = answer.places ?? []
    list.replaceChildren(...found.map(item))
    said.textContent = outcome === "saved" ? say(found.length ? words.found : words.found_none, { n: found.length }) : words.search_failed
    open(found.length > 0)
  }
  const item = ({ name, detail }, at) =>
    el("li", { id: `draw-place-${at}`, role: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(),
      onclick: () => choose(found[at]) }, name, el("small", {}, ` ${detail ?? ""}`))

  input.addEventListener("input", () => {
    clearTimeout(waiting)
    point.hidden = true
    pin.remove()
    waiting = setTimeout(search, TYPED)
  })
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length) {
      if (list.hidden) open(true)
      mark((active + step + found.length) % found.length)
    } else if (event.key === "Enter" && !list.hidden) choose(found[Math.max(active, 0)])
    else if (event.key === "Escape" && !list.hidden) open(false)
    else if (event.key !== "Enter") return
    event.preventDefault()
  })
  input.addEventListener("blur", () => open(false))
  return { box }
}
