// What is in a file that is about to be imported, over the newest edition, of which only the lines are drawn.

import { drawBase, fetchJson, plain, whenMapIsMade } from "./base.js";

const lines = { className: "desk-now", interactive: false, weight: 1.5, fill: false }
const dot = { radius: 5, className: "desk-import-dot" }

// Ground in the colours that it will have, or as an outline while nobody said whose it is; points as dots.
function look({ properties: { kind, colour }, geometry }) {
  if (geometry.type === "Point") return dot
  return kind ? plain(`m-area m-${kind} c-${colour}`) : plain("desk-preview")
}

// What a file says is never markup.
function asText(words) {
  const element = document.createElement("span")
  element.textContent = words
  return element
}

whenMapIsMade(async (map, desk) => {
  const regions = await drawBase(map, desk)
  regions.options.interactive = false
  regions.addTo(map)
  map.createPane("file").style.zIndex = 240
  const file = await fetchJson(desk.file)
  L.geoJSON(file, {
    pane: "file",
    style: look,
    pointToLayer: (_feature, place) => L.circleMarker(place, { pane: "file" }),
    onEachFeature: ({ properties: { pattern, title } }, layer) => {
      if (pattern) layer.on("add", () => layer.getElement().setAttribute("fill", `url(#${pattern})`))
      if (title) layer.bindTooltip(asText(title))
    },
  }).addTo(map)
  if (desk.areas) {
    map.createPane("now").style.zIndex = 245
    L.geoJSON(await fetchJson(desk.areas), { pane: "now", style: lines }).addTo(map)
  }
  map.getContainer().dataset.ready = ""
})
