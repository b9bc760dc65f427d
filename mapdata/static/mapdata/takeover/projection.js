// Both the drawing and Leaflet's plane are Web Mercator: a straight line leads from one to the other.

// A point in units of the drawing, as Leaflet's latitude and longitude; `extent` is west, south, east, north in degrees.
export function toLatLng(viewBox, [west, south, east, north], { x, y }) {
  const { L } = window
  const plane = L.Projection.SphericalMercator
  const low = plane.project(L.latLng(south, west))
  const high = plane.project(L.latLng(north, east))
  return plane.unproject(
    L.point(
      low.x + ((x - viewBox.x) / viewBox.width) * (high.x - low.x),
      high.y - ((y - viewBox.y) / viewBox.height) * (high.y - low.y),
    ),
  )
}
