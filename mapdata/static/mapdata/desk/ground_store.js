// How django-leaflet's map field keeps drawn ground in its text area: one GeoJSON MultiPolygon, holes and all. What
// cannot be read is left as it is: the server says what is wrong with it.

const OUTLINE = { className: "desk-drawn" }

export function polygonsOf(geojson) {
  if (!geojson) return []
  if (geojson.type === "FeatureCollection") return geojson.features.flatMap(polygonsOf)
  if (geojson.type === "Feature") return polygonsOf(geojson.geometry)
  if (geojson.type === "GeometryCollection") return geojson.geometries.flatMap(polygonsOf)
  if (geojson.type === "MultiPolygon") return geojson.coordinates
  return geojson.type === "Polygon" ? [geojson.coordinates] : []
}

export function polygonsIn(text) {
  try {
    return polygonsOf(JSON.parse(text))
  } catch {
    return []
  }
}

export const layersOf = (polygons, options = OUTLINE) =>
  polygons.map((coordinates) => L.polygon(L.GeoJSON.coordsToLatLngs(coordinates, 1), options))

export function defineGroundStore() {
  // On a page that can only be read there is nothing to draw with.
  if (!L.Draw) return
  for (const tool of [L.Draw.Polygon, L.Draw.Rectangle]) {
    tool.prototype.options.shapeOptions = { ...tool.prototype.options.shapeOptions, ...OUTLINE }
  }
  L.GroundStore = L.FieldStore.extend({
    load() {
      const layers = layersOf(polygonsIn(this.formfield.value))
      return layers.length ? L.layerGroup(layers) : null
    },
    save(drawn) {
      const polygons = drawn.getLayers().flatMap((layer) => polygonsOf(layer.toGeoJSON(this.options.precision)))
      this.formfield.value = polygons.length ? JSON.stringify({ type: "MultiPolygon", coordinates: polygons }) : ""
      this.formfield.dispatchEvent(new Event("change", { bubbles: true }))
    },
  })
}
