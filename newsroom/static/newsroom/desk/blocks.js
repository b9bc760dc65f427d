/*
 * The editor of blocks without a mouse: Tab and Enter add a block, Alt+Shift with an arrow moves the one that one is in.
 */
const BLOCK = ".order-machine .inline-related:not(.empty-form)"
const TARGET = ".order-machine-insert-target"
const KIND = ".plugin-button[data-plugin-prefix]"

function makeReachable(root, name) {
  for (const target of root.querySelectorAll(TARGET)) {
    target.tabIndex = 0
    target.role = "button"
    target.ariaLabel = name
  }
}

function move(block, steps) {
  const blocks = [...document.querySelectorAll(BLOCK)].sort((one, other) => one.style.order - other.style.order)
  const from = blocks.indexOf(block)
  const to = from + steps
  if (from < 0 || to < 0 || to >= blocks.length) return
  blocks.splice(from, 1)
  blocks.splice(to, 0, block)
  blocks.forEach((each, index) => {
    const order = 10 * (index + 1)
    each.style.order = order
    each.querySelector(".order-machine-ordering").value = order
  })
  block.scrollIntoView({ block: "nearest" })
}

document.addEventListener("content-editor:ready", () => {
  makeReachable(document, window.ContentEditor.messages.createNew)
  for (const kind of document.querySelectorAll(KIND)) kind.tabIndex = 0
})

/* A new block is for writing in at once. Its widgets are made when it is added, so this waits for them. */
document.addEventListener("formset:added", ({ target }) => {
  setTimeout(() => {
    const fields = target.querySelectorAll("[contenteditable=true], .select2-selection, input, select, textarea")
    const seen = [...fields].find((field) => field.offsetParent && field.type !== "hidden" && field.tabIndex >= 0)
    seen?.focus()
  })
})

document.addEventListener("keydown", (event) => {
  const pressed = event.target.closest?.(`${TARGET}, ${KIND}`)
  if (pressed && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault()
    pressed.click()
    if (pressed.matches(`${TARGET}.selected`)) document.querySelector(KIND).focus()
  }
  const block = event.target.closest?.(BLOCK)
  if (block && event.altKey && event.shiftKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault()
    move(block, event.key === "ArrowUp" ? -1 : 1)
  }
})
