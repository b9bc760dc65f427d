// What is chosen on the map instead of drawn, regions and whole areas, in step with the form's lists; and what lies at
// a place, in words.

import { setField } from "./answers.js";

// `desk` has form, areas, regions (once they are loaded), errors, giving, words, and answers tool.
export function makeChoices(desk) {
  const { form } = desk
  const chosen = () => new FormData(form).getAll("region")
  const mark = () => desk.regions?.choose(desk.tool === "region" || desk.tool === "other" ? chosen() : [])

  return {
    mark,

    toggleRegion(place) {
      const pk = String(desk.regions?.at(place)?.pk ?? "")
      if (!pk) return
      const before = chosen()
      setField(form, "region", before.includes(pk) ? before.filter((one) => one !== pk) : [...before, pk])
      desk.errors.clear("region")
      mark()
      desk.giving.changed()
    },

    // The uppermost area at a place.
    takeArea(place) {
      const found = desk.areas.at(place).at(-1)
      if (!found) return
      setField(form, "area", [found.key])
      desk.errors.clear("area")
      desk.giving.changed()
    },

    // What can be chosen is what there is now.
    list() {
      const select = form.elements.namedItem("area")
      if (!select) return
      const { value } = select
      const options = desk.areas.all().map(({ key, words }) => new Option(words, key))
      select.replaceChildren(select.options[0], ...options)
      setField(form, "area", [value])
    },

    // For who hears the map: where the crosshair stands.
    describe({ place, kind }) {
      const region = desk.regions?.at(place)?.name
      const held = desk.areas.at(place).map(({ words }) => words)
      return [place.join(", "), kind && desk.words[`snap_${kind}`], region, ...held].filter(Boolean).join("; ")
    },
  }
}
