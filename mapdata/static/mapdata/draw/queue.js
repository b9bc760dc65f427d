// Operations on their way to the server, in order, one at a time. Each is kept in `storage` until the server has
// answered it, so that neither a dead network nor a closed page loses one; its key makes sending it twice harmless.
//
// `send(item)` resolves to { outcome, answer }. "saved" and "refused" end an item. "failed" is tried again, later and
// later. Anything else ("conflict", "login", "closed") stops the queue until a person has decided.

const WAITS = [1, 2, 4, 8, 15, 30]

export class Queue {
  constructor({ storage, name, send, changed, ended, later = (seconds, task) => setTimeout(task, seconds * 1000) }) {
    Object.assign(this, { storage, name, send, changed, ended, later })
    this.items = read(storage, name)
    this.tries = 0
    this.turn = 0
    this.isKept = true
    this.isSending = false
    this.stopped = null
  }

  // saved, saving, retrying, or what stopped it.
  get state() {
    if (this.stopped) return this.stopped.outcome
    if (!this.items.length) return "saved"
    return this.tries ? "retrying" : "saving"
  }

  add(item) {
    this.items.push(item)
    this.keep(item)
    return this.go()
  }

  // Sends what waits; also when it would have been tried later.
  async go() {
    this.turn += 1
    if (this.isSending || this.stopped || !this.items.length) return this.changed(this)
    this.isSending = true
    this.changed(this)
    const item = this.items[0]
    const result = await this.send(item)
    this.isSending = false
    if (result.outcome === "failed") return this.tryLater()
    this.tries = 0
    if (result.outcome === "saved" || result.outcome === "refused") this.drop(item)
    else this.stopped = { ...result, item }
    this.ended(item, result)
    return this.go()
  }

  tryLater() {
    const seconds = WAITS[Math.min(this.tries, WAITS.length - 1)]
    this.tries += 1
    const turn = this.turn
    // Whoever pressed "try now" in the meantime has had this turn.
    this.later(seconds, () => turn === this.turn && this.go())
    this.changed(this)
  }

  // After a stop: on with the first item, under another key perhaps; or without it.
  resume(changes = {}) {
    const [item] = this.items
    if (item) {
      this.forget(item)
      Object.assign(item, changes)
      this.keep(item)
    }
    this.stopped = null
    return this.go()
  }

  discard() {
    this.drop(this.items[0])
    this.stopped = null
    return this.go()
  }

  drop(item) {
    this.items = this.items.filter((other) => other !== item)
    this.forget(item)
  }

  // Each under a name of its own: another tab with the same draft keeps its own, and neither writes over the other's.
  keep(item) {
    try {
      this.storage.setItem(`${this.name} ${item.key}`, JSON.stringify(item))
      this.isKept = true
    } catch {
      this.isKept = false
    }
  }

  forget(item) {
    try {
      this.storage.removeItem(`${this.name} ${item.key}`)
    } catch {
      // What cannot be written was not kept either.
    }
  }
}

// What an earlier page could not send, the oldest first.
function read(storage, name) {
  try {
    const names = Array.from({ length: storage.length }, (_, at) => storage.key(at))
    const items = names.filter((key) => key.startsWith(`${name} `)).map((key) => JSON.parse(storage.getItem(key)))
    return items.sort((one, other) => one.made - other.made)
  } catch {
    return []
  }
}
