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
const DRAWN = ["line", "ground", "point", "side"]
// These are asked of each tool.
const ALWAYS = ["sources", "note"]
export const FIELDS = [...new Set([...Object.values(TOOLS).flatMap(({ fields }) => fields), ...DRAWN, ...ALWAYS])]

// The form field that has what was drawn, and its text.
export function drawnField(tool, path) {
  if (tool === "pocket") return ["point", path[0].join(", ")]
  const { shape } = TOOLS[tool]
  if (shape === "line") return ["line", JSON.stringify({ type: "LineString", coordinates: path })]
  return ["ground", JSON.stringify({ type: "Polygon", coordinates: [path] })]
}

// What is sent of the form for a tool, as [name, value], with what was drawn (places; closed for a polygon).
export function fieldsOf(form, tool, path) {
  const wanted = [...TOOLS[tool].fields, ...ALWAYS]
  const sent = [...new FormData(form)].filter(([name, value]) => wanted.includes(name) && value !== "")
  if (path.length >= LEAST[TOOLS[tool].shape]) sent.push(drawnField(tool, path))
  return [["kind", tool], ...sent]
}

export const answered = (form, name) => new FormData(form).getAll(name).some((value) => value !== "")

export const rowOf = (form, name) => {
  const field = form.elements.namedItem(name)
  const one = field instanceof Element ? field : field?.[0]
  return form.querySelector(`[data-row="${name}"]`) ?? one?.closest(".fieldBox, .form-row") ?? one?.parentElement ?? null
}

// Radios in place of the form's own field `kind`; `chosen` is told the name of the tool.
export function makeTools(form, words, chosen) {
  const group = el("fieldset", { class: "draw-tools" }, el("legend", {}, words.tools))
  for (const tool of Object.keys(TOOLS)) {
    const radio = el("input", { type: "radio", name: "_tool", value: tool, onchange: () => chosen(tool) })
    group.append(el("label", {}, radio, el("span", {}, words[`tool_${tool}`])))
  }
  const own = rowOf(form, "kind")
  if (own) own.hidden = true
  form.prepend(group)
  return {
    show(tool) {
      group.querySelector(`[value=${tool}]`).checked = true
      for (const name of FIELDS) {
        const row = rowOf(form, name)
        if (row) row.hidden = ![...TOOLS[tool].fields, ...ALWAYS].includes(name)
      }
    },
  }
}
