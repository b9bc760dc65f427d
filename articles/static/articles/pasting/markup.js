// What others put on the clipboard, as a document that can be looked at; and what its style attributes say.
//
// The content security policy refuses style attributes and handlers of events, in parsed documents too: an element's
// `style` is empty then, and each one is an error on the console. So they get another name before the text is parsed, and
// styles are read as text.

const STYLE_ELEMENT = /<style\b[\s\S]*?<\/style\s*>/gi
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
const REFUSED = /"[^"]*"|'[^']*'|(?<=[\s"'/])(?:style|on[a-z]+)(?=\s*=)/gi
const QUOTED = /^["']/
const KEPT_AS = "data-style"

export function parse(html) {
  const renamed = html
    .replace(STYLE_ELEMENT, "")
    .replace(TAG, (tag) => tag.replace(REFUSED, (found) => (QUOTED.test(found) ? found : `data-${found}`)))
  return new DOMParser().parseFromString(renamed, "text/html").body
}

/** The declarations of an element's style attribute, as a Map of lower case names and values. */
export function declared(element) {
  const found = new Map()
  for (const line of (element.getAttribute(KEPT_AS) ?? "").split(";")) {
    const colon = line.indexOf(":")
    if (colon > 0) found.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim().toLowerCase())
  }
  return found
}

const BOLD = /^(bold|bolder|[6-9]00|1000)$/
const BOLD_TAGS = new Set(["b", "strong"])
const ITALIC_TAGS = new Set(["i", "em", "cite", "dfn", "var"])
const KEEPS_LINES = /^(pre|preserve|break-spaces)/

/** How an element's words look, given how those around it do: what its style says comes before what its name says. */
export function lookOf(element, around) {
  const name = element.localName
  const style = declared(element)
  const font = (style.get("font") ?? "").split(/[\s/]+/)
  let { bold, italic, lines } = around
  if (BOLD_TAGS.has(name) || font.some((word) => BOLD.test(word))) bold = true
  if (ITALIC_TAGS.has(name) || font.includes("italic") || font.includes("oblique")) italic = true
  const weight = style.get("font-weight")
  if (weight && weight !== "inherit") bold = BOLD.test(weight)
  const slant = style.get("font-style")
  if (slant && slant !== "inherit") italic = /^(italic|oblique)/.test(slant)
  const space = style.get("white-space") ?? style.get("white-space-collapse")
  if (name === "pre") lines = true
  else if (space) lines = KEEPS_LINES.test(space)
  return { ...around, bold, italic, lines }
}

export function isStruck(element) {
  const style = declared(element)
  const line = `${style.get("text-decoration") ?? ""} ${style.get("text-decoration-line") ?? ""}`
  return ["s", "strike", "del"].includes(element.localName) || line.includes("line-through")
}

export function isHidden(element) {
  const style = declared(element)
  return element.hidden || style.get("display") === "none" || style.get("mso-hide") === "all"
}
