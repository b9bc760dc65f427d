// Points as text, "longitude, latitude" a line, as they stand in the field beside the map.

import { rounded } from "./snap.js";

const NUMBER = "([+-]?\\d+(?:\\.\\d+)?)"
const WITH_COMMAS = "([+-]?\\d+(?:[.,]\\d+)?)"
// "30.5, 50.4", "30.5 50.4", "30,5; 50,4", "30,5 50,4".
const SPELLINGS = [
  new RegExp(`^${NUMBER}\\s*[,;]\\s*${NUMBER}$`),
  new RegExp(`^${WITH_COMMAS}(?:\\s*;\\s*|,?\\s+)${WITH_COMMAS}$`),
]

// Less than a metre from zero a number would be written as 1e-7.
const written = (degrees) => (Math.abs(degrees) < 1e-5 ? "0" : String(degrees))

export const format = (places) => places.map((place) => place.map(written).join(", ")).join("\n")

// { places, wrong }: `wrong` are the numbers (from 1) of the lines that are no place on the map; empty lines are none.
export function parse(text) {
  const places = []
  const wrong = []
  text.split("\n").forEach((line, at) => {
    const typed = line.trim()
    if (!typed) return
    const place = placeOf(typed)
    if (place) places.push(rounded(place))
    else wrong.push(at + 1)
  })
  return { places, wrong }
}

function placeOf(typed) {
  const found = SPELLINGS.map((spelling) => typed.match(spelling)).find(Boolean)
  if (!found) return null
  const [lon, lat] = found.slice(1).map((number) => Number(number.replace(",", ".")))
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null
}
