/*
 * What is typed in a form of the desk stays in this browser's storage until the server says that it was saved, and is
 * offered when the form is opened again: after a form that had expired, a crash, a page that was left by mistake.
 *
 * One entry for each form that is open: the key is the person, the form's address and its token. The cookie names the
 * tokens that were saved (desk/saving.py).
 */
// With its semicolon: the addresses of modules are found by it.
import { fieldsOf, putBack } from "./fields.js";

const PREFIX = "newsroom-typed"
const COOKIE = "saved-forms"
const PAUSE = 300
// As long as the cookie knows what was saved.
const LASTS = 30 * 24 * 60 * 60 * 1000
// Somebody who stopped the page from loading wants to press the button again.
const BUTTONS_REST = 15_000

const savedTokens = () =>
  new Set(
    document.cookie
      .split("; ")
      .filter((pair) => pair.startsWith(`${COOKIE}=`))
      .flatMap((pair) => pair.slice(COOKIE.length + 1).split(".")),
  )

/* Entries that are of no use any more: saved, or too old. */
function clear() {
  const saved = savedTokens()
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(`${PREFIX}:`)) continue
    const token = key.split(":").pop()
    if (saved.has(token) || Date.now() - JSON.parse(localStorage[key]).at > LASTS) localStorage.removeItem(key)
  }
}

class Keeper {
  constructor(mark) {
    this.form = mark.form
    this.place = `${PREFIX}:${mark.dataset.person}:${location.pathname}:`
    this.key = this.place + mark.value
    this.line = this.form.querySelector("[data-kept]")
    // All of a form that comes back because of a mistake was typed.
    this.before = "typed" in mark.dataset ? "" : null
  }

  start() {
    // What scripts fill in before anybody does anything was not typed.
    for (const name of ["pointerdown", "keydown", "focusin", "beforeinput", "drop"]) {
      document.addEventListener(name, () => this.note(), { capture: true })
    }
    for (const name of ["input", "change", "click"]) document.addEventListener(name, () => this.soon())
    document.addEventListener("visibilitychange", () => this.keep())
    addEventListener("pagehide", () => this.keep())
    addEventListener("pageshow", () => this.rest(false))
    this.form.addEventListener("submit", (event) => event.defaultPrevented || this.sent())
    this.line.querySelector("[data-put-back]").addEventListener("click", () => this.restore())
    this.line.querySelector("[data-discard]").addEventListener("click", () => this.discard())
    this.offer()
  }

  note() {
    this.before ??= JSON.stringify(fieldsOf(this.form))
  }

  soon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), PAUSE)
  }

  keep() {
    if (this.before === null) return
    const fields = fieldsOf(this.form)
    if (JSON.stringify(fields) === this.before) return localStorage.removeItem(this.key)
    localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields }))
  }

  sent() {
    this.note()
    this.keep()
    // Not at once: the button that was pressed is a part of what is sent.
    setTimeout(() => this.rest(true))
    setTimeout(() => this.rest(false), BUTTONS_REST)
  }

  rest(resting) {
    for (const button of this.form.querySelectorAll("[type=submit]")) button.disabled = resting
  }

  offer() {
    const found = Object.keys(localStorage)
      .filter((key) => key.startsWith(this.place) && key !== this.key)
      .map((key) => ({ key, ...JSON.parse(localStorage[key]) }))
      .sort((one, other) => other.at - one.at)
    this.offered = found[0]
    this.line.hidden = !this.offered
    if (!this.offered) return
    const time = this.line.querySelector("time")
    const at = new Date(this.offered.at)
    time.dateTime = at.toISOString()
    time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })
  }

  restore() {
    this.note()
    putBack(this.form, this.offered.fields)
    this.keep()
    this.discard()
  }

  discard() {
    localStorage.removeItem(this.offered.key)
    this.offer()
  }
}

clear()
for (const mark of document.querySelectorAll("input[name=_form]")) new Keeper(mark).start()
