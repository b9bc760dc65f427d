// What a popup shows is taken from the event's own page, so that there is one place where an event is written out.

const kept = new Map()

export async function eventCard(address, words) {
  try {
    if (!kept.has(address)) kept.set(address, await load(address))
    return kept.get(address).map((element) => element.cloneNode(true))
  } catch {
    // The network failed: the link still leads to the page.
    return [linkTo(address, words.failed)]
  }
}

async function load(address) {
  const response = await fetch(address)
  if (!response.ok) throw new Error(response.status)
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  const card = page.querySelector("[data-event-card]")
  const title = document.createElement("h3")
  title.append(linkTo(address, card.querySelector("h1, h2").textContent.trim()))
  const parts = [".kicker", ".by", ".summary", "figure.picture", ".graphic", ".record", ".sources"]
  const found = parts.flatMap((part) => [...card.querySelectorAll(part)])
  const unique = found.filter((element) => !found.some((other) => other !== element && other.contains(element)))
  return [title, ...unique.map((element) => document.adoptNode(element))]
}

function linkTo(address, text) {
  const link = document.createElement("a")
  link.href = address
  link.textContent = text
  return link
}
