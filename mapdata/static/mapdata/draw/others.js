// The others in this draft: asks the server now and then what they did and who is there.

import { el, say } from "./dom.js";

// Seconds between two questions, while the page is looked at and while it is not.
const SEEN = 4
const HIDDEN = 15

export function makeOthers(server, box, words, { revision, took, lost }) {
  let timer = null
  let isAsking = false
  let asksAgain = false
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(ask, (document.hidden ? HIDDEN : SEEN) * 1000)
  }
  async function ask() {
    asksAgain = isAsking
    if (isAsking) return
    isAsking = true
    const { outcome, answer } = await server.state(revision())
    isAsking = false
    if (outcome === "saved") {
      show(answer.people ?? [])
      took(answer)
    } else lost(outcome, answer)
    if (asksAgain) ask()
    else later()
  }
  // Written only when it changed, so that it is read out once.
  const show = (people) => {
    const names = people.map(({ name }) => name).join(", ")
    const text = names ? say(words.also_here, { names }) : ""
    if (box.textContent === text) return
    box.replaceChildren(...(text ? [el("span", { class: "draw-person", "aria-hidden": "true" }), text] : []))
  }
  document.addEventListener("visibilitychange", () => !document.hidden && ask())
  window.addEventListener("online", ask)
  later()
  return { ask }
}
