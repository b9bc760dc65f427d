// Web Mercator as Leaflet has it: the world is 256 units wide, and a unit is 2 ** zoom pixels.
// A place is [lon, lat] in degrees, a spot is [x, y] in units, y downward. What is straight in degrees, as every edge of
// ground is (docs/decisions/0006), bends on the map.

const WIDTH = 256
const NORTHERNMOST = 85.0511287798
const RADIANS = Math.PI / 180

export function toWorld([lon, lat]) {
  const sine = Math.sin(Math.max(Math.min(lat, NORTHERNMOST), -NORTHERNMOST) * RADIANS)
  return [WIDTH * (lon / 360 + 0.5), WIDTH * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))]
}

// How many times longer a step to the north is on the map than one to the east of as many degrees.
export const stretch = ([, lat]) => 1 / Math.cos(lat * RADIANS)
