// What was done in this draft, by whom and when, and the buttons that undo and do it again.

import { el, say } from "./dom.js";

export function makeHistory(list, buttons, words) {
  let shown = { undo: null, redo: null }
  const label = (name, step) => {
    const button = buttons[name]
    const what = step ? say(words[`${name}_step`], { words: step.words, by: step.by }) : words[name]
    button.title = what
    button.setAttribute("aria-label", what)
  }
  return {
    get next() {
      return shown
    },
    show({ history, undo, redo }, isBusy) {
      shown = { undo: undo ?? null, redo: redo ?? null }
      list.replaceChildren(...(history ?? []).map((step) => line(step, words)).reverse())
      for (const name of ["undo", "redo"]) label(name, shown[name])
      this.busy(isBusy)
    },
    // While something is on its way nobody knows which step is the last.
    busy(isBusy) {
      for (const name of ["undo", "redo"]) buttons[name].disabled = isBusy || !shown[name]
    },
  }
}

function line({ by, at, note, words: said, undone }, words) {
  const text = undone ? el("s", {}, said) : said
  const gone = undone && el("span", { class: "visually-hidden" }, ` (${words.undone})`)
  return el("li", { class: undone && "undone" }, el("small", {}, [at, by, note].filter(Boolean).join(" · ")), el("span", {}, text, gone))
}
