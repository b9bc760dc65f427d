// What is chosen on the map instead of drawn, regions and whole areas, in step with the form's lists; and what lies at
// a place, in words.

import { setField } from "./answers.js";

// `tool()` is the tool's name; `changed` is told when something was chosen.
export function makeChoices({ form, words: said, areas, regions, errors, tool, changed }) {
  const chosen = () => new FormData(form).getAll("region")
  const mark = () => regions.choose(["region", "other"].includes(tool()) ? chosen() : [])

  return {
    mark,

    toggleRegion(place) {
      const pk = String(regions.at(place)?.pk ?? "")
      if (!pk) return
      const before = chosen()
      setField(form, "region", before.includes(pk) ? before.filter((one) => one !== pk) : [...before, pk])
      errors.clear("region")
      mark()
      changed()
    },

    // The uppermost area at a place.
    takeArea(place) {
      const found = areas.at(place).at(-1)
      if (!found) return
      setField(form, "area", [found.key])
      errors.clear("area")
      changed()
    },

    // What can be chosen is what there is now.
    list() {
      const select = form.elements.namedItem("area")
      if (!select) return
      const { value } = select
      const options = areas.all().map(({ key, words }) => new Option(words, key))
      select.replaceChildren(select.options[0], ...options)
      setField(form, "area", [value])
    },

    // For who hears the map: where the crosshair stands.
    describe({ place, kind }) {
      const region = regions.at(place)?.name
      const held = areas.at(place).map(({ words }) => words)
      return [place.join(", "), kind && said[`snap_${kind}`], region, ...held].filter(Boolean).join("; ")
    },
  }
}
