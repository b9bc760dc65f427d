/*
 * What stands in a form's fields, as data, and the way back: rows that are not there are added, and the editors of texts
 * show what their fields say.
 */

// Tokens of the page, what counts the rows, and what says which row of the database one is.
const OF_THE_PAGE = /^(csrfmiddlewaretoken|_form|_popup|_to_field)$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|__prefix__/
const TOTAL = /^(.+)-TOTAL_FORMS$/
const LEFT_OUT = new Set(["submit", "button", "reset", "file", "password", "image"])

function valuesOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? [[field.value]] : []
  if (field.options) return [...field.selectedOptions].map((option) => [option.value, option.text])
  return [[field.value]]
}

/* By name: a list of values, with their words where they were chosen from a list. */
export function fieldsOf(form) {
  const found = {}
  for (const field of form.elements) {
    if (!field.name || OF_THE_PAGE.test(field.name) || LEFT_OUT.has(field.type)) continue
    found[field.name] = [...(found[field.name] ?? []), ...valuesOf(field)]
  }
  return found
}

export function putBack(form, fields) {
  for (const [name, values] of Object.entries(inRows(form, fields))) {
    const own = [...form.elements].filter((field) => field.name === name && !LEFT_OUT.has(field.type))
    own.forEach((field, index) => {
      fill(field, values, index)
    })
  }
}

function fill(field, values, index) {
  if (field.type === "checkbox" || field.type === "radio") {
    field.checked = values.some(([value]) => value === field.value)
  } else if (field.options) {
    choose(field, values)
  } else if (values[index]) {
    field.value = values[index][0]
    show(field)
  }
  field.dispatchEvent(new Event("change", { bubbles: true }))
}

/* A list that is searched on the server has only the options that were chosen before. */
function choose(field, values) {
  for (const [value, words] of values) {
    const there = [...field.options].some((option) => option.value === value)
    if (!there) field.add(new Option(words, value))
  }
  for (const option of field.options) option.selected = values.some(([value]) => value === option.value)
}

/* What stands beside a field and shows what it says. An editor that is not there yet begins with its field's words. */
function show(field) {
  field.closest(".prose-editor")?.querySelector(".ProseMirror")?.editor?.commands.setContent(field.value)
  if (field.matches(".order-machine-ordering")) field.closest(".inline-related").style.order = field.value
}

/* The same fields under the numbers that their rows have now: by the key of a row, or as a new row. */
function inRows(form, fields) {
  const found = { ...fields }
  for (const { name } of [...form.elements]) {
    const prefix = name?.match(TOTAL)?.[1]
    if (!prefix) continue
    const rows = {}
    const taken = new Set()
    for (const key of Object.keys(fields)) {
      const [, number, field] = key.match(new RegExp(`^${prefix}-(\\d+)-(.+)$`)) ?? []
      if (!field) continue
      delete found[key]
      rows[number] = { ...rows[number], [field]: fields[key] }
    }
    for (const row of Object.values(rows)) {
      const number = numberOf(form, prefix, row.id?.[0]?.[0], taken)
      if (number === null) continue
      taken.add(number)
      for (const [field, values] of Object.entries(row)) {
        if (field !== "id") found[`${prefix}-${number}-${field}`] = values
      }
    }
  }
  return found
}

/* The number of the row with this key; for a new one, of a row that nobody has filled in yet. */
function numberOf(form, prefix, id, taken) {
  const total = form.elements[`${prefix}-TOTAL_FORMS`]
  for (let number = 0; number < total.value; number++) {
    if (form.elements[`${prefix}-${number}-id`]?.value === (id ?? "") && !taken.has(number)) return number
  }
  const number = Number(total.value)
  document.getElementById(`${prefix}-group`)?.querySelector(".add-row a")?.click()
  return Number(total.value) > number ? number : null
}
