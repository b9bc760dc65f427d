// Leaflet takes over the drawing in its own box, at the same view, when the drawing comes near the screen.
// Without this script the drawing and its links do all that a reader needs.

import { takeOver } from "./takeover/map.js";

const words = document.querySelector("script[data-leaflet]").dataset

// Leaflet is no module: it names itself `L` for everybody. The styles come first, so that the site's own have the last word.
async function leaflet() {
  const first = document.head.querySelector("link[rel=stylesheet]")
  await Promise.all([styles(words.styles, first), import(words.leaflet)])
}

function styles(href, before) {
  return new Promise((onload, onerror) => {
    before.before(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload, onerror }))
  })
}

let loaded
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue
      watcher.unobserve(target)
      loaded ??= leaflet()
      loaded.then(() => takeOver(target, { tiles: words.tiles, tilesBy: words.tilesBy, words }))
    }
  },
  { rootMargin: "300px" },
)
for (const drawing of document.querySelectorAll("svg[data-map]")) watcher.observe(drawing)
