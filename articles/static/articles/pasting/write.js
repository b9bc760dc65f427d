// Writes blocks as elements; what is written holds the editor's own few elements and no attributes but `href` and `start`.

export function write(blocks, page = document.implementation.createHTMLDocument("")) {
  const make = (name, children, attributes = {}) => {
    const element = page.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.append(...children)
    return element
  }
  const inline = (run) => {
    if (run.br) return make("br", [])
    let node = page.createTextNode(run.text)
    if (run.italic) node = make("em", [node])
    if (run.bold) node = make("strong", [node])
    return run.href ? make("a", [node], { href: run.href }) : node
  }
  const block = ({ kind, runs, ordered, start, items, blocks: within }) => {
    if (kind === "list") {
      const attributes = ordered && start > 1 ? { start } : {}
      return make(ordered ? "ol" : "ul", items.map((item) => make("li", item.map(block))), attributes)
    }
    if (kind === "quote") return make("blockquote", within.map(block))
    return make(kind === "heading" ? "h2" : "p", runs.map(inline))
  }
  page.body.append(...blocks.map(block))
  return page.body
}
