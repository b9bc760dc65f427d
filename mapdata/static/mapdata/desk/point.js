// Where an event happened: the dot on the map and the two numbers say the same. A ring shows what readers get.

import { drawBase, whenMapIsMade } from "./base.js";

const field = (name) => document.getElementById(`id_${name}`)
// 0.00001 degree is a metre: nobody clicks more precisely.
const DIGITS = 5

whenMapIsMade(async (map, desk) => {
  // On a page that can only be read there are no fields, and the dot is not asked for.
  if (!field("lon")) return
  const words = document.querySelector(".desk-point-words")
  const dot = L.marker([0, 0], { draggable: true, keyboard: false, icon: L.divIcon({ className: "desk-dot", iconSize: [16, 16] }) })
  const ring = L.circleMarker([0, 0], { radius: 13, className: "desk-public", interactive: false })

  const place = () => {
    const [lon, lat] = [field("lon"), field("lat")].map((input) => (input.value === "" ? NaN : Number(input.value)))
    return Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lon, lat } : null
  }
  const precision = () => document.querySelector("[name=location_precision]:checked")?.value
  const show = () => {
    const at = place()
    const decimals = desk.decimals[precision()]
    if (!at || decimals === undefined) {
      dot.remove()
      ring.remove()
      words.textContent = ""
      return
    }
    const [lon, lat] = [at.lon, at.lat].map((degrees) => Number(degrees.toFixed(decimals)))
    dot.setLatLng([at.lat, at.lon]).addTo(map)
    ring.setLatLng([lat, lon]).addTo(map)
    words.textContent = `${desk.words.public}: ${lon}, ${lat}`
  }
  const choose = ({ lat, lng }) => {
    field("lon").value = L.Util.wrapNum(lng, [-180, 180], true).toFixed(DIGITS)
    field("lat").value = lat.toFixed(DIGITS)
    show()
  }

  map.on("click", ({ latlng }) => choose(latlng))
  dot.on("dragend", () => choose(dot.getLatLng()))
  for (const name of ["lon", "lat"]) {
    field(name).addEventListener("input", () => {
      show()
      const at = place()
      if (at && !map.getBounds().contains([at.lat, at.lon])) map.panTo([at.lat, at.lon])
    })
  }
  for (const radio of document.querySelectorAll("[name=location_precision]")) radio.addEventListener("change", show)

  const regions = await drawBase(map, desk)
  regions.options.interactive = false
  regions.addTo(map)
  if (place()) map.setView([place().lat, place().lon], 9, { animate: false })
  show()
  map.getContainer().dataset.ready = ""
})
