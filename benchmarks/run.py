"""`make bench`: what this product costs, each figure beside a reference measured in the same run.

Everything happens in a folder of its own that is removed at the end; the newsroom's data is not touched.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import brotli

from benchmarks import exports, imports, load

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "control"
MAP = "/maps/situatie-oekraine/"


def say(line: str) -> None:
    print(line, flush=True)


def manage(*arguments: str, env: dict, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, text=True, **options)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(env: dict):
    """The site as `make run` serves it; yields its address and the server's process."""
    port = free_port()
    env = env | {"PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "start"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address)
        yield address, server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError("The site did not start.")


def resident_mb(root: int) -> list[float]:
    """Resident memory of a process and all that it started, in MB, the largest first."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listing.splitlines()]
    family = {root}
    while more := {pid for pid, parent, _ in rows if parent in family} - family:
        family |= more
    return sorted((rss / 1024 for pid, _, rss in rows if pid in family), reverse=True)


def story_path(env: dict) -> str:
    """The address of the demo's main story."""
    code = (
        "from articles.models import StoryVersion;"
        "v = StoryVersion.objects.newest().filter(language='nl');"
        "print(max(v, key=lambda v: len(v.content['blocks'])).get_absolute_url())"
    )
    return manage("shell", "--no-imports", "-c", code, env=env, capture_output=True).stdout.strip().splitlines()[-1]


def references(address: str, static: Path, paths: dict[str, str]) -> None:
    """Static files of the sizes in which the pages are sent; a server knows only those that were there at its start."""
    for name, path in paths.items():
        (static / f"bench-{name}.bin").write_bytes(os.urandom(load.size(address, path)[0]))


def pages(address: str, paths: dict[str, str]) -> None:
    say(f"\nPages ({load.CLIENTS} clients, one server process, {os.cpu_count()} cores shared by both)")
    say(f"  {'':22}{'bytes':>9}{'warm/s':>10}{'static/s':>10}{'ratio':>8}{'cold/s':>10}{'ratio':>8}")
    for name, path in paths.items():
        sent, _ = load.size(address, path)
        reference = load.rate(address, lambda _, name=name: f"/static/bench-{name}.bin")
        warm = load.rate(address, lambda _, path=path: path)
        # No two requests ask the same, so none is answered from the cache.
        cold = load.rate(address, lambda n, path=path: f"{path}?at=2022-04-06T12:00:00.{n % 10**9:09d}")
        say(
            f"  {name:22}{sent:>9}{warm:>10.0f}{reference:>10.0f}{warm / reference:>8.2f}"
            f"{cold:>10.0f}{cold / reference:>8.2f}"
        )


def weight(address: str, story: str) -> None:
    """What a reader's browser loads for the story page before any picture, in bytes as sent (brotli)."""
    _, body = load.size(address, story)
    html = brotli.decompress(body).decode()
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', html) + re.findall(
        r'data-(?:leaflet[a-z-]*|styles)="([^"]+)"', html
    )
    # The list grows while it is read: modules import others.
    for script in scripts:
        if "/takeover" in script and script.endswith(".js"):
            source = brotli.decompress(load.size(address, script)[1]).decode()
            scripts += [f"{script.rpartition('/')[0]}/{name}" for name in re.findall(r'from "\./([^"]+)"', source)]
    plain = len(body) + sum(load.size(address, path)[0] for path in styles)
    scripted = sum(load.size(address, path)[0] for path in dict.fromkeys(scripts))
    say("\nStory page, compressed, before any picture")
    say(f"  without script       {plain / 1000:>9.1f} kB   (target 25)")
    say(f"  with script          {(plain + scripted) / 1000:>9.1f} kB   (target 60)")


def publish_to_visible(address: str, env: dict) -> None:
    code = f"""
import time, urllib.request
from django.contrib.auth import get_user_model
from articles.models import Story
story = next(s for s in Story.objects.all() if s.versions.known().exists())
word = f"zichtbaar-{{time.time_ns()}}"
story.standfirst += f" {{word}}"
story.changed_by(get_user_model().objects.order_by("id").first())
story.save()
begun = time.perf_counter()
story.publish(get_user_model().objects.order_by("id").last(), kind="update")
published = time.perf_counter()
address = "{address}" + story.versions.first().get_absolute_url()
while word not in urllib.request.urlopen(address).read().decode():
    time.sleep(0.001)
visible = time.perf_counter()
print(f"{{(published - begun) * 1000:.0f}} {{(visible - published) * 1000:.0f}}")
"""
    out = manage("shell", "--no-imports", "-c", code, env=env, capture_output=True).stdout.strip().splitlines()[-1]
    publishing, visible = out.split()
    say(f"\nPublishing a story takes {publishing} ms; it can be read {visible} ms later")


def control_files(env: dict) -> None:
    if not SHARED.exists():
        say("\nImport of control files: left out, ../shared/data is not here")
        return
    say("\nImport of control files (drawn, compared and published)")
    meanings = ["occupied=rusland:controlled", "occupied_before_2022=rusland:controlled", "contested=rusland:contested"]
    meanings += ["liberated=oekraine:liberated", "unknown=rusland:unknown", "lost=oekraine:liberated"]
    options = [part for meaning in meanings for part in ("--as", meaning)] + ["--skip", "occupied_elsewhere"]
    for folder in sorted(path for path in SHARED.iterdir() if path.is_dir()):
        slug = f"bench-{folder.name}"
        manage("shell", "--no-imports", "-c", NEW_MAP.format(slug=slug), env=env, capture_output=True)
        files = sorted(str(path) for path in folder.glob("*.geojson"))
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_control", *files, "--map", slug, *options, "--publish",
             "--report", "json"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
        done = sum(1 for report in json.loads(out or b"[]") if report["edition"])
        say(
            f"  {folder.name:22}{done:>4} of {len(files):>3} files{took:>9.1f} s"
            f"{took / len(files) * 1000:>8.0f} ms a file   peak {peak:>5.0f} MB"
        )


def inside(env: dict, topic: str) -> None:
    """A report that needs the server's own code and its database."""
    code = f"from benchmarks import {topic}; {topic}.report(print)"
    say("\n" + manage("shell", "--no-imports", "-c", code, env=env, capture_output=True).stdout.strip())


NEW_MAP = """
from mapdata.models import SituationMap
SituationMap.objects.get_or_create(
    slug="{slug}", defaults=dict(title=dict(nl="{slug}"), west=22, south=44.2, east=40.4, north=52.5)
)
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="newsroom-bench-") as folder:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"DATA_DIR": folder, "SINGLE_EDITOR": "1", "DEMO": "yes"}
        say("Preparing a newsroom with the demo")
        manage("start", "--only-prepare", env=env, stdout=subprocess.DEVNULL)
        story = story_path(env)
        paths = {"story": story, "front": "/", "map": MAP}
        with served(env) as (address, _):
            weight(address, story)
            references(address, Path(folder, "static"), paths)
        with served(env) as (address, server):
            before = resident_mb(server.pid)
            pages(address, paths)
            after = resident_mb(server.pid)
            say(f"\nMemory of the web process: {before[0]:.0f} MB at first, {after[0]:.0f} MB after (target 150)")
            publish_to_visible(address, env)
        control_files(env)
        inside(env, "operations")
        inside(env, "sheet")
    imports.report(say)
    exports.report(say)


if __name__ == "__main__":
    main()
