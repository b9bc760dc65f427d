// An edition at the desk: its picture on a map and, while it is a draft, the ground to give.

import { drawAreas } from "./areas.js";
import { drawBase, whenMapIsMade } from "./base.js";
import { translateDrawing } from "./draw_words.js";
import { connectBasis, connectPasted, connectRegions, rememberAnswers } from "./give.js";
import { defineGroundStore } from "./ground_store.js";

defineGroundStore()
translateDrawing()

whenMapIsMade(async (map, desk) => {
  const editable = Boolean(document.getElementById("id_to"))
  if (editable) {
    rememberAnswers(desk.key)
    connectBasis()
    connectPasted(map)
  }
  const [regions] = await Promise.all([drawBase(map, desk), drawAreas(map, desk)])
  if (editable) connectRegions(map, regions)
  else regions.addTo(map)
  map.getContainer().dataset.ready = ""
})
