// What goes to the server and how it answered. Nothing is thrown: no network and a server in trouble are "failed".

// Seconds after which an operation is sent again, and a question is not waited for.
const PATIENCE = 30
const OUTCOMES = { 400: "refused", 401: "login", 403: "closed", 409: "conflict" }

export function makeServer({ operate, state, places }) {
  return {
    // Resolves to { outcome, answer }: saved, refused, login, closed, conflict, or failed.
    operate: (fields) => post(operate, fields),
    state: (revision) => get(`${state}?since=${revision}`),
    places: (words) => get(`${places}?q=${encodeURIComponent(words)}`),
  }
}

// The cookie's token changes when a person logs in again, in another tab; that of the form does not.
function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))
  return cookie?.slice("csrftoken=".length) ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? ""
}

function post(url, fields) {
  const body = new URLSearchParams(fields)
  return ask(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } })
}

const get = (url) => ask(url, { headers: { Accept: "application/json" } })

async function ask(url, options) {
  try {
    const response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE * 1000), ...options })
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json")
    // A page instead of an answer is that of the login.
    if (response.redirected || (response.ok && !isJson)) return { outcome: "login", answer: { login: response.url } }
    const outcome = response.ok ? "saved" : OUTCOMES[response.status] ?? "failed"
    return { outcome, answer: isJson ? await response.json() : {} }
  } catch {
    return { outcome: "failed", answer: {} }
  }
}
