// What the server says of a field stands beside it; what is about no field of the tool stands above the form.

import { el } from "./dom.js";
import { rowOf } from "./tools.js";

export function makeErrors(form) {
  const above = el("div", { class: "draw-errors", role: "alert" })
  form.prepend(above)
  const clear = (name) => {
    const lists = name ? form.querySelectorAll(`[data-errors="${name}"]`) : form.querySelectorAll("[data-errors]")
    for (const list of lists) list.remove()
    above.replaceChildren()
  }
  return {
    clear,
    show(errors) {
      clear()
      for (const [name, messages] of Object.entries(errors ?? {})) {
        const list = el("ul", { class: "errorlist", "data-errors": name }, ...messages.map((words) => el("li", {}, words)))
        const row = rowOf(form, name)
        if (!row || row.hidden) above.append(list)
        else row.prepend(list)
      }
    },
  }
}
