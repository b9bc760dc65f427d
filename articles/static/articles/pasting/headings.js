// Headings among pasted text become heading blocks, with the text before and after each in text blocks: as a story is
// built. Where there are no blocks to be had, nothing happens and the headings stay as they are.

const ROW = ".inline-related:not(.empty-form)"
const ORDER = ".order-machine-ordering"

/** How many headings got a block, the rows of all, and a function that puts them back into one text; or null. */
export function giveBlocks(editor, { text, heading, longest }) {
  const own = editor.view.dom.closest(ROW)
  const blocks = window.ContentEditor
  if (!own || !blocks?.pluginsByPrefix[text] || !blocks.pluginsByPrefix[heading]) return null
  const parts = partsOf(editor.state.doc, longest)
  const home = parts.findIndex(({ nodes }) => nodes)
  if (parts.length < 2 || home < 0) return null

  const whole = editor.getJSON()
  const rows = parts.map((part, number) => {
    if (number === home) return own
    return part.nodes ? addText(blocks, text, part.nodes) : addHeading(blocks, heading, part.heading)
  })
  arrange(own, rows)
  editor.commands.setContent({ type: "doc", content: parts[home].nodes })
  const takeBack = () => {
    for (const row of rows) if (row !== own) row.querySelector(".inline-deletelink").click()
    editor.commands.setContent(whole)
  }
  return { count: parts.filter((part) => part.heading).length, rows, takeBack }
}

/** { heading } and { nodes } in turn; text without a word in it is none. */
function partsOf(doc, longest) {
  const parts = []
  for (const node of doc.content.content) {
    const words = node.textContent.trim()
    if (node.type.name === "pastedHeading" && words && words.length <= longest) parts.push({ heading: words })
    else if (parts.at(-1)?.nodes) parts.at(-1).nodes.push(node.toJSON())
    else if (words) parts.push({ nodes: [node.toJSON()] })
  }
  return parts.some((part) => part.heading) ? parts : []
}

function add(blocks, prefix) {
  blocks.addContent(prefix)
  return [...document.querySelectorAll(`[id^="${prefix}-"]${ROW}`)].at(-1)
}

function addHeading(blocks, prefix, words) {
  const row = add(blocks, prefix)
  row.querySelector("input[name$='-text']").value = words
  return row
}

function addText(blocks, prefix, nodes) {
  const row = add(blocks, prefix)
  // The row's own editor comes a moment later.
  row.addEventListener(
    "prose-editor:ready",
    ({ detail }) => detail.editor.commands.setContent({ type: "doc", content: nodes }),
    { once: true },
  )
  return row
}

/** The rows, one of which stood among the others before, stand together where that one stood. */
function arrange(own, rows) {
  const others = [...document.querySelectorAll(`.order-machine ${ROW}`)].filter(
    (row) => row === own || !rows.includes(row),
  )
  others.sort((one, other) => one.style.order - other.style.order)
  const all = others.flatMap((row) => (row === own ? rows : [row]))
  for (const [number, row] of all.entries()) {
    row.style.order = 10 * (number + 1)
    row.querySelector(ORDER).value = row.style.order
  }
}
