// The line beside an editor that says what became of what was pasted; a listener hears it when it changes.

const SENTENCES = [
  ["headings", "Headings that got a block of their own: %(count)s."],
  ["tables", "Tables written as lines: %(count)s."],
  ["quotes", "Block quotes without a speaker: %(count)s; a block “quote” names one."],
  ["pictures", "Pictures left out: %(count)s; a picture goes into a block of its own."],
  ["embedded", "Videos and the like left out: %(count)s."],
  ["struck", "Words that were struck out, left out: %(count)s."],
  ["notes", "Comments in the margin left out: %(count)s."],
]

export function makeLine(editor) {
  const line = document.createElement("div")
  line.className = "desk-pasted"
  const words = document.createElement("p")
  words.role = "status"
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = window.gettext("All in one text instead")
  button.hidden = true
  line.append(words, button)
  editor.closest(".prose-editor").append(line)
  let given = null
  button.addEventListener("click", () => {
    given.takeBack()
    say({})
    editor.focus()
  })

  /** `counts` by the names above; `blocks`: what became several blocks and can be made one text again. */
  function say(counts, blocks = null) {
    const said = SENTENCES.filter(([name]) => counts[name])
    words.textContent = said
      .map(([name, sentence]) => window.interpolate(window.gettext(sentence), { count: counts[name] }, true))
      .join(" ")
    given = blocks
    button.hidden = !blocks
    // What somebody has written in them since would be lost.
    for (const row of blocks?.rows ?? []) row.addEventListener("input", ({ isTrusted }) => isTrusted && say(counts))
  }

  return { say }
}
