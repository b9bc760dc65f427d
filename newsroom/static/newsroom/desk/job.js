// How far a job is: asks every second and, once it has ended, loads the page again, which then says what became of it.

const EVERY = 1000
const TROUBLED = 5000

const box = document.querySelector("[data-job]")
const part = (name) => box.querySelector(`[data-${name}]`)
const bar = box.querySelector("progress")

function show(job) {
  // A person who listens to the page hears what changes, so what did not is left alone.
  say(part("name"), job.name.charAt(0).toUpperCase() + job.name.slice(1))
  say(part("words"), job.words && `: ${job.words}`)
  say(part("measure"), job.measure)
  if (job.total) {
    bar.max = job.total
    bar.value = job.done
  } else {
    bar.removeAttribute("value")
  }
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words
}

async function follow() {
  let pause = EVERY
  try {
    const response = await fetch(box.dataset.job, { headers: { Accept: "application/json" } })
    // Logged out: the page itself leads to the login and back.
    if (response.redirected || response.status === 404) return location.reload()
    const job = await response.json()
    if (job.finished) return location.reload()
    show(job)
    part("trouble").hidden = true
  } catch {
    part("trouble").hidden = false
    pause = TROUBLED
  }
  setTimeout(follow, pause)
}

setTimeout(follow, EVERY)
