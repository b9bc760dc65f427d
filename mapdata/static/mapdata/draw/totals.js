// The table of who holds what, in step with the map.

import { el, svg } from "./dom.js";

export function makeTotals(table) {
  const [first, ...others] = table?.tHead?.rows[0]?.cells ?? []
  if (!first) return () => {}
  // Words say party, status and basis together.
  for (const cell of others.slice(0, -1)) cell.remove()
  const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined)
  return (areas) => {
    const rows = [...areas].sort((one, other) => other.km2 - one.km2).map((area) => row(area, numbers))
    table.tBodies[0].replaceChildren(...rows)
  }
}

function row({ kind, colour, pattern, words, km2 }, numbers) {
  const shape = svg("path", { class: `m-area m-${kind} c-${colour}`, d: "M0 0h24v16H0z", fill: pattern && `url(#${pattern})` })
  const swatch = svg("svg", { class: "map-key", viewBox: "0 0 24 16", "aria-hidden": "true" }, shape)
  return el("tr", {}, el("th", { scope: "row" }, swatch, " ", words), el("td", { class: "desk-number" }, numbers.format(km2)))
}
