// An event opens in a card beneath its map: part of the page, so that it covers nothing and nothing covers it.

const kept = new Map()

// A function that opens the event of a dot; of one map at most one event is open.
export function cardBeneath(box, words) {
  const situation = box.closest("[data-situation]") ?? box.parentElement
  let card
  let dot

  const shut = () => {
    card.remove()
    dot.classList.remove("open")
    card = null
    dot.focus()
  }
  // Also after Tab has led out of the card, or a click beside it; but not from another map or from a field.
  document.addEventListener("keydown", ({ key, target }) => {
    const isOurs = situation.contains(target) || !target.closest("[data-situation]")
    if (card && key === "Escape" && isOurs && !target.matches("input, select")) shut()
  })

  return async (pressed) => {
    dot?.classList.remove("open")
    dot = pressed
    dot.classList.add("open")
    const names = { className: "close", ariaLabel: words.close, title: words.close }
    const close = make("button", { type: "button", onclick: shut, ...names })
    const about = { className: "event-card", role: "dialog", ariaLabel: dot.title, ariaBusy: "true", tabIndex: -1 }
    const mine = make("div", about, close, words.loading)
    mine.dataset.eventCard = dot.dataset.event
    if (card) card.replaceWith(mine)
    else box.after(mine)
    card = mine
    show(mine, close)
    const parts = await contents(dot, situation.querySelector("h1") ? "h2" : "h3", words.failed)
    if (card !== mine) return
    mine.lastChild.replaceWith(...parts)
    mine.ariaBusy = null
    if (mine.contains(document.activeElement)) show(mine, close)
  }
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

function show(card, close) {
  close.focus({ preventScroll: true })
  card.scrollIntoView({ block: card.offsetHeight > window.innerHeight ? "start" : "nearest" })
}

async function contents(dot, level, failed) {
  try {
    if (!kept.has(dot.href)) kept.set(dot.href, await load(dot.href))
    const card = kept.get(dot.href)
    const { lang, textContent } = card.querySelector("h1")
    // One step beneath the heading of the map.
    const title = make(level, lang ? { lang } : {}, make("a", { href: dot.href, textContent }))
    const words = [...parts(card, ".kicker"), title, ...parts(card, ".by, .summary, .graphic, figure:not(.graphic *)")]
    return [
      make("div", { className: "event-words" }, ...words),
      make("div", { className: "event-facts" }, ...parts(card, ".record, .sources")),
    ]
  } catch {
    // The network failed: the link still leads to the page.
    return [make("a", { href: dot.href, textContent: failed })]
  }
}

// What a card shows is taken from the event's own page, so that there is one place where an event is written out.
async function load(address) {
  const response = await fetch(address)
  if (!response.ok) throw new Error(response.status)
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return page.querySelector("[data-event-card]")
}

function parts(card, selector) {
  return [...card.querySelectorAll(selector)].map((part) => part.cloneNode(true))
}
