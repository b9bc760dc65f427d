// The clipboard's HTML as the editor can hold it, and what it could not: { html, left }.

import { parse } from "./markup.js";
import { read } from "./read.js";
import { write } from "./write.js";

export function clean(html) {
  const { blocks, left } = read(parse(html))
  return { html: write(blocks).innerHTML, left }
}
