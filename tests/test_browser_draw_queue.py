"""What the edition editor keeps until it is saved: the queue of operations."""

import pytest
from django.templatetags.static import static

QUEUE = """async (m, { outcomes, steps, kept }) => {
  const storage = new Map(kept ?? [])
  const store = {
    get length() { return storage.size },
    key: (at) => [...storage.keys()][at],
    getItem: (name) => storage.get(name) ?? null,
    setItem: (name, text) => storage.set(name, text),
    removeItem: (name) => storage.delete(name),
  }
  const log = { sent: [], waits: [], ended: [], states: [] }
  const waiting = []
  const queue = new m.Queue({
    storage: store,
    name: "queue",
    send: async ({ key }) => {
      log.sent.push(key)
      return { outcome: outcomes.shift() ?? "saved", answer: {} }
    },
    changed: ({ state }) => log.states.push(state),
    ended: ({ key }, { outcome }) => log.ended.push([key, outcome]),
    later: (seconds, task) => { log.waits.push(seconds); waiting.push(task) },
  })
  for (const [name, given] of steps) {
    if (name === "wait") await waiting.shift()?.()
    else await queue[name](given)
  }
  return { ...log, state: queue.state, keys: queue.items.map(({ key }) => key), kept: [...storage.entries()] }
}"""


@pytest.fixture
def run(bench):
    """Runs a function of JavaScript with a module of the editor, as `m`, and one argument."""

    def run(name: str, body: str, argument=None):
        given = [static(f"mapdata/draw/{name}.js"), argument]
        return bench.evaluate(f"async ([address, given]) => ({body})(await import(address), given)", given)

    return run


def queue(run, outcomes, *steps, kept=None):
    return run("queue", QUEUE, {"outcomes": outcomes, "steps": list(steps), "kept": kept})


def item(key: str, made: int = 0) -> dict:
    return {"key": key, "made": made}


def test_what_is_saved_is_not_kept_any_more(run):
    done = queue(run, [], ["add", item("a")])
    assert (done["sent"], done["ended"], done["state"], done["kept"]) == (["a"], [["a", "saved"]], "saved", [])
    assert done["states"] == ["saving", "saved"]


def test_on_a_dead_network_it_is_tried_again_later_and_later_under_the_same_key(run):
    done = queue(run, ["failed"] * 8, ["add", item("a")], *[["wait"]] * 8)
    assert done["waits"] == [1, 2, 4, 8, 15, 30, 30, 30]
    assert done["sent"] == ["a"] * 9
    assert done["state"] == "saved"
    assert "retrying" in done["states"]


def test_operations_go_one_after_another_in_the_order_in_which_they_were_made(run):
    done = queue(run, ["failed", "failed"], ["add", item("a", 1)], ["add", item("b", 2)], ["wait"], ["wait"], ["go"])
    assert done["ended"] == [["a", "saved"], ["b", "saved"]]


def test_what_a_closed_page_could_not_send_is_sent_by_the_next(run):
    closed = queue(run, ["failed"] * 9, ["add", item("b", 2)], ["add", item("a", 1)])
    assert len(closed["kept"]) == 2
    opened = queue(run, [], ["go"], kept=closed["kept"])
    assert opened["ended"] == [["a", "saved"], ["b", "saved"]]
    assert opened["kept"] == []


def test_what_others_keep_under_another_name_is_left_alone(run):
    kept = [["queue2 x", "{}"], ["theme", "dark"]]
    assert queue(run, [], ["add", item("a")], kept=kept)["kept"] == kept


@pytest.mark.parametrize("outcome", ["conflict", "login", "closed"])
def test_what_only_a_person_can_decide_stops_the_queue_and_stays_kept(run, outcome):
    done = queue(run, [outcome], ["add", item("a", 1)], ["add", item("b", 2)])
    assert (done["state"], done["sent"], done["keys"], len(done["kept"])) == (outcome, ["a"], ["a", "b"], 2)


def test_after_a_conflict_it_goes_on_under_a_new_key(run):
    done = queue(run, ["conflict"], ["add", item("a", 1)], ["add", item("b", 2)], ["resume", {"key": "c"}])
    assert done["sent"] == ["a", "c", "b"]
    assert done["kept"] == []


def test_what_is_thrown_away_is_not_sent_again(run):
    done = queue(run, ["conflict"], ["add", item("a", 1)], ["add", item("b", 2)], ["discard"])
    assert done["sent"] == ["a", "b"]
    assert done["kept"] == []


def test_what_the_server_refuses_ends_and_the_next_goes_on(run):
    done = queue(run, ["failed", "refused"], ["add", item("a", 1)], ["add", item("b", 2)])
    assert done["ended"] == [["a", "refused"], ["b", "saved"]]


def test_keys_are_uuids_and_no_two_are_the_same(run):
    keys = run("giving", "(m) => Array.from({ length: 50 }, m.newKey)")
    assert len(set(keys)) == 50
    assert all(key[14] == "4" and key[19] in "89ab" and len(key) == 36 for key in keys)
