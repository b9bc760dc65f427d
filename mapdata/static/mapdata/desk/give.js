// The fields with which ground is given, in step with the map: a click chooses a region, what is chosen or pasted is
// shown, and what was said last is said again for the next piece of ground.

import { layersOf, polygonsIn } from "./ground_store.js";

const REMEMBERED = ["to", "status", "basis", "claimed_by"]
const PREVIEW = { className: "desk-preview", interactive: false }

const field = (name) => document.getElementById(`id_${name}`)

export function connectRegions(map, regions) {
  const select = field("region")
  regions.eachLayer((layer) => {
    layer.bindTooltip(layer.feature.properties.name, { sticky: true })
    layer.on("click", () => {
      // A region and drawn ground cannot both be given; a click beside the drawing must not undo the choice.
      if (field("ground").value) return
      select.value = select.value === String(layer.feature.properties.pk) ? "" : layer.feature.properties.pk
      select.dispatchEvent(new Event("change", { bubbles: true }))
    })
  })
  const mark = () =>
    regions.eachLayer((layer) => {
      layer.getElement()?.classList.toggle("chosen", String(layer.feature.properties.pk) === select.value)
    })
  regions.addTo(map)
  select.addEventListener("change", mark)
  mark()
}

export function connectPasted(map) {
  const preview = L.layerGroup().addTo(map)
  const show = (zoom) => {
    preview.clearLayers()
    const layers = layersOf(polygonsIn(field("pasted").value), PREVIEW)
    for (const layer of layers) preview.addLayer(layer)
    if (layers.length && zoom) map.fitBounds(L.featureGroup(layers).getBounds())
  }
  field("pasted").addEventListener("input", () => show(true))
  show(false)
}

// Only a claim has a claimant; what is disabled is not sent.
export function connectBasis() {
  const update = () => {
    field("claimed_by").disabled = field("basis").value !== "claimed"
  }
  field("basis").addEventListener("change", update)
  update()
}

export function rememberAnswers(key) {
  const kept = JSON.parse(sessionStorage.getItem(`desk-give-${key}`) ?? "{}")
  // What the server gave back with a message is what was typed: that stands.
  const fresh = !document.querySelector(".errornote")
  for (const name of REMEMBERED) {
    if (fresh && kept[name] !== undefined) field(name).value = kept[name]
  }
  field("to").form.addEventListener("submit", () => {
    const answers = Object.fromEntries(REMEMBERED.map((name) => [name, field(name).value]))
    sessionStorage.setItem(`desk-give-${key}`, JSON.stringify(answers))
  })
}
