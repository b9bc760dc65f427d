// GeoJSON shapes, WGS84 longitude/latitude: their lines, what lies inside, and where a label can stand.

export function polygonsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates]
  if (geometry?.type === "MultiPolygon") return geometry.coordinates
  if (geometry?.type === "GeometryCollection") return geometry.geometries.flatMap(polygonsOf)
  return []
}

// The lines of a shape, as line_index.js wants them.
export function linesOf(geometry, kind) {
  const rings = polygonsOf(geometry).flat()
  if (rings.length) return rings.map((ring) => ({ kind, closed: true, places: ring.slice(0, -1) }))
  const lines = { LineString: [geometry?.coordinates], MultiLineString: geometry?.coordinates }[geometry?.type] ?? []
  return lines.map((places) => ({ kind, closed: false, places }))
}

// A border counts to one of the two sides that it has; holes are outside.
export function contains(geometry, [x, y]) {
  let inside = false
  for (const ring of polygonsOf(geometry).flat()) {
    for (let at = 1; at < ring.length; at += 1) {
      const [[ax, ay], [bx, by]] = [ring[at - 1], ring[at]]
      if (ay > y !== by > y && x < ax + ((y - ay) * (bx - ax)) / (by - ay)) inside = !inside
    }
  }
  return inside
}

export function boundsOf(geometry) {
  const places = polygonsOf(geometry).flat(2)
  const [lons, lats] = [0, 1].map((axis) => places.map((place) => place[axis]))
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity)
  return places.length ? { west: least(lons), south: least(lats), east: most(lons), north: most(lats) } : null
}

// A place well inside: the middle of the widest stretch, among a few heights of the widest polygon. Null for no ground.
export function labelPlace(geometry) {
  let best = { width: 0, place: null }
  for (const polygon of polygonsOf(geometry)) {
    const shape = { type: "Polygon", coordinates: polygon }
    const { south, north } = boundsOf(shape)
    for (const part of [0.5, 0.35, 0.65, 0.2, 0.8]) {
      const lat = south + part * (north - south)
      const crossings = polygon.flatMap((ring) => crossingsOf(ring, lat)).sort((a, b) => a - b)
      for (let at = 0; at + 1 < crossings.length; at += 2) {
        const width = crossings[at + 1] - crossings[at]
        if (width > best.width) best = { width, place: [crossings[at] + width / 2, lat] }
      }
    }
  }
  return best.place
}

function crossingsOf(ring, y) {
  const found = []
  for (let at = 1; at < ring.length; at += 1) {
    const [[ax, ay], [bx, by]] = [ring[at - 1], ring[at]]
    if (ay > y !== by > y) found.push(ax + ((y - ay) * (bx - ax)) / (by - ay))
  }
  return found
}
