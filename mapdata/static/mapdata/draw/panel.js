// The part of the panel that is about drawing: what to do next, the points as text, and buttons for what keys and
// clicks do on the map.

import { button, el, say } from "./dom.js";
import { format, parse } from "./points.js";

// Milliseconds after the last key that what is typed is drawn.
const TYPED = 250

export function makePanel(words, hand) {
  const hint = el("p", { class: "draw-hint", id: "draw-hint" })
  const remove = button(words.remove_point, () => hand.remove())
  const finish = button(words.finish, () => hand.finish())
  const resume = button(words.resume, () => hand.resume())
  const cancel = button(words.cancel, () => hand.cancel())
  const bringBack = button(words.bring_back, () => hand.bringBack())
  const snapping = el("input", { type: "checkbox", checked: true, onchange: () => hand.snapping(snapping.checked) })
  const text = el("textarea", { id: "draw-points", rows: 4, spellcheck: "false", "aria-describedby": "draw-points-help" })
  const wrong = el("p", { class: "errornote draw-wrong", role: "alert", hidden: true })
  const points = el(
    "div",
    { class: "draw-points" },
    el("label", { for: "draw-points" }, words.points),
    text,
    el("p", { class: "help", id: "draw-points-help" }, words.points_help),
    wrong,
  )
  const bar = el("div", { class: "draw-bar" }, finish, resume, remove, cancel, bringBack)
  const snap = el("label", { class: "draw-snapping" }, snapping, words.snapping)
  const box = el("div", { class: "draw-sketch" }, bar, snap)
  const below = el("div", { class: "draw-text" }, points, keysHelp(words))

  const complain = (lines) => {
    wrong.hidden = !lines.length
    wrong.textContent = lines.length ? say(words.wrong_line, { lines: lines.join(", ") }) : ""
    text.setAttribute("aria-invalid", String(!wrong.hidden))
  }
  let waiting = null
  const take = () => {
    clearTimeout(waiting)
    const read = parse(text.value)
    complain(read.wrong)
    if (!read.wrong.length) hand.typed(read.places)
  }
  text.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(take, TYPED)
  })
  text.addEventListener("change", take)

  return {
    hint,
    box,
    below,
    show(tool, sketch, canBringBack) {
      const { shape, points: drawn, finished, chosen } = sketch
      const draws = Boolean(shape)
      for (const part of [finish, remove, cancel, snap, points]) part.hidden = !draws
      hint.textContent = words[hintOf(tool, sketch)] ?? ""
      finish.hidden = !draws || finished || shape === "point"
      finish.disabled = !sketch.isEnough
      resume.hidden = !finished || shape === "point"
      remove.disabled = !drawn.length
      remove.textContent = chosen === null ? words.remove_point : words.remove_chosen
      cancel.disabled = !drawn.length
      bringBack.hidden = !canBringBack || drawn.length > 0
      // Not under the hands of who types in it.
      if (document.activeElement !== text) {
        text.value = format(drawn.map(({ place }) => place))
        complain([])
      }
    },
  }
}

function hintOf(tool, { shape, finished, chosen, isEmpty }) {
  if (!shape) return `hint_${tool}`
  if (chosen !== null) return "hint_chosen"
  if (finished && shape !== "point") return tool === "line" ? "hint_sides" : "hint_finished"
  return isEmpty || shape === "point" ? `hint_${tool}` : `hint_going_${shape}`
}

function keysHelp(words) {
  const keys = ["arrows", "enter", "shift_enter", "backspace", "page", "escape", "alt", "side", "zoom", "undo"]
  const list = keys.flatMap((key) => [el("dt", {}, words[`key_${key}`]), el("dd", {}, words[`key_${key}_does`])])
  return el("details", { class: "draw-keys" }, el("summary", {}, words.keys), el("dl", {}, ...list))
}
