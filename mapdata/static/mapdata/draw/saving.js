// Says how it stands with saving, in words, colour and sign, and what the person can do about it.

import { button, el, say } from "./dom.js";

const SIGNS = { saved: "✓", saving: "…", retrying: "!", offline: "!", conflict: "!", login: "!", closed: "!", refused: "!" }

export function makeSaving(status, words, { again, discard }) {
  const actions = el("div", { class: "draw-actions" })
  status.after(actions)
  let shown = ""
  // What the last question to the server came to while nothing waits to be saved: "", failed, login or closed.
  let trouble = { outcome: "", answer: {} }

  // Said once: a status that is written again is read out again.
  const tell = (state, text, ...buttons) => {
    if (shown === state + text) return
    shown = state + text
    status.dataset.state = state
    status.replaceChildren(el("span", { class: "draw-sign", "aria-hidden": "true" }, SIGNS[state]), text)
    actions.replaceChildren(...buttons)
  }
  const tryAgain = () => button(words.try_again, again)
  const loggedOut = ({ answer }, ...buttons) => {
    const login = el("a", { href: loginFor(answer), target: "_blank", rel: "noopener" }, words.log_in)
    tell("login", words.logged_out, login, ...buttons)
  }
  const throwAway = () => button(words.discard, () => confirm(words.discard_sure) && discard(), { class: "draw-discard" })

  const idle = () => {
    if (trouble.outcome === "login") loggedOut(trouble)
    else if (trouble.outcome === "closed") tell("closed", words.closed)
    else if (trouble.outcome || !navigator.onLine) tell("offline", words.saved_offline)
    // What was said of the last operation stands until the next.
    else if (!["saved", "refused"].includes(status.dataset.state)) tell("saved", words.saved)
  }
  const show = ({ state, items, stopped, isKept }) => {
    if (state === "saved") idle()
    else if (state === "saving") tell(state, words.saving)
    else if (state === "retrying") {
      const count = say(words.waiting, { n: items.length })
      tell(state, `${words.retrying} ${count} ${isKept ? words.kept : words.not_kept}`, button(words.try_now, again))
    } else if (state === "login") loggedOut(stopped, tryAgain())
    else if (state === "closed") {
      const said = Object.values(stopped.answer.errors ?? {}).flat().join(" ") || words.closed
      tell(state, `${said} ${words.closed_kept}`, tryAgain(), throwAway())
    } else tell(state, words.conflict_short)
  }

  return {
    show,
    reached(queue, isOpen) {
      trouble = { outcome: isOpen ? "" : "closed", answer: {} }
      show(queue)
    },
    lost(queue, outcome, answer) {
      trouble = { outcome, answer }
      show(queue)
    },
    // Of an operation that has just been saved, and what it did.
    saved: (did) => tell("saved", did ? say(words.saved_step, { words: did }) : words.saved),
    refused: (messages) => tell("refused", `${words.refused} ${messages.join(" ")}`),
  }
}

function loginFor({ login }) {
  const page = new URL(login || location.href, location.href)
  if (login) page.searchParams.set("next", location.pathname)
  return page.href
}
