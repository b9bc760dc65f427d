/*
 * The editor of texts names its buttons in English, without asking gettext: this gives them the desk's language.
 */
const BUTTONS = ".prose-menubar [title]"

function translate(button) {
  const words = window.gettext(button.title)
  if (words !== button.title) button.title = button.ariaLabel = words
}

document.querySelectorAll(BUTTONS).forEach(translate)
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node instanceof Element) node.parentElement?.querySelectorAll(BUTTONS).forEach(translate)
    }
  }
}).observe(document.body, { childList: true, subtree: true })
