// The operations: what each draws, which fields it asks, and the radio group that chooses one.

import { el } from "./dom.js";
import { LEAST } from "./sketch.js";

const WHO = ["to", "status", "basis", "claimed_by"]
const ALL_BORDERS = ["area", "region", "river"]
// A line across ground would run along that ground's own border instead of across it.
const NOT_OWN = ["region", "river"]

// `must` are fields without which the server need not be asked.
export const TOOLS = {
  region: { shape: "", fields: ["region", ...WHO], must: ["region", "to"], follows: [] },
  ground: { shape: "polygon", fields: WHO, must: ["to"], follows: ALL_BORDERS },
  line: { shape: "line", fields: WHO, must: ["to"], follows: NOT_OWN },
  border: { shape: "line", fields: [], must: [], follows: NOT_OWN },
  pocket: { shape: "point", fields: WHO, must: [], follows: [] },
  area: { shape: "", fields: ["area", ...WHO], must: ["area", "to"], follows: [] },
  other: { shape: "polygon", optional: true, fields: ["edition", "region"], must: ["edition"], follows: ALL_BORDERS },
}
// These are asked of each tool.
const ALWAYS = ["sources", "note"]
const FIELD_OF = { point: "point", line: "line", polygon: "ground" }

// What was drawn (places; closed for a polygon), as GeoJSON.
export function geometryOf(tool, path) {
  const { shape } = TOOLS[tool]
  if (shape === "point") return { type: "Point", coordinates: path[0] }
  return shape === "line" ? { type: "LineString", coordinates: path } : { type: "Polygon", coordinates: [path] }
}

// What is sent of the form for a tool, as [name, value], with what was drawn.
export function fieldsOf(form, tool, path) {
  const { shape, fields } = TOOLS[tool]
  const wanted = [...fields, ...ALWAYS]
  const sent = [...new FormData(form)].filter(([name, value]) => wanted.includes(name) && value !== "")
  const drawn = shape === "point" ? String(path[0]) : JSON.stringify(geometryOf(tool, path))
  if (path.length >= LEAST[shape]) sent.push([FIELD_OF[shape], drawn])
  return [["kind", tool], ...sent]
}

export const answered = (form, name) => new FormData(form).getAll(name).some((value) => value !== "")

export const rowOf = (form, name) => form.querySelector(`[data-row="${name}"]`)

// Radios in place of the form's own field `kind`; `chosen` is told the name of the tool.
export function makeTools(form, words, chosen) {
  const group = el("fieldset", { class: "draw-tools" }, el("legend", {}, words.tools))
  for (const tool of Object.keys(TOOLS)) {
    const radio = el("input", { type: "radio", name: "_tool", value: tool, onchange: () => chosen(tool) })
    group.append(el("label", {}, radio, el("span", {}, words[`tool_${tool}`])))
  }
  form.prepend(group)
  return {
    show(tool) {
      group.querySelector(`[value=${tool}]`).checked = true
      const asked = [...TOOLS[tool].fields, ...ALWAYS]
      for (const row of form.querySelectorAll("[data-row]")) row.hidden = !asked.includes(row.dataset.row)
    },
  }
}
