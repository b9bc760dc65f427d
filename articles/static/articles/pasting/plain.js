// Plain text as paragraphs, each a list of lines: blank lines part paragraphs; where there are none, each line is one.

export function paragraphsOf(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^(?:[^\S\n]*\n)+|(?:\n[^\S\n]*)+$/g, "")
  const parted = lines.split(/\n(?:[^\S\n]*\n)+/)
  if (parted.length === 1) return lines.split("\n").map((line) => [line])
  return parted.map((paragraph) => paragraph.split("\n"))
}
