// The editor of an edition's ground: what its parts share, and what happens between them.

import { makeAnswers, setField } from "./answers.js";
import { makeAreas } from "./areas.js";
import { makeChoices } from "./choices.js";
import { makeConflict } from "./conflict.js";
import { el, say } from "./dom.js";
import { makeErrors } from "./errors.js";
import { Giving, newKey, sentFields } from "./giving.js";
import { makeHand } from "./hand.js";
import { makeHistory } from "./history.js";
import { makeInk } from "./ink.js";
import { indexOf } from "./line_index.js";
import { makeOthers } from "./others.js";
import { makePanel } from "./panel.js";
import { makePreview } from "./preview.js";
import { Queue } from "./queue.js";
import { makeSaving } from "./saving.js";
import { makeServer } from "./server.js";
import { pathOf, Sketch } from "./sketch.js";
import { makeTools, TOOLS } from "./tools.js";
import { makeTotals } from "./totals.js";

export class Desk {
  constructor(map, said) {
    const form = document.getElementById("operation")
    const { words, key, me, revision, snap_px: snapPixels = 12 } = said
    Object.assign(this, { map, form, words, me, revision, snapPixels, snapping: true, tool: "", regions: null })
    this.keptAs = `draw-sketch ${key} ${me}`
    this.server = makeServer(said)
    this.still = indexOf([])
    this.areas = makeAreas(map)
    this.errors = makeErrors(form)
    this.totals = makeTotals(document.querySelector(".desk-areas table"))
    this.sketch = new Sketch(() => this.drawn())
    this.ink = makeInk(map, words)
    this.previewBox = el("div", { class: "draw-preview-box", "aria-live": "polite" })
    this.preview = makePreview(map, this.previewBox, words, () => {})
    this.hand = makeHand(this)
    this.choices = makeChoices(this)
    this.panel = makePanel(words, this.hand)
    this.tools = makeTools(form, words, (tool) => this.choose(tool))
    this.answers = makeAnswers(form, key, this.errors)
    this.connectSaving(key, me)
    this.layOut()
    this.others = makeOthers(this.server, this.peopleBox, words, {
      revision: () => this.revision,
      took: (answer) => this.tookOver(answer),
      lost: (outcome, answer) => this.saving.lost(this.queue, outcome, answer),
    })
    form.addEventListener("change", ({ target }) => this.answered(target))
    form.addEventListener("submit", (event) => this.submit(event))
    // Enter in a field presses a form's first button: that would give ground unasked.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input[type=text]")) event.preventDefault()
    })
  }

  connectSaving(key, me) {
    const { words } = this
    const again = () => this.queue.resume()
    const discard = () => this.settled(() => this.queue.discard())
    this.saving = makeSaving(document.getElementById("draw-status"), words, { again, discard })
    this.queue = new Queue({
      storage: localStorage,
      name: `draw-queue ${key} ${me}`,
      send: (item) => this.server.operate(sentFields(item)),
      changed: (queue) => this.queueChanged(queue),
      ended: (item, result) => this.ended(item, result),
    })
    this.giving = new Giving(this, this.queue)
    this.waiting = L.layerGroup().addTo(this.map)
    const [undo, redo] = ["_undo", "_redo"].map((name) => document.querySelector(`button[name=${name}], input[name=${name}]`))
    this.history = makeHistory(document.getElementById("draw-history"), { undo, redo }, words)
    this.conflictBox = el("section", { class: "draw-conflict", role: "alert" })
    this.conflict = makeConflict(this.map, this.conflictBox, words, {
      // Theirs is seen now: the same ground, given after theirs, as another operation.
      again: () => this.settled(() => this.queue.resume({ key: newKey(), revision: this.revision })),
      change: () => this.settled(() => this.reopen(this.queue.items[0], () => this.queue.discard())),
      discard,
    })
  }

  layOut() {
    const { form, panel, previewBox } = this
    this.peopleBox = el("p", { class: "draw-people", "aria-live": "polite" })
    form.before(this.peopleBox, this.conflictBox)
    form.querySelector(".draw-tools").after(panel.box)
    const give = form.querySelector("[name=_do]")
    const row = give?.closest(".submit-row, .draw-buttons, p, div")
    const giveBox = el("div", { class: "draw-give" }, previewBox)
    if (row && row !== form) {
      row.before(giveBox)
      giveBox.append(row)
    } else form.append(giveBox)
    form.append(panel.below)
  }

  get indexes() {
    return [this.areas.index, this.still]
  }

  options() {
    return { indexes: this.indexes, kinds: this.snapping && this.tool ? TOOLS[this.tool].follows : [] }
  }

  path() {
    return pathOf(this.sketch.points, { ...this.options(), closed: this.sketch.shape === "polygon" })
  }

  choose(tool, points = []) {
    // What was drawn goes along to a tool that draws the same.
    const { shape } = TOOLS[tool]
    const goesAlong = !points.length && this.tool && shape && TOOLS[this.tool].shape === shape
    const taken = goesAlong ? this.sketch.points : points
    const { finished } = this.sketch
    this.tool = tool
    this.errors.clear()
    this.tools.show(tool)
    this.answers.ask(tool)
    this.map.getContainer().dataset.tool = tool
    this.sketch.start(shape, taken)
    if (goesAlong && finished) this.sketch.finish()
    this.choices.mark()
  }

  drawn() {
    const { sketch, ink, panel, tool } = this
    ink.draw(sketch, this.options())
    panel.show(tool, sketch)
    keep(this.keptAs, this)
    this.giving.changed()
  }

  answered({ name }) {
    if (name === "region") this.choices.mark()
    if (name && !name.startsWith("_")) this.giving.changed()
  }

  given() {
    setField(this.form, "region", [])
    setField(this.form, "note", [])
    this.choices.mark()
    this.sketch.start(TOOLS[this.tool].shape)
    this.preview.clear()
  }

  submit(event) {
    event.preventDefault()
    const name = event.submitter?.name
    if (name === "_undo" || name === "_redo") this.step(name.slice(1))
    else if (name === "_preview") this.sketch.finish() || this.giving.changed()
    else this.giving.give()
  }

  step(action) {
    const step = this.history.next[action]
    if (step && !this.queue.items.length) this.giving.step(action, step)
  }

  // Saving

  queueChanged(queue) {
    this.saving.show(queue)
    this.history.busy(queue.items.length > 0)
    this.waiting.clearLayers()
    for (const { shown } of queue.items) {
      if (!shown) continue
      const style = { className: "draw-waiting" }
      const pointToLayer = (_, spot) => L.circleMarker(spot, { radius: 8, interactive: false })
      this.waiting.addLayer(L.geoJSON(shown, { interactive: false, style, pointToLayer }))
    }
  }

  ended(item, { outcome, answer }) {
    // The answer to an undo is about that step alone: what others did before it is asked for.
    const isWhole = item.tool || answer.revision === this.revision + 1
    if (isWhole) this.take(answer)
    else this.others.ask()
    if (outcome === "saved") this.saving.saved(answer.step?.words ?? answer.words)
    else if (outcome === "conflict" && item.tool) this.conflict.show(answer, item)
    else if (outcome === "conflict") {
      // What was to be undone is not the last step any more.
      this.queue.discard()
      this.saving.refused([this.words.not_last])
    }
    else if (outcome === "refused") {
      this.reopen(item)
      this.errors.show(answer.errors)
      this.saving.refused(Object.values(answer.errors ?? {}).flat())
    }
  }

  settled(action) {
    this.conflict.clear()
    return action()
  }

  // What was drawn for an operation that is not saved comes back, unless something else is being drawn: then it can be
  // brought back after that.
  reopen({ tool, points, fields }, then = () => {}) {
    if (tool && this.sketch.isEmpty) {
      this.choose(tool, points)
      for (const name of new Set(fields.map(([field]) => field))) {
        setField(this.form, name, fields.filter(([field]) => field === name).map(([, value]) => value))
      }
      this.choices.mark()
      if (!this.sketch.finish()) this.giving.changed()
    } else if (points?.length) {
      this.sketch.dropped = points
      this.drawn()
    }
    return then()
  }

  // The new picture, unless it is older than what stands here.
  take({ revision, areas, history, undo, redo }) {
    if (revision === undefined || revision < this.revision) return false
    const isNews = revision > this.revision
    this.revision = revision
    if (areas) {
      this.areas.update(areas)
      this.choices.list()
      this.totals(this.areas.all())
      this.ink.draw(this.sketch, this.options())
    }
    const said = JSON.stringify([history, undo, redo])
    if (history && said !== this.said) {
      this.said = said
      this.history.show({ history, undo, redo }, this.queue.items.length > 0)
    }
    return isNews
  }

  tookOver(answer) {
    this.saving.reached(this.queue, answer.open !== false)
    if (!this.take(answer)) return
    const theirs = (answer.steps ?? []).filter(({ by }) => by !== this.me)
    this.areas.flash(theirs.map(({ ground }) => ground))
    if (theirs.length) this.voice(() => theirs.map((step) => say(this.words.they_did, step)).join(" "))
    if (!this.sketch.isEmpty) this.giving.changed()
  }

  // What was being drawn when the page was closed.
  begin() {
    const kept = read(this.keptAs)
    this.choose(TOOLS[kept?.tool] ? kept.tool : "line", kept?.points ?? [])
    if (kept?.finished) this.sketch.finish()
    this.queue.go()
  }
}

// Without storage a drawing lasts as long as the page.
function keep(name, { tool, sketch: { points, finished } }) {
  try {
    localStorage.setItem(name, JSON.stringify({ tool, points, finished }))
  } catch {
    // The page says so when something waits that cannot be kept.
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name))
  } catch {
    return null
  }
}
