// Where a pasted link leads: out of its wrapping, and nowhere if it leads into the document that it came from.

const SCHEMES = new Set(["http:", "https:", "mailto:"])
// Mail programs and search pages send links by themselves first.
const WRAPPINGS = [
  { host: /\.safelinks\.protection\.outlook\.com$/, path: /^\//, name: "url" },
  { host: /(^|\.)google\.[a-z.]+$/, path: /^\/url$/, name: "q" },
]

export function addressOf(link) {
  const written = (link.getAttribute("href") ?? "").trim()
  if (!URL.canParse(written)) return ""
  const url = new URL(written)
  const wrapping = WRAPPINGS.find(({ host, path }) => host.test(url.hostname) && path.test(url.pathname))
  const wrapped = wrapping && url.searchParams.get(wrapping.name)
  if (wrapped && URL.canParse(wrapped) && SCHEMES.has(new URL(wrapped).protocol)) return wrapped
  return SCHEMES.has(url.protocol) ? written : ""
}
