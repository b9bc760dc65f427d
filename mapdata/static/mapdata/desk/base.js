// The ground beneath the desk's maps: neighbours, regions, rivers and towns, from this site. There are no tiles.

Object.assign(L.Control.Zoom.prototype.options, { zoomInTitle: gettext("Zoom in"), zoomOutTitle: gettext("Zoom out") })

// Towns of a rank are named from this zoom on; the first two ranks always are.
const NAMED_FROM = { 1: 0, 2: 0, 3: 7, 4: 8, 5: 9, 6: 10 }

export async function fetchJson(url) {
  const response = await fetch(url, { credentials: "same-origin" })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return response.json()
}

// Leaflet's own styles are attributes, which any rule of a style sheet wins from: colours and patterns are in map.css.
export const plain = (className) => ({ className, interactive: false, weight: 1, opacity: 1, fillOpacity: 1 })

// Calls back when the map `id` is made by django-leaflet, with what the page says to its script.
export function whenMapIsMade(callback) {
  window.addEventListener("map:init", ({ detail: { id, map } }) => {
    const said = document.getElementById(id.replace(/-map$/, "-desk"))
    if (said) callback(map, JSON.parse(said.textContent))
  })
}

// Draws what lies beneath, and resolves to the layer of regions (their features have `pk` and `name`). Who needs the
// shapes too gives a promise of them.
export async function drawBase(map, { base, bounds, key, shapes = fetchJson(base) }) {
  map.setMaxBounds(null)
  // The wheel still goes a whole step; only the first view fits more closely.
  map.options.zoomSnap = 0.25
  showAgain(map, bounds, key)
  map.setMinZoom(3)
  map.createPane("base").style.zIndex = 210
  map.createPane("regions").style.zIndex = 250
  map.createPane("towns").style.zIndex = 620
  map.getPane("towns").style.pointerEvents = "none"
  const layers = await shapes
  L.geoJSON(features(layers.countries), { pane: "base", style: plain("m-land m-line-of-land") }).addTo(map)
  L.geoJSON(features(layers.regions), { pane: "base", style: plain("m-country") }).addTo(map)
  L.geoJSON(features(layers.rivers), { pane: "base", style: plain("m-river") }).addTo(map)
  drawTowns(map, layers.cities)
  return L.geoJSON(features(layers.regions), { pane: "regions", style: { className: "desk-region-border", weight: 1 } })
}

const features = (list) => ({ type: "FeatureCollection", features: list })

// The same view after each save: an editor goes on where they were. Without storage the map begins anew.
function showAgain(map, bounds, key) {
  const kept = key && sessionStorage.getItem(`desk-view-${key}`)
  if (kept) {
    const { lat, lng, zoom } = JSON.parse(kept)
    map.setView([lat, lng], zoom, { animate: false })
  } else {
    map.fitBounds(bounds, { animate: false })
  }
  if (!key) return
  map.on("moveend", () => {
    sessionStorage.setItem(`desk-view-${key}`, JSON.stringify({ ...map.getCenter(), zoom: map.getZoom() }))
  })
}

function drawTowns(map, towns) {
  const markers = towns.map((town) => {
    const marker = L.circleMarker([town.lat, town.lon], { pane: "towns", radius: 2, className: "desk-town", interactive: false })
    marker.bindTooltip(town.name, { permanent: true, direction: "right", className: "desk-town-name", pane: "towns" })
    return { marker, from: NAMED_FROM[town.rank] ?? 10 }
  })
  const update = () => {
    for (const { marker, from } of markers) {
      if (map.getZoom() >= from) marker.addTo(map)
      else marker.remove()
    }
  }
  map.on("zoomend", update)
  update()
}
