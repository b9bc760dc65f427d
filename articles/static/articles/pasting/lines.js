// Words on their way into paragraphs: `runs` are pieces of text with a look, and line breaks.

export const BREAK = { br: true }

/** Text that looks like nothing in particular. */
export const plain = (text) => ({ text, bold: false, italic: false, href: "" })

// A space that keeps words together stays, unless it stands for an ordinary one: beside another space, or at an end.
const SPACES = /[ \t\r\n\f\u00a0]*[ \t\r\n\f][ \t\r\n\f\u00a0]*|\u00a0{2,}/g
const UNSEEN = /[\u200b\ufeff]/g

/** The runs of each paragraph in `runs`; two breaks together part paragraphs. */
export function paragraphs(runs) {
  const found = [[]]
  let breaks = 0
  for (const run of spaced(runs)) {
    if (run.br) {
      breaks += 1
      continue
    }
    const begun = found.at(-1).length > 0
    if (breaks > 1 && begun) found.push([])
    else if (breaks && begun) found.at(-1).push(BREAK)
    breaks = 0
    found.at(-1).push(run)
  }
  return found.map(trimmed).filter((paragraph) => paragraph.length)
}

/** With single spaces, none beside a break, and neighbours of one look together. */
function spaced(runs) {
  const found = []
  for (const run of runs) {
    const last = found.at(-1)
    if (run.br) {
      found.push(run)
      continue
    }
    let text = run.text.replace(UNSEEN, "").replace(SPACES, " ")
    if (!last || last.br) text = text.replace(/^[ \u00a0]+/, "")
    else if (last.text.endsWith(" ")) text = text.replace(/^ /, "")
    if (!text) continue
    const isEmphasised = run.bold || run.italic || run.href
    if (last && !last.br && (isAlike(last, run) || (text === " " && isEmphasised))) last.text += text
    else found.push({ ...run, text })
  }
  return found
}

const isAlike = (one, other) =>
  one.bold === other.bold && one.italic === other.italic && (one.href ?? "") === (other.href ?? "")

function trimmed(runs) {
  const kept = runs.map((run) => ({ ...run }))
  const cut = (at, pattern) => {
    while (kept.length) {
      const run = kept.at(at)
      if (!run.br) {
        run.text = run.text.replace(pattern, "")
        if (run.text) return
      }
      kept.splice(at, 1)
    }
  }
  cut(0, /^[\s\u00a0]+/)
  cut(-1, /[\s\u00a0]+$/)
  return kept
}

export const inBold = (runs) => runs.map((run) => (run.br ? run : { ...run, bold: true }))
