// An edition's picture on a map at the desk.

import { drawAreas } from "./areas.js";
import { drawBase, whenMapIsMade } from "./base.js";

whenMapIsMade(async (map, desk) => {
  const [regions] = await Promise.all([drawBase(map, desk), drawAreas(map, desk)])
  regions.addTo(map)
  map.getContainer().dataset.ready = ""
})
