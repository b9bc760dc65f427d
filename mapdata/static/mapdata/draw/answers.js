// What is asked beside the ground: remembered from one operation to the next, and what does not apply not asked.

const REMEMBERED = ["to", "status", "basis", "claimed_by", "sources", "edition"]
// A pocket goes to whom it lies in, unless somebody is named; so the last answer is not taken for it.
const APART = { pocket: "pocket" }

const group = (tool) => APART[tool] ?? "all"

export function makeAnswers(form, key, errorsOf) {
  const name = `draw-answers-${key}`
  const kept = read(name)
  let tool = ""

  const connect = () => {
    const { basis, claimed_by: claimant } = Object.fromEntries(
      ["basis", "claimed_by"].map((field) => [field, form.elements.namedItem(field)]),
    )
    // Only a claim has a claimant; what is disabled is not sent.
    if (basis && claimant) claimant.disabled = basis.value !== "claimed"
  }
  const remember = () => {
    const data = new FormData(form)
    kept[group(tool)] = Object.fromEntries(REMEMBERED.map((field) => [field, data.getAll(field)]))
    write(name, kept)
  }
  form.addEventListener("change", ({ target }) => {
    connect()
    errorsOf.clear(target.name)
    remember()
  })
  return {
    ask(next) {
      tool = next
      const answers = kept[group(tool)] ?? (group(tool) === "pocket" ? { to: [""] } : {})
      for (const [field, values] of Object.entries(answers)) setField(form, field, values)
      connect()
    },
  }
}

// Puts values into a field of any kind: text, select, radios, boxes.
export function setField(form, name, values) {
  const found = form.elements.namedItem(name)
  if (!found) return
  if (found instanceof HTMLSelectElement) {
    for (const option of found.options) option.selected = values.includes(option.value)
  } else if (found instanceof RadioNodeList || found.matches("[type=checkbox], [type=radio]")) {
    for (const one of found instanceof RadioNodeList ? found : [found]) one.checked = values.includes(one.value)
  } else found.value = values[0] ?? ""
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "{}")
  } catch {
    return {}
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // Without storage the answers are asked again.
  }
}
