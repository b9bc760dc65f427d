// An edition's control areas on a desk's map, in the readers' colours and patterns.

import { fetchJson, plain } from "./base.js";

export async function drawAreas(map, { areas }) {
  map.createPane("areas").style.zIndex = 230
  map.getPane("areas").style.pointerEvents = "none"
  const drawn = await fetchJson(areas)
  L.geoJSON(drawn, {
    pane: "areas",
    interactive: false,
    style: ({ properties: { kind, colour } }) => plain(`m-area m-${kind} c-${colour}`),
    onEachFeature: ({ properties: { pattern } }, layer) => {
      if (pattern) layer.on("add", () => layer.getElement().setAttribute("fill", `url(#${pattern})`))
    },
  }).addTo(map)
}
