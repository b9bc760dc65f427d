// Leaflet.draw's words in the language of the desk. django-leaflet has none in Dutch.

export function translateDrawing() {
  const said = document.getElementById("desk-draw-words")
  if (!said || !L.drawLocal) return
  for (const [path, word] of Object.entries(JSON.parse(said.textContent))) {
    const names = path.split(".")
    const last = names.pop()
    const place = names.reduce((found, name) => (found[name] ??= {}), L.drawLocal)
    place[last] = word
  }
}
