// The editor of an edition's ground: what its parts share, and what happens between them.

import { makeAnswers, setField } from "./answers.js";
import { makeChoices } from "./choices.js";
import { el } from "./dom.js";
import { makeErrors } from "./errors.js";
import { Giving } from "./giving.js";
import { makeHand } from "./hand.js";
import { makeInk } from "./ink.js";
import { makePanel } from "./panel.js";
import { makePreview } from "./preview.js";
import { makeServer } from "./server.js";
import { pathOf, Sketch } from "./sketch.js";
import { Sync } from "./sync.js";
import { makeTools, rowOf, TOOLS } from "./tools.js";
import { makeTotals } from "./totals.js";

// Drawings that were put away and can be brought back.
const PUT_AWAY = 5

export class Desk {
  // `said` is what the page says of the draft. The rest lies on the map already: `areas`, `regions` to choose from,
  // `still`, the index of borders that do not change; `coordinates` and `voice` tell where one is. Each part below gets
  // the parts that it needs, whole; what happens between them comes here by a function.
  constructor(map, said, { areas, regions, still, coordinates, voice }) {
    const { words, key, me, snap_px: snapPixels } = said
    const form = document.getElementById("operation")
    Object.assign(this, { map, form, areas, still, snapping: true, tool: "", away: [] })
    this.keptAs = `draw-sketch ${key} ${me}`
    const tool = () => this.tool
    const options = () => this.options()
    const path = () => this.path()
    const changed = () => this.giving.changed()

    const server = makeServer(said)
    const errors = makeErrors(form)
    const ink = makeInk(map, words)
    const sketch = new Sketch(() => this.drawn())
    const previewBox = el("div", { class: "draw-preview-box", "aria-live": "polite" })
    const preview = makePreview(map, previewBox, words)
    const choices = makeChoices({ form, words, areas, regions, errors, tool, changed })
    const hand = makeHand({
      map, sketch, ink, preview, choices, regions, coordinates, voice, snapPixels, tool, options,
      cancel: () => this.cancel(),
      bringBack: () => this.bringBack(),
      snapping: (isOn) => this.snap(isOn),
    })
    const sync = new Sync({
      map, form, words, server, areas, errors, voice,
      reopen: (item) => this.reopen(item),
      redraw: () => this.redraw(),
    }, said)
    const giving = new Giving({ form, words, server, preview, errors, sketch, sync, tool, path, given: () => this.given() })
    Object.assign(this, { server, errors, ink, sketch, previewBox, preview, choices, hand, sync, giving })
    this.panel = makePanel(words, hand)
    this.tools = makeTools(form, words, (name) => this.choose(name))
    this.answers = makeAnswers(form, key, errors)
    this.totals = makeTotals(document.querySelector(".desk-areas table"))
    this.totals(areas.all())
    this.layOut()
    this.listen()
  }

  layOut() {
    const { form, panel, sync } = this
    form.before(sync.peopleBox, sync.conflictBox)
    form.querySelector(".draw-tools").after(panel.hint)
    rowOf(form, "sources").before(panel.box)
    const buttons = form.querySelector(".draw-buttons")
    const give = el("div", { class: "draw-give" }, this.previewBox)
    buttons.before(give)
    give.append(buttons)
    form.append(panel.below)
  }

  listen() {
    const { form } = this
    form.addEventListener("change", ({ target: { name } }) => {
      if (name === "region") this.choices.mark()
      if (name && !name.startsWith("_")) this.giving.changed()
    })
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const name = event.submitter?.name
      if (name === "_undo" || name === "_redo") this.sync.step(name.slice(1))
      else this.giving.give()
    })
    // Enter in a field presses a form's first button: that would give ground unasked.
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input[type=text]")) event.preventDefault()
    })
  }

  // How points snap and ways follow borders now.
  options() {
    const { areas, still, snapping, tool } = this
    return { indexes: [areas.index, still], snapping, kinds: snapping && tool ? TOOLS[tool].follows : [] }
  }

  snap(isOn) {
    this.snapping = isOn
    this.sketch.changed()
  }

  path() {
    return pathOf(this.sketch.points, { ...this.options(), closed: this.sketch.shape === "polygon" })
  }

  choose(tool, points = []) {
    const { sketch } = this
    const { shape } = TOOLS[tool]
    // What was drawn goes along to a tool that draws the same; for another it is put away.
    const goesAlong = !points.length && shape && sketch.shape === shape
    const { finished } = sketch
    if (!goesAlong) this.putAway()
    this.tool = tool
    this.errors.clear()
    this.tools.show(tool)
    this.answers.ask(tool)
    this.map.getContainer().dataset.tool = tool
    sketch.start(shape, goesAlong ? sketch.points : points)
    if (goesAlong && finished) sketch.finish()
    this.choices.mark()
  }

  drawn() {
    this.ink.draw(this.sketch, this.options())
    this.panel.show(this.tool, this.sketch, this.away.length > 0)
    keep(this.keptAs, this)
    this.giving.changed()
  }

  // The ground changed beneath the sketch.
  redraw() {
    this.choices.list()
    this.totals(this.areas.all())
    this.ink.draw(this.sketch, this.options())
    this.giving.changed()
  }

  given() {
    setField(this.form, "region", [])
    setField(this.form, "note", [])
    this.choices.mark()
    this.preview.clear()
    this.sketch.start(TOOLS[this.tool].shape)
  }

  putAway() {
    if (!this.sketch.isEmpty) this.away = [...this.away, { tool: this.tool, points: this.sketch.points }].slice(-PUT_AWAY)
  }

  cancel() {
    this.putAway()
    this.sketch.start(this.sketch.shape)
  }

  bringBack() {
    const { tool, points } = this.away.pop()
    this.choose(tool, points)
  }

  // An operation that was not saved is drawn and answered again as it was.
  reopen({ tool, points, fields }) {
    if (!tool) return
    this.choose(tool, points)
    for (const name of new Set(fields.map(([field]) => field))) {
      setField(this.form, name, fields.filter(([field]) => field === name).map(([, value]) => value))
    }
    this.choices.mark()
    if (!this.sketch.finish()) this.giving.changed()
  }

  // What was being drawn when the page was closed.
  begin() {
    const { tool = "line", points = [], finished = false, away = [] } = read(this.keptAs)
    this.away = away
    this.choose(TOOLS[tool] ? tool : "line", points)
    if (finished) this.sketch.finish()
    this.sync.queue.go()
  }
}

// Without storage a drawing lasts as long as the page.
function keep(name, { tool, away, sketch: { points, finished } }) {
  try {
    localStorage.setItem(name, JSON.stringify({ tool, points, finished, away }))
  } catch {
    // The page says so when something waits that cannot be kept.
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {}
  } catch {
    return {}
  }
}
