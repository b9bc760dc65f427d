// Points as text, "longitude, latitude" a line, as they stand in the field beside the map.

import { rounded } from "./snap.js";

const NUMBER = "([+-]?\\d+(?:\\.\\d+)?)"
const WITH_COMMAS = "([+-]?\\d+(?:[.,]\\d+)?)"
// "30.5, 50.4", "30.5 50.4", "30,5; 50,4", "30,5 50,4".
const SPELLINGS = [
  new RegExp(`^${NUMBER}\\s*[,;]\\s*${NUMBER}$`),
  new RegExp(`^${WITH_COMMAS}(?:\\s*;\\s*|,?\\s+)${WITH_COMMAS}$`),
]

export const format = (places) => places.map(([lon, lat]) => `${lon}, ${lat}`).join("\n")

// { places, wrong }: `wrong` are the numbers (from 1) of the lines that are no place on the map; empty lines are none.
export function parse(text) {
  const places = []
  const wrong = []
  text.split("\n").forEach((line, at) => {
    const written = line.trim()
    if (!written) return
    const place = placeOf(written)
    if (place) places.push(rounded(place))
    else wrong.push(at + 1)
  })
  return { places, wrong }
}

function placeOf(written) {
  const found = SPELLINGS.map((spelling) => written.match(spelling)).find(Boolean)
  if (!found) return null
  const [lon, lat] = found.slice(1).map((number) => Number(number.replace(",", ".")))
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null
}
