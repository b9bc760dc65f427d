// Items that came one by one, each with its level, become lists within lists; quotes that follow each other become one.

export function joined(blocks) {
  const found = []
  // The lists that the next item may stand in, outermost first.
  let open = []
  for (const block of blocks) {
    if (block.kind === "item") {
      open = placed(block, open, found)
      continue
    }
    open = []
    if (block.kind === "quote" && found.at(-1)?.kind === "quote") found.at(-1).blocks.push(...block.blocks)
    else found.push(block)
  }
  return found
}

function placed({ level, ordered, start, blocks }, open, found) {
  const still = open.filter((one) => one.level < level || (one.level === level && one.list.ordered === ordered))
  if (still.at(-1)?.level !== level) {
    const list = { kind: "list", ordered, start, items: [] }
    const around = still.at(-1)?.list.items.at(-1) ?? found
    around.push(list)
    still.push({ level, list })
  }
  still.at(-1).list.items.push(blocks)
  return still
}
