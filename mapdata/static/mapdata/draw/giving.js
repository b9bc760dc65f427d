// From what is drawn and answered to an operation: first what it would change, then, when the person gives it, on its
// way to the server.

import { answered, fieldsOf, geometryOf, TOOLS } from "./tools.js";

// Milliseconds after the last change that the server is asked what it would do.
const STILL = 300

export class Giving {
  // `tool()` is the tool's name, `path()` what is drawn, as places; `given` is told when an operation is on its way.
  constructor({ form, words, server, preview, errors, sketch, sync, tool, path, given }) {
    Object.assign(this, { form, words, server, preview, errors, sketch, sync, tool, path, given })
    Object.assign(this, { asked: 0, asks: null, timer: null })
  }

  // What still has to be drawn or answered: a word of `words`, or "".
  get missing() {
    const { sketch, form } = this
    const { shape, optional, must } = TOOLS[this.tool()]
    const isDrawn = !shape || sketch.finished || (optional && sketch.isEmpty)
    if (!isDrawn) return "missing_drawing"
    const name = must.find((one) => !answered(form, one))
    return name ? `missing_${name}` : ""
  }

  // Something was drawn or answered: what was shown does not hold any more, unless it comes to the same.
  changed(anew = false) {
    const { preview, sketch, words } = this
    const asks = this.missing || JSON.stringify(this.fields())
    if (asks === this.asks && !anew) return
    this.asks = asks
    clearTimeout(this.timer)
    this.asked += 1
    this.side = preview.side ?? this.side
    if (sketch.isEmpty) this.side = null
    if (!this.missing) this.timer = setTimeout(() => this.look(), STILL)
    else if (this.missing === "missing_to") preview.say(words.missing_to)
    else preview.clear()
  }

  async look(again = true) {
    const { errors, preview, words } = this
    this.asked += 1
    const { asked } = this
    const { outcome, answer } = await this.server.operate([...this.fields(), ["preview", "1"]])
    if (asked !== this.asked) return
    errors.clear()
    if (outcome === "saved") preview.show(answer, this.side)
    else if (outcome === "refused") {
      preview.clear()
      errors.show(answer.errors)
    } else if (outcome === "conflict" && again) {
      // Nothing is lost yet: what it would change is asked of the new picture.
      this.sync.take(answer)
      this.look(false)
    } else if (outcome === "failed") preview.showBlind(this.path(), this.tool() === "line", this.side)
    else preview.say(outcome === "login" ? words.logged_out : words.closed)
  }

  fields() {
    return [...fieldsOf(this.form, this.tool(), this.path()), ["revision", String(this.sync.revision)]]
  }

  // What is drawn and not finished is finished first, so that one sees what would change; a front line needs a side.
  give() {
    const { preview, sketch } = this
    const tool = this.tool()
    if (this.missing === "missing_drawing" && sketch.finish()) return
    if (this.missing) return preview.say(this.words[this.missing])
    const { side, ground } = preview
    if (tool === "line" && !side) return preview.askSide() || this.look()
    clearTimeout(this.timer)
    this.asked += 1
    const path = this.path()
    const fields = fieldsOf(this.form, tool, path)
    if (side) fields.push(["side", side])
    const { points } = sketch
    this.sync.add({ fields, tool, points, shown: ground ?? (points.length ? geometryOf(tool, path) : null) })
    this.side = null
    this.asks = null
    this.given()
  }
}

export const sentFields = ({ fields, key, revision }) => [...fields, ["key", key], ["revision", String(revision)]]

// A UUID (version 4). `crypto.randomUUID` is only there under https.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
