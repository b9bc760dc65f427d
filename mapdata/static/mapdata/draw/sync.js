// The draft here and the draft on the server: what was done here goes there and is answered, what others did comes here.

import { makeConflict } from "./conflict.js";
import { el, say } from "./dom.js";
import { newKey, sentFields } from "./giving.js";
import { makeHistory } from "./history.js";
import { makeOthers } from "./others.js";
import { Queue } from "./queue.js";
import { makeSaving } from "./saving.js";

export class Sync {
  // `reopen` gets an operation that was not saved, to be drawn again; `redraw` is told that the ground is another. `key`
  // names the draft.
  constructor({ map, form, words, server, areas, errors, voice, reopen, redraw }, { key, me, revision }) {
    Object.assign(this, { words, areas, errors, voice, reopen, redraw, me, revision, said: "" })
    const again = () => this.queue.resume()
    const discard = () => this.settled(() => this.queue.discard())
    this.saving = makeSaving(document.getElementById("draw-status"), words, { again, discard })
    this.queue = new Queue({
      storage: localStorage,
      name: `draw-queue ${key} ${me}`,
      send: (item) => server.operate(sentFields(item)),
      changed: () => this.queueChanged(),
      ended: (item, result) => this.ended(item, result),
    })
    this.waiting = L.layerGroup().addTo(map)
    const [undo, redo] = ["_undo", "_redo"].map((name) => form.querySelector(`[name=${name}]`))
    // Always in sight, above the map.
    for (const button of [undo, redo]) button.setAttribute("form", form.id)
    this.turns = el("div", { class: "draw-bar" }, undo, redo)
    this.history = makeHistory(document.getElementById("draw-history"), { undo, redo }, words)
    this.conflictBox = el("section", { class: "draw-conflict", role: "alert" })
    this.conflict = makeConflict(map, this.conflictBox, words, {
      // Theirs is seen now: the same ground, given after theirs, as another operation.
      again: () => this.settled(() => this.queue.resume({ key: newKey(), revision: this.revision })),
      change: () => this.settled(() => this.change()),
      discard,
    })
    this.peopleBox = el("p", { class: "draw-people", "aria-live": "polite" })
    this.others = makeOthers(server, this.peopleBox, words, {
      revision: () => this.revision,
      took: (answer) => this.tookOver(answer),
      lost: (outcome, answer) => this.saving.lost(this.queue, outcome, answer),
    })
  }

  add(item) {
    return this.queue.add({ key: newKey(), made: Date.now(), revision: this.revision, ...item })
  }

  // Undo or redo, when nothing is on its way: until then nobody knows which step is the last.
  step(action) {
    const step = this.history.next[action]
    const fields = [["action", action], ["step", String(step?.id)]]
    if (step && !this.queue.items.length) this.add({ fields })
  }

  queueChanged() {
    const { queue } = this
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
    const { saving } = this
    // The answer to an undo is about that step alone: what others did before it is asked for.
    if (item.tool || answer.revision === this.revision + 1) this.take(answer)
    else this.others.ask()
    if (outcome === "saved") saving.saved(answer.step?.words ?? answer.words)
    else if (outcome === "conflict" && item.tool) this.conflict.show(answer, item)
    else if (outcome === "conflict") {
      // What was to be undone is not the last step any more.
      this.queue.discard()
      saving.refused([this.words.not_last])
    } else if (outcome === "refused") {
      this.reopen(item)
      this.errors.show(answer.errors)
      saving.refused(Object.values(answer.errors ?? {}).flat())
    }
  }

  change() {
    const [item] = this.queue.items
    this.queue.discard()
    this.reopen(item)
  }

  settled(action) {
    this.conflict.clear()
    return action()
  }

  // The new picture, unless it is older than what stands here; says whether it is news.
  take({ revision, areas, history, undo, redo }) {
    if (revision === undefined || revision < this.revision) return false
    const isNews = revision > this.revision
    this.revision = revision
    if (areas?.changed.length || areas?.removed.length) {
      this.areas.update(areas)
      this.redraw()
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
  }
}
