// What the editor of texts does with what is pasted or dropped: it is cleaned first, headings become blocks of their own,
// and one line beside the editor says what was left out.

import { Extension, Node, Plugin, pm } from "django-prose-editor/editor";
import { clean } from "./clean.js";
import { giveBlocks } from "./headings.js";
import { makeLine } from "./line.js";
import { paragraphsOf } from "./plain.js";

const { Fragment, Slice } = pm.model

/** A heading, until it has a block of its own. Where it cannot get one it stays behind as a line in bold. */
const PastedHeading = Node.create({
  name: "pastedHeading",
  group: "block",
  content: "text*",
  marks: "",
  defining: true,
  parseHTML: () => [{ tag: "h2" }],
  renderHTML: () => ["p", ["strong", 0]],
})

export const Pasting = Extension.create({
  name: "pasting",

  // The blocks of the story that hold texts and headings, by their prefix, and how long a heading may be.
  addOptions: () => ({ text: "", heading: "", longest: 0 }),
  addExtensions: () => [PastedHeading],
  addStorage: () => ({ line: null, left: null }),

  onCreate() {
    this.storage.line = makeLine(this.editor.view.dom)
  },

  transformPastedHTML(html) {
    // From this editor, or another of this page.
    if (html.includes("data-pm-slice")) return html
    const cleaned = clean(html)
    this.storage.left = cleaned.left
    return cleaned.html
  },

  onTransaction({ transaction }) {
    if (!transaction.getMeta("paste") && transaction.getMeta("uiEvent") !== "drop") return
    const { line, left } = this.storage
    this.storage.left = null
    // Once the paste is done, with all that others do about it.
    setTimeout(() => {
      const given = giveBlocks(this.editor, this.options)
      line.say({ ...left, headings: given?.count ?? 0 }, given)
    })
  },

  addProseMirrorPlugins() {
    const { storage } = this
    return [
      new Plugin({
        props: {
          clipboardTextParser: (text, $context, _plain, view) => {
            const { paragraph, hardBreak } = view.state.schema.nodes
            const marks = $context.marks()
            const nodes = paragraphsOf(text).map((lines) => {
              const inline = lines.flatMap((line, number) => [
                ...(number ? [hardBreak.create()] : []),
                ...(line ? [view.state.schema.text(line, marks)] : []),
              ])
              return paragraph.create(null, inline)
            })
            return Slice.maxOpen(Fragment.from(nodes))
          },
          handlePaste: (_view, event, slice) => {
            const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"))
            const pictures = storage.left?.pictures || files.length
            // A picture and nothing else: no transaction will come.
            if (slice.size || !pictures) return false
            storage.left = null
            storage.line.say({ pictures })
            return true
          },
        },
      }),
    ]
  },
})
