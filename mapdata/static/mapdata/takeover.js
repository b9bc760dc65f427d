// Leaflet takes over the drawing in its own box, at the same view, when the drawing comes near the screen.
// Without this script the drawing and its links do all that a reader needs.

import { takeOver } from "./takeover/map.js"

const script = document.querySelector("script[data-leaflet]")

// Leaflet is no module: it names itself `L` for everybody.
const leaflet = () => (window.L ? Promise.resolve() : import(script.dataset.leaflet))

function whenNear(drawing) {
  const watcher = new IntersectionObserver(
    async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      watcher.disconnect()
      await leaflet()
      takeOver(drawing, { tiles: script.dataset.tiles, tilesBy: script.dataset.tilesBy, words: script.dataset })
    },
    { rootMargin: "300px" },
  )
  watcher.observe(drawing)
}

for (const drawing of document.querySelectorAll("svg[data-map]")) whenNear(drawing)
