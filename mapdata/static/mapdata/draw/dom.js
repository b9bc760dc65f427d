// Elements without HTML strings, and words with names filled in.

const SVG = "http://www.w3.org/2000/svg"

// A name that begins with "on" is a listener; true is an empty attribute; false, null and undefined are none.
export function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children)
}

export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children)
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value)
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value)
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

export const button = (words, onclick, attributes = {}) => el("button", { type: "button", onclick, ...attributes }, words)

// "Put a point at %(name)s", as gettext has it.
export const say = (words, values = {}) => words.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole)
