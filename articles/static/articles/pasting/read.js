// Reads what was pasted: a parsed document becomes a list of blocks, and a count of what was left out.
//
// A block is { kind: "paragraph" | "heading", runs }, { kind: "list", ordered, start, items } (an item is a list of
// blocks) or { kind: "quote", blocks }. Nothing else gets through, whatever the clipboard holds.

import { BREAK, inBold, paragraphs, plain } from "./lines.js";
import { addressOf } from "./links.js";
import { joined } from "./lists.js";
import { declared, isHidden, isStruck, lookOf } from "./markup.js";
import * as word from "./word.js";

const PLAIN = { bold: false, italic: false, lines: false, href: "" }
const names = (text) => new Set(text.split(" "))
const UNREAD = names("head script style template noscript title meta link button input select textarea svg canvas")
const EMBEDDED = names("video audio iframe object embed math")
const BLOCKS = names(
  "address article aside body center details dd div dl dt fieldset figcaption figure footer form header hr main nav p " +
    "pre section summary h1 h2 h3 h4 h5 h6 caption tr td th tbody thead tfoot table",
)
const HEADING = /^h[1-6]$/
const EMOJI = /^\p{Extended_Pictographic}/u
// Google Docs has no block quotes: whoever quotes there indents the paragraph, by 36 points.
const QUOTED_FROM = 18

/** { blocks, left } of the body of a parsed document. */
export function read(body) {
  const left = { pictures: 0, tables: 0, quotes: 0, struck: 0, notes: 0, embedded: 0 }
  const fromDocs = Boolean(body.querySelector("[id^=docs-internal-guid]"))
  const reader = new Reader({ left, fromDocs })
  reader.children(body, PLAIN)
  const blocks = reader.finished()
  // A heading by itself is words for the middle of a sentence as often as not.
  if (blocks.length === 1 && blocks[0].kind === "heading") blocks[0].kind = "paragraph"
  left.notes = word.notesIn(body)
  left.quotes = blocks.filter(({ kind }) => kind === "quote").length
  return { blocks, left }
}

class Reader {
  constructor(about, within = "") {
    Object.assign(this, { about, within, blocks: [], runs: [], kind: "paragraph" })
  }

  inner(within) {
    return new Reader(this.about, within)
  }

  finished() {
    this.close()
    return joined(this.blocks)
  }

  /** What was read since the last block becomes paragraphs, or headings while a heading is read. */
  close() {
    for (const runs of paragraphs(this.runs)) {
      if (this.kind === "heading" && this.within) this.blocks.push({ kind: "paragraph", runs: inBold(runs) })
      else this.blocks.push({ kind: this.kind, runs })
    }
    this.runs = []
  }

  children(element, look) {
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) this.words(node.data, look)
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, look)
    }
  }

  words(text, look) {
    const { bold, italic, href, lines } = look
    for (const [number, line] of (lines ? text.split(/\r?\n/) : [text]).entries()) {
      if (number) this.runs.push(BREAK)
      this.runs.push({ text: line, bold, italic, href })
    }
  }

  element(element, around) {
    const name = element.localName
    const { left } = this.about
    if (UNREAD.has(name) || isHidden(element) || word.isSign(element) || word.isNote(element)) return
    if (EMBEDDED.has(name)) {
      left.embedded += 1
      return
    }
    if (isStruck(element)) {
      left.struck += element.textContent.trim() ? 1 : 0
      return
    }
    const look = lookOf(element, around)
    if (name === "br") this.runs.push(BREAK)
    else if (name === "span" && isSpace(element)) this.words(" ", look)
    else if (name === "img") this.picture(element, look)
    else if (name === "a") this.children(element, { ...look, href: addressOf(element) })
    else if (name === "ul" || name === "ol") this.list(element, look)
    else if (name === "li") this.item(element, look, { level: 1, ordered: false, start: 1 })
    else if (name === "blockquote") this.quote(element, look)
    else if (name === "table" && isGrid(element)) this.table(element, look)
    else if (HEADING.test(name) || element.getAttribute("role") === "heading" || word.isTitle(element)) {
      this.heading(element)
    } else if (BLOCKS.has(name)) this.block(element, look)
    else this.children(element, look)
  }

  block(element, look) {
    const place = word.listed(element)
    if (place) this.item(element, look, place)
    else if (word.isQuote(element) || (this.about.fromDocs && isIndented(element))) this.quote(element, look)
    else if (word.continuesItem(element) && this.blocks.at(-1)?.kind === "item") {
      this.close()
      this.blocks.at(-1).blocks.push(...this.innerBlocks(element, look, "list"))
    } else {
      this.close()
      this.children(element, look)
      this.close()
    }
  }

  /** A heading is no emphasis: it is bold by being one. */
  heading(element) {
    this.close()
    this.kind = "heading"
    this.children(element, PLAIN)
    this.close()
    this.kind = "paragraph"
  }

  innerBlocks(element, look, within) {
    const reader = this.inner(within)
    reader.children(element, look)
    return reader.finished()
  }

  /** An item by itself, which says at which level of which list it stands. */
  item(element, look, place) {
    this.close()
    const blocks = this.innerBlocks(element, look, "list")
    if (blocks.length) this.blocks.push({ kind: "item", ...place, blocks })
  }

  list(element, look) {
    this.close()
    const ordered = element.localName === "ol"
    const items = []
    let start = Number(element.getAttribute("start")) || 1
    for (const child of element.children) {
      const level = Number(child.getAttribute("data-aria-level"))
      if (level) {
        // Word on the web wraps each item in a list of its own.
        this.item(child, lookOf(child, look), { level, ordered, start })
        start += 1
        continue
      }
      const reader = this.inner("list")
      if (child.localName === "li") reader.children(child, lookOf(child, look))
      else reader.element(child, look)
      const blocks = reader.finished()
      // A list straight within a list belongs to the item before it.
      if (child.localName !== "li" && items.length) items.at(-1).push(...blocks)
      else if (blocks.length) items.push(blocks)
    }
    if (items.length) this.blocks.push({ kind: "list", ordered, start: Number(element.getAttribute("start")) || 1, items })
  }

  quote(element, look) {
    this.close()
    const blocks = this.innerBlocks(element, look, "quote")
    if (blocks.length) this.blocks.push({ kind: "quote", blocks })
  }

  /** A table of figures: a line for each row, with a bar between its cells. */
  table(table, look) {
    this.close()
    if (table.caption) this.block(table.caption, look)
    const lines = []
    for (const row of table.rows) {
      const cells = [...row.cells].map((cell) => flat(this.innerBlocks(cell, lookOf(cell, look), "table")))
      if (!cells.some((cell) => cell.length)) continue
      if (lines.length) lines.push(BREAK)
      for (const [number, cell] of cells.entries()) {
        if (number) lines.push(plain(" | "))
        lines.push(...cell)
      }
    }
    for (const runs of paragraphs(lines)) this.blocks.push({ kind: "paragraph", runs })
    this.about.left.tables += 1
  }

  picture(image, look) {
    const alt = (image.getAttribute("data-emoji") ?? image.getAttribute("alt") ?? "").trim()
    if (EMOJI.test(alt) && alt.length <= 12) this.words(alt, look)
    else if (!isUnseen(image)) this.about.left.pictures += 1
  }
}

/** The words of blocks in one line. */
function flat(blocks) {
  const parts = blocks.map((block) => block.runs ?? flat(block.blocks ?? block.items.flat()))
  return parts.flatMap((runs, number) => [
    ...(number ? [plain(" ")] : []),
    ...runs.map((run) => (run.br ? plain(" ") : run)),
  ])
}

/** Pages and mails lay things out in tables too: those hold one cell a row, or whole texts. */
function isGrid(table) {
  const rows = [...table.rows]
  if (["presentation", "none"].includes(table.getAttribute("role"))) return false
  if (!rows.some((row) => row.cells.length > 1) || table.querySelector("table, ul, ol, h1, h2, h3, h4, h5, h6")) return false
  return rows.length > 1 || [...rows[0].cells].every((cell) => cell.querySelectorAll("p, div").length < 2)
}

function isIndented(paragraph) {
  return paragraph.localName === "p" && Number.parseFloat(declared(paragraph).get("margin-left")) >= QUOTED_FROM
}

/** The hard space that browsers write for an ordinary one. */
function isSpace(span) {
  return span.textContent === "\u00a0" && ["", "Apple-converted-space"].includes(span.className)
}

/** What counts visitors, and the boxes of a list to tick. */
function isUnseen(image) {
  const size = (name) => Number.parseFloat(image.getAttribute(name) ?? declared(image).get(name) ?? "100")
  return size("width") < 3 || size("height") < 3 || image.getAttribute("aria-roledescription") === "checkbox"
}
